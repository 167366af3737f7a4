"""Dissolves, fades, titles and slates, in the planes of the film's own pictures: no way through RGB and back.

A mix of N frames gives frame k (k+1)/(N+1) of the incoming picture: each of the N is a true mix.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from cutlist import Cut
from lettering import SANS, SERIF, Font, covering, fitted, font
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio_sdk import Format

TITLE_S = 4
"""How long a title stands, in seconds, where its shot is not shorter."""
_SLOW_S = 0.5

Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
_BLACK = (16, 128, 128)
_INK = (236, 230, 219)
_QUIET = (128, 134, 142)
_ACCENT = (222, 170, 92)


def planes(frame: av.VideoFrame) -> Planes:
    """Return luma and the two chroma planes of a 4:2:0 picture, without the padding of their rows."""
    found = []
    for plane in frame.planes:
        rows = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)
        found.append(rows[:, : plane.width])
    return found[0], found[1], found[2]


def picture(made: Iterable[NDArray[np.uint8]], form: Format) -> av.VideoFrame:
    """Return planes as a picture of the film."""
    frame = av.VideoFrame(form.width, form.height, "yuv420p")
    for plane, rows in zip(frame.planes, made, strict=True):
        padded = np.zeros((plane.height, plane.line_size), np.uint8)
        padded[:, : plane.width] = rows
        plane.update(padded.tobytes())
    return frame


def mixed(first: av.VideoFrame, second: av.VideoFrame, share: float, form: Format) -> av.VideoFrame:
    """Return two pictures in one: `share` of the second."""
    pairs = zip(planes(first), planes(second), strict=True)
    return picture([_rounded(a * np.float32(1 - share) + b * np.float32(share)) for a, b in pairs], form)


def dimmed(frame: av.VideoFrame, light: float, form: Format) -> av.VideoFrame:
    """Return a picture with a share of its light, the rest black."""
    share = np.float32(light)
    levels = zip(planes(frame), _BLACK, strict=True)
    return picture([_rounded(rows * share + np.float32(level) * (1 - share)) for rows, level in levels], form)


def _rounded(rows: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(rows).astype(np.uint8)


def light_at(piece: Cut, position: int) -> float:
    """Return how light a frame of a cut is, for its fades: 1 is as it is."""
    if position < piece.fade_in:
        return (position + 1) / (piece.fade_in + 1)
    left = piece.frames - position
    return left / (piece.fade_out + 1) if left <= piece.fade_out else 1.0


@dataclass(frozen=True)
class Overlay:
    """Words to lay over a picture: their planes and how much each sample is covered (0 to 1), luma and chroma."""

    made: Planes
    luma: NDArray[np.float32]
    chroma: NDArray[np.float32]

    def over(self, frame: av.VideoFrame, share: float, form: Format) -> av.VideoFrame:
        """Return a picture with the words on it, `share` of the way to fully there."""
        covers = (self.luma, self.chroma, self.chroma)
        parts = zip(planes(frame), self.made, covers, strict=True)
        return picture([_rounded(a + (b.astype(np.float32) - a) * c * np.float32(share)) for a, b, c in parts], form)


def titled(words: str, form: Format) -> Overlay:
    """Return a title: set large, with a soft shadow so that it can be read on any picture."""
    layer = Image.new("RGBA", (form.width, form.height))
    pen = ImageDraw.Draw(layer)
    unit = min(form.width, form.height) / 720
    path, _ = covering(SERIF, words)
    room = (form.width * 0.8, form.height * 0.4)
    smallest = max(8, round(22 * unit))
    face, lines = fitted(words, path, range(smallest, max(smallest, round(84 * unit)) + 1), room, 1.2)
    top = form.height / 2 - len(lines) * face.size * 0.6
    for number, line in enumerate(lines):
        at = (form.width / 2, top + (number + 0.8) * face.size * 1.2)
        for off in (1, 2, 3):
            pen.text((at[0], at[1] + off * unit), line, font=face, fill=(0, 0, 0, 90), anchor="ms")
        pen.text(at, line, font=face, fill=(*_INK, 255), anchor="ms")
    return laid(layer, form)


def laid(layer: Image.Image, form: Format) -> Overlay:
    """Return a drawn layer of the film's size as what is laid over its pictures."""
    cover = np.asarray(layer.getchannel("A"), np.float32) / 255
    small = cover.reshape(form.height // 2, 2, form.width // 2, 2).mean(axis=(1, 3))
    return Overlay(planes_of(layer.convert("RGB"), form), cover.astype(np.float32), small.astype(np.float32))


def face_of(words: str, own: Path = SERIF) -> str:
    """Return which font a text is set in by default: one of this machine's by its content, ours by its name."""
    path, _ = covering(own, words)
    return path.name if path == own else hashlib.sha256(path.read_bytes()).hexdigest()


def title_share(position: int, length: int, form: Format) -> float:
    """Return how much of a title is there at a frame; it comes and goes in half a second."""
    slow = max(1, round(_SLOW_S * form.rate))
    return min(1.0, (position + 1) / slow, (length - position) / slow)


def title_length(piece: Cut, form: Format) -> int:
    """Return how many frames a cut's title stands; none where it has none."""
    return min(piece.frames, round(TITLE_S * form.rate)) if piece.title else 0


def slate(piece: Cut, form: Format, part: range) -> Iterator[av.VideoFrame]:
    """Yield a slate: shot, scene, what will happen, and a line that fills while it is shown."""
    made = planes_of(_card(piece, form), form)
    top = form.height - max(2, form.height // 90)
    for position in part:
        luma = made[0].copy()
        luma[top:, : round(form.width * min(1.0, (position + 1) / piece.frames))] = 150
        yield picture((luma, made[1], made[2]), form)


def _card(piece: Cut, form: Format) -> Image.Image:
    card = Image.new("RGB", (form.width, form.height), (17, 20, 24))
    pen = ImageDraw.Draw(card)
    unit = min(form.width, form.height) / 720
    left, foot = form.width * 0.1, form.height * 0.86
    pen.rectangle((left, form.height * 0.16, left + 46 * unit, form.height * 0.16 + max(2, 3 * unit)), fill=_ACCENT)
    head = _face(SANS, 34 * unit)
    pen.text((left, form.height * 0.16 + 52 * unit), piece.name, font=head, fill=_INK, anchor="ls")
    small = _face(SANS, 16 * unit)
    words = piece.slate or ""
    path, _ = covering(SERIF, words)
    smallest = max(7, round(16 * unit))
    room = (form.width * 0.8, foot - form.height * 0.16 - 110 * unit)
    if words.strip():
        face, lines = fitted(words, path, range(smallest, max(smallest, round(40 * unit)) + 1), room, 1.25)
        for number, line in enumerate(lines):
            at = (left, form.height * 0.16 + 84 * unit + (number + 0.9) * face.size * 1.25)
            pen.text(at, line, font=face, fill=_QUIET, anchor="ls")
    seconds = float(piece.frames / form.rate)
    told = f"Scene {piece.scene}  ·  {piece.frames} frames  ·  {seconds:.1f} s  ·  waits for its take"
    pen.text((left, foot), told, font=small, fill=_QUIET, anchor="ls")
    return card


def _face(path: Path, size: float) -> Font:
    return font(path, max(7, round(size)))


def planes_of(image: Image.Image, form: Format) -> Planes:
    """Return an RGB picture as limited-range BT.709 planes."""
    frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    turned = frame.reformat(form.width, form.height, "yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
    luma, blue, red = planes(turned)
    return luma.copy(), blue.copy(), red.copy()
