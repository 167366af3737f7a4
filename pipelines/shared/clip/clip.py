"""A clip through a chain of libavfilter: as many frames at the same times, and the same sound."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import chain as chained
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.error import FFmpegError
from av.filter import Graph
from av.stream import Stream
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from draft import comment, makers
from intact import BROKEN, Intact
from numpy.typing import NDArray

from studio_sdk import Code, Fail, Job, Video

Step = tuple[str, str]
"""A filter and its options, as libavfilter spells them."""

Colours = Callable[[av.VideoFrame], Iterator[Step]]
"""Says how frames of a kind come into limited-range BT.709 of eight bits."""

Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
Change = Callable[[av.VideoFrame | None], Iterator[av.VideoFrame]]
"""Takes frames after the steps, None at the end, and yields those that are written; their times are the stream's."""


class Times(NamedTuple):
    """Another rate than the clip's, and whether its sound is kept: beside slower pictures it would not fit."""

    rate: Fraction
    keeps_sound: bool = True


PRESETS = {"low": ("veryfast", "21"), "standard": ("faster", "18"), "high": ("medium", "16")}
"""x264's preset and quality for each quality of the studio."""

_TAGS = "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"
_KEPT = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "flac", "opus"})
"""Sound that an MP4 file holds as it is; any other is encoded anew."""

_TURNS = {90: ("transpose", "cclock"), -90: ("transpose", "clock"), 270: ("transpose", "clock")}
_UNTAGGED, _HD_LINES = 2, 720


def facts(clip: Video) -> tuple[int, int]:
    """Return width and height of a clip as it is shown. Raises `Fail` where it has no picture."""
    try:
        with av.open(str(clip), metadata_errors="ignore") as source:
            if not source.streams.video:
                raise _fault(clip, "has no picture")
            first = next(source.decode(video=0), None)
    except FFmpegError as why:
        raise damaged(clip, str(why)) from why
    if first is None:
        raise damaged(clip)
    return (first.height, first.width) if first.rotation in _TURNS else (first.width, first.height)


def refilm(
    job: Job,
    clip: Video,
    made: Video,
    steps: Sequence[Step],
    what: str,
    *,
    colours: Colours | None = None,
    change: Change | None = None,
    times: Times | None = None,
) -> int:
    """Write `clip` with every frame through `steps` and its sound as it was; return how many frames it has.

    A draft stays one: what the clip's own comment says of it is said of what is made, too.

    Frames are in BT.709 already where the steps begin; `colours` brings them there in a way of its own. `change` comes
    after the steps and may give more frames or fewer; where it gives them other times, `times` has their rate, and
    they are counted in units of one over its numerator.
    """
    try:
        with av.open(str(clip), metadata_errors="ignore") as source:
            if not source.streams.video:
                raise _fault(clip, "has no picture")
            return _written(job, clip, source, made, Chain(steps, colours or plain), what, change or _each, times)
    except FFmpegError as why:
        raise damaged(clip, str(why)) from why


def _each(frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
    if frame is not None:
        yield frame


def _written(
    job: Job,
    clip: Video,
    source: av.container.InputContainer,
    made: Path,
    chain: "Chain",
    what: str,
    change: Change,
    times: Times | None,
) -> int:
    seen = source.streams.video[0]
    heard = source.streams.audio[0] if source.streams.audio and (times is None or times.keeps_sound) else None
    seen.thread_type = "AUTO"
    base, rate = seen.time_base or Fraction(1, 90000), seen.average_rate or seen.guessed_rate or job.format.rate
    if times:
        base, rate = Fraction(1, times.rate.numerator), times.rate
    options = {"movflags": "+faststart"}
    if base.numerator == 1:
        options["video_track_timescale"] = str(base.denominator)
    length = (seen.duration or 0) * (seen.time_base or 0)
    expected = (0 if times else seen.frames) or round(float(length * rate)) or 1
    chain.own, done = seen.sample_aspect_ratio or Fraction(1), 0
    with av.open(str(made), "w", format="mp4", options=options) as film:
        if said := comment(makers(source.metadata.get("comment", ""))):
            film.metadata["comment"] = said
        picture: av.VideoStream | None = None
        sound = Sound(film, heard)
        read: Intact[av.VideoFrame] = Intact(source, seen, clip.label or clip.name, heard)
        for one in chained(read.beside(), (None,)):
            if isinstance(one, av.Packet):
                sound.add(one)
                continue
            for drawn in _changed(one, chain, change):
                if picture is None:
                    picture = _encoder(film, drawn, chain.pixel, rate, base, job.quality)
                _mux(film, picture, drawn, base, rate)
                sound.begin()
                done += 1
                job.progress(min(0.98, 0.98 * done / expected), f"{what} frame {done} of {max(done, expected)}")
        if picture is None:
            raise damaged(clip)
        _mux(film, picture, None, base, rate)
        sound.close()
        job.progress(0.99, "Writing the file")
    if read.damage:
        job.log(read.damage, "warning")
    return done


def _changed(frame: av.VideoFrame | None, chain: "Chain", change: Change) -> Iterator[av.VideoFrame]:
    """Yield the frames that are to be written once a frame was read; after the last, all that were held back."""
    for drawn in chain(frame):
        yield from change(drawn)
    if frame is None:
        yield from change(None)


def _encoder(
    film: av.container.OutputContainer,
    first: av.VideoFrame,
    pixel: Fraction,
    rate: Fraction,
    base: Fraction,
    quality: str,
) -> av.VideoStream:
    preset, crf = PRESETS[quality]
    video = film.add_stream("libx264", rate=rate, options={"preset": preset, "crf": crf})
    group = max(12, round(rate))
    video.codec_context.options |= {"x264-params": f"keyint={group}:open-gop=0:threads=2:{_TAGS}"}
    video.width, video.height, video.pix_fmt = first.width, first.height, "yuv420p"
    video.codec_context.time_base = base
    video.codec_context.sample_aspect_ratio = pixel
    video.codec_context.color_range = ColorRange.MPEG
    video.codec_context.colorspace = Colorspace.ITU709
    video.codec_context.color_primaries = ColorPrimaries.BT709
    video.codec_context.color_trc = ColorTrc.BT709
    return video


def _mux(
    film: av.container.OutputContainer,
    video: av.VideoStream,
    frame: av.VideoFrame | None,
    base: Fraction,
    rate: Fraction,
) -> None:
    for packet in video.encode(frame):
        packet.duration = round(1 / rate / base)
        film.mux(packet)


class Sound:
    """The sound of a clip on its way into the film: packet by packet as it is, where the file can hold it."""

    def __init__(self, film: av.container.OutputContainer, heard: av.AudioStream | None) -> None:
        self._film = film
        self._copied = heard is not None and heard.codec_context.name in _KEPT
        self._stream: av.AudioStream | None = None
        self._early: list[av.Packet[Stream]] | None = []
        if heard is not None and self._copied:
            self._stream = film.add_stream_from_template(heard)
        elif heard is not None:
            self._stream = film.add_stream("aac", rate=heard.codec_context.sample_rate, options={"b": "256k"})
            layout = heard.codec_context.layout
            named = {1: "mono", 2: "stereo"}.get(layout.nb_channels)  # files may leave open what their channels are
            self._stream.codec_context.layout = av.AudioLayout(named) if named else layout

    def begin(self) -> None:
        """Write what came before the first picture: a file's streams must all be known before anything is written."""
        early, self._early = self._early or [], None
        for packet in early:
            self.add(packet)

    def add(self, packet: "av.Packet[Stream]") -> None:
        """Write a packet of the source."""
        if self._early is not None:
            self._early.append(packet)
            return
        assert self._stream is not None  # noqa: S101 - there are packets of sound only where there is sound
        if self._copied:
            if packet.size:
                packet.stream = self._stream
                self._film.mux(packet)
            return
        for frame in packet.decode():
            assert isinstance(frame, av.AudioFrame)  # noqa: S101 - packets of sound hold sound
            self._film.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write what the encoder still holds."""
        if self._stream is not None and not self._copied:
            self._film.mux(self._stream.encode(None))


class Chain:
    """Brings frames upright and into limited-range BT.709, and through the steps: as many come out as went in."""

    def __init__(self, steps: Sequence[Step], colours: Colours) -> None:
        self._steps, self._colours = steps, colours
        self.own = self.pixel = Fraction(1)
        self._kind: tuple[object, ...] = ()
        self._graph: Graph | None = None

    def __call__(self, frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
        """Take a frame (None at the end) and yield those that are ready: a step may look some frames ahead."""
        if frame is not None:
            kind = (
                *(frame.width, frame.height, frame.format.name, frame.rotation),
                *(frame.color_range, frame.colorspace, frame.color_trc, frame.color_primaries),
            )
            if kind != self._kind:
                yield from self._drained()
                self._graph, self._kind = self._built(frame), kind
            assert self._graph is not None  # noqa: S101 - it was built above
            self._graph.push(frame)
            yield from self._ready(self._graph)
        else:
            yield from self._drained()

    def _drained(self) -> Iterator[av.VideoFrame]:
        if self._graph:
            self._graph.push(None)
            yield from self._ready(self._graph)
            self._graph = None

    @staticmethod
    def _ready(graph: Graph) -> Iterator[av.VideoFrame]:
        with suppress(BlockingIOError, EOFError):  # nothing more for now, or ever
            while True:
                made = graph.pull()
                assert isinstance(made, av.VideoFrame)  # noqa: S101 - a graph of pictures gives pictures
                made.pict_type = 0
                made.colorspace, made.color_range = Colorspace.ITU709, ColorRange.MPEG
                made.color_trc, made.color_primaries = ColorTrc.BT709, ColorPrimaries.BT709
                yield made

    def _built(self, frame: av.VideoFrame) -> Graph:
        graph = Graph()
        base = frame.time_base or Fraction(1, 1000)
        last = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=base)
        for name, words in [*self._upright(frame), *self._colours(frame), *self._steps, *_EVEN]:
            step = graph.add(name, words or None)
            last.link_to(step)
            last = step
        last.link_to(graph.add("buffersink"))
        graph.configure()
        return graph

    def _upright(self, frame: av.VideoFrame) -> Iterator[Step]:
        self.pixel = 1 / self.own if frame.rotation in _TURNS else self.own
        if abs(frame.rotation) == 180:  # noqa: PLR2004 - degrees
            yield from (("hflip", ""), ("vflip", ""))
        elif frame.rotation in _TURNS:
            yield _TURNS[frame.rotation]


def planes(frame: av.VideoFrame) -> Planes:
    """Return luma and the two colours, at half its size, of a frame that went through the chain."""
    flat = np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8).reshape(-1)
    size, small = frame.width * frame.height, (frame.height // 2, frame.width // 2)
    part = size // 4
    luma, blue, red = flat[:size], flat[size : size + part], flat[size + part :]
    return luma.reshape(frame.height, frame.width), blue.reshape(small), red.reshape(small)


def framed(three: Planes) -> av.VideoFrame:
    """Return planes as a frame of limited-range BT.709, without a time."""
    height, width = three[0].shape
    whole = np.concatenate([plane.reshape(-1) for plane in three]).reshape(height * 3 // 2, width)
    frame = av.VideoFrame.from_ndarray(whole, format="yuv420p")
    frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
    frame.color_trc, frame.color_primaries = ColorTrc.BT709, ColorPrimaries.BT709
    return frame


_EVEN = (("scale", "w=trunc(iw/2+0.5)*2:h=trunc(ih/2+0.5)*2:flags=lanczos"), ("format", "yuv420p"))


def plain(frame: av.VideoFrame) -> Iterator[Step]:
    """Yield the steps that bring a frame of SDR into limited-range BT.709 of eight bits."""
    words = "flags=lanczos+accurate_rnd+full_chroma_int:out_range=tv:out_color_matrix=bt709"
    if frame.format.name.startswith(("yuv", "nv", "p0")):
        full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        words += f":in_range={'pc' if full else 'tv'}:in_color_matrix={matrix_of(frame)}"
    yield ("scale", words)
    yield ("format", "yuv420p")


def matrix_of(frame: av.VideoFrame) -> str:
    """Return what red, green and blue of a frame were coded with, as libswscale spells it; untagged ones by size."""
    space = int(frame.colorspace)
    if space == Colorspace.ITU709 or (space == _UNTAGGED and frame.height >= _HD_LINES):
        return "bt709"
    return "bt2020" if space in {9, 10} else "smpte170m"


def damaged(clip: Video, detail: str = "") -> Fail:
    """Return how a clip is refused of which not one picture can be decoded."""
    return _fault(clip, BROKEN.removesuffix("."), detail)


def _fault(clip: Video, what: str, detail: str = "") -> Fail:
    return Fail(Code.UNSUPPORTED_MEDIA, f"{clip.label or clip.name} {what}.", field="clip", detail=detail)
