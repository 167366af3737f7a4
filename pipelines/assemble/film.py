"""The film's file: spliced of packets of takes, and of spans that `coding` encoded, with one sound track.

One writer for all ways to deliver, so that length, rate and sound are the same by construction.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from math import lcm
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import InputContainer
from av.stream import Stream
from burn import stamp
from coding import ticks
from picture import Coded, opened
from presets import PRESETS, Preset
from rest import Rest
from sound import HERTZ, Samples, frame_of

from studio_sdk import Format

PLAIN = PRESETS["project"]
_REEL = "MASTER01"

_THREE = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fa": "fas", "fi": "fin",
    "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "nld", "pl": "pol",
    "pt": "por", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "zho",
}  # fmt: skip
"""Languages as QuickTime and MP4 say them (ISO 639-2); others are written as they are."""


class Film:
    """A film being written: packets that are all coded as those of `template`, a file or the bytes of one.

    A master carries record timecode from the frame number `start` on, and the reel that the pre-conform list names.
    `comment` is what players show of the file, `language` what its sound is marked with.
    """

    def __init__(
        self,
        path: Path,
        form: Format,
        template: Path | bytes,
        preset: Preset = PLAIN,
        start: int = 0,
        comment: str = "",
        language: str = "",
    ) -> None:
        self._form, self._seen = form, 0
        self.heard = 0
        self._ticks = ticks(form)
        whole = lcm(HERTZ, form.rate.numerator)  # a clock in which every frame and every sample is a whole number
        options = {"movflags": "+faststart", "video_track_timescale": str(self._ticks), "movie_timescale": str(whole)}
        if preset.is_master:
            options.pop("movflags")
        self._file = av.open(str(path), "w", format="mov" if preset.is_master else "mp4", options=options)
        if comment:
            self._file.metadata["comment"] = comment
        with _opened(template) as source:
            self._setup = _setup(source)
            self._video = self._file.add_stream_from_template(source.streams.video[0])
            self._delay = _delay(source, form)
        self._video.time_base = Fraction(1, self._ticks)
        if preset.is_master:
            self._video.codec_context.framerate = form.rate  # without it no timecode is written
            self._video.metadata.update({"timecode": stamp(start, form.rate), "reel_name": _REEL})
        sound, words = ("pcm_s24le", {}) if preset.is_master else ("aac", {"b": "192k"})
        heard = self._file.add_stream(sound, rate=HERTZ, layout="stereo", options=words)
        self._rest = None if preset.is_master else Rest(words)
        assert isinstance(heard, av.AudioStream)  # noqa: S101 - both encoders code sound
        if spoken := _THREE.get(language.partition("-")[0], language.partition("-")[0]):
            heard.metadata["language"] = spoken
        self._audio = heard

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _why: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            if self._rest and self._rest.begun:
                self._lay(self._rest.ended(self.heard))
            else:
                self._file.mux(self._audio.encode(None))
        self._file.close()

    def copy(self, take: Path, first: int, last: int, kept: Sequence[Coded] = ()) -> None:
        """Write the pictures of a take from `first` up to `last` as they are coded: whole closed groups.

        `kept` are all of the take's, where they were kept.
        """
        if kept:
            self._splice(((one.shown, _packet(one)) for one in kept if first <= one.shown < last), first, last)
            return
        with opened(str(take)) as source:
            self._splice(self._numbered(source), first, last)

    def add(self, coded: bytes, count: int) -> None:
        """Write the pictures of a span that a `Coder` made: all of them, and that there are `count` is looked at."""
        with _opened(coded) as source:
            if _setup(source) != self._setup or source.streams.video[0].frames != count:
                raise ValueError("a span is not coded as the film is")
            self._splice(self._numbered(source), 0, count)

    def _numbered(self, source: InputContainer) -> "Iterator[tuple[int, av.Packet[av.VideoStream]]]":
        stream = source.streams.video[0]
        step = (stream.time_base or Fraction(1)) * self._form.rate
        packets = [packet for packet in source.demux(stream) if packet.size]
        start = min(packet.pts or 0 for packet in packets)
        return ((_nearest((packet.pts or 0) - start, step), packet) for packet in packets)

    def _splice(
        self, numbered: "Iterable[tuple[int, av.Packet[av.VideoStream] | av.Packet[Stream]]]", first: int, last: int
    ) -> None:
        a_frame, clock = int(self._ticks // self._form.rate), Fraction(1, self._ticks)
        within = ((number, packet) for number, packet in numbered if first <= number < last)
        for decoded, (number, packet) in enumerate(within):
            packet.pts = (number - first + self._seen) * a_frame
            # Not the packet's own: a span of a picture or two is coded without delay, and would be decoded too late.
            packet.dts = (decoded - self._delay + self._seen) * a_frame
            packet.duration = a_frame
            packet.time_base = clock
            packet.stream = self._video
            self._file.mux(packet)
        self._seen += last - first

    def hear(self, sound: Samples) -> None:
        """Write the next samples of its sound."""
        frame = frame_of(sound)
        frame.pts, frame.time_base = self.heard, Fraction(1, HERTZ)
        self.heard += sound.shape[1]
        self._file.mux(self._audio.encode(frame))

    def rest(self, upto: int) -> None:
        """Write silence up to a sample. Only in a film in which nothing is heard at all."""
        if self._rest:
            self.heard = upto
            self._lay(self._rest.until(upto))
        while self.heard < upto:
            self.hear(np.zeros((2, min(HERTZ, upto - self.heard)), np.float32))

    def _lay(self, packets: "Iterable[av.Packet[Stream]]") -> None:
        for packet in packets:
            packet.stream = self._audio
            self._file.mux(packet)


def _packet(kept: Coded) -> "av.Packet[Stream]":
    packet = av.Packet(kept.data)
    packet.is_keyframe = kept.is_key
    return packet


def _delay(source: InputContainer, form: Format) -> int:
    """Return by how many frames pictures of a take are decoded before they are shown."""
    stream = source.streams.video[0]
    first = next(packet for packet in source.demux(stream) if packet.size)
    ticks = (first.pts or 0) - (first.dts or 0)
    return _nearest(ticks, (stream.time_base or Fraction(1)) * form.rate)


def _nearest(ticks: int, step: Fraction) -> int:
    """Return ticks of a clock as whole frames, in whole numbers: there is one for each packet of the film."""
    return (2 * ticks * step.numerator + step.denominator) // (2 * step.denominator)


def _opened(source: Path | bytes) -> InputContainer:
    return av.open(BytesIO(source) if isinstance(source, bytes) else str(source), "r")


def _setup(source: InputContainer) -> bytes:
    return bytes(source.streams.video[0].codec_context.extradata or b"")
