"""What is heard and where: the files of a mix as layers on one clock of samples, and how far music steps back.

A mix can be run through as often as wanted: once to hear where somebody speaks, once to measure, once to write. No
piece is longer than a second, so that an hour needs little more memory than a minute.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import av
import numpy as np
from av.error import FFmpegError, InvalidDataError
from intact import BROKEN, Intact
from loudness import HOP, Curve, drawn, integrated
from loudness import _Weighting as Weighting
from numpy.typing import NDArray
from sound import HERTZ, Samples, Source

from studio_sdk import Code, Fail
from studio_sdk.fields import File

Role = Literal["speech", "effect", "music"]

_FLOOR_DB, _BELOW_DB = -60.0, 25.0
"""Somebody speaks where speech is louder than the floor, and not so far below its own usual loudness."""
_FRAME = 10
_BEFORE, _AFTER, _TURN = 150, 450, 100
"""Milliseconds: how early music steps back, how long it stays there, half of what a step takes."""
_SILENCE = 1e-5
"""The loudest sample of a file that counts as silent: -100 dB of full."""


class Heard(NamedTuple):
    """What a file holds: samples at 48 kHz in each channel, the highest of them (1 is full), its loudness in LUFS."""

    length: int
    peak: float
    lufs: float

    @property
    def silent(self) -> bool:
        """Whether there is nothing in it to hear."""
        return self.peak < _SILENCE


@dataclass(frozen=True)
class Layer:
    """A file in the mix: what it is, its socket, its first sample in the mix, how many are heard, and how loud."""

    file: File
    field: str
    role: Role
    first: int
    count: int
    gain: float = 1.0
    rise: int = 0
    fall: int = 0

    @property
    def last(self) -> int:
        """Return the sample after its last one."""
        return self.first + self.count


def hear(file: File, field: str, told: Callable[[float], None], warn: Callable[[str], None]) -> Heard:
    """Return what a file holds, by decoding all of it; `told` hears how much of it is done, from 0 to 1.

    Of a damaged one that is what lies before the damage, and `warn` hears of it. Raises `Fail` for one without sound,
    or of which nothing can be decoded.
    """
    try:
        with av.open(str(file), metadata_errors="ignore") as opened:
            if not opened.streams.audio:
                raise Fail(Code.UNSUPPORTED_MEDIA, f"There is no sound in {name_of(file)}.", field=field)
            read: Intact[av.AudioFrame] = Intact(opened, opened.streams.audio[0], name_of(file))
            found = _heard(opened, read, told)
    except FFmpegError as why:
        raise broken(file, field, why) from why
    if read.damage:
        warn(read.damage)
    return found


def _heard(opened: av.container.InputContainer, read: Intact[av.AudioFrame], told: Callable[[float], None]) -> Heard:
    count, peak, early = 0, 0.0, -1
    expected = max(1.0, (opened.duration or 0) * HERTZ / av.time_base)
    weigh, powers, rest = Weighting(), [np.zeros(0)], np.zeros(0)
    for piece, begins in _decoded(opened, read):
        early = begins if early < 0 else early
        count += piece.shape[1]
        peak = max(peak, float(np.abs(piece).max(initial=0)))
        power = np.concatenate([rest, np.square(weigh(piece)).sum(axis=0)])
        whole = len(power) // HOP * HOP
        powers.append(power[:whole].reshape(-1, HOP).mean(axis=1))
        rest = power[whole:]
        told(min(1.0, count / expected))
    return Heard(count + max(0, early), peak, integrated(np.concatenate(powers)))


def _decoded(opened: av.container.InputContainer, read: Intact[av.AudioFrame]) -> Iterator[tuple[Samples, int]]:
    """Yield the sound of a file in pieces of a second or so, each with the sample that its first frame begins at."""
    stream = opened.streams.audio[0]
    turn = av.AudioResampler("fltp", "mono" if stream.codec_context.channels == 1 else "stereo", HERTZ)
    waiting: list[Samples] = []
    begins, have = 0, 0
    for frame in chain(read, (None,)):
        if frame is not None and not waiting:
            begins = max(0, round(float((frame.pts or 0) * (frame.time_base or 0)) * HERTZ))
        for piece in turn.resample(frame):
            rows = piece.to_ndarray().astype(np.float32, copy=False)
            waiting.append(np.repeat(rows, 2, axis=0) if rows.shape[0] == 1 else rows)
            have += rows.shape[1]
        if have >= HERTZ or (frame is None and waiting):
            yield np.concatenate(waiting, axis=1), begins
            waiting, have = [], 0


def mixed(layers: Sequence[Layer], total: int, back: Curve | None = None) -> Iterator[Samples]:
    """Yield the whole mix, `total` samples of it; `back` is how far back music is, for each millisecond."""
    others = [_Playing(layer) for layer in layers if layer.role != "music"]
    music = [_Playing(layer) for layer in layers if layer.role == "music"]
    for at in range(0, total, HERTZ):
        count = min(HERTZ, total - at)
        made = np.zeros((2, count), np.float32)
        for one in others:
            one.add(made, at)
        if music:
            under = np.zeros((2, count), np.float32)
            for one in music:
                one.add(under, at)
            made += under if back is None else under * drawn(back, at, count)
        yield made


def stepped_back(
    layers: Sequence[Layer], total: int, ducking: float, follow: Callable[[Iterator[Samples]], Iterator[Samples]]
) -> tuple[Curve | None, float]:
    """Return how far back music is for each millisecond, as a share, and for how many seconds somebody speaks.

    `follow` is handed the stream of what is spoken and gives it back. None where it never is: nobody speaks, there is
    no music, or `ducking` (decibels) is 0.
    """
    speech = [layer for layer in layers if layer.role == "speech"]
    if not speech or not ducking or not any(layer.role == "music" for layer in layers):
        return None, 0.0
    powers = [_powers(piece) for piece in follow(mixed(speech, total))]
    levels = 10 * np.log10(np.maximum(np.concatenate(powers), 1e-12))
    heard = levels[levels > _FLOOR_DB]
    if not len(heard):
        return None, 0.0
    spoken = levels > max(_FLOOR_DB, float(np.percentile(heard, 90)) - _BELOW_DB)
    every = np.repeat(spoken, _FRAME)
    sums = np.concatenate([[0], np.cumsum(np.pad(every, (_AFTER, _BEFORE)))])
    near = sums[_AFTER + _BEFORE + 1 :] - sums[: len(every)] > 0
    goal = np.pad(np.where(near, -ducking, 0.0), _TURN, mode="edge")
    sums = np.concatenate([[0.0], np.cumsum(goal)])
    width = 2 * _TURN + 1
    curve = 10 ** ((sums[width:] - sums[:-width]) / width / 20)
    return np.asarray(curve, np.float32), float(spoken.sum()) * _FRAME / 1000


def _powers(piece: Samples) -> NDArray[np.float64]:
    """Return the power of each hundredth of a second of a piece, the last one filled up with silence."""
    size = HOP * _FRAME
    padded = np.pad(piece.astype(np.float64), ((0, 0), (0, -piece.shape[1] % size)))
    power: NDArray[np.float64] = np.square(padded).max(axis=0).reshape(-1, size).mean(axis=1)
    return power


class _Source(Source):
    """A sound that is over where its file is damaged: `hear` has warned of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._pieces = _to_damage(self._pieces)


def _to_damage(pieces: Iterator[Samples]) -> Iterator[Samples]:
    with suppress(InvalidDataError):
        yield from pieces


class _Playing:
    """A layer on its way through the mix, from its beginning to its end."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._source = _Source(layer.file)

    def add(self, made: Samples, at: int) -> None:
        """Add what is heard of it to the samples of the mix from `at` on."""
        layer = self._layer
        first, last = max(at, layer.first), min(at + made.shape[1], layer.last)
        if first >= last:
            return
        piece = self._source.take(last - first)
        made[:, first - at : last - at] += piece * (layer.gain * _shape(layer, first, last))


def _shape(layer: Layer, first: int, last: int) -> NDArray[np.float32]:
    """Return how much of a layer is heard from one sample to another: it rises and falls at its ends."""
    places = np.arange(first, last, dtype=np.float64)
    rise = (places - layer.first + 0.5) / layer.rise if layer.rise else np.ones(last - first)
    fall = (layer.last - places - 0.5) / layer.fall if layer.fall else np.ones(last - first)
    return np.clip(np.minimum(rise, fall), 0, 1).astype(np.float32)


def name_of(file: File) -> str:
    """Return what people call a file."""
    return file.label or file.name


def broken(file: File, field: str, why: FFmpegError) -> Fail:
    """Return the failure for a file that cannot be decoded."""
    return Fail(Code.UNSUPPORTED_MEDIA, f"{name_of(file)} {BROKEN}", field=field, detail=str(why))
