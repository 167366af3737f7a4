"""How loud a film is, after ITU-R BS.1770-4, and the curve that brings it to a loudness without its peaks going over.

Pure numbers: streams of samples in, decibels out. The film is not kept in memory, only two values for each millisecond
of it: its K-weighted power and its highest true peak. From these the effect of a gain and a limiter is worked out.
"""

from collections.abc import Iterable
from math import ceil, inf, log10, pi, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sound import HERTZ, Samples

HOP = HERTZ // 1000
"""Samples of one measured step, a millisecond."""

_BLOCK, _STEP = 400, 100
_SILENT, _BELOW = -70.0, -10.0
_TAPS = 8192
_MOST_DB = 24.0
"""A film is made louder by no more: what is left of silence then is noise."""
_AHEAD, _HOLD, _SMOOTH = 6, 60, 5
"""Milliseconds: how early the limiter steps in, how long it stays, half of what it takes to get there."""

Curve = NDArray[np.float32]


class Measured(NamedTuple):
    """A film's sound, a value for each millisecond: power (K-weighted, both channels together) and true peak."""

    power: NDArray[np.float64]
    peak: NDArray[np.float64]


def decibels(share: float) -> float:
    """Return a share of full as decibels; -inf for silence."""
    return 20 * log10(share) if share > 0 else -inf


def measure(sound: Iterable[Samples]) -> Measured:
    """Return what a stream of samples amounts to."""
    weigh, over = _Weighting(), _Oversampled()
    powers: list[NDArray[np.float64]] = []
    peaks: list[NDArray[np.float64]] = []
    rest_power, rest_peak = np.zeros(0), np.zeros(0)
    for piece in sound:
        power = np.concatenate([rest_power, np.square(weigh(piece)).sum(axis=0)])
        peak = np.concatenate([rest_peak, over(piece)])
        whole = len(power) // HOP * HOP
        powers.append(power[:whole].reshape(-1, HOP).mean(axis=1))
        peaks.append(peak[:whole].reshape(-1, HOP).max(axis=1))
        rest_power, rest_peak = power[whole:], peak[whole:]
    if len(rest_power):
        powers.append(np.array([rest_power.mean()]))
        peaks.append(np.array([rest_peak.max()]))
    empty = np.zeros(0)
    return Measured(np.concatenate([empty, *powers]), np.concatenate([empty, *peaks]))


def integrated(power: NDArray[np.float64]) -> float:
    """Return the gated loudness in LUFS; -inf where nothing is above the gate."""
    if len(power) < _BLOCK:
        power = np.concatenate([power, np.zeros(_BLOCK - len(power))])
    sums = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, len(power) - _BLOCK + 1, _STEP)
    blocks = (sums[starts + _BLOCK] - sums[starts]) / _BLOCK
    heard = blocks[_lufs(blocks) > _SILENT]
    if not len(heard):
        return -inf
    heard = heard[_lufs(heard) > _lufs(heard.mean()) + _BELOW]
    return float(_lufs(heard.mean()))


def _lufs(power: "NDArray[np.float64] | np.floating") -> NDArray[np.float64]:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-20))


def levelled(told: Measured, target: float, ceiling: float) -> tuple[Curve, float]:
    """Return a gain for each millisecond that makes a film `target` LUFS loud, and how loud it then is.

    No true peak goes over `ceiling` (decibels of full): a limiter that looks ahead takes them down. A film that cannot
    be made so loud, since it is nearly silent or all peaks, comes as near as it may.
    """
    before = integrated(told.power)
    if before == -inf:
        return np.ones(len(told.power), np.float32), before
    gain, reached = min(target - before, _MOST_DB), before
    curve = np.ones(len(told.power))
    for _ in range(8):
        curve = _limited(told.peak, 10 ** (gain / 20), 10 ** (ceiling / 20))
        reached = integrated(told.power * curve**2)
        if abs(reached - target) < 0.01 or gain >= _MOST_DB:  # noqa: PLR2004 - far below what is heard
            break
        gain = min(gain + target - reached, _MOST_DB)
    return curve.astype(np.float32), reached


def _limited(peak: NDArray[np.float64], gain: float, ceiling: float) -> NDArray[np.float64]:
    """Return a gain for each step that no peak, nor its neighbours between which it is drawn, goes over."""
    need = gain * np.minimum(1.0, ceiling / np.maximum(peak * gain, 1e-12))
    if not len(need) or need.min() >= gain:
        return np.full(len(need), gain)
    side = (np.full(_AHEAD + _HOLD, need[0]), np.full(_AHEAD + _HOLD, need[-1]))
    held = np.concatenate([side[0], need, side[1]])
    windows = np.lib.stride_tricks.sliding_window_view(held, _AHEAD + _HOLD + 1)
    low = windows.min(axis=1)[_AHEAD - _SMOOTH : _AHEAD - _SMOOTH + len(need) + 2 * _SMOOTH]
    sums = np.concatenate([[0.0], np.cumsum(low)])
    width = 2 * _SMOOTH + 1
    smooth: NDArray[np.float64] = (sums[width:] - sums[:-width]) / width
    return smooth


def drawn(curve: Curve, at: int, count: int) -> Curve:
    """Return the gain of each sample from `at` on: straight lines between the middles of the steps."""
    first = max(0, at // HOP - 1)
    last = min(len(curve), ceil((at + count) / HOP) + 1)
    middles = (np.arange(first, last) + 0.5) * HOP
    gains: Curve = np.interp(np.arange(at, at + count) + 0.5, middles, curve[first:last]).astype(np.float32)
    return gains


class _Weighting:
    """The K-weighting of BS.1770 at 48 kHz, by its impulse response: streams of any pieces come out the same."""

    _kernel: "NDArray[np.float64] | None" = None

    def __init__(self) -> None:
        self._before = np.zeros((2, _TAPS - 1))
        self._response: dict[int, NDArray[np.complex128]] = {}

    def __call__(self, piece: Samples) -> NDArray[np.float64]:
        joined = np.concatenate([self._before, piece.astype(np.float64)], axis=1)
        self._before = joined[:, -(_TAPS - 1) :]
        if not joined.any():  # silence, as most takes that are made without sound have it, costs nothing
            return np.zeros(piece.shape)
        size = 1 << (joined.shape[1] + _TAPS - 2).bit_length()
        if size not in self._response:
            self._response[size] = np.fft.rfft(self.kernel(), size)
        return np.fft.irfft(np.fft.rfft(joined, size) * self._response[size], size)[:, _TAPS - 1 : joined.shape[1]]

    @classmethod
    def kernel(cls) -> NDArray[np.float64]:
        if cls._kernel is None:
            impulse = [1.0] + [0.0] * (_TAPS - 1)
            cls._kernel = np.array(_biquad(_biquad(impulse, *_shelf()), *_high_pass()))
        return cls._kernel


def _shelf() -> tuple[tuple[float, ...], tuple[float, ...]]:
    k, q, rise = tan(pi * 1681.974450955533 / HERTZ), 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    mid = rise**0.4996667741545416
    whole = 1 + k / q + k * k
    head = ((rise + mid * k / q + k * k) / whole, 2 * (k * k - rise) / whole, (rise - mid * k / q + k * k) / whole)
    return head, (2 * (k * k - 1) / whole, (1 - k / q + k * k) / whole)


def _high_pass() -> tuple[tuple[float, ...], tuple[float, ...]]:
    k, q = tan(pi * 38.13547087602444 / HERTZ), 0.5003270373238773
    whole = 1 + k / q + k * k
    return (1.0, -2.0, 1.0), (2 * (k * k - 1) / whole, (1 - k / q + k * k) / whole)


def _biquad(signal: list[float], head: tuple[float, ...], tail: tuple[float, ...]) -> list[float]:
    made: list[float] = []
    x1 = x2 = y1 = y2 = 0.0
    for x in signal:
        y = head[0] * x + head[1] * x1 + head[2] * x2 - tail[0] * y1 - tail[1] * y2
        x1, x2, y1, y2 = x, x1, y, y1
        made.append(y)
    return made


class _Oversampled:
    """The highest of four values for each sample, those between it and the next included: its true peak."""

    _REACH = 24

    def __init__(self) -> None:
        offsets = np.arange(-self._REACH, self._REACH + 1)
        window = np.kaiser(2 * self._REACH + 1, 8)
        self._phases = [np.sinc(offsets - part / 4) * window for part in (1, 2, 3)]
        self._before = np.zeros((2, 2 * self._REACH))

    def __call__(self, piece: Samples) -> NDArray[np.float64]:
        """Return a peak for each sample, as late as the filter is long; that is less than a millisecond."""
        joined = np.concatenate([self._before, piece.astype(np.float64)], axis=1)
        self._before = joined[:, -2 * self._REACH :]
        if not joined.any():
            return np.zeros(piece.shape[1])
        highest: NDArray[np.float64] = np.abs(joined[:, 2 * self._REACH :]).max(axis=0)
        for phase in self._phases:
            for row in joined:
                highest = np.maximum(highest, np.abs(np.convolve(row, phase, "valid")))
        return highest
