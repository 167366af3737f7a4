"""The studio that every action is handed: its settings, its workspace, its index, its pipelines and its clock."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from studio_sdk.types import Frozen
from studio_sdk.wire import WorkerInfo
from studio_server.actions.catalog import Catalogue
from studio_server.domain.batch import ShotKey
from studio_server.domain.build import Build
from studio_server.domain.graph import EMPTY, Graph
from studio_server.domain.shots import Take
from studio_server.index import directory
from studio_server.index.session import Index
from studio_server.library.disk import NOTHING, Mark
from studio_server.library.git import Author
from studio_server.library.seen import ShotStamp
from studio_server.library.workspace import Workspace
from studio_server.settings import Settings

WORKER_SILENCE: Final = timedelta(seconds=20)
"""A worker not heard of for so long is not counted on."""


class Passing(Frozen):
    """Something worth telling whoever looks right now and nobody later: progress of a running job (percent).

    `preview` is a data URL of what it is making, where there is a new one.
    """

    project_id: str
    task_id: str
    node_id: str
    progress: float
    step: str
    preview: str = ""


@dataclass
class OpenCanvas:
    """A project's graph in memory, and how far it and the file are. Guarded by the project's lock.

    `file_graph` is what the file held when it was last written or read. `changed_at` is when the first unsaved change
    came, `written_at` when the file was written and not yet committed, `labels` say what changed since then.
    `shot_stamps` is what was told of each shot's folder, `shots_moving` what one looked like that has changed since
    and may not be done.
    """

    graph: Graph = EMPTY
    revision: int = 0
    file_graph: Graph = EMPTY
    file_revision: int = 0
    file_sha: str = ""
    file_mark: Mark = NOTHING
    changed_at: datetime | None = None
    written_at: datetime | None = None
    labels: list[str] = field(default_factory=list)
    shot_stamps: dict[tuple[str, str], ShotStamp] = field(default_factory=dict)
    shots_moving: dict[tuple[str, str], ShotStamp] = field(default_factory=dict)


@dataclass
class OpenBuild:
    """The states of a project's cards in memory, as of one revision of one log. Guarded by its lock.

    `takes` are those of every shot that was looked at, `untold` the cards whose state pages have not been told.
    """

    build: Build
    revision: int
    log_id: str
    takes: dict[ShotKey, Sequence[Take]]
    untold: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Studio:
    """What actions work on. `tell` passes progress on, `now` is the clock (UTC).

    `only_project` is set where whoever acts holds a token for that one project: the others are not there for it.
    """

    settings: Settings
    workspace: Workspace
    index: Index
    catalogue: Catalogue
    person: directory.Person
    now: Callable[[], datetime]
    tell: Callable[[Passing], None]
    canvases: dict[str, OpenCanvas] = field(default_factory=dict)
    locks: dict[str, threading.RLock] = field(default_factory=dict)
    builds: dict[str, OpenBuild] = field(default_factory=dict)
    only_project: str = ""

    @property
    def author(self) -> Author:
        """Return who the project's commits are by."""
        return Author(self.person.name, self.person.email)

    @property
    def sees_all(self) -> bool:
        """Return whether its person sees every project of the tenant."""
        return not self.only_project and self.is_everywhere

    @property
    def is_everywhere(self) -> bool:
        """Return whether its person works on every project of the tenant, member or not."""
        return not self.settings.with_people or self.person.role == "admin"

    def workers(self) -> list[WorkerInfo]:
        """Return the workers that are alive."""
        return [worker.info for worker in self.machines()]

    def machines(self) -> Sequence[directory.LiveWorker]:
        """Return the workers that are alive, with who has paused them."""
        with self.index.read() as session:
            return directory.live_workers(session, self.now() - WORKER_SILENCE)


def as_person(studio: Studio, person: directory.Person, *, only_project: str = "") -> Studio:
    """Return the same studio, with everything it holds in memory, as another person is in it."""
    return replace(studio, person=person, only_project=only_project)
