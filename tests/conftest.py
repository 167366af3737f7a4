"""What all tests share: a clean environment, a workspace of their own, and the settings that point into it."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from studio_server.settings import ROOT, Settings
from tests.services import docker as docker_service
from tests.services.docker import Docker
from tests.services.needed import end_with_the_tests
from tests.services.postgres import Postgres
from tests.services.redis import Redis

if TYPE_CHECKING:
    from tests.services.s3 import S3

pytest_plugins = ["tests.beside"] if find_spec("xdist") else []  # one by one they need no more than pytest

Servers = Callable[[], dict[str, str]]

# How long one example takes says how busy the machine is, and nothing about what is tested.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on-servers",
        action="store_true",
        help="the studios of the end-to-end tests use a PostgreSQL, a Redis and an S3 instead of what they bring along",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Lay what pipelines share, in case it was edited since set-up, and let programs hear a closed terminal and Ctrl-C.

    `nohup` and `&` would keep both signals from the tests' programs.
    """
    if hasattr(config, "workerinput"):  # one of those that test side by side: what started it has laid
        end_with_the_tests(signal.SIGINT)
    else:
        subprocess.run([sys.executable, ROOT / "tools" / "parts.py"], check=True)
    for word in (signal.SIGHUP, signal.SIGINT):
        if signal.getsignal(word) is signal.SIG_IGN:
            signal.signal(word, signal.default_int_handler if word is signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Return what gives each studio its servers: nothing, or with `--on-servers` the addresses of real ones."""
    if not request.config.getoption("--on-servers"):
        yield dict
        return
    redis = Redis(tmp_path_factory.mktemp("redis"))
    postgres: Postgres = request.getfixturevalue("postgres")
    s3: S3 = request.getfixturevalue("s3_server")
    bases = itertools.count()
    yield lambda: {
        **{f"STUDIO_{name.upper()}": value for name, value in s3.settings(s3.bucket()).items()},
        "STUDIO_DATABASE_URL": postgres.database(),
        "STUDIO_BROKER_URL": f"{redis.url.removesuffix('/0')}/{next(bases) % 16}",
    }
    redis.kill()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the person's Git settings, home and STUDIO_ variables out of every test."""
    import os

    for name in os.environ:  # noqa: TID251 - the tests' own edge
        if name.startswith(("STUDIO_", "RUNNER_", "GIT_")) and name != "GIT_SSL_CAINFO":
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def workspaces(tmp_path: Path) -> Path:
    """Return an empty folder for a test's projects."""
    return tmp_path / "workspaces"


@pytest.fixture(scope="session")
def docker() -> Iterator[Docker]:
    """Return the Docker daemon that all tests share."""
    daemon = Docker()
    yield daemon
    daemon.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return the PostgreSQL that all tests share; each makes databases of its own in it."""
    cluster = Postgres()
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["S3"]:
    """Return the S3 that all tests share; each makes buckets of its own in it."""
    from tests.services.s3 import S3

    server = S3(tmp_path_factory.mktemp("s3"))
    yield server
    server.end()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the setting of the database: the default one, or where `every_database` says so also PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return {}
    return {"database_url": request.getfixturevalue("postgres").shared()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked `every_database` on each."""
    if "database" in metafunc.fixturenames and metafunc.definition.get_closest_marker("every_database"):
        metafunc.parametrize("database", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def settings(workspaces: Path, database: dict[str, str]) -> Settings:
    """Return settings for a studio of the test's own; nothing is started."""
    return Settings(workspaces=workspaces, **database).with_secrets()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make what containers stand on before the first test, because that may take longer than a test may."""
    if any(item.get_closest_marker("docker") for item in session.items) and not session.config.option.collectonly:
        docker_service.make_base()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is quick first, the real browser last; what waits for other programs has a second try, which is told."""
    order = ("unit", "contract", "integration", "e2e")
    here = Path(__file__).parent
    for item in items:
        if any(here / part in item.path.parents for part in order[1:]) and not item.get_closest_marker("flaky"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: next((n for n, part in enumerate(order) if (here / part) in item.path.parents), -1))
