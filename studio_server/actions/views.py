"""What pages and scripts are shown: projects, takes, assets and films with the addresses of their media.

Paths become addresses here and nowhere else; docs/protocol.md (section 4) is the promise.
"""

from datetime import datetime
from urllib.parse import quote

from pydantic import Field

from studio_sdk.contract import Scalar
from studio_sdk.errors import ErrorBody
from studio_sdk.types import Engine, Frozen, MediaRef, Quality
from studio_server.domain.assets import Asset, AssetKind, Delivery, Film
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import Task
from studio_server.domain.project import OtherRates, WhenFull
from studio_server.domain.queue import Queue
from studio_server.domain.shots import Companion, Conformed, Recipe, Take


class ProjectState(Frozen):
    """Whether the project folder is as it should be, and if not, what is wrong."""

    ok: bool = True
    error: ErrorBody | None = None


class ProjectView(Frozen):
    """A project as listed; `width` and `height` are pixels, `revision` counts its changes, `name` is the title.

    `when_full` and `engines` are how its work is placed (`domain/project.py`), `other_rates` what becomes of takes of
    another frame rate, `alternate` which one is on the board.
    """

    id: str
    name: str
    title: str
    description: str
    slug: str
    path: str
    aspect_ratio: str
    width: int
    height: int
    frame_rate: str
    quality: Quality
    when_full: WhenFull = "fallback"
    engines: tuple[Engine, ...] = ()
    other_rates: OtherRates = "repeat"
    version: int
    revision: int
    created_at: str
    updated_at: datetime
    poster_url: str | None = None
    shot_count: int = 0
    take_count: int = 0
    queue_paused: bool = False
    alternate: str | None = None
    state: ProjectState = ProjectState()


class CompanionView(Frozen):
    """A file that its pipeline keeps beside a take: the first picture, the pose that was followed."""

    name: str
    title: str
    path: str
    media_url: str
    thumbnail_url: str | None
    mime: str
    size: int


class TakeView(Frozen):
    """A take as its shot shows it. `facts` is what its pipeline told of the run, `conformed` whose pictures it has."""

    name: str
    shot: str
    scene: str
    version: int
    number: int
    path: str
    media_url: str
    poster_url: str | None
    thumbnail_url: str | None
    oid: str
    size: int
    mime: str
    recipe: Recipe | None
    width: int | None
    height: int | None
    frame_rate: str | None
    frames: int | None
    duration_s: float | None
    has_audio: bool
    created_at: str
    created_by: str
    task_id: str | None
    elapsed_s: float | None
    companions: tuple[CompanionView, ...] = ()
    facts: dict[str, Scalar] = Field(default_factory=dict)
    conformed: Conformed | None = None


class AssetView(Frozen):
    """A file people brought, as its node shows it."""

    id: str
    title: str
    kind: AssetKind
    path: str
    oid: str
    size: int
    mime: str
    media_url: str
    thumbnail_url: str | None
    width: int | None
    height: int | None
    duration_s: float | None
    frames: int | None
    created_at: str


class Waveform(Frozen):
    """How loud a sound is along its length: at most 2,000 peaks from 0 to 1, evenly spread."""

    duration_s: float
    peaks: list[float]


class FilmView(Frozen):
    """A rendered film; `previz` says that at least one of its shots is a draft.

    `parts` of it were encoded and not copied from takes, and of those `parts_anew` at its own rendering, the rest at
    an earlier one; None where its pipeline does not say.
    """

    name: str
    path: str
    media_url: str
    poster_url: str | None
    oid: str
    size: int
    duration_s: float
    frames: int
    frame_rate: str
    width: int
    height: int
    has_audio: bool
    previz: bool
    created_at: str
    node_id: str
    cut_of: str = ""
    aspect: str = ""
    language: str = ""
    notes: tuple[str, ...] = ()
    parts: int | None = None
    parts_anew: int | None = None


class CutDeliveryView(Frozen):
    """A delivery in 06_Exports and the address to save it from."""

    name: str
    path: str
    url: str
    size: int
    codec: str
    title: str
    node_id: str
    files: list[str]
    notes: list[str]
    created_at: str


class FolderState(Frozen):
    """What lies in a project's folder, for a page that may not have been told of all that came and went."""

    takes: dict[str, list[TakeView]]
    assets: list[AssetView]
    films: list[FilmView]


class LockView(Frozen):
    """A file that somebody works on outside the studio; `is_canvas` says that it is the board's own."""

    path: str
    owner: str
    is_canvas: bool = False


class FullState(Frozen):
    """Everything a page needs to show a project, as of one revision.

    Where `whole` is false only those takes are told that a part of the board shows; `GET /projects/{id}/takes` has all.
    """

    id: str
    log_id: str
    revision: int
    project: ProjectView
    graph: Graph
    takes: dict[str, list[TakeView]]
    tasks: list[Task]
    assets: list[AssetView]
    films: list[FilmView]
    queue: Queue
    state: ProjectState
    locks: tuple[LockView, ...] = ()
    whole: bool = True


def media_url(project_id: str, path: str) -> str:
    """Return the address of a file of a project."""
    return f"/api/v1/projects/{project_id}/media/{quote(path)}"


def thumbnail_url(project_id: str, media: MediaRef | None, width: int = 320) -> str | None:
    """Return the address of a small picture of a still, a poster or a clip."""
    return f"/api/v1/projects/{project_id}/thumbnails/{media.oid}?width={width}" if media else None


def take_view(project_id: str, take: Take) -> TakeView:
    """Return a take as its shot shows it."""
    return TakeView(
        name=take.name,
        shot=take.shot,
        scene=take.scene,
        version=take.version,
        number=take.number,
        path=take.media.path,
        media_url=media_url(project_id, take.media.path),
        poster_url=media_url(project_id, take.poster.path) if take.poster else None,
        thumbnail_url=thumbnail_url(project_id, take.poster or take.media),
        oid=take.media.oid,
        size=take.media.size,
        mime=take.media.mime,
        recipe=take.recipe,
        width=take.width,
        height=take.height,
        frame_rate=take.frame_rate,
        frames=take.frames,
        duration_s=take.duration_s,
        has_audio=take.has_audio,
        created_at=take.created_at,
        created_by=take.created_by,
        task_id=take.job_id,
        elapsed_s=take.elapsed_s,
        companions=tuple(_companion_view(project_id, one) for one in take.companions),
        facts=take.facts,
        conformed=take.conformed_from,
    )


def _companion_view(project_id: str, one: Companion) -> CompanionView:
    file = one.media
    return CompanionView(
        name=one.name,
        title=one.title,
        path=file.path,
        media_url=media_url(project_id, file.path),
        thumbnail_url=None if file.mime.startswith("audio/") else thumbnail_url(project_id, file),
        mime=file.mime,
        size=file.size,
    )


def asset_view(project_id: str, asset: Asset) -> AssetView:
    """Return an asset as its node shows it."""
    return AssetView(
        id=asset.id,
        title=asset.title,
        kind=asset.kind,
        path=asset.media.path,
        oid=asset.media.oid,
        size=asset.media.size,
        mime=asset.media.mime,
        media_url=media_url(project_id, asset.media.path),
        thumbnail_url=None if asset.kind is AssetKind.AUDIO else thumbnail_url(project_id, asset.media),
        width=asset.width,
        height=asset.height,
        duration_s=asset.duration_s,
        frames=asset.frames,
        created_at=asset.created_at,
    )


def film_view(project_id: str, film: Film) -> FilmView:
    """Return a film as its assembler shows it."""
    return FilmView(
        name=film.name,
        path=film.media.path,
        media_url=media_url(project_id, film.media.path),
        poster_url=media_url(project_id, film.poster.path) if film.poster else None,
        oid=film.media.oid,
        size=film.media.size,
        duration_s=film.duration_s,
        frames=film.frames,
        frame_rate=film.frame_rate,
        width=film.width,
        height=film.height,
        has_audio=film.has_audio,
        previz=film.previz,
        created_at=film.created_at,
        node_id=film.node_id or "",
        cut_of=film.cut_of,
        aspect=film.aspect,
        language=film.language,
        notes=film.notes,
        parts=_counted(film.facts.get("spans")),
        parts_anew=_counted(film.facts.get("spans_anew")),
    )


def _counted(said: Scalar) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and said >= 0 else None


def delivery_view(project_id: str, one: Delivery) -> CutDeliveryView:
    """Return a delivery as pages see it."""
    return CutDeliveryView(
        name=one.name,
        path=one.media.path,
        url=f"{media_url(project_id, one.media.path)}?download=1",
        size=one.media.size,
        codec=one.codec,
        title=one.title,
        node_id=one.node_id,
        files=list(one.files),
        notes=list(one.notes),
        created_at=one.created_at,
    )
