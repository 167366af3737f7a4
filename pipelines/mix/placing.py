"""What a mix was given becomes layers: what each file is, where it begins, how long it is heard and how loud."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import av
from av.error import FFmpegError
from cues import LATEST_S, Cue
from intact import Intact
from layers import Heard, Layer, Role, broken, hear, name_of
from sound import HERTZ

from studio_sdk import Audio, Code, Fail, Video
from studio_sdk.fields import File

_PAUSE = HERTZ // 2
_EVEN_LUFS = -20.0
_MOST_DB = 30.0
"""A file is made louder by no more: what is left of it then is noise."""
_SEAM = HERTZ // 200
"""Five milliseconds: what is cut off in its midst fades, so that it does not click."""


class Levels(NamedTuple):
    """How loud each kind of sound is, in decibels, and how long music fades, in seconds.

    With `even` they count from one loudness to which every file is brought, else from how it was recorded.
    """

    speech: float
    effect: float
    music: float
    fade_in: float
    fade_out: float
    even: bool


@dataclass(frozen=True)
class Given:
    """The files of a mix, each with its socket and what it is; `picture` is the clip that it is as long as."""

    files: Sequence[tuple[File, str, Role]]
    picture: Video | None

    @property
    def names(self) -> list[str]:
        """Return the names that cues may use."""
        return [name_of(file) for file, field, _ in self.files if field != "picture"]

    def heard(self, told: Callable[[float], None], warn: Callable[[str], None]) -> list[Heard]:
        """Return what each file holds; `told` hears how much of the work is done, `warn` of damaged files.

        Raises `Fail` for a wrong one.
        """
        found = []
        for number, (file, field, _) in enumerate(self.files):
            found.append(hear(file, field, partial(self._share, told, number), warn))
        if all(one.silent for one in found):
            words = f"{name_of(self.files[0][0])} is silent" if len(found) == 1 else "All of these files are silent"
            raise Fail(Code.UNSUPPORTED_MEDIA, f"{words}: there is nothing to mix.", field=self.files[0][1])
        return found

    def _share(self, told: Callable[[float], None], before: int, part: float) -> None:
        told((before + part) / len(self.files))

    def laid(
        self, heard: Sequence[Heard], told: Mapping[str, Sequence[Cue]], levels: Levels, warn: Callable[[str], None]
    ) -> tuple[list[Layer], int]:
        """Return the layers and how many samples the mix has. Raises `Fail` where it would be too long."""
        found: list[Layer] = []
        after = 0
        for (file, field, role), one in zip(self.files, heard, strict=True):
            if one.silent:
                continue
            follows = field == "dialogue"
            cues = () if field == "picture" else told.get(name_of(file), ())
            for cue in cues or (Cue(after / HERTZ if follows else 0.0),):
                layer = _layer(file, field, role, one, cue, levels)
                found.append(layer)
                after = max(after, layer.last + _PAUSE) if follows else after
        total = length_of(self.picture, warn) if self.picture else _whole(found, levels)
        if total > LATEST_S * HERTZ:
            raise Fail(
                Code.VALIDATION_ERROR,
                f"The mix would be {total / HERTZ / 3600:.1f} hours long; {LATEST_S // 3600} are the most.",
                field=self.files[0][1],
            )
        return [_ended(layer, total) for layer in found if layer.first < total], total


def given(
    dialogue: Sequence[Audio], effects: Sequence[Audio], music: Sequence[Audio], picture: Video | None, own: str
) -> Given:
    """Return the files in the order they are laid; `own` is what the sound of the picture is.

    Raises `Fail` where there is nothing to hear.
    """
    files: list[tuple[File, str, Role]] = []
    if picture and own != "off" and _sounds(picture):
        files.append((picture, "picture", "speech" if own == "dialogue" else "effect"))
    files += [(one, "dialogue", "speech") for one in dialogue]
    files += [(one, "effects", "effect") for one in effects]
    files += [(one, "music", "music") for one in music]
    if files:
        return Given(files, picture)
    if picture:
        raise Fail(
            Code.UNSUPPORTED_MEDIA,
            f"{name_of(picture)} has no sound that is wanted, and nothing else is wired in.",
            field="picture",
        )
    raise Fail(Code.VALIDATION_ERROR, "Wire in something to hear: dialogue, effects or music.", field="dialogue")


def _layer(file: File, field: str, role: Role, heard: Heard, cue: Cue, levels: Levels) -> Layer:
    level = {"speech": levels.speech, "effect": levels.effect, "music": levels.music}[role] + cue.gain
    if levels.even and heard.lufs > float("-inf"):
        level += min(_EVEN_LUFS - heard.lufs, _MOST_DB)
    rise, fall = (round(s * HERTZ) for s in (levels.fade_in, levels.fade_out)) if role == "music" else (0, 0)
    return Layer(file, field, role, round(cue.at * HERTZ), heard.length, 10 ** (level / 20), rise, fall)


def _whole(layers: Sequence[Layer], levels: Levels) -> int:
    """Return how long a mix without a picture is: music goes on no longer than its fade after the last of the rest."""
    longest = max(layer.last for layer in layers)
    rest = [layer.last for layer in layers if layer.role != "music"]
    return min(longest, max(rest) + round(levels.fade_out * HERTZ)) if rest else longest


def _ended(layer: Layer, total: int) -> Layer:
    """Return a layer that does not go on after the end of the mix."""
    if layer.last <= total:
        return layer
    return Layer(
        layer.file,
        layer.field,
        layer.role,
        layer.first,
        total - layer.first,
        layer.gain,
        layer.rise,
        max(layer.fall, _SEAM),
    )


def length_of(picture: Video, warn: Callable[[str], None]) -> int:
    """Return how many samples a clip is long; a damaged one, of which `warn` hears, is as long as it goes.

    Raises `Fail` for one without a picture.
    """
    try:
        with av.open(str(picture), metadata_errors="ignore") as opened:
            if not opened.streams.video:
                raise Fail(Code.UNSUPPORTED_MEDIA, f"{name_of(picture)} has no picture.", field="picture")
            seen = opened.streams.video[0]
            read: Intact[av.VideoFrame] = Intact(opened, seen, name_of(picture)).counted()
            if read.damage and read.frames and seen.average_rate:
                warn(read.damage)
                return round(read.frames / seen.average_rate * HERTZ)
            if seen.frames and seen.average_rate:
                return round(seen.frames / seen.average_rate * HERTZ)
            if seen.duration and seen.time_base:
                return round(seen.duration * seen.time_base * HERTZ)
            return round((opened.duration or 0) * HERTZ / av.time_base)
    except FFmpegError as why:
        raise broken(picture, "picture", why) from why


def _sounds(picture: Video) -> bool:
    try:
        with av.open(str(picture), metadata_errors="ignore") as opened:
            return bool(opened.streams.audio)
    except FFmpegError as why:
        raise broken(picture, "picture", why) from why
