"""Whether a voice in another language speaks longer than the place it has, and how fast it would have to speak to fit.

Pure. Its place is that of what it stands in for: a shot, or a voice as long as that one is heard.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from studio_sdk.manifest import Pipeline
from studio_sdk.types import Frozen, SocketType
from studio_server.domain.assets import Asset
from studio_server.domain.graph import Node
from studio_server.domain.plan import title_of
from studio_server.domain.shots import Take
from studio_server.domain.soundtrack import Placing, begins, ends, in_place
from studio_server.domain.timeline import Timeline

PACES: Final = ("pace", "speed")
"""What the input of a pipeline is called that says how many times as fast as usual it speaks."""

_HEARD_S: Final = 0.1
"""What is longer by less than so many seconds nobody hears: a voice fades out."""

_STEP: Final = 0.05


class Spoken(NamedTuple):
    """A voice that is wired into a cut: its card, where that says it lies, its file and what would make it anew."""

    card: Node
    place: Placing
    file: Asset | Take | None
    pipeline: Pipeline | None


class Overrun(Frozen):
    """By how many seconds a voice speaks longer than `of`, what it stands in for.

    `field` is the input of its pipeline that says how fast it speaks, empty where there is none; `pace` is the value
    with which it fits, None where it cannot speak so fast.
    """

    seconds: float
    of: str
    field: str = ""
    pace: float | None = None


def overruns(timeline: Timeline, voices: Sequence[Spoken], cards: Sequence[Node]) -> dict[str, Overrun]:
    """Return which voices in other languages speak longer than their place, by card; `cards` are the shots."""
    written = {one.card.id: one for one in voices}
    shots = {card.id: card for card in cards}
    found: dict[str, Overrun] = {}
    for one in voices:
        instead = one.place.instead or ""
        of = written.get(instead)
        place = in_place(one.card, one.place, of.place if of else None)
        begin, end = begins(timeline, place), _end(timeline, place, one.file)
        limit = _end(timeline, of.place, of.file) if of else _end_of_shot(timeline, instead)
        named = of.card if of else shots.get(instead)
        if begin is None or end is None or limit is None or named is None:
            continue
        over = float((end - limit) / timeline.rate)
        if over >= _HEARD_S:
            field, pace = _pace(one, float((end - begin) / timeline.rate), float((limit - begin) / timeline.rate))
            found[one.card.id] = Overrun(seconds=round(over, 1), of=title_of(named), field=field, pace=pace)
    return found


def in_words(over: Overrun) -> str:
    """Return how much too long a voice is: what follows its name."""
    return f"speaks {over.seconds:g} s longer than {over.of}"


def note_of(card: Node, over: Overrun) -> str:
    """Return a remark on a voice that is too long, with what can be done."""
    faster = "let it speak faster, " if over.pace else ""
    return f"{title_of(card)} {in_words(over)}: {faster}shorten its lines, or let it run on."


def _end(timeline: Timeline, place: Placing, file: Asset | Take | None) -> int | None:
    return ends(timeline, place, file.duration_s) if file and file.duration_s else None


def _end_of_shot(timeline: Timeline, card: str) -> int | None:
    return next((cut.record_out for cut in timeline.shown if cut.node_id == card), None)


def _pace(one: Spoken, spoken_s: float, room_s: float) -> tuple[str, float | None]:
    """Return the input that says how fast a voice speaks, and the value with which what it says fits its place."""
    inputs = one.pipeline.inputs if one.pipeline else {}
    number = {SocketType.FLOAT, SocketType.INTEGER}
    name = next((name for name in PACES if name in inputs and inputs[name].type in number), "")
    if not name:
        return "", None
    socket = inputs[name]
    recipe = one.file.recipe if isinstance(one.file, Take) else None
    was = recipe.params.get(name, socket.default) if recipe else one.card.data.get(name, socket.default)
    usual = float(was) if isinstance(was, int | float) and not isinstance(was, bool) and was > 0 else 1.0
    if room_s <= 0:
        return name, None
    step = float(socket.step or _STEP)
    wanted = round(math.ceil(round(usual * spoken_s / room_s / step, 6)) * step, 4)
    return name, None if socket.maximum is not None and wanted > socket.maximum else wanted
