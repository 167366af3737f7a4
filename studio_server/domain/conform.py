"""Takes of another frame rate than the project's: which they are, which take they go back to, their marks seen in both.

Pure. A conformed take holds the pictures of another take of its shot, its original, at the rate of the project.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil
from typing import Final

from pydantic import JsonValue

from studio_sdk.contract import Scalar
from studio_sdk.types import FrameRate, rate
from studio_server.domain.batch import ShotKey
from studio_server.domain.captions import captions_of, field_of
from studio_server.domain.cut import marks_of
from studio_server.domain.graph import Graph, Node, NodeSet, Operation
from studio_server.domain.jobs import Job
from studio_server.domain.marks import conformed_frames, marked_range
from studio_server.domain.node_types import SHOT_TASK, task_for
from studio_server.domain.shots import Take
from studio_server.domain.timecode import counted

CONFORM_TASK: Final = "interpolate-video"
CLIP: Final = "clip"
PIPELINE: Final = "interpolate"
"""The one that promises exact counts: as many pictures as the cut would show by repeating them."""

_STARTS: Final = "part_starts"
"""The fact of a long take that says at which of its frames its parts begin."""


def is_uneven(native: FrameRate, project: FrameRate) -> bool:
    """Whether frames of one rate are shown at the other for unequal times, or some of them not at all.

    Rates that differ by 1000/1001 count as equal; where one is a multiple of the other, every frame is shown as long as
    its neighbour.
    """
    share = _share(native, project)
    return share.numerator != 1 and share.denominator != 1


def can_be_smoother(native: FrameRate, project: FrameRate) -> bool:
    """Whether pictures in between could show anything else than repeating and dropping frames does."""
    return _share(native, project).numerator != 1


def _share(native: FrameRate, project: FrameRate) -> Fraction:
    return counted(rate(project)) / counted(rate(native))


def origin(take: Take) -> str:
    """Return the SHA-256 of the take that a shot's own pipeline made: the original of a conformed one, else itself."""
    return take.conformed_from.oid if take.conformed_from else take.media.oid


def original(takes: Iterable[Take], take: Take) -> Take | None:
    """Return the take that a take goes back to, of those of its shot; None where that one is gone."""
    return with_bytes(takes, origin(take)) if is_conformed(take) else take


def with_bytes(takes: Iterable[Take], oid: str) -> Take | None:
    """Return the take of these bytes, of those that are no conformed ones."""
    return next((one for one in takes if one.media.oid == oid and not is_conformed(one)), None)


def is_conformed(take: Take) -> bool:
    """Whether a take holds another one's pictures at another rate."""
    return take.conformed_from is not None


def made(takes: Iterable[Take], oid: str, frame_rate: FrameRate) -> Take | None:
    """Return the take in which an original was given a frame rate, where there is one."""
    for take in takes:
        conformed = take.conformed_from
        if conformed and (conformed.oid, conformed.frame_rate) == (oid, frame_rate):
            return take
    return None


def under_way(jobs: Iterable[Job], shot: ShotKey, oid: str, frame_rate: FrameRate) -> Job | None:
    """Return the job that gives an original of a shot a frame rate, of those that are open.

    Two shots may have takes of the same bytes: each gets a take of its own.
    """
    for job in jobs:
        told = job.plan.conforms
        if told and (job.plan.scene, job.plan.shot, told.oid, told.frame_rate) == (*shot, oid, frame_rate):
            return job
    return None


def by_itself(graph: Graph, node: Node) -> bool:
    """Whether a card's takes are conformed without being asked for: those of shots, unless a card after it does it."""
    after = [graph.nodes[wire.target] for wire in graph.leaving(node.id) if wire.target in graph.nodes]
    elsewhere = bool(after) and all(task_for(card.type) == CONFORM_TASK for card in after)
    return task_for(node.type) == SHOT_TASK and not elsewhere


def facts_of(source: Take, told: Mapping[str, Scalar], frame_rate: FrameRate) -> dict[str, Scalar]:
    """Return the facts of a conformed take: those of its source, over them what was told of the pictures in between.

    Where the parts of a long take begin is counted in its frames, so it is counted anew.
    """
    found = {name: value for name, value in source.facts.items() if name not in {"frames", "frame_rate"}} | dict(told)
    starts = str(source.facts.get(_STARTS, "")).split()
    if source.frame_rate and starts and all(start.isascii() and start.isdigit() for start in starts):
        share = _share(source.frame_rate, frame_rate)
        found[_STARTS] = " ".join(str(ceil(int(start) * share)) for start in starts)
    return found


def showing(node: Node, was: Take | None, now: Take) -> list[Operation]:
    """Return what makes a card show a take, with what people set in the one it showed where that has its pictures."""
    if was and was.name != now.name and origin(was) == origin(now):
        return shown_instead(node, was, now)
    return [NodeSet(id=node.id, name="active_take", value=now.name)]


def shown_instead(node: Node, was: Take, now: Take) -> list[Operation]:
    """Return what makes a card show a take where it showed another of the same pictures, with what people set there.

    Marks are put where the same frames of the film are shown; captions of the sound, which is the same, are kept. What
    somebody has set in the new take already stays.
    """
    found: list[Operation] = [NodeSet(id=node.id, name="active_take", value=now.name)]
    if any(value is not None for value in marks_of(node, now)):
        told: dict[str, JsonValue] = {}
    else:
        told = dict(_marks(node, was, now))
    said = node.data.get(field_of(was.media.oid))
    if captions_of(node, was.media.oid) and not captions_of(node, now.media.oid):
        told[field_of(now.media.oid)] = said
    return found + [NodeSet(id=node.id, name=name, value=value) for name, value in told.items()]


def _marks(node: Node, was: Take, now: Take) -> Iterable[tuple[str, JsonValue]]:
    """Yield the fields of a take's marks, as those of another take with the same pictures at its own rate."""
    marks = marks_of(node, was)
    if marks == (None, None) or not (was.frames and was.frame_rate and now.frames and now.frame_rate):
        return
    native, other = rate(was.frame_rate), rate(now.frame_rate)
    first, last = marked_range(marks, was.frames, native, other)
    if 0 < first < now.frames:
        yield f"in:{now.name}", first
    if first < last < min(now.frames, conformed_frames(was.frames, native, other)):
        yield f"out:{now.name}", last
