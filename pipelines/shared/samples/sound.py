"""Sound as whole samples at 48 kHz: read from a file, kept from being louder than full, given to the encoder.

Positions are sample numbers; no duration in seconds is ever added up.
"""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

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
        found, has = [self._rest], self._rest.shape[1]
        while has < count + self._skip:
            piece = next(self._pieces, None)
            if piece is None:
                piece = np.zeros((2, count + self._skip - has), np.float32)
            if has + piece.shape[1] <= self._skip:  # all so far is passed over: a sound that begins late stays small
                self._skip -= has + piece.shape[1]
                found, has = [piece[:, :0]], 0
                continue
            found.append(piece)
            has += piece.shape[1]
        whole = found[0] if len(found) == 1 else np.concatenate(found, axis=1)
        end, self._skip = self._skip + count, 0
        taken, self._rest = whole[:, end - count : end], whole[:, end:]
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


def has_sound(path: Path) -> bool:
    """Whether there is sound in a file. Raises FFmpegError where it cannot be read."""
    with av.open(str(path), metadata_errors="ignore") as source:
        return bool(source.streams.audio)


def comment_of(path: Path) -> str:
    """Return what a file says of itself in its comment. Raises FFmpegError where it cannot be read."""
    with av.open(str(path), metadata_errors="ignore") as source:
        return source.metadata.get("comment", "")


def bent(total: Samples) -> Samples:
    """Return a sound of which only what would be louder than full is bent, softly."""
    loud = np.abs(total)
    if loud.max(initial=0) <= _KNEE:
        return total
    soft = _KNEE + (1 - _KNEE) * np.tanh((loud - _KNEE) / (1 - _KNEE))
    return np.where(loud > _KNEE, np.sign(total) * soft, total).astype(np.float32)


def frame_of(samples: Samples) -> av.AudioFrame:
    """Return samples as a frame for the encoder."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
    frame.sample_rate = HERTZ
    return frame
