"""A sound of any length as pieces that somebody may be speaking in, cut at pauses. Half a minute is held at a time.

Levels are measured in steps of a hundredth of a second; positions are samples from the sound's beginning.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from hearing import HERTZ, Samples
from intact import Intact
from numpy.typing import NDArray

STEP: Final = HERTZ // 100
_WINDOW_S: Final = 30
_LONGEST: Final = 1200
"""Steps of a piece: the model hears words better beside others, and loses itself in more."""
_SILENT_DB: Final = -66.0
"""Where even the loud parts are below this nobody speaks (decibels below full scale)."""
_STOP: Final = 12
_PAUSE: Final = 150
_CLICK: Final = 8
"""Steps: quiet below `_STOP` is inside a word, from `_PAUSE` on it ends a piece; a burst below `_CLICK` is none."""
_MARGIN: Final = 15
_LOUD: Final = 0.1
"""Root mean square that a piece is brought to: recordings come at any level."""

Levels = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """A stretch of sound: where speech begins and ends in it (samples of the whole), its samples and its levels.

    The samples begin at `head`, a little before the speech; a level (decibels) is for a step from `head` on, and so is
    `voiced`: whether it is loud enough for speech.
    """

    begins: int
    ends: int
    head: int
    samples: Samples
    levels: Levels
    voiced: NDArray[np.bool_]


def pieces(sound: Iterator[Samples]) -> Iterator[tuple[int, list[Piece]]]:
    """Yield, window by window, up to which sample the sound was looked at, and the pieces found up to there."""
    held, at, more = np.zeros(0, np.float32), 0, True
    while more or len(held):
        waiting = [held]
        while more and sum(map(len, waiting)) < _WINDOW_S * HERTZ:
            piece = next(sound, None)
            more = piece is not None
            waiting += [piece] if piece is not None else []
        held = np.concatenate(waiting)
        cut = _calm(held) if more else len(held)
        window, held = held[:cut], held[cut:]
        yield at + cut, list(_spoken(window, at))
        at += cut


def decoded(path: Path, name: str = "", warn: Callable[[str], None] | None = None) -> Iterator[Samples]:
    """Yield the sound of a file, of all its channels together. Raises FFmpegError where it cannot be read.

    Of a damaged file that is the sound before the damage, and `warn` hears of it.
    """
    with av.open(str(path), metadata_errors="ignore") as source:
        turn = av.AudioResampler("flt", "mono", HERTZ)
        begun = False
        read: Intact[av.AudioFrame] = Intact(source, source.streams.audio[0], name)
        for frame in read:
            if not begun and frame.pts and frame.time_base and frame.pts > 0:  # a sound that begins after its picture
                yield from _silence(round(frame.pts * frame.time_base * HERTZ))
            begun = True
            yield from (one.to_ndarray()[0].astype(np.float32, copy=False) for one in turn.resample(frame))
        yield from (one.to_ndarray()[0].astype(np.float32, copy=False) for one in turn.resample(None))
        if warn is not None and read.damage:
            warn(read.damage)


def _silence(length: int) -> Iterator[Samples]:
    for done in range(0, length, HERTZ):
        yield np.zeros(min(HERTZ, length - done), np.float32)


def quietest(levels: Levels, first: int, last: int, smooth: int = 15) -> int:
    """Return the step between two others around which it is quietest, the nearest to their middle of equals."""
    near = levels[max(0, first) : max(last, first + 1)]
    calm = np.convolve(near, np.ones(smooth) / smooth, mode="same") if len(near) >= smooth else near
    away = np.abs(np.arange(len(calm)) - len(calm) / 2)
    return max(0, first) + int(np.lexsort((away, np.round(calm, 1)))[0])


def levels_of(samples: Samples) -> Levels:
    """Return the level of every step, in decibels below full scale; one that is not whole is left out."""
    steps = samples[: len(samples) // STEP * STEP].reshape(-1, STEP).astype(np.float64)
    return np.asarray(10 * np.log10(np.mean(steps**2, axis=1) + 1e-12))


def _calm(samples: Samples) -> int:
    """Return where a window is cut: where it is calmest in its second half."""
    levels = levels_of(samples)
    return quietest(levels, len(levels) // 2, len(levels), smooth=_PAUSE) * STEP


def _spoken(window: Samples, at: int) -> Iterator[Piece]:
    levels = levels_of(window)
    voiced = np.zeros(len(levels), np.bool_)
    runs = _runs(levels)
    for first, last in runs:
        voiced[first:last] = True
    for first, last in _joined(levels, runs):
        head, tail = max(0, first - _MARGIN) * STEP, min(len(window), (last + _MARGIN) * STEP)
        samples = window[head:tail]
        loud = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
        gain = min(_LOUD / max(loud, 1e-6), 0.95 / max(float(np.abs(samples).max()), 1e-6))
        yield Piece(
            at + first * STEP,
            at + last * STEP,
            at + head,
            np.asarray(samples * np.float32(gain), np.float32),
            levels[head // STEP : tail // STEP],
            voiced[head // STEP : tail // STEP],
        )


def _runs(levels: Levels) -> list[tuple[int, int]]:
    """Return where it is loud enough for speech, as first step and the one after the last."""
    if not len(levels):
        return []
    loud, floor = float(np.percentile(levels, 95)), float(np.percentile(levels, 10))
    if loud < _SILENT_DB:
        return []
    least = max(loud - 30, min(floor + 9, loud - 12), _SILENT_DB)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], levels > least, [0]))))
    found: list[tuple[int, int]] = []
    for first, last in edges.reshape(-1, 2).tolist():
        if found and first - found[-1][1] < _STOP:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return [(first, last) for first, last in found if last - first >= _CLICK]


def _joined(levels: Levels, runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the runs that are heard together: those without a pause between them, as many as a piece may hold."""
    held: list[tuple[int, int]] = []
    for run in runs:
        if held and run[0] - held[-1][1] >= _PAUSE:
            yield from _parts(levels, held[0][0], held[-1][1])
            held = []
        held.append(run)
    if held:
        yield from _parts(levels, held[0][0], held[-1][1])


def _parts(levels: Levels, first: int, last: int) -> Iterator[tuple[int, int]]:
    if last - first <= _LONGEST:
        yield first, last
        return
    third = (last - first) // 3
    middle = quietest(levels, first + third, last - third)
    yield from _parts(levels, first, middle)
    yield from _parts(levels, middle, last)
