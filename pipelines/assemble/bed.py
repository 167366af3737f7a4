"""All that is heard in the film, as one stream of samples: takes, crossed where they dissolve, voices and music.

It can be run through as often as wanted: once to hear when somebody speaks, once to measure, once to write. Pieces end
where cuts end, and none is longer than a second, so that a long film needs no more memory than a short one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import picture
from av.error import FFmpegError
from compose import Programme
from cutlist import Sound
from loudness import drawn
from numpy.typing import NDArray
from sound import HERTZ, Samples, Source, has_sound

from studio_sdk import Code, Fail, Format

_HOP = HERTZ // 1000
_KEPT_S = 300
"""A film of so many seconds is 115 MB of samples."""
_SPOKEN_DB = -45.0
"""A millisecond this loud, or louder, is somebody speaking."""
_BEFORE, _AFTER, _TURN = 150, 450, 100
"""Milliseconds: how early music steps back, how long it stays there, half of what a step takes."""


@dataclass(frozen=True)
class Bed:
    """The sound of a film; `ducking` is by how many decibels music steps back under voices and takes."""

    programme: Programme
    sounds: Sequence[Sound]
    ducking: float

    @property
    def silent(self) -> bool:
        """Whether nothing in it can be heard."""
        return not self.sounds and not any(map(_sounds, self.programme.known))

    @property
    def seconds(self) -> float:
        """Return how long the film is."""
        cuts, rate = self.programme.cuts, self.programme.form.rate
        return float(cuts[-1].record_out / rate) if cuts else 0.0

    def check(self) -> None:
        """Raise `Fail` for a file that is not sound."""
        for sound in self.sounds:
            try:
                if not has_sound(sound.file):
                    raise Fail(Code.UNSUPPORTED_MEDIA, f"There is no sound in {sound.file.label}.", field="sounds")
            except FFmpegError as why:
                raise _fault(sound, "cannot be read", why) from why

    def stream(self, steps: NDArray[np.float32] | None = None) -> Iterator[Samples]:
        """Yield the whole of it; `steps` is how far back music is, for each millisecond (`back`)."""
        at = 0
        laid = [_Laid(sound, self.programme.form) for sound in self.sounds if sound.is_music]
        for piece in self._spoken():
            count = piece.shape[1]
            music = [one.take(at, count) for one in laid]
            if music:
                under = np.sum(music, axis=0)
                both = piece + (under if steps is None else under * drawn(steps, at, count))
            else:
                both = piece
            at += count
            yield both.astype(np.float32)

    def back(self) -> NDArray[np.float32] | None:
        """Return how far back music is for each millisecond, as a share; None where it never is."""
        if not self.ducking or not any(sound.is_music for sound in self.sounds):
            return None
        powers: list[NDArray[np.float64]] = []
        rest = np.zeros(0)
        for piece in self._spoken():
            power = np.concatenate([rest, np.square(piece.astype(np.float64)).max(axis=0)])
            whole = len(power) // _HOP * _HOP
            powers.append(power[:whole].reshape(-1, _HOP).max(axis=1))
            rest = power[whole:]
        if len(rest):
            powers.append(np.array([rest.max()]))
        spoken = np.concatenate(powers) > 10 ** (_SPOKEN_DB / 10)
        if not spoken.any():
            return None
        sums = np.concatenate([[0], np.cumsum(np.pad(spoken, (_AFTER, _BEFORE)))])
        near = sums[_AFTER + _BEFORE + 1 :] - sums[: len(spoken)] > 0
        goal = np.pad(np.where(near, -self.ducking, 0.0), _TURN, mode="edge")
        sums = np.concatenate([[0.0], np.cumsum(goal)])
        width = 2 * _TURN + 1
        return np.asarray(10 ** ((sums[width:] - sums[:-width]) / width / 20), np.float32)

    def _spoken(self) -> Iterator[Samples]:
        """Yield what takes and voices sound like."""
        at = 0
        laid = [_Laid(sound, self.programme.form) for sound in self.sounds if not sound.is_music]
        for piece in self._takes():
            count = piece.shape[1]
            yield np.sum([piece, *(one.take(at, count) for one in laid)], axis=0)
            at += count

    def _takes(self) -> Iterator[Samples]:
        form, before = self.programme.form, Source(None)
        for cut, facts in zip(self.programme.cuts, self.programme.known, strict=True):
            heard = cut.take if _sounds(facts) and not cut.silent else None
            own = Source(heard, skip=form.samples(cut.source_in, HERTZ))
            start = form.samples(cut.record_in, HERTZ)
            total = form.samples(cut.record_out, HERTZ) - start
            mix, rise, fall = (
                form.samples(cut.record_in + n, HERTZ) - start for n in (cut.dissolve, cut.fade_in, cut.fade_out)
            )
            try:
                for at in range(0, total, HERTZ):
                    count = min(HERTZ, total - at)
                    piece = own.take(count)
                    if at < mix:
                        share = _ramp(at, mix, count)
                        piece = piece * share + before.take(count) * (1 - share)
                    yield piece * _faded(at, count, total, rise, fall)
            except FFmpegError as why:
                raise picture.fault(cut, "has damaged sound", str(why)) from why
            before = own


class Kept:
    """The sound of a short film, kept when it is gone through for the first time; a long one is decoded again."""

    def __init__(self, sound: Iterator[Samples], seconds: float) -> None:
        self._sound, self._is_short = sound, seconds <= _KEPT_S
        self._pieces: list[Samples] = []

    def first(self) -> Iterator[Samples]:
        """Yield it, and keep it where it is short."""
        for piece in self._sound:
            if self._is_short:
                self._pieces.append(piece)
            yield piece

    def again(self, anew: Callable[[], Iterator[Samples]]) -> Iterator[Samples]:
        """Yield what was kept, and forget it meanwhile; else what is decoded anew."""
        if not self._is_short:
            yield from anew()
        while self._pieces:
            yield self._pieces.pop(0)


class _Laid:
    """A sound laid under the film: silence before and after it."""

    def __init__(self, sound: Sound, form: Format) -> None:
        self._sound = sound
        self._first = form.samples(sound.record_in, HERTZ)
        self._last = form.samples(sound.record_in + sound.frames, HERTZ)
        self._source = Source(sound.file, skip=form.samples(sound.skip, HERTZ))
        self._gain = np.float32(10 ** (sound.gain / 20))
        self._rise = form.samples(sound.record_in + sound.fade_in, HERTZ) - self._first
        self._fall = self._last - form.samples(sound.record_in + sound.frames - sound.fade_out, HERTZ)

    def take(self, at: int, count: int) -> Samples:
        """Return what it adds to `count` samples of the film from `at` on."""
        made = np.zeros((2, count), np.float32)
        first, last = max(at, self._first), min(at + count, self._last)
        if first >= last:
            return made
        try:
            piece = self._source.take(last - first)
        except FFmpegError as why:
            raise _fault(self._sound, "is damaged", why) from why
        shape = _faded(first - self._first, last - first, self._last - self._first, self._rise, self._fall)
        made[:, first - at : last - at] = piece * (self._gain * shape)
        return made


def _sounds(facts: picture.Facts | None) -> bool:
    """Whether a take has a track in which there is anything to hear."""
    return facts is not None and facts.heard and not facts.silent


def _ramp(at: int, length: int, count: int) -> NDArray[np.float32]:
    """Return the part of a straight rise from 0 to 1 over `length` samples that begins at one of them."""
    return np.clip(np.arange(at, at + count) / max(1, length), 0, 1).astype(np.float32)


def _faded(at: int, count: int, total: int, rise: int, fall: int) -> NDArray[np.float32]:
    """Return how much of a sound of `total` samples is heard from `at` on: it rises at its head, falls at its end."""
    shape = np.ones(count, np.float32)
    if at < rise:
        shape *= _ramp(at, rise, count)
    if at + count > total - fall:
        shape *= 1 - _ramp(at - (total - fall), fall, count)
    return shape


def _fault(sound: Sound, what: str, why: FFmpegError) -> Fail:
    kind = "music" if sound.is_music else "voice"
    return Fail(Code.UNSUPPORTED_MEDIA, f"The {kind} {sound.file.label} {what}.", field="sounds", detail=str(why))
