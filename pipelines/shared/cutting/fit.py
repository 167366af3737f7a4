"""Bring a picture of any kind into the film's frame: turned upright, square pixels, bars where it does not fill it.

A picture that is right already is passed through untouched. The film is limited-range BT.709; an untagged picture is
taken for what its size was made with.
"""

from dataclasses import dataclass
from fractions import Fraction

import av
from av.filter import Graph
from av.video.reformatter import ColorRange, Colorspace

from studio_sdk import Format

_UNTAGGED = 2
_BT2020 = frozenset({9, 10})
_HD_LINES = 720
_TURNS = {90: ("transpose", "cclock"), -90: ("transpose", "clock"), 270: ("transpose", "clock")}


@dataclass(frozen=True)
class Window:
    """What of a picture fills the film's frame: the point at its middle, where the picture's edges allow it, in shares.

    `scale` is how many times closer it is than the widest window of the film's shape.
    """

    x: float = 0.5
    y: float = 0.5
    scale: float = 1.0


class Fit:
    """Fits the pictures of one take; `pixel` is the shape of its pixels (width / height).

    A picture of another shape gets bars, or, with a `window`, loses what lies outside it.
    """

    def __init__(self, form: Format, pixel: Fraction, window: Window | None = None) -> None:
        self._form, self._pixel, self._window = form, pixel, window
        self._kind: tuple[object, ...] = ()
        self._graph: Graph | None = None

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return a picture as the film wants it."""
        whole = self._window is None or self._window.scale == 1
        if (
            whole
            and is_plain(frame, self._pixel)
            and (frame.width, frame.height) == (self._form.width, self._form.height)
        ):
            return frame
        kind = (frame.width, frame.height, frame.format.name, frame.rotation, _matrix(frame), frame.color_range)
        if self._graph is None or kind != self._kind:
            self._graph, self._kind = self._chain(frame), kind
        self._graph.push(frame)
        made = self._graph.pull()
        assert isinstance(made, av.VideoFrame)  # noqa: S101 - a graph of pictures gives pictures
        made.colorspace, made.color_range = Colorspace.ITU709, ColorRange.MPEG
        return made

    def _chain(self, frame: av.VideoFrame) -> Graph:
        graph = Graph()
        base = frame.time_base or Fraction(1, 1000)
        last = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=base)
        for name, words in [*self._upright(frame), *self._framed(frame)]:
            step = graph.add(name, words or None)
            last.link_to(step)
            last = step
        last.link_to(graph.add("buffersink"))
        graph.configure()
        return graph

    def _upright(self, frame: av.VideoFrame) -> list[tuple[str, str]]:
        if abs(frame.rotation) == 180:  # noqa: PLR2004 - degrees
            return [("hflip", ""), ("vflip", "")]
        return [_TURNS[frame.rotation]] if frame.rotation in _TURNS else []

    def _framed(self, frame: av.VideoFrame) -> list[tuple[str, str]]:
        width, height = self._form.width, self._form.height
        colours = "out_range=tv:out_color_matrix=bt709"
        if frame.format.name.startswith(("yuv", "nv", "p0")):
            full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
            colours += f":in_range={'pc' if full else 'tv'}:in_color_matrix={_matrix(frame)}"
        pixel = self._pixel if frame.rotation not in _TURNS else 1 / self._pixel
        shape = f"(iw*{pixel.numerator}/{pixel.denominator}/ih)"
        window = self._window
        side = "max" if window else "min"
        across, down = f"{side}({width},{height}*{shape})", f"{side}({height},{width}/{shape})"
        near = f"{window.scale:.6f}*" if window else ""
        even = f"w='trunc({near}{across}/2+0.5)*2':h='trunc({near}{down}/2+0.5)*2'"
        return [
            ("scale", f"{even}:flags=lanczos+accurate_rnd+full_chroma_int:{colours}"),
            ("setsar", "1"),
            ("format", "yuv420p"),
            ("crop", _cropped(window, width, height)) if window else ("pad", f"{width}:{height}:-1:-1:black"),
        ]


def _cropped(window: Window, width: int, height: int) -> str:
    """Return the words of a crop around a window's point, held inside the picture."""
    left = f"clip(iw*{window.x:.6f}-{width}/2,0,iw-{width})"
    top = f"clip(ih*{window.y:.6f}-{height}/2,0,ih-{height})"
    return f"w={width}:h={height}:x='{left}':y='{top}'"


def is_plain(frame: av.VideoFrame, pixel: Fraction) -> bool:
    """Whether a picture is shown as it is coded: upright, square pixels, 4:2:0 in limited-range BT.709."""
    upright = not frame.rotation and pixel == 1 and frame.format.name == "yuv420p"
    return upright and _matrix(frame) == "bt709" and frame.color_range != ColorRange.JPEG


def _matrix(frame: av.VideoFrame) -> str:
    space = int(frame.colorspace)
    if space == Colorspace.ITU709 or (space == _UNTAGGED and frame.height >= _HD_LINES):
        return "bt709"
    return "bt2020" if space in _BT2020 else "smpte170m"
