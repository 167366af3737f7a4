"""An editorial master: a QuickTime file at the project's rate with reel and source timecode in it, and PCM sound.

Its pictures are copied packet by packet where they lie frame for frame at the project's rate, else encoded. A sound
becomes a Broadcast Wave file whose time reference is its source timecode.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from errno import ENOSPC
from fractions import Fraction
from math import lcm
from pathlib import Path

import av
import numpy as np
import picture as pictures
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from cutlist import Cut, counted
from draft import comment, makers
from picture import Facts
from sound import HERTZ, Samples, Source, comment_of
from tape import Tape

from studio_sdk import Audio, Code, Fail, Format, Video

Tell = Callable[[int], None]
"""Told how many frames are done; it raises where the run is to stop."""

_COPIED = frozenset({"h264", "hevc", "prores", "dnxhd"})
_ENCODERS = {
    "copy": ("libx264", "yuv420p", {"preset": "veryfast", "crf": "16"}),
    "prores": ("prores", "yuv422p10le", {"profile": "3"}),
    "dnxhr": ("dnxhd", "yuv422p", {"profile": "dnxhr_hq"}),
}
_X264 = (
    "keyint=12:min-keyint=12:scenecut=0:open-gop=0:threads=2:colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"
)
_DNX_LEAST = (256, 120)
"""DNxHR holds no smaller picture."""


def picture(tape: Tape, take: Video, made: Path, form: Format, codec: str, tell: Tell) -> bool:
    """Write the master of a take; return whether its pictures were copied."""
    cut = Cut(tape.label, take, 0, 0, tape.frames, tape.native)
    known = pictures.facts(cut)
    pictures.check(cut, known, form)
    same = counted(known.rate) == counted(form.rate) and known.frames == tape.frames
    copied = codec == "copy" and known.codec in _COPIED and known.steady and known.upright and same
    own = form if not known.upright else replace(form, width=known.size[0] & ~1, height=known.size[1] & ~1)
    if codec == "dnxhr" and (own.width < _DNX_LEAST[0] or own.height < _DNX_LEAST[1]):
        raise Fail(Code.VALIDATION_ERROR, f"{tape.label} is too small for DNxHR. Choose ProRes.", field="codec")
    ticks = form.rate.numerator * (1 if form.rate.denominator > 1 else 1000)
    clock = lcm(HERTZ, form.rate.numerator)  # every frame and every sample is a whole number in it
    options = {"video_track_timescale": str(ticks), "movie_timescale": str(clock)}
    try:
        with av.open(str(made), "w", format="mov", options=options) as file:
            if said := comment(known.drafts):
                file.metadata["comment"] = said
            steps = _copied(file, take, tape, form, ticks) if copied else _encoded(file, cut, known, tape, own, codec)
            next(steps)
            track = _Track(file, take, tape, form) if known.heard else None
            for number in steps:
                if track:
                    track.up_to(number)
                tell(number)
            if track:
                track.close()
    except FFmpegError as why:
        if why.errno == ENOSPC:
            raise  # it is the disk's fault, not the take's
        raise pictures.fault(cut, "cannot be made a master", str(why)) from why
    return copied


def _labelled(stream: av.VideoStream, tape: Tape) -> None:
    stream.metadata["timecode"] = tape.timecode
    stream.metadata["reel_name"] = tape.reel


def _copied(file: OutputContainer, take: Path, tape: Tape, form: Format, ticks: int) -> Iterator[int]:
    """Write the packets of a take as they are; begin with 0, once the stream is there, then tell how many are done."""
    with av.open(str(take)) as source:
        theirs = source.streams.video[0]
        stream = file.add_stream_from_template(theirs)
        stream.time_base = Fraction(1, ticks)
        _labelled(stream, tape)
        yield 0
        a_frame, base = int(ticks // form.rate), theirs.time_base or Fraction(1)
        rate = theirs.average_rate or theirs.guessed_rate or form.rate
        packets = [packet for packet in source.demux(theirs) if packet.size]
        shown = sorted(packet.pts or 0 for packet in packets)
        place = {pts: number for number, pts in enumerate(shown)}
        for number, packet in enumerate(packets, 1):
            early = round(((packet.pts or 0) - (packet.dts or 0)) * base * rate)
            packet.pts = place[packet.pts or 0] * a_frame
            packet.dts = packet.pts - early * a_frame
            packet.duration, packet.time_base, packet.stream = a_frame, Fraction(1, ticks), stream
            file.mux(packet)
            yield number


def _encoded(file: OutputContainer, cut: Cut, known: Facts, tape: Tape, form: Format, codec: str) -> Iterator[int]:
    """Write the pictures of a take anew, at the project's rate; begin with 0, then tell how many are done."""
    name, pixels, options = _ENCODERS[codec]
    stream = file.add_stream(name, rate=form.rate, options=options)
    assert isinstance(stream, av.VideoStream)  # noqa: S101 - each of the encoders codes pictures
    if codec == "copy":
        stream.codec_context.options |= {"x264-params": _X264}
    stream.width, stream.height, stream.pix_fmt = form.width, form.height, pixels
    stream.codec_context.thread_count = 2
    stream.codec_context.color_range = ColorRange.MPEG
    stream.codec_context.colorspace = Colorspace.ITU709
    stream.codec_context.color_primaries = ColorPrimaries.BT709
    stream.codec_context.color_trc = ColorTrc.BT709
    _labelled(stream, tape)
    yield 0
    for number, frame in enumerate(pictures.frames(cut, known, form, range(tape.frames)), 1):
        shown = frame if pixels == "yuv420p" else frame.reformat(format=pixels)
        shown.pts, shown.time_base, shown.pict_type = number - 1, 1 / form.rate, 0
        file.mux(stream.encode(shown))
        yield number
    file.mux(stream.encode(None))


class _Track:
    """The sound of a master as 24-bit PCM, exactly as long as its pictures."""

    def __init__(self, file: OutputContainer, source: Path, tape: Tape, form: Format) -> None:
        self._file, self._form, self._mono, self._done = file, form, tape.mono, 0
        self._source = Source(source)
        layout = "mono" if tape.mono else "stereo"
        self._stream = file.add_stream("pcm_s24le", rate=HERTZ, layout=layout)

    def up_to(self, frame: int) -> None:
        """Write the samples up to a frame."""
        end = self._form.samples(frame, HERTZ)
        if end > self._done:
            piece = _pcm(self._source.take(end - self._done), self._done, mono=self._mono)
            self._file.mux(self._stream.encode(piece))
            self._done = end

    def close(self) -> None:
        """Write what the encoder still holds."""
        self._file.mux(self._stream.encode(None))


def _pcm(samples: Samples, at: int, *, mono: bool) -> av.AudioFrame:
    rows = samples[:1] if mono else samples
    whole = np.rint(np.clip(rows.astype(np.float64), -1, 1) * (2**31 - 256)).astype(np.int32)
    layout = "mono" if mono else "stereo"
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole.T.reshape(1, -1)), "s32", layout)
    frame.sample_rate, frame.pts, frame.time_base = HERTZ, at, Fraction(1, HERTZ)
    return frame


def sound(tape: Tape, heard: Audio, made: Path, form: Format, tell: Tell) -> None:
    """Write a voice or music as Broadcast Wave, 48 kHz and 24 bits."""
    first = form.samples(tape.start, HERTZ)
    try:
        with av.open(str(made), "w", format="wav", options={"write_bext": "1", "rf64": "auto"}) as file:
            told = {"description": tape.label[:200], "originator": "Production Canvas", "time_reference": str(first)}
            file.metadata.update(told | {"originator_reference": tape.reel, "timecode": tape.timecode})
            if said := comment(makers(comment_of(heard)), what="sound"):
                file.metadata["comment"] = said
            track = _Track(file, heard, tape, form)
            for frame in range(1, tape.frames + 1):
                track.up_to(frame)
                tell(frame)
            track.close()
    except FFmpegError as why:
        if why.errno == ENOSPC:
            raise
        raise Fail(
            Code.UNSUPPORTED_MEDIA, f"{tape.label} cannot be read as sound.", field="sounds", detail=str(why)
        ) from why
