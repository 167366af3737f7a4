"""Landing: what a job has made becomes a take of its shot, or a film in 06_Exports, once and whole.

The folder first, then the database. Both steps know the job's id, so that a crash between them, or an answer that got
lost, leads to the same take and never to a second one.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import MediaRef, SocketType, rate
from studio_sdk.wire import CompanionRef, Finish, FinishAnswer, OutputRef
from studio_server.actions import canvas, conforming, transcripts
from studio_server.actions.studio import Studio
from studio_server.actions.views import delivery_view, film_view, take_view
from studio_server.domain.assets import AssetKind, Delivery, DeliveryDraft, Film, FilmDraft
from studio_server.domain.conform import facts_of, origin, shown_instead
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import Graph, Node, NodeSet, Operation, apply, dump_operations
from studio_server.domain.jobs import Job, JobKind, JobState, conformed_of, film_recipe_of, recipe_of, task_of
from studio_server.domain.node_types import gives
from studio_server.domain.project import slug_for
from studio_server.domain.shots import Companion, Take, TakeDraft, shown
from studio_server.domain.staleness import LOCKED
from studio_server.index import jobs
from studio_server.index.session import Session
from studio_server.library import alternates, deliveries, length, media, objects, scrub, seen
from studio_server.library.assets import land_film
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import Arrived, land_take

RUNNER: Final = "runner"

_KINDS: Final = {
    SocketType.AUDIO: AssetKind.AUDIO,
    SocketType.IMAGE: AssetKind.IMAGE,
    SocketType.VIDEO: AssetKind.VIDEO,
}
_WORDS: Final = {AssetKind.AUDIO: "a sound", AssetKind.IMAGE: "a picture", AssetKind.VIDEO: "a video"}


def land(studio: Studio, job: Job, end: Finish) -> FinishAnswer:
    """Land the outputs of an attempt. Raises OUTPUT_INVALID, STORAGE_FULL, STORAGE_READONLY, PROJECT_MISSING."""
    folder = canvas.folder_of(studio, canvas.find(studio, job.project_id))
    output = _main_output(job, end)
    arrived = Arrived(oid=output.oid, size=output.size, mime=output.mime, suffix=output.suffix)
    if job.plan.kind is JobKind.DELIVERY:
        packed = deliveries.land(folder, arrived, _stem(job), _delivery_draft(studio, job, end))
        return _delivery_landed(studio, job, packed, end.elapsed_s)
    if job.plan.kind is JobKind.CAPTIONS:
        written = transcripts.written(folder, canvas.graph_of(studio, job.project_id), job, output)
        told: dict[str, JsonValue] = {"output_url": None, "captions": written.result}
        succeeded(studio, job, written.result, told, written.operations, end.elapsed_s)
        return FinishAnswer(state="succeeded", result=written.result)
    poster = folder.root / objects.INCOMING / f"{job.id}.jpg"
    task = job.plan.wish.task if job.plan.wish and job.plan.kind is JobKind.TAKE else ""
    wanted = _KINDS[gives(task)]
    facts = _look(folder.root, output, poster, wanted)
    if job.plan.kind is JobKind.FILM:
        film = land_film(folder, arrived, poster, _stem(job), _film_draft(studio, job, end, facts))
        return _film_landed(studio, job, film, end.elapsed_s)
    beside = [_companion(folder.root, one) for one in end.companions]
    draft = _take_draft(studio, job, end, facts)
    if source := conforming.source_of(folder, job):
        both = facts_of(source, end.facts, facts.rate_text or job.plan.format.frame_rate)
        draft = draft.model_copy(update={"facts": both})
        beside += conforming.companions_of(folder, source)
    take = land_take(folder, arrived, poster, draft, studio.author, beside)
    return _take_landed(studio, job, folder, take, end.elapsed_s)


def recover(studio: Studio, job: Job) -> bool:
    """Finish a job whose take had landed when its worker, or the studio, was lost; return whether it had."""
    if job.plan.kind is not JobKind.TAKE:
        return False
    folder = canvas.folder_of(studio, canvas.find(studio, job.project_id))
    with canvas.opened(studio, job.project_id):
        pass  # a landing that a crash cut off is carried to its end when the canvas is opened
    take = next((take for take in folder.takes(job.plan.scene, job.plan.shot) if take.job_id == job.id), None)
    if take is None:
        return False
    _take_landed(studio, job, folder, take, take.elapsed_s or 0)
    return True


def _main_output(job: Job, end: Finish) -> OutputRef:
    if len(end.outputs) != 1:
        raise StudioError(
            Code.OUTPUT_INVALID,
            "The pipeline must give exactly one file.",
            detail=f"{len(end.outputs)} given",
            task_id=job.id,
        )
    return end.outputs[0]


def _companion(root: Path, one: CompanionRef) -> Companion:
    """Return a file to be kept beside the take. Raises OUTPUT_INVALID where it never arrived or is no media."""
    staged = objects.staged(root, one.oid, one.size)
    if staged is None:
        raise StudioError(Code.OUTPUT_INVALID, f"The pipeline's file {one.socket} never arrived.", detail=one.oid)
    try:
        sniffed, _ = media.inspect(staged, f"{one.socket}{one.suffix}")
    except StudioError as error:
        words = f"The pipeline gave a file {one.socket} that cannot be read."
        raise StudioError(Code.OUTPUT_INVALID, words, detail=f"{error.message} {error.detail}") from error
    ref = MediaRef(path=f"{one.socket}{one.suffix}", oid=one.oid, size=one.size, mime=sniffed.mime)
    return Companion(name=one.socket, title=one.title, media=ref)


def _look(root: Path, output: OutputRef, poster: Path, wanted: AssetKind) -> media.MediaFacts:
    """Return what an output that has arrived holds, with its poster drawn. Raises OUTPUT_INVALID.

    Another job may have made the same bytes, and land them while they are looked at: they lie elsewhere then.
    """
    while True:
        staged = objects.staged(root, output.oid, output.size)
        if staged is None:
            raise StudioError(Code.OUTPUT_INVALID, "The pipeline's file never arrived.", detail=output.oid)
        known = _identity(staged)
        try:
            return _looked_at(staged, output, poster, wanted)
        except (StudioError, FileNotFoundError):
            if known is not None and _identity(staged) == known:
                raise


def _identity(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _looked_at(staged: Path, output: OutputRef, poster: Path, wanted: AssetKind) -> media.MediaFacts:
    """Return what the file holds, with its poster drawn: side by side where its header says where the middle is.

    A sound's poster is its waveform.
    """
    if wanted is AssetKind.AUDIO:
        facts = _facts(staged, output, wanted)
        scrub.portrait(staged, poster)
        return facts
    told = length.told_s(staged)
    with ThreadPoolExecutor(1) as beside:
        drawing = beside.submit(media.poster, staged, poster, told / 2) if told else None
        facts = _facts(staged, output, wanted)
    if drawing is None or drawing.exception():
        media.poster(staged, poster, at_s=(facts.duration_s or 0) / 2)
    return facts


def _stem(job: Job) -> str:
    """Return what the name of a film or delivery begins with; an order of an older studio does not say it."""
    return job.plan.stem or slug_for(job.plan.title)


def _facts(staged: Path, output: OutputRef, wanted: AssetKind) -> media.MediaFacts:
    try:
        sniffed, facts = media.inspect(staged, f"output{output.suffix}")
    except StudioError as error:
        raise StudioError(
            Code.OUTPUT_INVALID,
            "The pipeline gave a file that cannot be read.",
            detail=f"{error.message} {error.detail}",
        ) from error
    if sniffed.kind is not wanted:
        raise StudioError(Code.OUTPUT_INVALID, f"The pipeline gave {sniffed.mime}, not {_WORDS[wanted]}.")
    return facts


def _take_draft(studio: Studio, job: Job, end: Finish, facts: media.MediaFacts) -> TakeDraft:
    plan = job.plan
    ran = {"sandbox": end.sandbox, "image": end.image, "determinism": end.determinism}
    by_hand = plan.conforms is not None and plan.conforms.recipe is None
    recipe = None if by_hand else recipe_of(plan).model_copy(update={} if plan.conforms else ran)
    return TakeDraft(
        id=job.id,
        job_id=job.id,
        node_id=plan.node_id,
        scene=plan.scene,
        code=plan.shot,
        recipe=recipe,
        conformed=conformed_of(plan) if by_hand else None,
        width=facts.width,
        height=facts.height,
        frame_rate=facts.rate_text,
        frames=facts.frames,
        duration_s=facts.duration_s,
        has_audio=facts.has_audio,
        audio_channels=facts.audio_channels,
        created_by=job.created_by,
        created_at=studio.now().isoformat(),
        elapsed_s=end.elapsed_s,
        facts=end.facts,
    )


def _film_draft(studio: Studio, job: Job, end: Finish, facts: media.MediaFacts) -> FilmDraft:
    if not (facts.width and facts.height and facts.rate_text and facts.frames):
        raise StudioError(Code.OUTPUT_INVALID, "The film has no readable picture.", task_id=job.id)
    return FilmDraft(
        id=job.id,
        job_id=job.id,
        node_id=job.plan.node_id,
        cut_of=job.plan.cut_of,
        aspect=job.plan.aspect,
        language=job.plan.language,
        notes=job.plan.notes,
        width=facts.width,
        height=facts.height,
        frame_rate=facts.rate_text,
        frames=facts.frames,
        duration_s=facts.duration_s or 0,
        has_audio=facts.has_audio,
        previz=job.plan.previz,
        recipe=film_recipe_of(job.plan),
        facts=end.facts,
        created_by=job.created_by,
        created_at=studio.now().isoformat(),
        elapsed_s=end.elapsed_s,
    )


def _delivery_draft(studio: Studio, job: Job, end: Finish) -> DeliveryDraft:
    plan = job.plan
    return DeliveryDraft(
        id=job.id,
        job_id=job.id,
        node_id=plan.node_id,
        title=plan.title,
        codec=str(plan.params.get("codec") or ""),
        frame_rate=plan.format.frame_rate,
        frames=round((plan.length_s or 0) * rate(plan.format.frame_rate)),
        notes=plan.notes,
        created_by=job.created_by,
        created_at=studio.now().isoformat(),
        elapsed_s=end.elapsed_s,
    )


def _take_landed(studio: Studio, job: Job, folder: ProjectFolder, take: Take, elapsed_s: float) -> FinishAnswer:
    key = (take.scene, take.code)
    with canvas.opened(studio, job.project_id) as open_canvas:
        # This landing is told by its own event; the watch on the folder need not tell it again.
        open_canvas.shot_stamps[key] = seen.shot_stamp(folder, *key)
        view = take_view(job.project_id, take)
        result: dict[str, JsonValue] = {"output_url": view.media_url, "take": view.model_dump(mode="json")}
        node = open_canvas.graph.nodes.get(job.plan.node_id)
        shows = _shows(folder, job, node, take)
        follows = conforming.follows(studio, folder, job, open_canvas.graph, take, shows)
        succeeded(studio, job, take.name, result, follows.operations, elapsed_s, then=follows.queue)
    return FinishAnswer(state="succeeded", result=take.name)


def _shows(folder: ProjectFolder, job: Job, node: Node | None, take: Take) -> list[Operation]:
    """Return what makes a take the one that its card shows; a locked card goes on showing what it showed.

    So does a card of another alternate than the take was ordered on, and one that shows another take by now than the
    one that was conformed.
    """
    is_elsewhere = job.plan.alternate not in {"", alternates.mark(folder.root).on}
    named = node.data.get("active_take") if node else None
    is_locked = node is not None and node.data.get(LOCKED) is True
    if node and (is_locked or job.plan.conforms):
        before = [one for one in folder.takes(take.scene, take.code) if one.name != take.name]
        kept = shown(before, named)
        if job.plan.conforms and kept and not is_locked and not is_elsewhere and origin(kept) == job.plan.conforms.oid:
            return shown_instead(node, kept, take)
        if kept:
            return [] if kept.name == named else [NodeSet(id=node.id, name="active_take", value=kept.name)]
    elif (job.plan.keep_active or is_elsewhere) and isinstance(named, str):
        return []
    return [NodeSet(id=job.plan.node_id, name="active_take", value=take.name)]


def _film_landed(studio: Studio, job: Job, film: Film, elapsed_s: float) -> FinishAnswer:
    view = film_view(job.project_id, film)
    result: dict[str, JsonValue] = {"output_url": view.media_url, "film": view.model_dump(mode="json")}
    succeeded(studio, job, film.name, result, [], elapsed_s)
    return FinishAnswer(state="succeeded", result=film.name)


def _delivery_landed(studio: Studio, job: Job, packed: Delivery, elapsed_s: float) -> FinishAnswer:
    view = delivery_view(job.project_id, packed)
    result: dict[str, JsonValue] = {"output_url": view.url, "delivery": view.model_dump(mode="json")}
    succeeded(studio, job, packed.name, result, [], elapsed_s)
    return FinishAnswer(state="succeeded", result=packed.name)


def succeeded(
    studio: Studio,
    job: Job,
    name: str,
    result: dict[str, JsonValue],
    operations: list[Operation],
    elapsed_s: float | None,
    reason: str = "",
    then: Callable[[Session], Sequence[Change]] = lambda _session: (),
) -> None:
    """Note that a job has what it was to make, and tell everybody; `operations` are applied to the graph with it.

    `then` does in the same transaction what follows, and returns the news of it.
    """

    def make(session: Session, graph: Graph) -> tuple[Sequence[Change], Graph]:
        done = jobs.move(
            session, job, JobState.SUCCEEDED, at=studio.now(), result=name, elapsed_s=elapsed_s, reason=reason
        )
        data: dict[str, JsonValue] = {
            "task_id": job.id,
            "node_id": job.plan.node_id,
            "result": result,
            "operations": list(dump_operations(operations)),
            "task": task_of(done).model_dump(mode="json"),
        }
        change = Change(type=EventType.TASK_SUCCESS, node_id=job.plan.node_id, job_id=job.id, data=data)
        return [change, *then(session)], apply(graph, operations) if operations else graph

    canvas.record_all(studio, job.project_id, make, actor=RUNNER)
