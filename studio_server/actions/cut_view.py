"""The cut of an assembler as pages are told of it: shots, what is said, voices and music, markers."""

from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.domain.dubs import Overrun
from studio_server.domain.framings import Framing


class ConformView(Frozen):
    """A take of another frame rate than the film's, of which pictures in between could be made.

    `task` makes them now. Without one they can be asked for, unless `why` says why not; `failed` is why the last try
    came to nothing.
    """

    task: str | None = None
    why: str = ""
    failed: str = ""


class CutView(Frozen):
    """One shot in the cut; positions are project frames, out is exclusive.

    `conform` is there where pictures in between would show more than repeated or dropped frames do; `made_between` says
    which frames of the take were made up, `conformed_from` names the take whose pictures it has at another frame rate.
    `replaced`: its take has sound, which is not heard because a voice in the film's language stands in for it.
    """

    node_id: str
    edge_id: str
    scene: str
    shot: str
    take: str | None
    reel: str | None
    source_in: int
    source_out: int
    record_in: int
    record_out: int
    record_in_tc: str
    record_out_tc: str
    thumbnail_url: str | None
    missing: str | None
    native_frames: int
    native_rate: str | None
    conformed_frames: int
    dissolve: int
    fade_in: int
    fade_out: int
    title: str
    words: str
    media_url: str | None
    sprite_url: str | None
    waveform_url: str | None
    has_audio: bool
    replaced: bool = False
    framing: Framing | None = None
    conform: ConformView | None = None
    made_between: str = ""
    conformed_from: str = ""


class SubtitleView(Frozen):
    """Words at the foot of the picture; record frames, out is exclusive. `heard`: captions, not lines of the script."""

    record_in: int
    record_out: int
    speaker: str
    words: str
    heard: bool


class SoundView(Frozen):
    """A voice or music in the cut. Record and source positions are project frames, `gain` decibels.

    `offset` is where its beginning lies after that of `shot`, or of the film; `duration_s` are seconds of its file.
    """

    node_id: str
    kind: str
    name: str
    track: int
    record_in: int
    record_out: int
    source_in: int
    frames: int
    gain: float
    fade_in: int
    fade_out: int
    shot: str | None
    offset: int
    media_url: str
    waveform_url: str


class VoiceView(Frozen):
    """A voice that is wired into the cut, heard in this film or not.

    `language` is what its films are in, empty where it is heard in all; `instead` is the card of the voice whose place
    it takes there, or of the shot whose own sound is not heard then. `there`: it has its file; `heard`: in this film.
    `over` is there where it speaks longer than its place.
    """

    node_id: str
    name: str
    language: str
    instead: str | None
    there: bool
    heard: bool
    over: Overrun | None = None


class MarkerView(Frozen):
    """A remark at a record frame; `at` is the frame of the shot's source that its field (`marker:at`) names."""

    node_id: str
    shot: str
    record: int
    at: int
    text: str


class MissingView(Frozen):
    """How many lines, titles and voices of a cut have nothing in its language yet, each of how many there are."""

    lines: int
    of_lines: int
    titles: int
    of_titles: int
    voices: int
    of_voices: int


class CutList(Frozen):
    """The cut as it stands; `frames` at `frame_rate`, `duration_s` in seconds.

    `aspect` is the film's shape, empty where it is the project's; `language` the one it is in, empty where that is the
    one it was written in; `cut_of` the card whose wires make the cut. `warnings` are those of the notes that say what
    would be wrong with the film if it were rendered now.
    """

    title: str
    frame_rate: str
    start_timecode: str
    frames: int
    duration_s: float
    start_frame: int
    drop_frame: bool
    cuts: list[CutView]
    subtitles: list[SubtitleView]
    sounds: list[SoundView]
    voices: list[VoiceView]
    markers: list[MarkerView]
    notes: list[str]
    warnings: list[str] = Field(default_factory=list)
    aspect: str = ""
    language: str = ""
    untranslated: MissingView | None = None
    cut_of: str = ""
