"""How tests run side by side (`pytest -n 2`): what shares something dear is run by one process, one after another.

A plugin that `tests/conftest.py` names. The processes that collect know what tests share and write it down; the one
that deals tests out reads it. It is not xdist's own `loadgroup`, which changes the tests' ids: pytest 9 keeps them.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_FILE = pytest.StashKey[Path]()


class _Together(LoadScopeScheduling):
    def __init__(self, config: pytest.Config, log: Any, groups: Path) -> None:
        config.option.loadscopereorder = False  # the quick ones first, as they were collected
        super().__init__(config, log)
        self._file = groups
        self._groups: dict[str, str] | None = None

    def _split_scope(self, nodeid: str) -> str:
        if self._groups is None:
            self._groups = json.loads(self._file.read_text())
        return self._groups.get(nodeid, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process where to write down what its tests share."""
    if _FILE not in node.config.stash:
        number, path = tempfile.mkstemp(prefix="together-", suffix=".json")
        os.close(number)
        node.config.stash[_FILE] = Path(path)
    node.workerinput["together"] = str(node.config.stash[_FILE])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Deal tests out by what they share."""
    return _Together(config, log, config.stash[_FILE])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if path := config.stash.get(_FILE, None):
        path.unlink(missing_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Write down what tests share; all processes collect the same, one of them writes."""
    given = getattr(session.config, "workerinput", {})
    if given.get("workerid") == "gw0":
        groups = {item.nodeid: group for item in session.items if (group := _shared(item))}
        Path(given["together"]).write_text(json.dumps(groups))


def _shared(item: pytest.Item) -> str:
    """Return what a test shares: what its `xdist_group` says, the Docker daemon, or its module's fixtures."""
    named = item.get_closest_marker("xdist_group")
    if named:
        return str(named.args[0])
    if item.get_closest_marker("docker"):
        # A process in which a browser was driven has an event loop that never ends: what starts one of its own fails.
        return "docker and a browser" if item.get_closest_marker("e2e") else "docker"
    known = getattr(item, "_fixtureinfo", None)
    scopes = {found[-1].scope for found in known.name2fixturedefs.values()} if known else set()
    return str(item.path) if "module" in scopes else ""
