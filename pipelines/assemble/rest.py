"""Silence as AAC: coded once, and written again and again; coding it all only adds the encoder's name now and then."""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.stream import Stream
from sound import HERTZ, frame_of

_CLOCK = Fraction(1, HERTZ)
_A_PACKET = 1024
"""Samples in a packet of AAC. The first packet holds none that are heard: it begins so many before the film."""


class Rest:
    """The packets of a silent track from its beginning on; `words` are the encoder's options."""

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words
        self._coded: list[bytes] = []
        self._at = -_A_PACKET

    @property
    def begun(self) -> bool:
        """Whether any of it was written."""
        return self._at >= 0

    def until(self, sample: int) -> "Iterator[av.Packet[Stream]]":
        """Yield the next packets that are whole before a sample."""
        while self._at + _A_PACKET <= sample:
            yield self._packet(_A_PACKET)

    def ended(self, sample: int) -> "Iterator[av.Packet[Stream]]":
        """Yield what is left of a track that ends before a sample."""
        yield from self.until(sample)
        if self._at < sample:
            yield self._packet(sample - self._at)

    def _packet(self, lasts: int) -> "av.Packet[Stream]":
        first, again = self._coded = self._coded or _coded(self._words)
        packet: av.Packet[Stream] = av.Packet(again if self.begun else first)
        packet.pts = packet.dts = self._at
        packet.duration, packet.time_base, packet.is_keyframe = lasts, _CLOCK, True
        self._at += _A_PACKET
        return packet


def _coded(words: dict[str, str]) -> list[bytes]:
    """Return the first packet of silence, which has the encoder's name in it, and that of which all others are."""
    encoder = av.CodecContext.create("aac", "w")
    assert isinstance(encoder, av.AudioCodecContext)  # noqa: S101 - it codes sound
    encoder.sample_rate, encoder.layout, encoder.format, encoder.options = HERTZ, "stereo", "fltp", words
    encoder.time_base = _CLOCK
    frame = frame_of(np.zeros((2, 4 * _A_PACKET), np.float32))
    frame.pts, frame.time_base = 0, _CLOCK
    first, *others = (bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
    (again,) = set(others)
    return [first, again]
