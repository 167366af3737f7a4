"""Conform: a take of another frame rate is given the project's, once, by pictures in between; as a take of its shot.

By itself, where the project says so, in the moment in which the take lands; or because somebody asks for it. Never
twice for the same pictures and rate: what is under way or made already is not made again.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen, Tier
from studio_server.actions import canvas
from studio_server.actions.generate import job_for, state_change, worked_by
from studio_server.actions.studio import Studio
from studio_server.domain import conform
from studio_server.domain.batch import shot_key
from studio_server.domain.events import Change, Event, EventType
from studio_server.domain.graph import Graph, Node, NodeSet, Operation, apply, dump_operations
from studio_server.domain.jobs import Conforming, Job, JobKind, JobPlan
from studio_server.domain.placement import Placement, Unplaceable, Wish, place
from studio_server.domain.plan import input_ref, parameters, title_of
from studio_server.domain.producer import as_chosen
from studio_server.domain.project import Manifest
from studio_server.domain.shots import Companion, Take, shown
from studio_server.domain.staleness import LOCKED
from studio_server.index import jobs, needs
from studio_server.index.session import Session
from studio_server.library import alternates, objects
from studio_server.library.folder import ProjectFolder

LABEL = "Show pictures in between"


class InBetween(Frozen):
    """What came of asking for pictures in between: the log's revision and the tasks that make them.

    `shown` are cards whose take had been given this rate before, and is shown again; `left` says of the others why
    nothing is made.
    """

    revision: int
    tasks: tuple[str, ...]
    shown: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Follows(NamedTuple):
    """What the landing of a take brings with it: what its card shows, and the job that conforms it, if any."""

    studio: Studio
    landed: Job
    operations: list[Operation]
    job: Job | None = None

    def queue(self, session: Session) -> Sequence[Change]:
        """Enter the job, unless another one does the same; whatever waits for the take waits for it, too."""
        told = self.job.plan.conforms if self.job else None
        if self.job is None or told is None:
            return ()
        other = _other(jobs.open_jobs(session, self.job.project_id), self.job)
        if other is None:
            jobs.add(session, self.job)
        needs.handed_on(session, self.landed.id, (other or self.job).id)
        return () if other else (state_change(session, self.job),)


def _other(under_way: Iterable[Job], job: Job) -> Job | None:
    """Return the open job that does what a job is to do."""
    plan = job.plan
    told = plan.conforms
    return conform.under_way(under_way, (plan.scene, plan.shot), told.oid, told.frame_rate) if told else None


def placement_of(studio: Studio, manifest: Manifest) -> tuple[Placement | None, str]:
    """Return where pictures in between can be made now; None and why in words where no machine can."""
    settings = manifest.project_settings
    wish = Wish(task=conform.CONFORM_TASK, pipeline_id=conform.PIPELINE, quality=settings.quality)
    answer = place(as_chosen(settings, wish), list(studio.catalogue.pipelines().values()), studio.workers())
    if isinstance(answer, Unplaceable):
        return None, answer.message
    if answer.waiting:
        return None, answer.lack.words if answer.lack else answer.waiting
    return answer, ""


def lack_of(studio: Studio, manifest: Manifest) -> str:
    """Return why no pictures in between can be made now, as a sentence; empty where they can."""
    placement, lack = placement_of(studio, manifest)
    return "" if placement else f"No pictures in between can be made now: {lack}"


def planned(studio: Studio, folder: ProjectFolder, manifest: Manifest, node: Node) -> tuple[JobPlan, Placement]:
    """Return the plan that gives the take which a card shows the project's frame rate, from its original.

    Raises VALIDATION_ERROR where that cannot be done, ENGINE_OFFLINE while no machine is there for it.
    """
    source, _ = _source(folder, manifest, node)
    return _planned(studio, folder, manifest, node, source)


def _planned(
    studio: Studio, folder: ProjectFolder, manifest: Manifest, node: Node, source: Take
) -> tuple[JobPlan, Placement]:
    placement, _ = placement_of(studio, manifest)
    if placement is None:
        raise StudioError(Code.ENGINE_OFFLINE, lack_of(studio, manifest), node_id=node.id)
    return _plan(studio, manifest, node.id, source, placement, alternates.mark(folder.root).on), placement


def follows(
    studio: Studio, folder: ProjectFolder, job: Job, graph: Graph, take: Take, shows: list[Operation]
) -> Follows:
    """Return what follows the landing of a take: it is conformed where it is shown, uneven and the project says so."""
    plain = Follows(studio, job, shows)
    node = graph.nodes.get(job.plan.node_id)
    is_shown = NodeSet(id=job.plan.node_id, name="active_take", value=take.name) in shows
    if node is None or job.plan.conforms or not is_shown or not conform.by_itself(graph, node):
        return plain
    manifest = folder.manifest()
    settings = manifest.project_settings
    if settings.other_rates != "between" or not take.frame_rate or not take.frames:
        return plain
    if not conform.is_uneven(take.frame_rate, settings.frame_rate):
        return plain
    if there := conform.made(folder.takes(take.scene, take.code), take.media.oid, settings.frame_rate):
        return plain._replace(operations=conform.shown_instead(node, take, there))
    placement, _ = placement_of(studio, manifest)
    if placement is None:
        return plain
    planned = _plan(studio, manifest, job.plan.node_id, take, placement, job.plan.alternate)
    ordered = {"tenant_id": job.tenant_id, "created_by": job.created_by, "person_id": job.person_id, "run": job.run}
    return plain._replace(job=job_for(studio, job.project_id, planned, placement).model_copy(update=ordered))


def _plan(
    studio: Studio, manifest: Manifest, node_id: str, take: Take, placement: Placement, alternate: str
) -> JobPlan:
    """Return the plan that gives an original take the project's rate."""
    recipe = take.recipe
    pipeline, variant = placement.pipeline, placement.variant
    told = parameters(pipeline, Node(id=node_id, type="retime", data={}))
    rate = manifest.project_settings.frame_rate
    return JobPlan(
        kind=JobKind.TAKE,
        node_id=node_id,
        scene=take.scene,
        shot=take.code,
        **(worked_by(studio, placement) | {"tier": recipe.tier if recipe else Tier.PRODUCTION}),
        length_s=take.duration_s,
        seed=0,
        params=told | dict(variant.params),
        inputs=[input_ref(conform.CLIP, take.media)],
        format=manifest.project_settings.format,
        alternate=alternate,
        conforms=Conforming(take=take.name, oid=take.media.oid, recipe=recipe, frame_rate=rate),
    )


def source_of(folder: ProjectFolder, job: Job) -> Take | None:
    """Return the take that a job conforms; None where it conforms none, or that one is gone by now."""
    told = job.plan.conforms
    return conform.with_bytes(folder.takes(job.plan.scene, job.plan.shot), told.oid) if told else None


def companions_of(folder: ProjectFolder, take: Take) -> list[Companion]:
    """Return what is kept beside a take, to be kept beside the conformed one, as far as it is on this disk."""
    return [one for one in take.companions if objects.staged(folder.root, one.media.oid, one.media.size)]


def for_chosen(studio: Studio, project_id: str, card: str, by: str, *, put: bool = False) -> str | None:
    """Have the take that somebody chose for a card conformed, where the project says so; return the task, if any.

    `put`: somebody put takes into the shot's folder; then it is only done for one that came so. What a person decided
    stands: a take whose pictures in between are there already was chosen without them, and ones that were stopped or
    failed wait for the button in the cut. Raises VERSION_CONFLICT where they were tried, NOT_FOUND or PROJECT_MISSING.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    manifest = folder.manifest()
    graph = canvas.graph_of(studio, project_id)
    node = graph.nodes.get(card)
    key = shot_key(node) if node else None
    if node is None or key is None or manifest.project_settings.other_rates != "between":
        return None
    takes = folder.takes(*key)
    take = shown(takes, node.data.get("active_take"))
    rate = manifest.project_settings.frame_rate
    if take is None or not take.frame_rate or not conform.is_uneven(take.frame_rate, rate):
        return None
    source = conform.original(takes, take)
    if source is None or refusal_of(node, takes, take, manifest) or not conform.by_itself(graph, node):
        return None
    placement, _ = placement_of(studio, manifest)
    if (put and take.recipe) or placement is None or conform.made(takes, source.media.oid, rate):
        return None
    plan = _plan(studio, manifest, card, source, placement, alternates.mark(folder.root).on)
    job = job_for(studio, project_id, plan, placement).model_copy(update={"created_by": by})

    def begin(session: Session, present: Graph) -> tuple[Sequence[Change], Graph]:
        if _other([*jobs.open_jobs(session, project_id), *jobs.finished_of(session, project_id, card)], job):
            raise StudioError(Code.VERSION_CONFLICT, "They are made already, or were stopped.", node_id=card)
        jobs.add(session, job)
        return (state_change(session, job),), present

    canvas.record_all(studio, project_id, begin, actor=by)
    return job.id


class _Asked(NamedTuple):
    """What is asked of a card: a job, or to show a take that is there already."""

    node: Node
    job: Job | None = None
    instead: tuple[Take, Take] | None = None


def make(studio: Studio, project_id: str, cards: Sequence[str], op_id: str | None = None) -> InBetween:
    """Give the takes that cards show the project's frame rate, from their originals, and return the tasks.

    Raises VALIDATION_ERROR or ENGINE_OFFLINE where that can be done for none of them: the reason of the first.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    if done := canvas.answered(studio, project_id, op_id):
        return _told(done)
    folder.check()
    manifest = folder.manifest()
    graph = canvas.graph_of(studio, project_id)
    asked: list[_Asked] = []
    refused: list[StudioError] = []
    for card in dict.fromkeys(cards):
        try:
            asked.append(_asked(studio, folder, manifest, graph, card))
        except StudioError as error:
            refused.append(error)
    if not asked:
        raise refused[0] if refused else StudioError(Code.VALIDATION_ERROR, "No shot was named.", field="node_ids")
    shows = [one for entry in asked if entry.instead for one in conform.shown_instead(entry.node, *entry.instead)]
    shown_again = [entry.node.id for entry in asked if entry.instead]
    left = [error.message for error in refused]

    def begin(session: Session, present: Graph) -> tuple[Sequence[Change], Graph]:
        under_way = jobs.open_jobs(session, project_id)
        tasks: list[str] = []
        begun: list[Job] = []
        for job in (entry.job for entry in asked if entry.job):
            other = _other(under_way, job)
            tasks.append((other or job).id)
            if other is None:
                jobs.add(session, job)
                begun.append(job)
        changes = [state_change(session, job) for job in begun]
        if shows:
            data: dict[str, JsonValue] = {"operations": list(dump_operations(shows)), "label": LABEL}
            changes.insert(0, Change(type=EventType.GRAPH_PATCHED, data=data))
        if not changes:
            raise StudioError(Code.VALIDATION_ERROR, "The pictures in between are being made already.")
        came: dict[str, JsonValue] = {"tasks": list(tasks), "shown": list(shown_again), "left": list(left)}
        changes[0] = changes[0].model_copy(update={"data": changes[0].data | {"in_between": came}})
        return changes, apply(present, shows) if shows else present

    return _told(canvas.record_all(studio, project_id, begin, actor=studio.person.name, op_id=op_id))


def _told(event: Event) -> InBetween:
    came = event.data.get("in_between")
    return InBetween.model_validate({"revision": event.revision} | (came if isinstance(came, dict) else {"tasks": ()}))


def _asked(studio: Studio, folder: ProjectFolder, manifest: Manifest, graph: Graph, card: str) -> _Asked:
    node = graph.nodes.get(card)
    key = shot_key(node) if node else None
    if node is None or key is None:
        raise StudioError(Code.NOT_FOUND, "There is no such shot on the canvas.", node_id=card)
    source, take = _source(folder, manifest, node)
    if there := conform.made(folder.takes(*key), source.media.oid, manifest.project_settings.frame_rate):
        return _Asked(node, instead=(take, there))
    plan, placement = _planned(studio, folder, manifest, node, source)
    return _Asked(node, job_for(studio, manifest.uuid, plan, placement))


def _source(folder: ProjectFolder, manifest: Manifest, node: Node) -> tuple[Take, Take]:
    """Return the original of the take that a card shows, and that take. Raises VALIDATION_ERROR where it is kept."""
    key = shot_key(node)
    takes = folder.takes(*key) if key else ()
    take = shown(takes, node.data.get("active_take"))
    why = refusal_of(node, takes, take, manifest)
    source = conform.original(takes, take) if take else None
    if why or take is None or source is None:
        raise StudioError(Code.VALIDATION_ERROR, f"{title_of(node)} {why}", node_id=node.id)
    return source, take


def refusal_of(node: Node, takes: Sequence[Take], take: Take | None, manifest: Manifest) -> str:
    """Return why a card's take is given no other rate, as the end of a sentence; empty where it can be."""
    if take is None or not take.frame_rate or not take.frames:
        return f"has a take that is no clip: {take.name}." if take else "has no take yet."
    if not conform.can_be_smoother(take.frame_rate, manifest.project_settings.frame_rate):
        return f"needs no pictures in between: {take.name} is {take.frame_rate} frames a second."
    if node.data.get(LOCKED) is True:
        return "is locked: it goes on showing the take that it shows."
    if conform.original(takes, take) is None:
        return f"shows {take.name}, whose original is gone. Make the shot again, or give it a Frame rate card."
    return ""


def check_again(studio: Studio, job: Job) -> None:
    """Check that a job that ended may be queued again. Raises VERSION_CONFLICT where its take is conformed already."""
    told = job.plan.conforms
    if told is None:
        return
    folder = canvas.folder_of(studio, canvas.find(studio, job.project_id))
    with studio.index.read() as session:
        other = _other(jobs.open_jobs(session, job.project_id), job)
    if other or conform.made(folder.takes(job.plan.scene, job.plan.shot), told.oid, told.frame_rate):
        what = "are being made" if other else "are made"
        raise StudioError(Code.VERSION_CONFLICT, f"The pictures in between {what} already.", task_id=job.id)
