"""A stream of a file as far as the file is whole; where it was cut off or lost bytes, how far that is, in words.

A file whose end is missing is no error to a demuxer: it only ends early. What tells is a last packet that is not whole,
a decoder that gives up, or a length that the file's head promises and nothing reaches.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Generic, Self, TypeVar

import av
from av.error import InvalidDataError
from av.stream import Stream

Kind = TypeVar("Kind", av.VideoFrame, av.AudioFrame)

AGAIN = "Copy it again, or export it anew."
"""What helps where a file is damaged."""

BROKEN = f"cannot be read: its file is damaged or incomplete. {AGAIN}"
"""What is said, after its name, of a file of which nothing can be decoded."""

_SAYS_HOW_LONG = frozenset({"mov", "mp4", "matroska", "webm", "flv", "wav"})
"""Files whose head has their length; that of others is an estimate."""

_LACKS_S = 0.25
"""Seconds that may lack of the length a head promises: it counts what a last packet lasts in other ways."""

_LACKS_FRAMES = 2
_LOOKS_AHEAD = 16
"""Frames that may come before others that are shown earlier: so many H.264 and HEVC let wait."""


class Intact(Generic[Kind]):
    """Reads a stream of an open file: its frames, and between them the packets of another stream.

    Once it was read to its end, `damage` says in a sentence what is missing of the file, and is empty where nothing
    is; `frames` are those that were given. Raises FFmpegError where not even one can be decoded.
    """

    def __init__(
        self,
        source: av.container.InputContainer,
        stream: av.VideoStream | av.AudioStream,
        name: str,
        beside: Stream | None = None,
    ) -> None:
        self._source, self._stream, self._name, self._beside = source, stream, name, beside
        self._torn: dict[int, av.Packet[Stream]] = {}
        self._waiting: list[Kind] = []
        self._last: Fraction | None = None
        self._reached = Fraction(0)
        self._broken = False
        self._given = Fraction(0)
        rate = stream.average_rate if isinstance(stream, av.VideoStream) else None
        self._step = Fraction(3, 2) / rate if rate else Fraction(10**6)
        self.frames, self.damage = 0, ""

    def __iter__(self) -> Iterator[Kind]:
        """Yield the frames."""
        for one in self.beside():
            if not isinstance(one, av.Packet):
                yield one

    def beside(self) -> "Iterator[Kind | av.Packet[Stream]]":
        """Yield the frames, and the packets of the stream beside in between, as they lie in the file."""
        try:
            for packet in self._source.demux():
                for one in self._whole(packet):
                    if one.stream is self._beside:
                        yield one
                    elif one.stream is self._stream:
                        for frame in one.decode():
                            yield from self._sure(frame)  # type: ignore[arg-type]
        except InvalidDataError:
            if not self.frames:
                raise
            self._broken = True
        self._broken |= self._ends_early() or (bool(self.frames) and any(one.is_corrupt for one in self._waiting))
        if not self._broken or not self.frames:
            yield from self._passed()
        self.damage = self._damage()

    def counted(self) -> Self:
        """Read the file to its end without decoding anything: what is torn or missing at its end is seen."""
        for packet in self._source.demux():
            for one in self._whole(packet):
                self.frames += bool(one.size) and one.stream is self._stream
        self._broken |= self._ends_early()
        self.damage = self._damage()
        return self

    def _damage(self) -> str:
        """Say what is missing of the file; empty where it is whole."""
        if not self._broken:
            return ""
        length = Fraction(self._source.duration or 0, av.time_base)
        if isinstance(self._stream, av.AudioStream):
            whole = f" of {float(length):.1f}" if length > self._given else ""
            return (
                f"{self._name} is damaged after {float(self._given):.1f} s: {float(self._given):.1f}{whole} s"
                f" were used. {AGAIN}"
            )
        promised, about = self._stream.frames, ""
        if not promised:
            promised, about = round(length * (self._stream.average_rate or 0)), "about "
        used = f"{self.frames} of {about}{promised}" if promised > self.frames else f"{self.frames}"
        return f"{self._name} is damaged after frame {self.frames}: {used} frames were used. {AGAIN}"

    def _whole(self, packet: "av.Packet[Stream]") -> "Iterator[av.Packet[Stream]]":
        """Yield packets but a torn one at the end; recordings may have torn ones in their midst and go on."""
        index = packet.stream.index
        torn = self._torn.pop(index, None)
        if not packet.size:
            self._broken |= torn is not None
        elif torn is not None:
            yield torn
        if packet.is_corrupt:
            self._torn[index] = packet
            return
        at, base = packet.pts, packet.time_base
        if at is not None and base:
            self._reached = max(self._reached, (at + (packet.duration or 0)) * base)
        yield packet

    def _sure(self, frame: Kind) -> Iterator[Kind]:
        """Yield frames but those at the end that are not whole, as the decoder says, or that follow after lost ones."""
        at = None if frame.pts is None or not frame.time_base else frame.pts * frame.time_base
        follows = at is None or self._last is None or at - self._last < self._step
        self._last = at
        self._waiting.append(frame)
        if (follows and not frame.is_corrupt) or len(self._waiting) > _LOOKS_AHEAD:
            yield from self._passed()

    def _passed(self) -> Iterator[Kind]:
        ready, self._waiting = self._waiting, []
        self.frames += len(ready)
        for frame in ready:
            if isinstance(frame, av.AudioFrame):
                self._given += Fraction(frame.samples, frame.sample_rate)
            yield frame

    def _ends_early(self) -> bool:
        if self._source.format.name == "avi" and isinstance(self._stream, av.VideoStream):
            return self._stream.frames - self.frames - len(self._waiting) > _LACKS_FRAMES
        if not self._source.duration or not _SAYS_HOW_LONG & set(self._source.format.name.split(",")):
            return False
        start = Fraction(self._source.start_time or 0, av.time_base)
        lacks = Fraction(self._source.duration, av.time_base) + start - self._reached
        rate = self._stream.average_rate if isinstance(self._stream, av.VideoStream) else None
        return lacks > max(_LACKS_S, _LACKS_FRAMES / rate if rate else 0)
