"""The cut as the studio wrote it (OpenTimelineIO), read back into whole frames of the project.

Nothing is computed from floating-point time: a position that is not a whole frame at the project's rate is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio

from studio_sdk import Audio, Code, Edl, Fail, Video

_NTSC = 1001
_CLOSEST = 4
_LOUDEST = 60
"""Decibels that a sound may be made louder or softer by."""


@dataclass(frozen=True)
class Cut:
    """One piece of the film: frames of a take, or of a slate, or of nothing. All positions are project frames.

    `native` is the take's own rate where the cut names it; a take of another rate has its frames repeated or dropped.
    During the first `dissolve` frames the piece before goes on under it. `slate` is what a slate says. `framing` is
    what of the picture fills a film of another shape: a point in shares of it, and how many times closer.
    `silent`: a voice in the film's language stands in for the take's own sound.
    """

    name: str
    take: Video | None
    source_in: int
    record_in: int
    frames: int
    native: Fraction | None = None
    dissolve: int = 0
    fade_in: int = 0
    fade_out: int = 0
    title: str = ""
    slate: str | None = None
    scene: str = ""
    framing: tuple[float, float, float] | None = None
    silent: bool = False

    @property
    def record_out(self) -> int:
        """Return the frame after its last, in the film."""
        return self.record_in + self.frames

    def native_frame(self, position: int, native: Fraction, project: Fraction) -> int:
        """Return which of the take's own frames shows at a position within the cut."""
        return int((self.source_in + position) * counted(native) / counted(project))


@dataclass(frozen=True)
class Sound:
    """A voice or music in the film, from a frame on, for so many frames, without the first `skip` frames of its file.

    `gain` is in decibels; the fades are frames. Music steps back under voices and takes.
    """

    name: str
    file: Audio
    is_music: bool
    record_in: int
    frames: int
    skip: int = 0
    gain: float = 0.0
    fade_in: int = 0
    fade_out: int = 0


def counted(rate: Fraction) -> Fraction:
    """Return a rate as it is counted: rates that differ by 1000/1001 are played frame for frame."""
    return rate * _NTSC / 1000 if rate.denominator == _NTSC else rate


def opened(cut: Edl) -> otio.schema.Timeline:
    """Return the cut as it was written. Raises `Fail` for what is no timeline."""
    try:
        timeline = otio.adapters.read_from_string(cut.read_text(encoding="utf-8"), "otio_json")
    except (otio.exceptions.OTIOError, OSError, ValueError, KeyError, TypeError) as why:
        raise Fail(Code.UNSUPPORTED_MEDIA, "The cut cannot be read.", field="cut", detail=str(why)) from why
    if not isinstance(timeline, otio.schema.Timeline):
        raise Fail(Code.UNSUPPORTED_MEDIA, "The cut is not a timeline.", field="cut")
    return timeline


def read(timeline: otio.schema.Timeline, clips: list[Video], rate: Fraction) -> list[Cut]:
    """Return the cuts in order. Raises `Fail` with the shot's name for everything that cannot be rendered."""
    tracks = [track for track in timeline.video_tracks() if len(track)]
    if len(tracks) != 1:
        raise Fail(
            Code.VALIDATION_ERROR, f"The cut has {len(tracks)} picture tracks with something on them; one is rendered.",
            field="cut",
        )  # fmt: skip
    by_oid = {clip.oid: clip for clip in clips}
    cuts: list[Cut] = []
    mix = 0
    for item in tracks[0]:
        if isinstance(item, otio.schema.Transition):
            mix = _mix(item, rate)
            continue
        at = cuts[-1].record_out if cuts else 0
        cuts.append(_checked(_cut(item, at, by_oid, rate, mix), bool(cuts)))
        mix = 0
    cuts = [piece for piece in cuts if piece.frames]
    if not any(piece.take or piece.slate is not None for piece in cuts):
        raise Fail(Code.VALIDATION_ERROR, "There is no shot in the cut.", field="cut")
    return cuts


def sounds_in(timeline: otio.schema.Timeline, files: list[Audio], rate: Fraction) -> list[Sound]:
    """Return the voices and music of the cut. Sound tracks without them are the takes' own, heard anyway."""
    by_oid = {file.oid: file for file in files}
    found: list[Sound] = []
    for track in timeline.audio_tracks():
        at = 0
        for item in track:
            if not isinstance(item, otio.core.Item):
                continue
            known = item.metadata.get("production_canvas", {})
            kind = known.get("sound")
            if kind not in {"music", "voice"}:
                at += int(item.trimmed_range().duration.value)
                continue
            name = str(item.name or "a sound")
            skip, frames = _frames(item, name, rate)
            file = by_oid.get(str(known.get("oid")))
            if file is None:
                raise Fail(Code.FILE_NOT_FOUND, f"The sound {name} is not among the files.", field="sounds")
            gain = known.get("gain")
            level = float(gain) if isinstance(gain, int | float) and abs(gain) <= _LOUDEST else 0.0
            fades = _count(known.get("fade_in")), _count(known.get("fade_out"))
            found.append(Sound(name, file, kind == "music", at, frames, skip, level, *fades))
            at += frames
    return found


def _mix(item: otio.schema.Transition, rate: Fraction) -> int:
    """Return how many frames a dissolve lasts; it begins at the cut."""
    whole = item.in_offset.value == 0 and item.out_offset.value == int(item.out_offset.value) > 0
    if item.transition_type != otio.schema.TransitionTypes.SMPTE_Dissolve or not whole:
        raise Fail(Code.VALIDATION_ERROR, "Only dissolves that begin at their cut are rendered.", field="cut")
    if abs(item.out_offset.rate - float(rate)) > 0.001:  # noqa: PLR2004 - rates are told apart far above it
        raise Fail(Code.VALIDATION_ERROR, "A dissolve is at another rate than the film.", field="cut")
    return int(item.out_offset.value)


def _checked(piece: Cut, has_before: bool) -> Cut:  # noqa: FBT001 - said at the only call
    if piece.dissolve + piece.fade_in + piece.fade_out > piece.frames or (piece.dissolve and not has_before):
        raise Fail(Code.VALIDATION_ERROR, f"{piece.name} is shorter than its transitions.", field="cut")
    return piece


def _cut(item: object, at: int, by_oid: dict[str, Video], rate: Fraction, mix: int) -> Cut:
    if isinstance(item, otio.schema.Gap):
        start, frames = _frames(item, "a gap", rate)
        return Cut("black", None, 0, at, frames)
    if not isinstance(item, otio.schema.Clip):
        raise Fail(
            Code.VALIDATION_ERROR, f"The cut has a {type(item).__name__} in it; plain cuts are rendered.", field="cut"
        )
    known = item.metadata.get("production_canvas", {})
    name = str(known.get("shot") or item.name or "a shot")
    if item.effects:
        raise Fail(Code.VALIDATION_ERROR, f"{name} has an effect in the cut; plain cuts are rendered.", field="cut")
    fade_in, fade_out = _count(known.get("fade_in")), _count(known.get("fade_out"))
    title, scene = str(known.get("title") or ""), str(known.get("scene") or "")
    if known.get("slate") is True:
        start, frames = _frames(item, name, rate)
        words = str(known.get("words") or "")
        return Cut(name, None, start, at, frames, None, mix, fade_in, fade_out, title, words, scene)
    take = by_oid.get(str(known.get("oid")))
    if take is None:
        raise Fail(
            Code.FILE_NOT_FOUND, f"The take of {name} is not among the clips.",
            field="clips", detail=f"{known.get('take') or item.name}, SHA-256 {known.get('oid')}",
        )  # fmt: skip
    start, frames = _frames(item, name, rate)
    native = str(known.get("native_rate") or "")
    own = Fraction(native) if native else None
    return Cut(
        name,
        take,
        start,
        at,
        frames,
        own,
        mix,
        fade_in,
        fade_out,
        title,
        None,
        scene,
        _framing(known, name),
        known.get("replaced") is True,
    )


def _framing(known: Mapping[str, object], name: str) -> tuple[float, float, float] | None:
    told = known.get("framing")
    if told is None:
        return None
    if isinstance(told, Mapping):
        match told.get("x"), told.get("y"), told.get("scale", 1):
            case int() | float() as x, int() | float() as y, int() | float() as scale:
                if 0 <= x <= 1 and 0 <= y <= 1 and 1 <= scale <= _CLOSEST:
                    return float(x), float(y), float(scale)
    raise Fail(Code.VALIDATION_ERROR, f"The framing of {name} is not x, y and scale.", field="cut")


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _frames(item: otio.core.Item, name: str, rate: Fraction) -> tuple[int, int]:
    """Return the first source frame and the length of an item."""
    part = item.trimmed_range()
    for time in (part.start_time, part.duration):
        if abs(time.rate - float(rate)) > 0.001 or time.value != int(time.value) or time.value < 0:  # noqa: PLR2004
            raise Fail(
                Code.VALIDATION_ERROR, f"{name} is cut at {time.value:g} of {time.rate:g} frames a second, which is "
                f"not a whole frame at the project's {float(rate):g}.", field="cut",
            )  # fmt: skip
    return int(part.start_time.value), int(part.duration.value)
