"""Sound as it comes from people, at 48 kHz in two channels, then silence for as long as the picture wants."""

from array import array
from pathlib import Path
from typing import Self

import av
from av.audio.fifo import AudioFifo
from av.error import FFmpegError

from studio_sdk import Code, Fail
from studio_sdk.fields import File

HERTZ = 48000


class Sound:
    """Samples in order, planar float stereo. `seconds` is how long it is, `peak` its loudest sample (1 is full)."""

    def __init__(self) -> None:
        self._fifo = AudioFifo()
        self._samples = 0
        self.peak = 0.0

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return self._samples / HERTZ

    @classmethod
    def of(cls, clip: File, most_s: float, field: str, *, cut: bool = False) -> Self | None:
        """Read the sound of a file, None where it has none; with `cut`, of its first `most_s` seconds.

        Raises `Fail` where it cannot be read, and without `cut` where it is longer.
        """
        sound = cls()
        try:
            with av.open(str(clip), metadata_errors="ignore") as source:
                if not source.streams.audio:
                    return None
                stream = source.streams.audio[0]
                mono = stream.codec_context.channels == 1
                turn = av.AudioResampler("fltp", "mono" if mono else "stereo", HERTZ)
                for frame in source.decode(stream):
                    for piece in turn.resample(frame):
                        sound._add(_doubled(piece) if mono else piece)
                    if sound.seconds > most_s + 1:
                        break
                for piece in turn.resample(None):
                    sound._add(_doubled(piece) if mono else piece)
        except FFmpegError as why:
            words = f"The sound of {clip.label or clip.name} cannot be read."
            raise Fail(Code.UNSUPPORTED_MEDIA, words, field=field, detail=str(why)) from why
        if sound.seconds > most_s + 0.001 and not cut:
            words = f"{clip.label or clip.name} is longer than the {most_s:g} seconds that this quality takes; cut it."
            raise Fail(Code.VALIDATION_ERROR, words, field=field)
        return sound if sound._samples else None

    def _add(self, piece: av.AudioFrame) -> None:
        piece.pts = None
        for plane in piece.planes:
            levels = array("f", bytes(plane)[: piece.samples * 4])
            self.peak = max(self.peak, max(levels, default=0.0), -min(levels, default=0.0))
        self._fifo.write(piece)
        self._samples += piece.samples

    def take(self, samples: int) -> list[av.AudioFrame]:
        """Return the next samples, then silence."""
        frames = []
        if self._fifo.samples:
            frame = self._fifo.read(min(samples, self._fifo.samples))
            if frame is not None:
                frames.append(frame)
                samples -= frame.samples
        if samples:
            frames.append(_silence(samples))
        return frames

    def as_wav(self, to: Path) -> Path:
        """Write all of it as a WAV file, and begin anew from its start."""
        kept = self._fifo.read(self._fifo.samples)
        with av.open(str(to), "w", format="wav") as film:
            stream = film.add_stream("pcm_s16le", rate=HERTZ, layout="stereo")
            turn = av.AudioResampler("s16", "stereo", HERTZ)
            if kept is not None:
                kept.pts = None
                for piece in turn.resample(kept):
                    film.mux(stream.encode(piece))
            for piece in turn.resample(None):
                film.mux(stream.encode(piece))
            film.mux(stream.encode(None))
        self._fifo = AudioFifo()
        if kept is not None:
            kept.pts = None
            self._fifo.write(kept)
        return to


def _doubled(piece: av.AudioFrame) -> av.AudioFrame:
    """Return a one-channel frame as two equal channels; the resampler's own way would make it 3 dB quieter."""
    both = _silence(piece.samples)
    content = bytes(piece.planes[0])[: piece.samples * 4]
    for plane in both.planes:
        plane.update(content.ljust(plane.buffer_size, b"\0"))
    return both


def _silence(samples: int) -> av.AudioFrame:
    frame = av.AudioFrame("fltp", "stereo", samples)
    frame.sample_rate = HERTZ
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame
