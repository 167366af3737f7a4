"""Parts of the page that are fetched late, while the line is cut or after the studio has them no more: no reload."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests import stage
from tests.chaos.network import Cable

CHUNKS = stage.ROOT / "studio_web/build/_app/immutable/chunks"
GOES_ON = "This goes on when the studio is connected again."


@pytest.fixture
def cable(studio: stage.Studio) -> Iterator[Cable]:
    line = Cable(studio.port)
    yield line
    line.close()


@pytest.fixture
def project(studio: stage.Studio) -> str:
    made = httpx.post(f"{studio.url}/api/v1/projects", json={"title": "Late parts"}, timeout=30)
    return str(made.raise_for_status().json()["id"])


def chunks(*marks: str) -> re.Pattern[str]:
    """Return the addresses of the bundle's files that hold all these words."""
    found = [file.name for file in CHUNKS.glob("*.js") if all(mark in file.read_text() for mark in marks)]
    assert found, "no file of the bundle holds these words"
    return re.compile("|".join(re.escape(name) for name in found))


def opened(page: Page, where: Cable | str, project: str) -> Locator:
    page.goto(f"{where if isinstance(where, str) else where.url}/p/{project}")
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")
    return page.get_by_role("application", name="Board")


def keys_work(page: Page, board: Locator) -> None:
    """Wait until the commands of the keys are here: Q opens the queue, and closes it again."""
    board.focus()
    page.keyboard.press("q")
    expect(page.get_by_role("complementary", name="Queue")).to_be_visible()
    page.keyboard.press("q")
    expect(page.get_by_role("complementary", name="Queue")).to_have_count(0)


def test_what_was_asked_for_while_the_line_was_cut_opens_by_itself(
    page: Page, cable: Cable, project: str, watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_|Failed to fetch")
    board = opened(page, cable, project)
    keys_work(page, board)
    cable.cut()
    page.keyboard.press("Control+k")
    expect(page.get_by_text(GOES_ON)).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    cable.mend()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_text(GOES_ON)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()


def test_letters_typed_before_the_palette_is_there_stand_in_it(page: Page, studio: stage.Studio, project: str) -> None:
    held: list[Route] = []
    page.route(chunks("top-[12vh]"), lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    board = opened(page, studio.url, project)
    keys_work(page, board)
    page.keyboard.press("Control+k")
    while not held:
        page.wait_for_timeout(50)
    page.keyboard.type("queueq")
    page.keyboard.press("Backspace")
    for route in held:
        route.continue_()
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_value("queue")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_value("")


def test_whoever_turned_to_something_else_is_asked_first(
    page: Page, cable: Cable, project: str, watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_|Failed to fetch")
    board = opened(page, cable, project)
    keys_work(page, board)
    cable.cut()
    page.keyboard.press("Shift+?")
    expect(page.get_by_text(GOES_ON)).to_be_visible()
    page.keyboard.press("Escape")
    cable.mend()
    expect(page.get_by_text("What you asked for is ready.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)

    # a reload in between forgets nothing, and what was done is not offered again
    page.reload()
    expect(page.get_by_text("What you asked for before the page was reloaded is ready.")).to_be_visible()
    page.get_by_role("button", name="Do it now").click()
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.reload()
    keys_work(page, board)
    expect(page.get_by_text("What you asked for")).to_have_count(0)


def test_a_panel_asked_for_while_the_line_was_cut_stands_there_afterwards(
    page: Page, cable: Cable, project: str, watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_|Failed to fetch")
    opened(page, cable, project)
    cable.cut()
    page.get_by_role("button", name="Queue", exact=True).click()
    expect(page.get_by_text(GOES_ON)).to_be_visible()
    cable.mend()
    expect(page.get_by_role("complementary", name="Queue")).to_be_visible()
    expect(page.get_by_text(GOES_ON)).to_have_count(0)


def test_keys_pressed_before_there_are_commands_are_carried_out_in_order(
    page: Page, studio: stage.Studio, project: str, watch: stage.Watch
) -> None:
    watch.expect("Failed to load resource|ERR_|Failed to fetch")
    commands = chunks("fit-selection")
    cut: list[tuple[object, object]] = [
        (commands, lambda route: route.abort("internetdisconnected")),
        (f"**/p/{project}", abort_questions),
    ]
    for where, what in cut:
        page.route(where, what)  # type: ignore[arg-type]
    board = opened(page, studio.url, project)
    board.focus()
    page.keyboard.press("q")
    page.keyboard.press("Control+k")
    expect(page.get_by_text("Keys work again when the studio is connected.")).to_be_visible()
    for where, _ in cut:
        page.unroute(where)  # type: ignore[arg-type]
    expect(page.get_by_role("complementary", name="Queue")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_text("Keys work again")).to_have_count(0)


def test_keys_meant_for_another_place_are_not_carried_out(
    page: Page, studio: stage.Studio, project: str, watch: stage.Watch
) -> None:
    watch.expect("Failed to load resource|ERR_|Failed to fetch")
    commands = chunks("fit-selection")
    page.route(commands, lambda route: route.abort("internetdisconnected"))
    page.route(f"**/p/{project}", abort_questions)
    board = opened(page, studio.url, project)
    board.focus()
    page.keyboard.press("q")
    page.get_by_role("button", name="Theme").focus()
    page.get_by_role("button", name="Theme").press("i")
    page.unroute(commands)
    page.unroute(f"**/p/{project}")
    expect(page.get_by_role("complementary", name="Inspector")).to_be_visible()
    expect(page.get_by_role("complementary", name="Queue")).to_have_count(0)


def test_a_part_that_an_update_took_away_is_offered_as_a_reload(
    page: Page, studio: stage.Studio, project: str, watch: stage.Watch
) -> None:
    watch.expect("404|Failed to load resource|Failed to fetch")
    board = opened(page, studio.url, project)
    keys_work(page, board)
    page.route(
        re.compile("/_app/immutable/"), lambda route: route.fulfill(status=404, body="", content_type="text/plain")
    )
    page.keyboard.press("Control+k")
    expect(page.get_by_text("The studio was updated. Reload to use the new version.")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Reload").click()
    page.get_by_role("button", name="Do it now").click()
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_visible()


def abort_questions(route: Route) -> None:
    """Let the page be opened, and let it not reach the studio when it asks whether that is there."""
    if route.request.method == "HEAD":
        route.abort("internetdisconnected")
    else:
        route.continue_()
