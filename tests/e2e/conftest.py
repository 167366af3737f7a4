"""The stage of the end-to-end tests: one studio for the whole folder, one fresh page a test, all complaints heard."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import stage

RESULTS = stage.ROOT / "test-results"
expect.set_options(timeout=30_000)  # what is expected comes when a busy machine has time for it
REPORT = pytest.StashKey[pytest.TestReport]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)
            if not item.get_closest_marker("timeout"):  # a whole story, on a machine that may be busy
                item.add_marker(pytest.mark.timeout(300))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with stage.browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory, servers: Callable[[], dict[str, str]]) -> Iterator[stage.Studio]:
    """The studio that the tests of this folder share; each test makes projects of its own in it."""
    shared = stage.Studio(tmp_path_factory.mktemp("studio"), **servers())
    shared.start()
    yield shared
    assert shared.stop() == 0, shared.said()


@pytest.fixture
def own_studio(
    tmp_path: Path, servers: Callable[[], dict[str, str]], page: Page
) -> Iterator[Callable[..., stage.Studio]]:
    """Make studios that a test may kill: `own_studio(STUDIO_UPLOAD_LIMIT_MB="1")`; not started yet."""
    made: list[stage.Studio] = []

    def make(**variables: str) -> stage.Studio:
        made.append(stage.Studio(tmp_path / f"studio{len(made)}", **servers(), **variables))
        return made[-1]

    yield make
    if made and not page.is_closed():
        page.goto("about:blank")  # or it would complain, rightly, that its studio has gone
    for one in made:
        one.stop()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of 1280 x 800 in a browser profile of its own; a failing test leaves a picture in test-results/."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", accept_downloads=True)
    context.set_default_timeout(15_000)
    opened = context.new_page()
    yield opened
    report = request.node.stash.get(REPORT, None)
    if report is not None and report.failed and not opened.is_closed():
        RESULTS.mkdir(exist_ok=True)
        name = request.node.name.replace("/", "-")
        opened.screenshot(path=RESULTS / f"{name}.png")
        if "studio" in request.fixturenames:
            for log in (request.getfixturevalue("studio").workspaces / ".studio" / "logs").glob("*.log"):
                shutil.copy(log, RESULTS / f"{name}-{log.name}")
    context.close()


@pytest.fixture(autouse=True)
def watch(page: Page) -> Iterator[stage.Watch]:
    """What the page complained about; a test announces what belongs to its story with `watch.expect(...)`."""
    watching = stage.Watch(page)
    yield watching
    assert watching.unexpected() == []
