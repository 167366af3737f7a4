"""The cut as integers: shots in order become contiguous cuts at the project's frame rate.

Every position is a whole frame of the project; rates are exact fractions; no float takes part. EDL, OTIO and the
film are written from this and never compute a position of their own.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from studio_sdk.captions import Caption
from studio_sdk.types import FrameRate, Frozen, rate
from studio_server.domain.between import made_between
from studio_server.domain.captions import Subtitle, subtitles
from studio_server.domain.framings import Framing
from studio_server.domain.gaps import missing_notes
from studio_server.domain.languages import Missing
from studio_server.domain.marks import UNMARKED, Marks, conformed_frames, marked_range
from studio_server.domain.passages import Part, Passage, join
from studio_server.domain.shots import Take, reel_name
from studio_server.domain.subtitles import Line, spread
from studio_server.domain.timecode import counted, counts_drop_frame, frame_at, timecode

START_HOUR: Final = 1
"""Record timecode of the first frame, in hours: 01:00:00:00, as editors expect."""


SLATE_S: Final = 4
"""How long a shot without a take is shown, in seconds, where its card does not say."""


class ShotInOrder(NamedTuple):
    """A shot as it stands in the cut: its node, and the take chosen for it.

    What is no shot has no `scene` and its title for a `code`. `missing` says in words why there is no take, `marks`
    which part of the take is used. A shot that waits for its take is shown as a slate with `words` for `seconds`.
    `title` is text over the picture. `markers` are remarks at frames of its source (project frames). `heard` are the
    captions of the take, which count instead of `lines` where there are any. `framing` is what of its picture is seen
    where the film has another shape.
    """

    node_id: str
    scene: str
    code: str
    take: Take | None
    missing: str | None = None
    marks: Marks = UNMARKED
    seconds: Fraction | None = None
    words: str = ""
    enter: Passage | None = None
    leave: Passage | None = None
    title: str = ""
    lines: tuple[Line, ...] = ()
    markers: tuple[tuple[int, str], ...] = ()
    heard: tuple[Caption, ...] = ()
    framing: Framing | None = None


class Cut(Frozen):
    """One shot in the cut. All positions are project frames; out is exclusive.

    `source_*` count within the take as conformed to the project's rate, from its first frame, of which it has
    `conformed_frames`; `native_frames` and `native_rate` are the take's own. A shot without a take says in `missing`
    why; it is a slate with `words`, or fills no frames. `dissolve`, `fade_in` and `fade_out` are lengths: during the
    first `dissolve` frames the shot before goes on under it. `title` is shown over it.

    `master` is the file that an editing system is given for the take, relative to the lists, and `source_start` the
    timecode of its first frame, as a frame number; a take that goes out as it is has none and starts at 0. `framing` is
    what of the picture is seen in a film of another shape; without one that is what the film's own setting says.
    `replaced`: a voice in the film's language stands in for the take's own sound.
    `made_between` says in words which of its frames were made up between others.
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
    made_between: str = ""
    source_in: int = 0
    source_out: int = 0
    record_in: int
    record_out: int
    record_in_tc: str
    record_out_tc: str
    dissolve: int = 0
    fade_in: int = 0
    fade_out: int = 0
    title: str = ""
    words: str = ""
    missing: str | None = None
    notes: tuple[str, ...] = ()
    master: str = ""
    source_start: int = 0
    framing: Framing | None = None
    replaced: bool = False

    @property
    def frames(self) -> int:
        """Return how many project frames the shot fills."""
        return self.record_out - self.record_in

    @property
    def file(self) -> str:
        """Return the name of the file that the lists mean."""
        return (self.master or self.path or "").rsplit("/", 1)[-1]

    @property
    def tape(self) -> tuple[int, int]:
        """Return where it begins and ends in source timecode, as frame numbers."""
        return self.source_start + self.source_in, self.source_start + self.source_out

    @property
    def is_slate(self) -> bool:
        """Whether it is a slate that stands for a take to come."""
        return self.take is None and self.frames > 0

    @property
    def is_conformed(self) -> bool:
        """Whether frames of the take are repeated or dropped to reach the project's rate."""
        return self.take is not None and self.conformed_frames != self.native_frames


class Sound(Frozen):
    """A voice or music laid under the picture. Positions are project frames; `frames` is how many its file has.

    `gain` is in decibels, the fades are lengths, `track` counts the tracks below that of the takes' own sound from 0.
    `master` and `source_start` are as in `Cut`.
    """

    node_id: str
    kind: Literal["music", "voice"]
    name: str
    path: str
    oid: str
    reel: str = ""
    track: int = 0
    record_in: int
    record_out: int
    record_in_tc: str
    record_out_tc: str
    source_in: int
    frames: int
    gain: float
    fade_in: int
    fade_out: int
    master: str = ""
    source_start: int = 0

    @property
    def source_out(self) -> int:
        """Return the first frame of its file that is not heard."""
        return self.source_in + self.record_out - self.record_in

    @property
    def file(self) -> str:
        """Return the name of the file that the lists mean."""
        return self.master.rsplit("/", 1)[-1] or self.name

    @property
    def tape(self) -> tuple[int, int]:
        """Return where it begins and ends in source timecode, as frame numbers."""
        return self.source_start + self.source_in, self.source_start + self.source_out


class Marker(Frozen):
    """A remark at a frame of the film; `at` is where it lies in the source of its shot (project frames)."""

    node_id: str
    shot: str
    record: int
    record_tc: str
    at: int
    text: str


class Timeline(Frozen):
    """The whole cut. `start_frame` is the record position of its first frame, `frames` its length.

    `size` is width and height of the project in pixels, for formats that say it. `aspect` is the film's shape, such as
    `9:16`; empty where it is the project's. `language` is empty where it is the one that the film was written in;
    `missing` is what has nothing in it yet.
    """

    title: str
    frame_rate: FrameRate
    drop_frame: bool
    start_frame: int
    start_timecode: str
    frames: int
    cuts: tuple[Cut, ...]
    notes: tuple[str, ...]
    subtitles: tuple[Subtitle, ...] = ()
    sounds: tuple[Sound, ...] = ()
    markers: tuple[Marker, ...] = ()
    size: tuple[int, int] | None = None
    aspect: str = ""
    language: str = ""
    missing: Missing = Missing()

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

    @property
    def is_delivered(self) -> bool:
        """Whether its takes go out as editorial masters, with source timecode of their own."""
        return any(cut.master for cut in self.cuts)

    @property
    def tracks(self) -> list[list[Sound]]:
        """Return the voices and music, a list for each track, in the order of the film."""
        count = max((sound.track for sound in self.sounds), default=-1) + 1
        by_place = sorted(self.sounds, key=lambda sound: sound.record_in)
        return [[sound for sound in by_place if sound.track == track] for track in range(count)]

    @property
    def shown(self) -> tuple[Cut, ...]:
        """Return the cuts that fill frames: takes and slates."""
        return tuple(c for c in self.cuts if c.frames)

    def timecode(self, frame: int) -> str:
        """Return the timecode of a frame number, counted as this timeline counts."""
        return timecode(frame, self.rate, drop=self.drop_frame)


def without_sound(cut: Cut) -> Cut:
    """Return a cut whose take is not heard, because a voice in the film's language stands in for it."""
    return cut.model_copy(update={"replaced": cut.has_audio, "has_audio": False})


def compile_timeline(
    title: str, frame_rate: FrameRate, shots: Iterable[ShotInOrder], notes: Sequence[str] = ()
) -> Timeline:
    """Return the cut of shots in the order given, contiguous from 01:00:00:00.

    A shot without a usable take is a slate of the length it will have, or, where it is no shot, has no frames; it is
    named in the notes; a take of another frame rate fills the time it lasts, by repeated or dropped frames, and is
    named as well. `notes` come before theirs.
    """
    project = rate(frame_rate)
    drop = counts_drop_frame(project)
    start = frame_at(f"{START_HOUR:02d}:00:00{';' if drop else ':'}00", project)
    position = start
    cuts: list[Cut] = []
    said: list[Subtitle] = []
    markers: list[Marker] = []
    reels: dict[str, str] = {}
    for shot, part in _joined(list(shots), project):
        cut = _cut(shot, part, position, project, drop=drop)
        if shot.take and cut.take and cut.reel and cut.oid:
            owner = reels.setdefault(cut.reel, cut.oid)
            if owner != cut.oid:
                reel = reel_name(shot.take.take_name, cut.oid, reels)
                reels[reel] = cut.oid
                cut = cut.model_copy(update={"reel": reel})
        cuts.append(cut)
        said += _subtitles(shot, cut, project)
        markers += _markers(shot, cut, project, drop=drop)
        position = cut.record_out
    return Timeline(
        title=title,
        frame_rate=frame_rate,
        drop_frame=drop,
        start_frame=start,
        start_timecode=timecode(start, project, drop=drop),
        frames=position - start,
        cuts=tuple(cuts),
        notes=(*notes, *(note for c in cuts for note in c.notes), *missing_notes(cuts)),
        subtitles=tuple(said),
        markers=tuple(markers),
    )


def _joined(shots: Sequence[ShotInOrder], project: Fraction) -> list[tuple[ShotInOrder, Part | None]]:
    """Return each shot with the part of it that is shown; None where nothing of it is."""
    found: list[tuple[ShotInOrder, Part | None]] = []
    before: Part | None = None
    for shot in shots:
        part = _part(shot, project)
        if part:
            join(before, part, shot.enter, shot.leave, counted(project))
            before = part
        found.append((shot, part))
    return found


def label_of(shot: ShotInOrder) -> str:
    """Return how people call a shot in the cut."""
    return f"SHOT-{shot.code}" if shot.scene else shot.code


def _part(shot: ShotInOrder, project: Fraction) -> Part | None:
    take, label = shot.take, label_of(shot)
    if take and take.frames and take.frame_rate and not shot.missing:
        native = rate(take.frame_rate)
        first, last = marked_range(shot.marks, take.frames, native, project)
        return Part(label, first, last, conformed_frames(take.frames, native, project))
    if not shot.scene:
        return None
    seconds = shot.seconds if shot.seconds is not None else Fraction(SLATE_S)
    frames = max(1, round(seconds * counted(project)))
    return Part(label, 0, frames, frames, is_slate=True)


def _cut(shot: ShotInOrder, part: Part | None, position: int, project: Fraction, *, drop: bool) -> Cut:
    take = shot.take
    length = part.frames if part else 0
    missing = shot.missing
    if take is None:
        missing = missing or "has no take yet"
    elif not take.frames or not take.frame_rate:
        missing = f"{take.name} cannot be read as a video"
    common: dict[str, object] = {
        "node_id": shot.node_id,
        "scene": shot.scene,
        "shot": label_of(shot),
        "record_in": position,
        "record_out": position + length,
        "record_in_tc": timecode(position, project, drop=drop),
        "record_out_tc": timecode(position + length, project, drop=drop),
        "title": shot.title,
        "framing": shot.framing,
    }
    if part:
        common |= {"source_in": part.first, "source_out": part.last, "dissolve": part.dissolve}
        common |= {"fade_in": part.fade_in, "fade_out": part.fade_out}
    if take is None or missing or not part or not take.frames or not take.frame_rate:
        return Cut.model_validate(
            common | {"missing": missing, "words": shot.words, "notes": tuple(part.notes) if part else ()}
        )
    native = rate(take.frame_rate)
    conform, made = _conform_note(take, native, project, part.whole), made_between(take)
    told = {
        "take": take.name,
        "path": take.media.path,
        "oid": take.media.oid,
        "reel": take.reel,
        "has_audio": take.has_audio,
        "audio_channels": take.audio_channels,
        "native_frames": take.frames,
        "native_rate": take.frame_rate,
        "conformed_frames": part.whole,
        "made_between": made,
        "notes": (*([conform] if conform else []), *([f"{take.name}: {made}."] if made else []), *part.notes),
    }
    return Cut.model_validate(common | told)


def _markers(shot: ShotInOrder, cut: Cut, project: Fraction, *, drop: bool) -> Iterable[Marker]:
    """Yield the markers of a shot that lie in the part of it that is shown, in order."""
    for at, text in sorted(shot.markers):
        if cut.source_in <= at < cut.source_out:
            record = cut.record_in + at - cut.source_in
            told = timecode(record, project, drop=drop)
            yield Marker(node_id=cut.node_id, shot=cut.shot, record=record, record_tc=told, at=at, text=text)


def _subtitles(shot: ShotInOrder, cut: Cut, project: Fraction) -> Iterable[Subtitle]:
    """Yield what is said in a shot: its take's captions, else its lines one after the other."""
    if shot.heard and cut.native_rate and cut.native_frames:
        per_second = rate(cut.native_rate) * cut.conformed_frames / cut.native_frames
        yield from subtitles(shot.heard, per_second, cut.source_in, cut.source_out, cut.record_in)
        return
    yield from spread(shot.lines, cut.record_in, cut.record_out, project)


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
