"""A project looked over and mended. Reading all media of a film takes minutes, so looking runs beside everything else.

What was found last is kept in memory until the next look; mending looks again at what it is told to mend.
"""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from studio_sdk.errors import Code, ErrorBody, StudioError
from studio_sdk.types import Frozen
from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.library import fsck, mending
from studio_server.library.folder import ProjectFolder
from studio_server.library.fsck import Finding


class Checkup(Frozen):
    """How far a look is: bytes read and in all, and what it has found so far. `ended_at` is None while it runs."""

    running: bool
    deep: bool
    read: int
    size: int
    started_at: str
    ended_at: str | None = None
    findings: list[Finding]
    error: ErrorBody | None = None


class MendedView(Frozen):
    """What came of mending one finding."""

    id: str
    path: str
    done: bool
    said: str


@dataclass
class OpenCheckup:
    """A look that runs, or ran last. `guard` is held while it is read or changed."""

    deep: bool
    started_at: str
    read: int = 0
    size: int = 0
    ended_at: str | None = None
    findings: list[Finding] = field(default_factory=list)
    error: ErrorBody | None = None
    guard: threading.Lock = field(default_factory=threading.Lock)

    def seen(self) -> Checkup:
        """Return how far it is."""
        with self.guard:
            return Checkup(
                running=self.ended_at is None,
                deep=self.deep,
                read=self.read,
                size=self.size,
                started_at=self.started_at,
                ended_at=self.ended_at,
                findings=list(self.findings),
                error=self.error,
            )


_looks: dict[tuple[str, str], OpenCheckup] = {}
_guard = threading.Lock()


def start(studio: Studio, project_id: str, *, deep: bool) -> Checkup:
    """Begin to look a project over; where a look runs already, that one goes on. Raises PROJECT_MISSING."""
    folder = _folder(studio, project_id)
    with _guard:
        known = _looks.get(_key(studio, project_id))
        if known and known.ended_at is None:
            return known.seen()
        look = OpenCheckup(deep=deep, started_at=studio.now().isoformat())
        _looks[_key(studio, project_id)] = look
    threading.Thread(target=_look, args=(studio, folder, look), name="checkup", daemon=True).start()
    return look.seen()


def last(studio: Studio, project_id: str) -> Checkup | None:
    """Return the look that runs, or the last one since the studio's start."""
    canvas.find(studio, project_id)
    found = _looks.get(_key(studio, project_id))
    return found.seen() if found else None


def mend(studio: Studio, project_id: str, ids: Collection[str]) -> list[MendedView]:
    """Mend what the last look found, by the ids of the findings. Raises NOT_FOUND for one that it did not find."""
    folder = _folder(studio, project_id)
    look = _looks.get(_key(studio, project_id))
    known = {one.id: one for one in look.seen().findings} if look else {}
    if unknown := sorted(set(ids) - set(known)):
        raise StudioError(Code.NOT_FOUND, "Look the project over again first.", detail=", ".join(unknown)[:400])
    with canvas.project_lock(studio, project_id):
        done = mending.mend(folder, [known[one] for one in ids], studio.workspace.projects(), studio.author)
    mended = {one.finding.id for one in done if one.done}
    if look:
        with look.guard:
            look.findings = [one for one in look.findings if one.id not in mended]
    return [MendedView(id=one.finding.id, path=one.finding.path, done=one.done, said=one.said) for one in done]


def _look(studio: Studio, folder: ProjectFolder, look: OpenCheckup) -> None:
    def far(read: int, size: int) -> None:
        with look.guard:
            look.read, look.size = read, size

    error: ErrorBody | None = None
    try:
        for finding in fsck.examine(folder, deep=look.deep, progress=far):
            with look.guard:
                look.findings.append(finding)
    except StudioError as refused:
        error = refused.body()
    except Exception as unforeseen:  # noqa: BLE001 - the edge of a thread
        known = StudioError(Code.INTERNAL, "The look ended early.", detail=f"{type(unforeseen).__name__}: {unforeseen}")
        error = known.body()
    with look.guard:
        look.error = error
        look.ended_at = studio.now().isoformat()


def _key(studio: Studio, project_id: str) -> tuple[str, str]:
    return str(studio.workspace.root), project_id


def _folder(studio: Studio, project_id: str) -> ProjectFolder:
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    return folder
