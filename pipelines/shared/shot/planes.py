"""Pictures as the three planes of BT.709 video, cut and resized without a detour over RGB for every frame.

A move is sampled with sub-pixel boxes; brightness with Lanczos, colour with bicubic on half-size planes whose samples
sit where H.264 says they do (left between two columns).
"""

from dataclasses import dataclass

import av
from av.video.reformatter import ColorRange, Colorspace
from camera import View
from PIL import Image, ImageChops

LANCZOS = Image.Resampling.LANCZOS
BICUBIC = Image.Resampling.BICUBIC


@dataclass
class Planes:
    """Brightness at full size, the two colours at half size, each a grey picture of limited-range BT.709."""

    y: Image.Image
    u: Image.Image
    v: Image.Image

    def paste(self, other: "Planes", at: tuple[int, int], alpha: Image.Image) -> None:
        """Lay another picture over this one at an even place; `alpha` is its grey mask at full size."""
        half = alpha.resize((alpha.width // 2, alpha.height // 2), Image.Resampling.BOX)
        self.y.paste(other.y, at, alpha)
        self.u.paste(other.u, (at[0] // 2, at[1] // 2), half)
        self.v.paste(other.v, (at[0] // 2, at[1] // 2), half)

    def grain(self, noise: Image.Image, at: tuple[int, int]) -> None:
        """Add a piece of grey noise (128 = nothing) to the brightness."""
        piece = noise.crop((*at, at[0] + self.y.width, at[1] + self.y.height))
        self.y = ImageChops.add(self.y, piece, 1, -128)

    def frame(self) -> av.VideoFrame:
        """Return the picture as a frame for the encoder."""
        frame = av.VideoFrame(self.y.width, self.y.height, "yuv420p")
        for plane, picture in zip(frame.planes, (self.y, self.u, self.v), strict=True):
            plane.update(picture.tobytes("raw", "L", plane.line_size, 1))
        frame.colorspace = Colorspace.ITU709
        frame.color_range = ColorRange.MPEG
        return frame


def from_rgb(picture: Image.Image) -> Planes:
    """Return the planes of an RGB picture; an odd last column or row is left out."""
    even = picture.crop((0, 0, picture.width // 2 * 2, picture.height // 2 * 2))
    rgb = av.VideoFrame(even.width, even.height, "rgb24")
    rgb.planes[0].update(even.tobytes("raw", "RGB", rgb.planes[0].line_size, 1))
    frame = rgb.reformat(format="yuv444p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
    y, u, v = (Image.frombytes("L", even.size, bytes(plane), "raw", "L", plane.line_size, 1) for plane in frame.planes)
    return Planes(y, u.reduce(2), v.reduce(2))


def cut(canvas: Planes, view: View, size: tuple[int, int]) -> Planes:
    """Return what the camera sees of a canvas, at the size of the frame."""
    width, height = size
    left = view.left - 0.5 * view.scale / width  # the colour of columns 2i and 2i+1 is sampled at column 2i
    box = (left / 2, view.top / 2, (left + view.scale) / 2, view.bottom / 2)
    half = (width // 2, height // 2)
    return Planes(
        canvas.y.resize(size, LANCZOS, (view.left, view.top, view.right, view.bottom)),
        canvas.u.resize(half, BICUBIC, box),
        canvas.v.resize(half, BICUBIC, box),
    )
