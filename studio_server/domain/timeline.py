"""The cut as integers: shots in order become contiguous cuts at the project's frame rate.

Every position is a whole frame of the project; rates are exact fractions; no float takes part. EDL, OTIO and the
film are written from this and never compute a position of their own.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import FrameRate, Frozen, rate
from studio_server.domain.shots import Take, reel_name

START_HOUR: Final = 1
"""Record timecode of the first frame, in hours: 01:00:00:00, as editors expect."""

_NTSC = 1001
_MINUTES_A_DAY = 24 * 60


def counted(frame_rate: Fraction) -> Fraction:
    """Return a rate as it is counted: 24 for 24000/1001, any other rate as it is."""
    return frame_rate * _NTSC / 1000 if frame_rate.denominator == _NTSC else frame_rate


def base(frame_rate: Fraction) -> int:
    """Return the whole number that timecode of a rate counts to: 24 for 24000/1001, 30 for 30000/1001, 25 for 25.

    Raises VALIDATION_ERROR for a rate that timecode cannot count, such as 12.5.
    """
    whole = counted(frame_rate)
    if whole.denominator != 1:
        raise StudioError(
            Code.VALIDATION_ERROR, f"Timecode cannot count {frame_rate} frames a second.", field="frame_rate"
        )
    return whole.numerator


def counts_drop_frame(frame_rate: Fraction) -> bool:
    """Whether the studio counts a rate in drop-frame timecode: 29.97 and 59.94, so that it keeps to the clock."""
    return frame_rate.denominator == _NTSC and base(frame_rate) in {30, 60}


def timecode(frame: int, frame_rate: Fraction, *, drop: bool = False) -> str:
    """Return SMPTE timecode of a frame number; drop frame has a semicolon before the frames; wraps after 24 hours.

    Raises VALIDATION_ERROR for drop frame at any rate but 29.97 and 59.94, and for a negative frame.
    """
    fps = base(frame_rate)
    _check_drop(frame_rate, drop=drop)
    if frame < 0:
        raise StudioError(Code.VALIDATION_ERROR, "There is no timecode before 00:00:00:00.")
    if drop:
        skipped = fps // 15
        tens, rest = divmod(frame, fps * 600 - 9 * skipped)
        frame += 9 * skipped * tens
        if rest >= skipped:
            frame += skipped * ((rest - skipped) // (fps * 60 - skipped))
    seconds, frames = divmod(frame, fps)
    minutes, seconds = divmod(seconds, 60)
    minutes %= _MINUTES_A_DAY
    width = len(str(fps - 1)) if fps > 100 else 2  # noqa: PLR2004 - 120 fps counts to 119
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{';' if drop else ':'}{frames:0{width}d}"


def frame_at(text: str, frame_rate: Fraction) -> int:
    """Return the frame number of SMPTE timecode; a semicolon (or comma) before the frames means drop frame.

    Raises VALIDATION_ERROR for text that is not timecode and for numbers that drop frame skips.
    """
    fps = base(frame_rate)
    drop = text[-3:-2] in {";", ","}
    _check_drop(frame_rate, drop=drop)
    parts = text.replace(";", ":").replace(",", ":").split(":")
    if len(parts) != 4 or not all(p.isascii() and p.isdigit() for p in parts):  # noqa: PLR2004 - hh:mm:ss:ff
        raise StudioError(Code.VALIDATION_ERROR, f"{text!r} is not timecode such as 01:00:00:00.")
    hours, minutes, seconds, frames = (int(p) for p in parts)
    skipped = fps // 15
    in_range = hours < 24 and minutes < 60 and seconds < 60 and frames < fps  # noqa: PLR2004 - a clock
    if not in_range or (drop and minutes % 10 and seconds == 0 and frames < skipped):
        raise StudioError(Code.VALIDATION_ERROR, f"There is no frame {text} at this frame rate.")
    total = ((hours * 60 + minutes) * 60 + seconds) * fps + frames
    if drop:
        total_minutes = hours * 60 + minutes
        total -= skipped * (total_minutes - total_minutes // 10)
    return total


def _check_drop(frame_rate: Fraction, *, drop: bool) -> None:
    if drop and not counts_drop_frame(frame_rate):
        raise StudioError(Code.VALIDATION_ERROR, "Drop-frame timecode exists at 29.97 and 59.94 only.")


def conformed_frames(frames: int, native: Fraction, project: Fraction) -> int:
    """Return how many project frames a take fills when its frames are repeated or dropped to keep its speed.

    Whole frames only: what would show for less than a frame is left out, so 81 frames at 16 fill 121 at 24. Rates
    that differ by 1000/1001 count as equal: such a take is played frame for frame.
    """
    return max(1, int(frames * counted(project) / counted(native))) if frames else 0


def native_frame(position: int, frames: int, native: Fraction, project: Fraction) -> int:
    """Return which of a take's own frames shows at a position (in project frames) within it."""
    return min(frames - 1, int(position * counted(native) / counted(project)))


class Marks(NamedTuple):
    """Which frames of a take are used, counted in the take itself from 0: `out` is the first one not shown."""

    into: int | None = None
    out: int | None = None


UNMARKED: Final = Marks()


def marked_range(marks: Marks, frames: int, native: Fraction, project: Fraction) -> tuple[int, int]:
    """Return the first project frame of a take that is shown, and the first one after it that is not.

    A mark beyond the take, or an out that is not after its in, counts as none. Where a marked frame would show for
    less than a project frame it gets a whole one: a mark never makes a shot vanish.
    """
    length = conformed_frames(frames, native, project)
    first = marks.into if marks.into is not None and 0 < marks.into < frames else 0
    last = marks.out if marks.out is not None and first < marks.out < frames else frames
    per_frame = counted(project) / counted(native)
    begin = min(ceil(first * per_frame), length - 1)
    end = length if last == frames else min(ceil(last * per_frame), length)
    return begin, max(end, begin + 1)


class ShotInOrder(NamedTuple):
    """A shot as it stands in the cut: its node, and the take chosen for it.

    What is no shot has no `scene` and its title for a `code`. `missing` says in words why there is no take, `marks`
    which part of the take is used.
    """

    node_id: str
    scene: str
    code: str
    take: Take | None
    missing: str | None = None
    marks: Marks = UNMARKED


class Cut(Frozen):
    """One shot in the cut. All four positions are project frames; out is exclusive.

    `source_*` count within the take as conformed to the project's rate, from its first frame, of which it has
    `conformed_frames`; `native_frames` and `native_rate` are the take's own. A shot without a take fills no frames
    and says in `missing` why.
    """

    node_id: str
    scene: str
    shot: str
    take: str | None = None
    path: str | None = None
    oid: str | None = None
    reel: str | None = None
    has_audio: bool = False
    audio_channels: int | None = None
    native_frames: int = 0
    native_rate: FrameRate | None = None
    conformed_frames: int = 0
    source_in: int = 0
    source_out: int = 0
    record_in: int
    record_out: int
    record_in_tc: str
    record_out_tc: str
    missing: str | None = None
    note: str | None = None

    @property
    def frames(self) -> int:
        """Return how many project frames the shot fills."""
        return self.record_out - self.record_in

    @property
    def is_conformed(self) -> bool:
        """Whether frames of the take are repeated or dropped to reach the project's rate."""
        return self.take is not None and self.conformed_frames != self.native_frames


class Timeline(Frozen):
    """The whole cut. `start_frame` is the record position of its first frame, `frames` its length."""

    title: str
    frame_rate: FrameRate
    drop_frame: bool
    start_frame: int
    start_timecode: str
    frames: int
    cuts: tuple[Cut, ...]
    notes: tuple[str, ...]

    @property
    def rate(self) -> Fraction:
        """Return frames per second, exactly."""
        return rate(self.frame_rate)

    @property
    def duration(self) -> Fraction:
        """Return the length in seconds, exactly."""
        return self.frames / self.rate

    @property
    def events(self) -> tuple[Cut, ...]:
        """Return the cuts that have a take."""
        return tuple(c for c in self.cuts if c.take is not None)

    def timecode(self, frame: int) -> str:
        """Return the timecode of a frame number, counted as this timeline counts."""
        return timecode(frame, self.rate, drop=self.drop_frame)


def compile_timeline(
    title: str, frame_rate: FrameRate, shots: Iterable[ShotInOrder], notes: Sequence[str] = ()
) -> Timeline:
    """Return the cut of shots in the order given, contiguous from 01:00:00:00.

    A shot without a usable take keeps its place with no frames and is named in the notes; a take of another frame
    rate fills the time it lasts, by repeated or dropped frames, and is named as well. `notes` come before theirs.
    """
    project = rate(frame_rate)
    drop = counts_drop_frame(project)
    start = frame_at(f"{START_HOUR:02d}:00:00{';' if drop else ':'}00", project)
    position = start
    cuts: list[Cut] = []
    reels: dict[str, str] = {}
    for shot in shots:
        cut = _cut(shot, position, project, drop=drop)
        if shot.take and cut.take and cut.reel and cut.oid:
            owner = reels.setdefault(cut.reel, cut.oid)
            if owner != cut.oid:
                reel = reel_name(shot.take.take_name, cut.oid, reels)
                reels[reel] = cut.oid
                cut = cut.model_copy(update={"reel": reel})
        cuts.append(cut)
        position = cut.record_out
    return Timeline(
        title=title,
        frame_rate=frame_rate,
        drop_frame=drop,
        start_frame=start,
        start_timecode=timecode(start, project, drop=drop),
        frames=position - start,
        cuts=tuple(cuts),
        notes=(*notes, *(note for c in cuts for note in (c.note, _missing_note(c)) if note)),
    )


def _cut(shot: ShotInOrder, position: int, project: Fraction, *, drop: bool) -> Cut:
    at = timecode(position, project, drop=drop)
    take = shot.take
    label = f"SHOT-{shot.code}" if shot.scene else shot.code
    missing = shot.missing
    if take is None:
        missing = missing or "has no take yet"
    elif not take.frames or not take.frame_rate:
        missing = f"{take.name} cannot be read as a video"
    if take is None or missing or not take.frames or not take.frame_rate:
        return Cut(
            node_id=shot.node_id,
            scene=shot.scene,
            shot=label,
            record_in=position,
            record_out=position,
            record_in_tc=at,
            record_out_tc=at,
            missing=missing,
        )
    native = rate(take.frame_rate)
    whole = conformed_frames(take.frames, native, project)
    first, last = marked_range(shot.marks, take.frames, native, project)
    length = last - first
    return Cut(
        node_id=shot.node_id,
        scene=shot.scene,
        shot=label,
        take=take.name,
        path=take.media.path,
        oid=take.media.oid,
        reel=take.reel,
        has_audio=take.has_audio,
        audio_channels=take.audio_channels,
        native_frames=take.frames,
        native_rate=take.frame_rate,
        conformed_frames=whole,
        source_in=first,
        source_out=last,
        record_in=position,
        record_out=position + length,
        record_in_tc=at,
        record_out_tc=timecode(position + length, project, drop=drop),
        note=_conform_note(take, native, project, whole),
    )


def _conform_note(take: Take, native: Fraction, project: Fraction, length: int) -> str | None:
    if native == project:
        return None
    if counted(native) == counted(project):
        return f"{take.name} is {take.frame_rate} frames a second and is played frame for frame at {project}."
    verb = "repeating" if native < project else "dropping"
    return (
        f"{take.name} is {take.frame_rate} frames a second: its {take.frames} frames fill {length} at {project} "
        f"by {verb} frames."
    )


def _missing_note(cut: Cut) -> str | None:
    where = f"{cut.shot} of scene {cut.scene}" if cut.scene else f"“{cut.shot}”"
    return f"{where} is left out: {cut.missing}." if cut.missing else None
