"""A still with a face that moves: cut to the shape of the shot, and drawn frame by frame."""

from collections.abc import Callable

import numpy as np
from face import Face, Points
from lids import close
from mouth import Mouth
from PIL import Image
from planes import Planes, from_rgb
from puppet import REACH, Look, Puppet
from warp import Warp

from studio_sdk import Code, Fail

LEAST_FACE = 40
"""Least height of a face in the shot, in pixels; below it a mouth is a dot."""


def framed(whole: Image.Image, found: Face, size: tuple[int, int]) -> tuple[Image.Image, Points]:
    """Return a still cut to the shape of the shot, and the face's points in it.

    It is cut from the middle, as the pipelines on a GPU do, and only so far beside it that the face stays inside.
    Raises `Fail` where the face is too small to speak.
    """
    scale = max(size[0] / whole.width, size[1] / whole.height)
    if np.ptp(found.points[:, 1]) * scale < LEAST_FACE:
        words = f"The face is too small to be seen speaking ({np.ptp(found.points[:, 1]) * scale:.0f} pixels high)."
        raise Fail(Code.UNSUPPORTED_MEDIA, f"{words} Use a closer still.", field="still")
    cut = (size[0] / scale, size[1] / scale)
    corner = []
    for axis, all_ in enumerate(whole.size):
        low, high = float(found.points[:, axis].min()), float(found.points[:, axis].max())
        room = 0.25 * (high - low)
        at = (all_ - cut[axis]) / 2
        at = min(max(at, high + room - cut[axis]), low - room) if high - low + 2 * room < cut[axis] else low - room
        corner.append(min(max(at, 0.0), max(0.0, all_ - cut[axis])))
    box = (corner[0], corner[1], corner[0] + cut[0], corner[1] + cut[1])
    picture = whole.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    points = found.points.copy()
    points[:, :2] = (points[:, :2] - corner) * scale
    points[:, 2] *= scale
    return picture, points


def bust(picture: Image.Image, points: Points, *, placed: bool = False) -> Callable[[Look, Points | None], Planes]:
    """Return what draws a picture with its face as told: only the part around the head is drawn anew.

    It takes the look, and moves of the face's points that come on top, in pixels. `placed`: somebody laid the points.
    """
    left, top, right, bottom = _around(points, picture.size)
    near = np.asarray(points - np.array([left, top, 0], dtype=float))
    part = np.ascontiguousarray(np.asarray(picture)[top:bottom, left:right])
    puppet = Puppet(near, (right - left, bottom - top), placed)
    warp = Warp(part, puppet.at_rest, puppet.triangles)
    mouth = Mouth(part, puppet)
    whole = from_rgb(picture)

    def frame(look: Look, own: Points | None) -> Planes:
        spots = puppet.moved(look, own)
        drawn = warp.bent(spots)
        mouth.onto(drawn, spots)
        if not placed:  # how large eyes are that somebody pointed at is not known, and a lid beside the eye looks wrong
            close(drawn, spots, look.blink, puppet.span)
        piece = from_rgb(Image.fromarray(drawn))
        planes = Planes(whole.y.copy(), whole.u.copy(), whole.v.copy())
        planes.y.paste(piece.y, (left, top))
        planes.u.paste(piece.u, (left // 2, top // 2))
        planes.v.paste(piece.v, (left // 2, top // 2))
        return planes

    return frame


def _around(points: Points, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the part of a picture that goes with a head, at even places."""
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    reach = REACH * float(np.ptp(points[:, :2], axis=0).max()) / 2 * 1.05
    low = [max(0, int(middle[axis] - reach) // 2 * 2) for axis in range(2)]
    high = [min(size[axis] // 2 * 2, int(middle[axis] + reach) // 2 * 2) for axis in range(2)]
    return low[0], low[1], high[0], high[1]
