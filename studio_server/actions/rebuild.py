"""Rebuild what changed: plan it, start it as one run, stop that run.

A card that takes another one's new take gets a job that waits for it (`release.py`); a take that already is what
the card says is activated and nothing is made.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import uuid4

from pydantic import Field, JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_sdk.wire import WorkerInfo
from studio_server.actions import assemble, betweens, canvas, conforming, generate, states
from studio_server.actions.compiled import compiled
from studio_server.actions.generate import job_for, placed, plan_take, state_change
from studio_server.actions.lines import Wanted, foreseen, load_of, tenths
from studio_server.actions.studio import Studio
from studio_server.actions.views import thumbnail_url
from studio_server.domain.batch import shot_key
from studio_server.domain.build import Build, reached
from studio_server.domain.conform import origin, showing
from studio_server.domain.cut import ASSEMBLER
from studio_server.domain.events import Change, Event, EventType
from studio_server.domain.fingerprint import Facts
from studio_server.domain.graph import Graph, Node, Operation, apply, dump_operations
from studio_server.domain.jobs import Job, JobKind, JobPlan, JobState
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import wanted_pipeline
from studio_server.domain.pace import Range
from studio_server.domain.placement import Placement
from studio_server.domain.plan import names_of, title_of
from studio_server.domain.producer import wish_for
from studio_server.domain.project import Manifest
from studio_server.domain.rebuild import Line, Scope, Step, plan
from studio_server.domain.scenes import SCENE, around
from studio_server.domain.staleness import State
from studio_server.index import jobs, needs
from studio_server.index.session import Session
from studio_server.library import versions
from studio_server.library.folder import ProjectFolder

LABEL = "Rebuild what changed"


class RebuildScope(Frozen):
    """What to rebuild: these cards (a scene stands for all it holds), else the whole film.

    `downstream` adds all that is made from them; `leave` are cards to leave as they are; `missing` makes what has no
    take yet; `films` also renders films that never were; `again` makes another take of what is up to date, too.
    """

    cards: list[str] | None = None
    downstream: bool = False
    leave: list[str] = Field(default_factory=list)
    missing: bool = True
    films: bool = False
    again: bool = False


class RebuildLine(Frozen):
    """One card of a plan; `takes` are the seconds it will take, None where nobody can know, `guess` where few can."""

    node_id: str
    title: str
    step: Step
    state: State
    reasons: tuple[states.ReasonView, ...]
    after: tuple[str, ...]
    take: str | None
    task: str | None
    blocked: str
    takes: Range | None
    guess: bool
    thumbnail_url: str | None


class RebuildPlan(Frozen):
    """What would be done, in order, and the seconds until all of it is done, but for what nobody can know.

    `revision` is what it was planned from.
    """

    revision: int
    lines: list[RebuildLine]
    lasts: Range | None
    unknown: int


class _Meant(NamedTuple):
    """A plan with what it was made from."""

    build: Build
    lines: list[Line]
    revision: int


def look(studio: Studio, project_id: str, scope: RebuildScope) -> RebuildPlan:
    """Return what a rebuild would do; nothing is changed. Raises NOT_FOUND for a project that is not there."""
    entry = canvas.find(studio, project_id)
    folder = canvas.folder_of(studio, entry)
    manifest = folder.manifest()
    with states.kept(studio, project_id, anew=True) as now:
        meant = _meant(studio, project_id, manifest, now.build, now.revision, scope)
        known = dict(now.build.states)
    facts = meant.build.facts
    workers = studio.workers()
    takes: dict[str, Wanted] = {}
    for line in meant.lines:
        node = facts.graph.nodes[line.node_id]
        if line.step == "between":
            job, placement = conforming.planned(studio, folder, manifest, node)
            takes[line.node_id] = Wanted(placement, load_of(job), ())
        elif line.step == "make":
            sketch, placement = _sketched(studio, folder, manifest, facts.graph, node, workers)
            takes[line.node_id] = Wanted(placement, load_of(sketch), line.after)
    takes = betweens.with_betweens(studio, folder, manifest, facts.graph, takes)
    told = foreseen(studio, project_id, workers, takes, paused=entry.queue_paused)
    seconds = {job.node_id: job for job in told.jobs}
    return RebuildPlan(
        revision=meant.revision,
        lines=[
            RebuildLine(
                node_id=line.node_id,
                title=title_of(facts.graph.nodes[line.node_id]),
                step=line.step,
                state=known[line.node_id].state,
                reasons=states.reasons_in_words(line.reasons, facts.graph),
                after=line.after,
                take=line.take,
                task=line.task,
                blocked=line.blocked,
                takes=tenths(seconds[line.node_id].takes) if line.node_id in seconds else None,
                guess=line.node_id in seconds and seconds[line.node_id].guess,
                thumbnail_url=_thumbnail(project_id, meant.build, line),
            )
            for line in meant.lines
        ],
        lasts=tenths(told.total.ends),
        unknown=told.total.unknown,
    )


def _thumbnail(project_id: str, build: Build, line: Line) -> str | None:
    node = build.facts.graph.nodes[line.node_id]
    if node.type == ASSEMBLER:
        film = build.facts.films.get(node.id)
        return thumbnail_url(project_id, film.media) if film else None
    take = build.facts.shown(node)
    return thumbnail_url(project_id, take.poster or take.media) if take else None


def _meant(
    studio: Studio, project_id: str, manifest: Manifest, build: Build, revision: int, scope: RebuildScope
) -> _Meant:
    cards = _cards(build, scope)
    with studio.index.read() as session:
        open_jobs = jobs.open_jobs(session, project_id)
    making = [job for job in open_jobs if job.plan.kind is not JobKind.CAPTIONS]
    under_way = {job.plan.node_id: job for job in making if not job.plan.conforms}
    asked = Scope(cards, set(scope.leave), missing=scope.missing, films=scope.films, again=scope.again)
    lack = conforming.lack_of(studio, manifest)
    found = plan(build, asked, under_way, _conforming(build.facts, making), no_between=lack)
    return _Meant(build, found, revision)


def _conforming(facts: Facts, open_jobs: Sequence[Job]) -> dict[str, Job]:
    """Return the jobs that give the take which a card shows the project's frame rate, by card."""
    found: dict[str, Job] = {}
    for job in open_jobs:
        node = facts.graph.nodes.get(job.plan.node_id)
        take = facts.shown(node) if node else None
        told = job.plan.conforms
        if take and told and (told.oid, told.frame_rate) == (origin(take), facts.format.frame_rate):
            found[job.plan.node_id] = job
    return found


def _cards(build: Build, scope: RebuildScope) -> set[str]:
    if scope.cards is None:
        return set(build.states)
    graph = build.facts.graph
    named = set(scope.cards)
    if any(card in graph.nodes and graph.nodes[card].type == SCENE for card in named):
        named |= {node.id for node in graph.nodes.values() if any(one.id in named for one in around(graph, node))}
    return build.following(reached(graph, named, graph)) if scope.downstream else named


def _sketched(
    studio: Studio, folder: ProjectFolder, manifest: Manifest, graph: Graph, node: Node, workers: Sequence[WorkerInfo]
) -> tuple[JobPlan, Placement]:
    """Return the plan of a card as far as it is known before what it waits for is there, and where it is made."""
    placement = _placed(studio, manifest, graph, node, workers)
    if node.type == ASSEMBLER:
        cut = compiled(folder, manifest, graph, node.id, studio.catalogue.kit())
        return assemble.plan_film(studio, folder, manifest, cut, placement, late=True), placement
    return plan_take(studio, folder, manifest, graph, node, placement, late=True), placement


def _placed(studio: Studio, manifest: Manifest, graph: Graph, node: Node, workers: Sequence[WorkerInfo]) -> Placement:
    if node.type == ASSEMBLER:
        return placed(studio, assemble.film_wish(manifest), node, workers)
    wish = wish_for(manifest.project_settings, task_for(node.type) or "", wanted_pipeline(graph, node), graph, node)
    return placed(studio, wish, node, workers)


class _Start(NamedTuple):
    """A job about to be entered, and the cards or tasks that it waits for."""

    job: Job
    needs: tuple[str, ...]


def start(studio: Studio, project_id: str, scope: RebuildScope, op_id: str | None = None) -> tuple[Event, str]:
    """Carry a rebuild out and return its first event and the id of the run.

    Takes that already are what their card says are activated at once, everything else is queued as one run. All of it
    or nothing is started. Raises VALIDATION_ERROR where there is nothing to do.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    if done := canvas.answered(studio, project_id, op_id):
        return done, _run_of(done)
    folder.check()
    manifest = folder.manifest()
    with states.kept(studio, project_id, anew=True) as now:
        meant = _meant(studio, project_id, manifest, now.build, now.revision, scope)
    used = [one for line in meant.lines if line.step == "use" for one in _used(meant.build.facts, line)]
    graph = apply(meant.build.facts.graph, used)
    run = str(uuid4())
    with studio.catalogue.looked_at_once():
        starts = _starts(studio, project_id, folder, manifest, graph, meant, run)
    if not used and not starts:
        raise StudioError(Code.VALIDATION_ERROR, _nothing(meant))

    def make(session: Session, present: Graph) -> tuple[Sequence[Change], Graph]:
        changes: list[Change] = []
        if used:
            data: dict[str, JsonValue] = {"operations": list(dump_operations(used)), "label": LABEL, "run": run}
            changes.append(Change(type=EventType.GRAPH_PATCHED, data=data))
        jobs.add_all(session, [begun.job for begun in starts])
        for begun in starts:
            needs.add(session, begun.job.id, begun.needs)
        changes += [state_change(session, begun.job) for begun in starts]
        return changes, apply(present, used) if used else present

    return canvas.record_all(studio, project_id, make, actor=studio.person.name, op_id=op_id), run


def _used(facts: Facts, line: Line) -> list[Operation]:
    """Return what makes a card show the take that already is what it says."""
    node = facts.graph.nodes[line.node_id]
    key = shot_key(node)
    take = next(take for take in (facts.takes(key) if key else ()) if take.name == line.take)
    return showing(node, facts.shown(node), take)


def _nothing(meant: _Meant) -> str:
    for line in meant.lines:
        if line.step == "blocked":
            return f"Nothing can be made. {title_of(meant.build.facts.graph.nodes[line.node_id])}: {line.blocked}"
    return "Nothing is to be made: everything is up to date, or is being made."


def _run_of(event: Event) -> str:
    task = event.data.get("task")
    return str(event.data.get("run") or (task.get("run") if isinstance(task, dict) else "") or "")


def _starts(
    studio: Studio, project_id: str, folder: ProjectFolder, manifest: Manifest, graph: Graph, meant: _Meant, run: str
) -> list[_Start]:
    workers = studio.workers()
    tasks = {line.node_id: line.task for line in meant.lines if line.task}
    found: list[_Start] = []
    for line in meant.lines:
        if line.step not in {"make", "between"}:
            continue
        node = graph.nodes[line.node_id]
        if line.step == "between":
            planned, placement = conforming.planned(studio, folder, manifest, node)
        elif line.after:
            planned, placement = _sketched(studio, folder, manifest, graph, node, workers)
        else:
            placement = _placed(studio, manifest, graph, node, workers)
            planned = _whole(studio, folder, manifest, graph, node, placement)
        job = job_for(studio, project_id, planned, placement).model_copy(update={"run": run})
        if line.after:
            reason = waits_for([graph.nodes[card] for card in line.after])
            job = job.model_copy(update={"state": JobState.WAITING, "reason": reason})
        tasks[line.node_id] = job.id
        found.append(_Start(job, tuple(str(tasks[card]) for card in line.after)))
    return found


def waits_for(cards: Sequence[Node]) -> str:
    """Return what a job that waits is told to wait for."""
    return f"Waits for {names_of(cards)}"


def _whole(
    studio: Studio, folder: ProjectFolder, manifest: Manifest, graph: Graph, node: Node, placement: Placement
) -> JobPlan:
    if node.type != ASSEMBLER:
        return plan_take(studio, folder, manifest, graph, node, placement)
    cut = compiled(folder, manifest, graph, node.id, studio.catalogue.kit())
    planned = assemble.plan_film(studio, folder, manifest, assemble.whole(cut), placement)
    canvas.commit(studio, manifest.uuid, versions.rendered(planned.title), unless=None)
    return planned


def planned_now(
    studio: Studio, project_id: str, graph: Graph, node: Node, *, between: bool = False
) -> tuple[JobPlan, Placement]:
    """Return the plan of a card with the files that are there now; `between` only gives its take the project's rate.

    Raises what Generate would.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    manifest = folder.manifest()
    if between:
        return conforming.planned(studio, folder, manifest, node)
    placement = _placed(studio, manifest, graph, node, studio.workers())
    return _whole(studio, folder, manifest, graph, node, placement), placement


def retry(studio: Studio, task_id: str, op_id: str | None = None) -> Event:
    """Queue a task again with nothing to re-enter; one that never came to know its files is planned with those of now.

    Raises VERSION_CONFLICT while it still runs.
    """
    job = generate.find(studio, task_id)
    if job.state.finished:
        conforming.check_again(studio, job)
    if not (job.plan.late and job.state.finished):
        return generate.retry(studio, task_id, op_id)
    if job.plan.kind is JobKind.FILM:
        return assemble.render(studio, job.project_id, job.plan.node_id, op_id)
    return generate.generate(studio, job.project_id, job.plan.node_id, op_id)


def cancel_run(studio: Studio, project_id: str, run: str, op_id: str | None = None) -> Event:
    """Stop everything of a run that has not ended. Raises NOT_FOUND where nothing of it is left."""

    def make(session: Session, graph: Graph) -> tuple[Sequence[Change], Graph]:
        changes: list[Change] = []
        for job in jobs.of_run(session, project_id, run):
            if job.state is JobState.RUNNING:
                jobs.request_cancel(session, job.id)
                stopping = jobs.get(session, job.id).model_copy(update={"reason": "Stopping…"})
                changes.append(state_change(session, stopping))
            else:
                changes.append(state_change(session, jobs.move(session, job, JobState.CANCELED, at=studio.now())))
        if not changes:
            raise StudioError(Code.NOT_FOUND, "Nothing of this run is left to stop.", detail=run)
        return changes, graph

    return canvas.record_all(studio, project_id, make, actor=studio.person.name, op_id=op_id)
