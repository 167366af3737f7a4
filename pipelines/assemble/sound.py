"""The film's sound, addressed by whole samples at 48 kHz: what each take brings, and the music under it.

Positions are sample numbers; no duration in seconds is ever added up.
"""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from studio_sdk import Audio, Code, Fail

HERTZ = 48000
Samples = NDArray[np.float32]
"""Two rows of samples, left and right."""

_KNEE = 0.94


class Source:
    """The sound of a file from its first sample on, in two channels; silence after its end, or where it has none."""

    def __init__(self, path: Path | None, skip: int = 0) -> None:
        self._pieces = _pieces(path) if path is not None else iter(())
        self._rest: Samples = np.zeros((2, 0), np.float32)
        self._skip = skip

    def take(self, count: int) -> Samples:
        """Return the next samples. Raises FFmpegError where the file is damaged."""
        while self._rest.shape[1] < count + self._skip:
            piece = next(self._pieces, None)
            if piece is None:
                short = count + self._skip - self._rest.shape[1]
                self._rest = np.concatenate([self._rest, np.zeros((2, short), np.float32)], axis=1)
                break
            self._rest = np.concatenate([self._rest, piece], axis=1)
            drop = min(self._skip, self._rest.shape[1])
            self._rest, self._skip = self._rest[:, drop:], self._skip - drop
        if self._skip:
            self._rest, self._skip = self._rest[:, self._skip :], 0
        taken, self._rest = self._rest[:, :count], self._rest[:, count:]
        return taken


def _pieces(path: Path) -> Iterator[Samples]:
    with av.open(str(path), metadata_errors="ignore") as source:
        if not source.streams.audio:
            return
        stream = source.streams.audio[0]
        mono = stream.codec_context.channels == 1
        turn = av.AudioResampler("fltp", "mono" if mono else "stereo", HERTZ)
        begun = False
        for frame in source.decode(stream):
            if not begun and frame.pts is not None and frame.time_base is not None:
                early = round(frame.pts * frame.time_base * HERTZ)
                if early > 0:
                    yield np.zeros((2, early), np.float32)
            begun = True
            for piece in turn.resample(frame):
                yield _two(piece)
        for piece in turn.resample(None):
            yield _two(piece)


def _two(piece: av.AudioFrame) -> Samples:
    rows = piece.to_ndarray().astype(np.float32, copy=False)
    return np.repeat(rows, 2, axis=0) if rows.shape[0] == 1 else rows


class Music:
    """Music under the whole film at a level in decibels, faded out over the film's last second.

    Raises `Fail` where the file is not sound.
    """

    def __init__(self, music: Audio | None, level_db: float, total: int) -> None:
        self._label = music.label if music else ""
        try:
            if music is not None and not _has_sound(music):
                raise Fail(Code.UNSUPPORTED_MEDIA, f"There is no sound in {self._label}.", field="music")
        except FFmpegError as why:
            raise self._fault("cannot be read", why) from why
        self._source = Source(music)
        self._gain = np.float32(10 ** (level_db / 20))
        self._at, self._total = 0, total

    def take(self, count: int) -> Samples:
        """Return the next samples."""
        left = self._total - np.arange(self._at, self._at + count, dtype=np.float32)
        self._at += count
        fade = np.clip(left / HERTZ, 0, 1).astype(np.float32)
        try:
            return self._source.take(count) * (self._gain * fade)
        except FFmpegError as why:
            raise self._fault("is damaged", why) from why

    def _fault(self, what: str, why: FFmpegError) -> Fail:
        return Fail(Code.UNSUPPORTED_MEDIA, f"The music {self._label} {what}.", field="music", detail=str(why))


def _has_sound(path: Path) -> bool:
    with av.open(str(path), metadata_errors="ignore") as source:
        return bool(source.streams.audio)


def mixed(own: Samples, music: Samples) -> Samples:
    """Return two sounds together; only what would be louder than full is bent, softly."""
    total = own + music
    loud = np.abs(total)
    if loud.max(initial=0) <= _KNEE:
        return total
    bent = _KNEE + (1 - _KNEE) * np.tanh((loud - _KNEE) / (1 - _KNEE))
    return np.where(loud > _KNEE, np.sign(total) * bent, total).astype(np.float32)


def frame_of(samples: Samples) -> av.AudioFrame:
    """Return samples as a frame for the encoder."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
    frame.sample_rate = HERTZ
    return frame
