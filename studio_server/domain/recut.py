"""A cut that an editor has changed, held against the cut on the board: what moved, was trimmed, replaced or left out.

Pure. `library.recut_files` reads the files; `actions.recut` shows the difference and applies it as one step. Positions
are project frames; a source position counts from the first frame of its take as conformed to the project's rate.
"""

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from studio_sdk.types import Frozen, rate
from studio_server.domain.cut import MARKER
from studio_server.domain.graph import Edge, EdgeRemove, Node, NodeSet, Operation
from studio_server.domain.marks import Marks, conformed_frames, marked_range
from studio_server.domain.shots import Take
from studio_server.domain.timecode import counted
from studio_server.domain.timeline import Cut, Timeline

Kind = Literal["same", "changed", "replaced", "longer", "removed", "unknown", "repeated"]


class RecutEvent(NamedTuple):
    """One piece of picture in a list from outside. `line` says where it stands; `dissolve` and fades are frames.

    A fade is None where the list cannot tell of one: then the shot keeps its own.
    """

    reel: str
    clip: str
    source_in: int
    source_out: int
    record_in: int
    record_out: int
    line: int
    oid: str = ""
    node_id: str = ""
    dissolve: int = 0
    fade_in: int | None = 0
    fade_out: int | None = 0


class RecutMarker(NamedTuple):
    """A remark at a frame of a list, counted as its events are recorded."""

    record: int
    text: str


class RecutSound(NamedTuple):
    """A clip of sound in a list, counted from the begin of the film; `oid` is empty where the list says none."""

    oid: str
    clip: str
    source_in: int
    record_in: int
    record_out: int


class Recut(NamedTuple):
    """What a file says: its pieces of picture in order, in words what was not understood, its markers and sounds."""

    events: tuple[RecutEvent, ...]
    notes: tuple[str, ...]
    markers: tuple[RecutMarker, ...] = ()
    sounds: tuple[RecutSound, ...] = ()


class RecutRow(Frozen):
    """What became of one shot: in words, and the frames it is used by now and then (source out is exclusive).

    `short_by` is how many frames the list wants beyond the end of the take, `seconds` how long a take would be long
    enough. `position` counts from 1 in the order that the list has.
    """

    kind: Kind
    position: int | None
    shot: str
    node_id: str | None
    take: str | None
    text: str
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None
    moved: bool = False
    short_by: int = 0
    seconds: float | None = None
    line: int | None = None


class Known(NamedTuple):
    """A shot that is wired into the cut: its card, the wire, its place in the present cut, and all of its takes."""

    node: Node
    wire: Edge
    cut: Cut
    takes: tuple[Take, ...]


class Match(NamedTuple):
    """An event with the shot and the take it means; `known` is None where nothing fits.

    `markers` are those of the list that are new or say something else: frame of the source and words.
    """

    event: RecutEvent
    known: Known | None
    take: Take | None
    repeated: bool = False
    markers: tuple[tuple[int, str], ...] = ()


def matched(events: Sequence[RecutEvent], shots: Sequence[Known]) -> list[Match]:
    """Return each event with its shot: by the take's bytes, its reel, its name, the card, or the shot's name."""
    by_oid = {take.media.oid: (shot, take) for shot in shots for take in shot.takes}
    by_reel = {take.reel: (shot, take) for shot in shots for take in shot.takes}
    by_reel |= {shot.cut.reel: one for shot in shots if shot.cut.reel and (one := _shown(shot))}
    by_name: dict[str, list[tuple[Known, Take]]] = {}
    for shot in shots:
        for take in shot.takes:
            by_name.setdefault(take.name.lower(), []).append((shot, take))
    taken: set[str] = set()
    met: list[Match] = []
    for event in events:
        hit = by_oid.get(event.oid) or by_reel.get(event.reel) or _named(event, by_name, taken)
        known = hit[0] if hit else _waiting(event, shots, taken)
        event = _with_own_fades(event, known)  # noqa: PLW2901 - from here on it is this shot's
        if known and known.node.id in taken:
            met.append(Match(event, known, hit[1] if hit else None, repeated=True))
            continue
        if known:
            taken.add(known.node.id)
        met.append(Match(event, known, hit[1] if hit else None))
    return met


def _with_own_fades(event: RecutEvent, known: Known | None) -> RecutEvent:
    """Return an event that says its fades; the board's stay where its list has no word for them."""
    rise = known.cut.fade_in if known and not event.dissolve else 0
    fall = known.cut.fade_out if known else 0
    return event._replace(
        fade_in=rise if event.fade_in is None else event.fade_in,
        fade_out=fall if event.fade_out is None else event.fade_out,
    )


def _shown(shot: Known) -> tuple[Known, Take] | None:
    return next(((shot, take) for take in shot.takes if take.name == shot.cut.take), None)


def _named(
    event: RecutEvent, by_name: Mapping[str, Sequence[tuple[Known, Take]]], taken: set[str]
) -> tuple[Known, Take] | None:
    for text in (event.clip, event.reel):
        said = re.search(r"shot-[a-z0-9]{1,8}_v[0-9]{2,6}_take[0-9]{2,6}", text.lower())
        fits = by_name.get(said.group(), ()) if said else ()
        if fits:
            return next((one for one in fits if one[0].node.id not in taken), fits[0])
    return None


def _waiting(event: RecutEvent, shots: Sequence[Known], taken: set[str]) -> Known | None:
    """Return the shot that a slate stands for."""
    if event.node_id:
        return next((shot for shot in shots if shot.node.id == event.node_id), None)
    said = re.match(r"(SHOT-[A-Z0-9]{1,8})\b.*SLATE", event.clip.upper())
    fits = [shot for shot in shots if said and shot.cut.shot.upper() == said[1] and shot.cut.is_slate]
    return next((shot for shot in fits if shot.node.id not in taken), fits[0] if fits else None)


def rows(found: Sequence[Match], shots: Sequence[Known], project: Fraction) -> list[RecutRow]:
    """Return what became of every shot, in the order of the list; shots that it leaves out come last."""
    order = [shot.node.id for shot in shots]
    there = [match.known.node.id for match in found if match.known and not match.repeated]
    stays = [node for node in order if node in there]
    moved = _moved(stays, there)
    told: list[RecutRow] = []
    for position, match in enumerate(found, 1):
        told.append(_row(match, position, moved, project))
    told += [
        RecutRow(
            kind="removed",
            position=None,
            shot=shot.cut.shot,
            node_id=shot.node.id,
            take=shot.cut.take,
            text="is not in the list: its wire is taken out of the cut",
            before=(shot.cut.source_in, shot.cut.source_out),
        )
        for shot in shots
        if shot.node.id not in there
    ]
    return told


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return what stands elsewhere: all but the longest row that kept its order."""
    place = {node: number for number, node in enumerate(before)}
    best: list[tuple[int, int]] = []  # length of the longest row that ends here, and where it came from
    for at, node in enumerate(after):
        length, came = 1, -1
        for earlier in range(at):
            if place[after[earlier]] < place[node] and best[earlier][0] + 1 > length:
                length, came = best[earlier][0] + 1, earlier
        best.append((length, came))
    at = max(range(len(best)), key=lambda n: best[n][0], default=-1)
    kept: set[str] = set()
    while at >= 0:
        kept.add(after[at])
        at = best[at][1]
    return set(after) - kept


def _row(match: Match, position: int, moved: set[str], project: Fraction) -> RecutRow:
    event, known, take = match.event, match.known, match.take
    span = (event.source_in, event.source_out)
    if known is None:
        name = event.clip or event.reel
        text = f"no take here has the reel {event.reel} or this name"
        return RecutRow(
            kind="unknown",
            position=position,
            shot=name,
            node_id=None,
            take=None,
            text=text,
            after=span,
            line=event.line,
        )
    cut = known.cut
    before = (cut.source_in, cut.source_out)
    common = {
        "position": position,
        "shot": cut.shot,
        "node_id": known.node.id,
        "take": take.name if take else None,
        "before": before,
        "after": span,
        "line": event.line,
        "moved": known.node.id in moved,
    }
    if match.repeated:
        text = "is used a second time; a shot is in a cut once, so this use is left out"
        return RecutRow.model_validate(common | {"kind": "repeated", "text": text, "moved": False})
    if take is None:
        same = span[1] - span[0] == before[1] - before[0]
        text = "waits for its take" if same else f"is to be {span[1] - span[0]} frames long"
        told = [*_passages(cut, event), *_marked(match)]
        alike = same and known.node.id not in moved and not told
        text = ", ".join([text, *told])
        return RecutRow.model_validate(common | {"kind": "same" if alike else "changed", "text": text})
    length = _length(take, project)
    short = max(0, span[1] - length)
    said = [*_said(known, take, event, span, known.node.id in moved), *_marked(match)]
    if short:
        seconds = math.ceil(Fraction(length + short) / counted(project) * 2) / 2
        said.append(f"needs {short} more frames than the take has")
        return RecutRow.model_validate(
            common | {"kind": "longer", "text": ", ".join(said), "short_by": short, "seconds": seconds}
        )
    kind = "replaced" if take.name != cut.take else "changed" if said else "same"
    return RecutRow.model_validate(common | {"kind": kind, "text": ", ".join(said) or "is as it was"})


def _said(known: Known, take: Take, event: RecutEvent, span: tuple[int, int], moved: bool) -> list[str]:  # noqa: FBT001
    cut, said = known.cut, []
    if moved:
        said.append("stands elsewhere")
    if take.name != cut.take:
        said.append(f"is {take.name} now")
    for side, now, then in (("starts", span[0], cut.source_in), ("ends", span[1], cut.source_out)):
        if now != then:
            said.append(f"{side} {abs(now - then)} frames {'later' if now > then else 'sooner'}")
    return [*said, *_passages(cut, event)]


def _passages(cut: Cut, event: RecutEvent) -> list[str]:
    """Return in words how a shot is entered and left otherwise than before."""
    ways = (("dissolve", event.dissolve, cut.dissolve), ("fade in", event.fade_in, cut.fade_in))
    return [
        f"has a {name} of {now} frames" if now else f"has no {name} any more"
        for name, now, then in (*ways, ("fade out", event.fade_out, cut.fade_out))
        if now != then
    ]


def _marked(match: Match) -> list[str]:
    count = len(match.markers)
    return [f"has {count} new or changed marker{'' if count == 1 else 's'}"] if count else []


def _length(take: Take, project: Fraction) -> int:
    native = rate(take.frame_rate) if take.frame_rate else project
    return conformed_frames(take.frames or 0, native, project)


def operations(found: Sequence[Match], shots: Sequence[Known], timeline: Timeline, assembler: Node) -> list[Operation]:
    """Return the edits that make the cut on the board what the list says; what it cannot say stays as it is."""
    done: list[Operation] = []
    used = [match for match in found if match.known and not match.repeated]
    for match in used:
        if match.known:
            done += _edits(match, match.known, timeline.rate)
    there = {match.known.node.id for match in used if match.known}
    done += [EdgeRemove(id=shot.wire.id) for shot in shots if shot.node.id not in there]
    order = [match.known.wire.id for match in used if match.known]
    if assembler.data.get("order") != order:
        done.append(NodeSet(id=assembler.id, name="order", value=list(order)))
    return done


def _edits(match: Match, known: Known, project: Fraction) -> list[Operation]:
    event, node, take, cut = match.event, known.node, match.take, known.cut
    wanted: dict[str, str | int | float | None] = {}
    if take is None:
        frames = event.source_out - event.source_in
        if frames != cut.frames:
            wanted["seconds"] = float(Fraction(frames) / counted(project))
    elif (take.name, event.source_in, event.source_out) != (cut.take, cut.source_in, cut.source_out):
        into, out = marks_for(take, event.source_in, event.source_out, project)
        wanted |= {f"in:{take.name}": into, f"out:{take.name}": out}
        if take.name != cut.take:
            wanted["active_take"] = take.name
    enter = (
        ("dissolve", event.dissolve) if event.dissolve else ("fade", event.fade_in) if event.fade_in else (None, None)
    )
    was = ("dissolve", cut.dissolve) if cut.dissolve else ("fade", cut.fade_in) if cut.fade_in else (None, None)
    if enter != was:
        wanted |= {"enter": enter[0], "enter_frames": enter[1]}
    if event.fade_out != cut.fade_out:
        wanted |= {"leave": "fade" if event.fade_out else None, "leave_frames": event.fade_out or None}
    wanted |= {f"{MARKER}{at}": words for at, words in match.markers}
    return [
        NodeSet(id=node.id, name=name, value=value) for name, value in wanted.items() if node.data.get(name) != value
    ]


def marks_for(take: Take, source_in: int, source_out: int, project: Fraction) -> tuple[int | None, int | None]:
    """Return the marks in a take's own frames that show a range of it, as near as whole frames of its own allow."""
    frames = take.frames or 0
    native = rate(take.frame_rate) if take.frame_rate else project
    per_frame = counted(project) / counted(native)
    into = min(max(0, int(source_in / per_frame)), max(0, frames - 1))
    out = min(max(into + 1, math.ceil(source_out / per_frame)), frames)
    while out - 1 > into and marked_range(Marks(into or None, out), frames, native, project)[1] > source_out:
        out -= 1
    return into or None, out if out < frames else None
