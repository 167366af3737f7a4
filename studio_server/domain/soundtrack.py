"""Voices and music of a film: which cards give them, where each lies, and on which track.

Pure. A sound belongs to its card, and so does where it lies: two people's changes merge, and every cut that it is
wired into has it at the same place. Fields of the card: `sound_shot` (the card of the shot it starts with; without
one it counts from the film's beginning), `sound_at` (frames after that), `sound_skip` (frames of the file left out at
its head), `sound_length` (frames heard), `sound_gain` (decibels), `sound_fade_in` and `sound_fade_out` (frames). A
voice in another language has `sound_language`, and `sound_instead`: the voice whose place it takes, or the shot whose
own sound is not heard then.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple

from studio_server.domain.assets import Asset
from studio_server.domain.captions import Subtitle, captions_of, subtitles
from studio_server.domain.cut import is_version, maker_of
from studio_server.domain.flow import Gift, given
from studio_server.domain.graph import Graph, Node
from studio_server.domain.languages import HEARD_IN, language_of, name_of, voice_language
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import Kit
from studio_server.domain.plan import title_of
from studio_server.domain.shots import Take
from studio_server.domain.timeline import Sound, Timeline

MUSIC: Final = "music"
VOICES: Final = "voices"

LOUDEST_DB: Final = 12.0
SOFTEST_DB: Final = -60.0
_MUSIC_DB: Final = -12.0
_FARTHEST: Final = 10_000_000

_REELS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Brought = Callable[[Node], Asset | Take | None]
"""Finds the file that a card's sound is: what an audio card shows, the active take of one that makes sound."""


class Placing(NamedTuple):
    """What a card says of its sound: frames of the project, decibels; None where it does not say."""

    kind: Literal["music", "voice"]
    shot: str | None = None
    at: int = 0
    skip: int = 0
    length: int | None = None
    gain: float | None = None
    fade_in: int | None = None
    fade_out: int | None = None
    language: str | None = None
    instead: str | None = None


class Heard(NamedTuple):
    """The sounds of a film in its language; `replaced` are the shots whose own sound a voice stands in for.

    Of `of_voices` voices `voices` have none in that language.
    """

    sounds: list[tuple[Node, Placing]]
    replaced: frozenset[str] = frozenset()
    voices: int = 0
    of_voices: int = 0


def heard_in(graph: Graph, node: Node, kit: Kit, there: Callable[[Node], bool]) -> Heard:
    """Return what is heard in an assembler's film: in its language where there is a voice, else as it was written.

    `there` says whether a card has its file: a voice that waits for its take replaces nothing yet.
    """
    language = language_of(node)
    found = wired(graph, node, kit)
    spoken = [one for one in found if one[1].language and one[1].language == language and there(one[0])]
    instead = {place.instead for _, place in spoken if place.instead}
    written = [one for one in found if not one[1].language]
    kept = {card.id: card for card, _ in written if card.id not in instead}
    places = {card.id: place for card, place in written}
    chosen = {card.id: in_place(card, place, places.get(place.instead or "")) for card, place in spoken}
    sounds = [(card, chosen.get(card.id, place)) for card, place in found if card.id in kept or card.id in chosen]
    voices = [card.id for card, place in written if place.kind == "voice"]
    shots = frozenset(instead - places.keys())
    if not language:
        return Heard(sounds, shots)
    return Heard(sounds, shots, sum(card in kept for card in voices), len(voices))


def in_place(card: Node, place: Placing, of: Placing | None) -> Placing:
    """Return where a voice lies that stands in for another: there, as loud, where its own card does not say it."""
    own = {"shot": "sound_shot", "at": "sound_at", "gain": "sound_gain"}
    taken = {name: getattr(of, name) for name, field in own.items() if of and field not in card.data}
    if "sound_shot" in card.data:
        taken.pop("at", None)  # counted from a shot of its own
    return place._replace(**taken)


def wired(graph: Graph, node: Node, kit: Kit) -> list[tuple[Node, Placing]]:
    """Return the cards whose sound an assembler's wires bring, with where each lies: voices, then music.

    A version of another's cut that has no sound of its own has that one's.
    """
    found = _wired(graph, node, kit)
    return _wired(graph, maker_of(graph, node, kit), kit) if not found and is_version(graph, node, kit) else found


def _wired(graph: Graph, node: Node, kit: Kit) -> list[tuple[Node, Placing]]:
    found: list[tuple[Node, Placing]] = []
    for handle in (VOICES, MUSIC):
        gifts = [given(graph, wire, kit) for wire in graph.into(node.id, handle)]
        cards = {gift.node.id: gift.node for gift in gifts if isinstance(gift, Gift)}
        in_order = sorted(cards.values(), key=lambda card: (card.y, card.x, card.id))
        found += [(card, placing(card, "music" if handle == MUSIC else "voice")) for card in in_order]
    return found


def placing(card: Node, kind: Literal["music", "voice"]) -> Placing:
    """Return where a card's sound lies. What is no number, or beyond all bounds, counts as not said."""
    shot, gain = card.data.get("sound_shot"), card.data.get("sound_gain")
    instead = card.data.get("sound_instead")
    is_gain = isinstance(gain, int | float) and not isinstance(gain, bool) and SOFTEST_DB <= gain <= LOUDEST_DB
    return Placing(
        kind,
        shot if isinstance(shot, str) and shot else None,
        _frames(card, "sound_at", least=-_FARTHEST) or 0,
        _frames(card, "sound_skip") or 0,
        _frames(card, "sound_length", least=1),
        float(gain) if is_gain and isinstance(gain, int | float) else None,
        _frames(card, "sound_fade_in"),
        _frames(card, "sound_fade_out"),
        (voice_language(card) or None) if kind == "voice" else None,
        instead if isinstance(instead, str) and instead and card.data.get(HEARD_IN) else None,
    )


def _frames(card: Node, name: str, least: int = 0) -> int | None:
    told = card.data.get(name)
    fits = isinstance(told, int) and not isinstance(told, bool) and least <= told <= _FARTHEST
    return told if fits and isinstance(told, int) else None


def said(card: Node, place: Placing) -> str:
    """Return in words what of a sound's place a film depends on, to be kept in its recipe."""
    told = zip(place._fields, place, strict=True)
    return f"{card.id}: " + ", ".join(f"{name} {value}" for name, value in told if value is not None)


def with_sounds(
    timeline: Timeline, sounds: Sequence[tuple[Node, Placing]], brought: Brought, music_db: float = _MUSIC_DB
) -> Timeline:
    """Return a cut with its voices and music; `music_db` is the level of music whose card says none.

    What cannot be heard in it is left out and named in the notes.
    """
    found: list[Sound] = []
    heard: list[Subtitle] = []
    notes: list[str] = []
    taken = {cut.reel for cut in timeline.cuts if cut.reel}
    reels: dict[str, str] = {}
    for card, place in sounds:
        asset = brought(card)
        laid = _laid(timeline, card, place, asset, music_db)
        if isinstance(laid, str):
            notes.append(f"{title_of(card)} is not heard: {laid}.")
            continue
        reel = reels.get(laid.oid) or sound_reel(laid.oid, taken)
        taken.add(reel)
        reels[laid.oid] = reel
        found.append(laid.model_copy(update={"reel": reel}))
        captions = _captions(card, laid, timeline)
        if (place.language or "") == timeline.language:
            heard += captions
        elif captions:
            notes.append(f"The captions of {title_of(card)} are not in {name_of(timeline.language)} and are not shown.")
    tracks = tuple(_on_tracks(found))
    told = {"sounds": tracks, "notes": (*timeline.notes, *notes), "subtitles": _together(timeline.subtitles, heard)}
    return timeline.model_copy(update=told)


def _captions(card: Node, sound: Sound, timeline: Timeline) -> list[Subtitle]:
    """Return the captions of a sound where they are heard in the film."""
    said = captions_of(card, sound.oid)
    return subtitles(said, timeline.rate, sound.source_in, sound.source_out, sound.record_in)


def _together(written: Sequence[Subtitle], heard: Sequence[Subtitle]) -> tuple[Subtitle, ...]:
    """Return the subtitles of shots and of sounds as one list in order.

    Lines of the script are only guessed to be where a captioned sound is heard, and leave it to that; what begins while
    something else is shown ends that, and what begins with it is shown together with it.
    """
    kept = [one for one in written if one.heard or not any(_meet(one, other) for other in heard)]
    found: list[Subtitle] = []
    for one in sorted([*kept, *heard], key=lambda subtitle: (subtitle.record_in, subtitle.record_out)):
        last = found[-1] if found else None
        if last and last.record_in == one.record_in:
            words = {"record_out": one.record_out, "words": f"- {last.words.removeprefix('- ')}\n- {one.words}"}
            found[-1] = last.model_copy(update=words)
            continue
        if last and last.record_out > one.record_in:
            found[-1] = last.model_copy(update={"record_out": one.record_in})
        found.append(one)
    return tuple(found)


def _meet(one: Subtitle, other: Subtitle) -> bool:
    return one.record_in < other.record_out and other.record_in < one.record_out


def begins(timeline: Timeline, place: Placing) -> int | None:
    """Return the record frame at which a sound begins; None where the shot that it starts with is not in the cut."""
    if not place.shot:
        return timeline.start_frame + place.at
    return next((cut.record_in + place.at for cut in timeline.shown if cut.node_id == place.shot), None)


def ends(timeline: Timeline, place: Placing, duration_s: float) -> int | None:
    """Return the record frame at which a sound of so many seconds ends, also where that lies after the film's end."""
    begin, whole = begins(timeline, place), int(duration_s * timeline.rate)
    return None if begin is None else begin + max(0, min(whole - place.skip, place.length or whole))


def _laid(timeline: Timeline, card: Node, place: Placing, asset: Asset | Take | None, music_db: float) -> Sound | str:
    """Return a sound where it lies, or why it is not heard."""
    if asset is None:
        return "it has no take yet" if task_for(card.type) else "it has no file yet"
    if not asset.duration_s:
        return f"{asset.title if isinstance(asset, Asset) else asset.name} cannot be read as sound"
    begin = begins(timeline, place)
    if begin is None:
        return "the shot that it starts with is not in the cut"
    early = max(0, timeline.start_frame - begin)
    whole = int(asset.duration_s * timeline.rate)
    skip = place.skip + early
    end = begin + early + min(whole - skip, place.length - early if place.length else whole)
    last = timeline.start_frame + timeline.frames
    is_music = place.kind == MUSIC
    if skip >= whole or end <= timeline.start_frame or begin >= last:
        return "it lies outside the film"
    out = min(end, last)
    length = out - (begin + early)
    closing = min(length, round(timeline.rate)) if is_music and end >= last else 0
    return Sound(
        node_id=card.id,
        kind=place.kind,
        name=asset.media.path.rsplit("/", 1)[-1],
        path=asset.media.path,
        oid=asset.media.oid,
        record_in=begin + early,
        record_out=out,
        record_in_tc=timeline.timecode(begin + early),
        record_out_tc=timeline.timecode(out),
        source_in=skip,
        frames=whole,
        gain=place.gain if place.gain is not None else music_db if is_music else 0.0,
        fade_in=min(place.fade_in or 0, length),
        fade_out=min(length, place.fade_out if place.fade_out is not None else closing),
    )


def _on_tracks(sounds: Iterable[Sound]) -> Iterable[Sound]:
    """Yield sounds with a track each, so that none lies on another; voices and music share none."""
    ends: list[tuple[str, int]] = []
    for sound in sorted(sounds, key=lambda one: (one.kind == MUSIC, one.record_in)):
        free = (n for n, (kind, end) in enumerate(ends) if kind == sound.kind and end <= sound.record_in)
        track = next(free, len(ends))
        ends[track : track + 1] = [(sound.kind, sound.record_out)]
        yield sound.model_copy(update={"track": track})


def sound_reel(oid: str, taken: Iterable[str]) -> str:
    """Return the reel of a sound: `S` and seven letters and digits made from its bytes, unlike all those taken."""
    known = set(taken)
    for salt in range(len(known) + 1):
        number = int.from_bytes(hashlib.sha256(f"{oid}/{salt}".encode()).digest()[:8], "big")
        tail = ""
        for _ in range(7):
            number, digit = divmod(number, 36)
            tail = _REELS[digit] + tail
        # A readable reel is a letter and seven digits: scene 19's begin with S too.
        reel = f"S{tail if not tail.isdigit() else tail[:6] + 'S'}"
        if reel not in known:
            return reel
    raise AssertionError("more salts than reels")
