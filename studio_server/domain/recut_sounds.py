"""The sound of a cut that comes back, held against the film's own: what moved is taken over, or said.

Pure. The sound of a take has to lie under its picture as the list itself has that; voices and music where the film has
them once its shots are where the list has those. Positions are project frames from the begin of the film.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from studio_server.domain.graph import Node, NodeSet
from studio_server.domain.recut import Match, RecutEvent, RecutSound
from studio_server.domain.tapes import Tape, in_take
from studio_server.domain.timeline import Sound, Timeline

_SHOWN: Final = 3
_STAYS: Final = "the takes' sound follows its picture, and a file that is laid more than once stays as on the board."


class Heard(NamedTuple):
    """What becomes of the sound: edits of the cards that give it, and words."""

    edits: list[NodeSet]
    notes: list[str]


def held(
    sounds: Iterable[RecutSound],
    found: Sequence[Match],
    timeline: Timeline,
    cards: Mapping[str, Node],
    tapes: Mapping[str, Tape],
) -> Heard:
    """Return what moves voices and music to where a list has them; `cards` give them, by id.

    A card has one place for its sound: where list and film have a file once each, its card takes the list's. All else
    that lies elsewhere is said in words.
    """
    edits: list[NodeSet] = []
    moved: list[str] = []
    elsewhere: list[str] = []
    unknown: list[str] = []
    board = _Board(found)
    clips = list(dict.fromkeys(sounds))  # a stereo sound is a clip on each of two tracks
    for one in clips:
        if any(_under(one, match, tapes, timeline.rate) for match in found):
            continue
        laid = [sound for sound in timeline.sounds if _of(one, sound)]
        tape = tapes.get(laid[0].oid) if laid else None
        wanted = (
            board.place(one.record_in),
            one.record_out - one.record_in,
            in_take(one.source_in, tape, timeline.rate),
        )
        if wanted in [_will_be(sound, board, timeline, cards) for sound in laid]:
            continue
        if len(laid) == 1 and sum(_of(other, laid[0]) for other in clips) == 1 and laid[0].node_id in cards:
            edits += _edits(cards[laid[0].node_id], laid[0], board, wanted)
            moved.append(one.clip)
            continue
        ours = laid or any(_is(one, cut.oid or "", cut.file, cut.take or "") for cut in timeline.events)
        (elsewhere if ours else unknown).append(one.clip)
    said = []
    if moved:
        begin = "1 sound moves or is" if len(moved) == 1 else f"{len(moved)} sounds move or are"
        said.append(f"{begin} trimmed as the list has it ({_names(moved)}).")
    if elsewhere:
        begin = "1 sound clip lies" if len(elsewhere) == 1 else f"{len(elsewhere)} sound clips lie"
        said.append(f"{begin} elsewhere than in the film ({_names(elsewhere)}), which is not taken over: {_STAYS}")
    if unknown:
        begin = "1 sound clip is" if len(unknown) == 1 else f"{len(unknown)} sound clips are"
        said.append(f"{begin} of no file in this cut ({_names(unknown)}) and not taken over.")
    return Heard(edits, said)


def _of(one: RecutSound, sound: Sound) -> bool:
    return _is(one, sound.oid, sound.file, sound.name)


class _Board:
    """Where the shots of a list come to lie on the board: one after the other, without black or what is not ours."""

    def __init__(self, found: Sequence[Match]) -> None:
        self._begins: list[tuple[str, RecutEvent, int]] = []
        at = 0
        for match in found:
            if match.known and not match.repeated:
                self._begins.append((match.known.node.id, match.event, at))
                at += match.event.record_out - match.event.record_in

    def shot(self, node_id: object) -> int | None:
        """Return where a shot begins, None where the list has it not."""
        return next((at for card, _, at in self._begins if card == node_id), None)

    def place(self, record: int) -> int:
        """Return where a frame of the list comes to lie; one that shows nothing of ours, after what is before it."""
        before = [(event, at) for _, event, at in self._begins if event.record_in <= record]
        if not before:
            return 0 if self._begins else record
        event, at = before[-1]
        length = event.record_out - event.record_in
        return at + (
            record - event.record_in if len(before) == len(self._begins) else min(record - event.record_in, length)
        )


def _will_be(sound: Sound, board: _Board, timeline: Timeline, cards: Mapping[str, Node]) -> tuple[int, int, int] | None:
    """Return where a sound lies once the shots are where the list has them: with its shot, where it begins with one.

    None where its shot is left out: then it would not be heard. Place, length and what is left out of its file.
    """
    card = cards.get(sound.node_id)
    shot = card.data.get("sound_shot") if card else None
    first, begin = timeline.start_frame, 0
    if shot:
        now = board.shot(shot)
        cut = next((cut for cut in timeline.shown if cut.node_id == shot), None)
        if now is None or cut is None:
            return None
        first, begin = cut.record_in, now
    return begin + sound.record_in - first, sound.record_out - sound.record_in, sound.source_in


def _edits(card: Node, sound: Sound, board: _Board, wanted: tuple[int, int, int]) -> list[NodeSet]:
    """Return what a card has to say so that its sound lies as in the list (see `soundtrack`)."""
    at, frames, skip = wanted
    shot = card.data.get("sound_shot")
    begin = board.shot(shot) if shot else 0
    fields: dict[str, int | None] = {
        "sound_at": at - (begin or 0),
        "sound_skip": skip,
        "sound_length": None if frames == sound.frames - skip else frames,
    }
    edits = [NodeSet(id=card.id, name=name, value=to) for name, to in fields.items() if card.data.get(name) != to]
    return [*edits, *([NodeSet(id=card.id, name="sound_shot", value=None)] if begin is None else [])]


def _names(clips: Sequence[str]) -> str:
    some = ", ".join(f"“{clip}”" for clip in dict.fromkeys(clips[:_SHOWN]))
    return f"{some} and more" if len(set(clips)) > _SHOWN else some


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0].casefold()


def _is(one: RecutSound, oid: str, *names: str) -> bool:
    """Whether a clip is of a file: by its bytes where the list says them, else by its name."""
    return one.oid == oid if one.oid else _stem(one.clip) in {_stem(name) for name in names if name}


def _under(one: RecutSound, match: Match, tapes: Mapping[str, Tape], rate: Fraction) -> bool:
    """Whether a clip is the sound of the picture that the list has over it."""
    event, take = match.event, match.take
    source = in_take(one.source_in, tapes.get(take.media.oid) if take else None, rate)
    here = (event.record_in, event.record_out, event.source_in)
    return here == (one.record_in, one.record_out, source) and _is(one, event.oid, event.clip)
