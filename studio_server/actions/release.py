"""What waits for other cards: planned and queued when those have landed, stopped with the reason when they never will.

Only then is it planned, from the card as it is by then. Where the new files are what the old take was made from, or an
earlier take was, nothing is made.
"""

import logging
from collections.abc import Callable
from functools import partial

from pydantic import JsonValue

from studio_sdk.errors import StudioError
from studio_server.actions import canvas, states
from studio_server.actions.generate import state_change
from studio_server.actions.landing import RUNNER, succeeded
from studio_server.actions.rebuild import planned_now
from studio_server.actions.runs import fail
from studio_server.actions.studio import Studio
from studio_server.actions.views import take_view
from studio_server.domain.conform import showing
from studio_server.domain.cut import ASSEMBLER
from studio_server.domain.events import Change
from studio_server.domain.fingerprint import given_by
from studio_server.domain.flow import refusal_of
from studio_server.domain.graph import Graph, Node
from studio_server.domain.jobs import Job, JobKind, JobPlan, JobState
from studio_server.domain.placement import Placement
from studio_server.domain.plan import title_of
from studio_server.domain.rebuild import conformed_now, earlier, is_turned_down
from studio_server.domain.shots import Take
from studio_server.domain.staleness import LOCKED, needs_between
from studio_server.index import jobs, needs
from studio_server.index.session import Session

_log = logging.getLogger(__name__)


def release(studio: Studio) -> int:
    """Look once at all that waits for other cards; return how many of them go on or are stopped."""
    with studio.index.read() as session:
        stopped, ready = needs.stopped_by(session), needs.ready(session)
    moved = 0
    for job, other in stopped:
        moved += _tried(job, partial(_stop, studio, job, _came_to_nothing(studio, other)))
    gone = {job.id for job, _ in stopped}
    for job in ready:
        if job.id not in gone:
            moved += _tried(job, partial(_go_on, studio, job))
    return moved


def _tried(job: Job, step: Callable[[], None]) -> bool:
    """Carry a step out; another process may have been faster, and a project may be away: then it is tried again."""
    try:
        step()
    except StudioError as error:
        _log.debug("Job %s still waits: %s %s", job.id, error.message, error.detail)
        return False
    return True


def _came_to_nothing(studio: Studio, other: Job) -> str:
    node = canvas.graph_of(studio, other.project_id).nodes.get(other.plan.node_id)
    name = title_of(node) if node else "A card"
    return f"{name} failed." if other.state is JobState.FAILED else f"{name} was stopped."


def _stop(studio: Studio, job: Job, reason: str) -> None:
    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        needs.clear(session, job.id)
        return state_change(session, jobs.move(session, job, JobState.CANCELED, at=studio.now(), reason=reason)), graph

    canvas.record(studio, job.project_id, make, actor=RUNNER)


def _go_on(studio: Studio, job: Job) -> None:
    graph = canvas.graph_of(studio, job.project_id)
    node = graph.nodes.get(job.plan.node_id)
    if node is None:
        return _stop(studio, job, "The card is gone.")
    if why := refusal_of(graph, node):
        return _stop(studio, job, f"{title_of(node)} {why}")
    if node.data.get(LOCKED) is True and job.plan.kind is JobKind.TAKE:
        return _stop(studio, job, f"{title_of(node)} was locked.")
    if take := _already(studio, job, node):
        return _used(studio, job, node, take)
    between = _lacks_between(studio, job, node)
    try:
        planned, placement = planned_now(studio, job.project_id, graph, node, between=between)
    except StudioError as error:
        fail(studio, job, error)
        return None
    return _queue(studio, job, planned, placement)


def _already(studio: Studio, job: Job, node: Node) -> Take | None:
    """Return the take that is what would be made now, the card's own or an earlier one."""
    if node.type == ASSEMBLER:
        return None
    with states.kept(studio, job.project_id) as now:
        own, facts = now.build.own(node.id), now.build.facts
        if own is None or own.unknown or node.id not in facts.graph.nodes:
            return None
        if own.take is not None and not own.reasons:
            return facts.shown(node)
        there = conformed_now(facts, node) if needs_between(own.reasons) else None
        if there and not is_turned_down(node, there):
            return there
        return earlier(facts, node, lambda card: given_by(facts, card))


def _lacks_between(studio: Studio, job: Job, node: Node) -> bool:
    """Whether pictures in between, which were not made before, are all that a card's take lacks."""
    with states.kept(studio, job.project_id) as now:
        own, facts = now.build.own(node.id), now.build.facts
        return own is not None and needs_between(own.reasons) and conformed_now(facts, node) is None


def _used(studio: Studio, job: Job, node: Node, take: Take) -> None:
    found = take_view(job.project_id, take)
    result: dict[str, JsonValue] = {"output_url": found.media_url, "take": found.model_dump(mode="json")}
    with states.kept(studio, job.project_id) as now:
        activate = showing(node, now.build.facts.shown(node), take)
    reason = f"Take {take.number} of version {take.version} already is this."
    succeeded(studio, job, take.name, result, activate, None, reason)


def _queue(studio: Studio, job: Job, plan: JobPlan, placement: Placement) -> None:
    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        needs.clear(session, job.id)
        jobs.replan(session, job.id, plan)
        if placement.waiting:
            return state_change(session, jobs.wait_on(session, job, placement.waiting)), graph
        return state_change(session, jobs.move(session, job, JobState.QUEUED, at=studio.now())), graph

    canvas.record(studio, job.project_id, make, actor=RUNNER)
