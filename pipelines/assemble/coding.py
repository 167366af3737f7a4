"""How pictures are coded: a span at a time, each a small file of its own whose packets go into the film.

So no span knows of another, a long film needs no more memory than a short one, and what was coded once can be kept.
"""

from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from typing import Literal

import av
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from picture import black
from presets import Preset

from studio_sdk import Format

PRESETS = {"low": ("veryfast", "21"), "standard": ("faster", "18"), "high": ("medium", "16")}
"""x264's preset and quality for each quality of the studio."""

_TAKES = "keyint=12:min-keyint=12:scenecut=0:open-gop=0:bframes=2:ref=2:stitchable=1"
"""How the studio's own takes are coded: what is encoded like them can be put between their packets."""

_TOLD = 6

_STEADY = "threads=2:cpu-independent=1"
"""The same bytes each time: x264's AVX-512 code gave others now and then for the same pictures (macroblock tree)."""

_TAGS = "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"


class Coder:
    """Codes spans of one film, all with the same setup of a decoder.

    `way`: "takes" codes as the studio's own takes are, "film" as a film is of which all is encoded, "master" as the
    preset's codec says.
    """

    def __init__(self, way: Literal["takes", "film", "master"], form: Format, quality: str, preset: Preset) -> None:
        self._way, self._form = way, form
        speed, rate = PRESETS[quality]
        self._pixels, self._name, self._threads, self._parameters = "yuv420p", "libx264", 0, ""
        self._options = {"preset": "veryfast" if way == "takes" else speed, "crf": rate}
        if way == "master":
            profile, self._pixels = ("dnxhr_hq", "yuv422p") if preset.codec == "dnxhd" else ("3", "yuv422p10le")
            self._name, self._threads, self._options = preset.codec, 2, {"profile": profile}
        elif way == "takes":
            self._parameters = f"{_TAKES}:{_STEADY}:{_TAGS}"
        else:
            group = max(12, round(form.rate))
            self._parameters = f"keyint={group}:open-gop=0:stitchable=1:{_STEADY}:{_TAGS}"

    @property
    def said(self) -> list[object]:
        """Return all that decides how pictures are coded."""
        form, told = self._form, sorted(self._options.items())
        libraries = sorted((name, *numbers) for name, numbers in av.library_versions.items())
        shape = [form.width, form.height, str(form.rate), self._pixels]
        return [self._name, told, self._parameters, self._threads, shape, libraries]

    def coded(self, pictures: Iterable[av.VideoFrame]) -> bytes:
        """Return pictures as a file with nothing else in it. The frames are changed."""
        memory = BytesIO()
        options = {"video_track_timescale": str(ticks(self._form))}
        with av.open(memory, "w", format="mov" if self._way == "master" else "mp4", options=options) as file:
            video = self._stream(file)
            for count, one in enumerate(pictures):
                frame = one if self._pixels == "yuv420p" else one.reformat(format=self._pixels)
                frame.pts, frame.time_base, frame.pict_type = count, 1 / self._form.rate, 0
                file.mux(video.encode(frame))
            file.mux(video.encode(None))
        return memory.getvalue()

    def sample(self) -> bytes:
        """Return a file of a few pictures: it says how all of them are coded, and how late they are shown."""
        return self.coded(black(_TOLD, self._form))

    def setup(self) -> bytes:
        """Return what a decoder needs to know of its streams: takes with the same can be spliced with them."""
        with av.open(BytesIO(self.sample())) as source:
            return bytes(source.streams.video[0].codec_context.extradata or b"")

    def _stream(self, file: OutputContainer) -> av.VideoStream:
        video = file.add_stream(self._name, rate=self._form.rate, options=self._options)
        assert isinstance(video, av.VideoStream)  # noqa: S101 - all of them code pictures
        if self._parameters:
            video.codec_context.options |= {"x264-params": self._parameters}
        if self._threads:
            video.codec_context.thread_count = self._threads
        video.width, video.height, video.pix_fmt = self._form.width, self._form.height, self._pixels
        video.codec_context.time_base = 1 / self._form.rate
        video.codec_context.sample_aspect_ratio = Fraction(1, 1)
        video.codec_context.color_range = ColorRange.MPEG
        video.codec_context.colorspace = Colorspace.ITU709
        video.codec_context.color_primaries = ColorPrimaries.BT709
        video.codec_context.color_trc = ColorTrc.BT709
        return video


def ticks(form: Format) -> int:
    """Return a clock's ticks a second in which every frame of the film is a whole number."""
    return form.rate.numerator * (1 if form.rate.denominator > 1 else 1000)
