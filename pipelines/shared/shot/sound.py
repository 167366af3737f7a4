"""The sound of a shot: the voice as it is, at 48 kHz in two channels, or silence, exactly as long as the picture."""

import av
from av.audio.fifo import AudioFifo
from av.error import FFmpegError

from studio_sdk import Audio, Code, Fail

HERTZ = 48000
LONGEST_S = 300
"""Longest voice of one shot, in seconds."""


class Sound:
    """Samples in order, planar float stereo; silence when the voice is over."""

    def __init__(self) -> None:
        self._fifo = AudioFifo()
        self.length = 0

    @classmethod
    def of(cls, voice: Audio) -> "Sound":
        """Read a whole voice; raise `Fail` where there is no sound in the file or too much."""
        sound = cls()
        try:
            with av.open(str(voice), metadata_errors="ignore") as source:
                if not source.streams.audio:
                    raise Fail(Code.UNSUPPORTED_MEDIA, f"There is no sound in {voice.label}.", field="voice")
                stream = source.streams.audio[0]
                mono = stream.codec_context.channels == 1
                turn = av.AudioResampler("fltp", "mono" if mono else "stereo", HERTZ)
                for frame in source.decode(stream):
                    for piece in turn.resample(frame):
                        sound._add(_doubled(piece) if mono else piece)
                for piece in turn.resample(None):
                    sound._add(_doubled(piece) if mono else piece)
        except FFmpegError as why:
            raise Fail(
                Code.UNSUPPORTED_MEDIA, f"The voice {voice.label} cannot be read.", field="voice", detail=str(why)
            ) from why
        if not sound.length:
            raise Fail(Code.UNSUPPORTED_MEDIA, f"There is no sound in {voice.label}.", field="voice")
        return sound

    def _add(self, piece: av.AudioFrame) -> None:
        piece.pts = None
        self._fifo.write(piece)
        self.length += piece.samples
        if self.length > LONGEST_S * HERTZ:
            raise Fail(
                Code.VALIDATION_ERROR, f"The voice is longer than {LONGEST_S // 60} minutes; cut it.", field="voice"
            )

    def take(self, samples: int) -> list[av.AudioFrame]:
        """Return the next samples of the voice, then silence."""
        frames = []
        if self._fifo.samples:
            frame = self._fifo.read(min(samples, self._fifo.samples))
            if frame is not None:
                frames.append(frame)
                samples -= frame.samples
        if samples:
            frames.append(_silence(samples))
        return frames


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
