"""A face that somebody placed by its points: a drawing in profile, an animal, a robot.

Where a face is found that lies nearly so, it is moved to the points. Where none is found, the face of nobody in
particular is laid over them. Both go whole, like a thin plate that is held at the points.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from face import Face, Points, found, turned
from mesh import CHEEK_LEFT, CHEEK_RIGHT, CHIN, EYES, FOREHEAD, MOUTH_ENDS, NOSE, RIM_ABOVE, RIM_BELOW
from PIL import Image
from puppet import spline

from studio_sdk import Code, Fail, Point
from studio_sdk import Points as Asked
from studio_sdk.points import Places, placed_on, read

FIELD: Final = "face_points"

FACE: Final = Asked(
    of="still",
    points=(
        Point("left_eye", "Left eye", 0.38, 0.38, "Left as you look at it; a hidden one: at the outline"),
        Point("right_eye", "Right eye", 0.62, 0.38),
        Point("nose", "Nose", 0.5, 0.52, "Its tip"),
        Point("mouth_left", "Left corner of the mouth", 0.4, 0.64, "In profile the front one lies on the outline"),
        Point("mouth_right", "Right corner of the mouth", 0.6, 0.64),
        Point("lip_upper", "Upper lip", 0.5, 0.6, "The middle of its upper edge; of a mouth that is a line: the line"),
        Point("lip_lower", "Lower lip", 0.5, 0.69, "The middle of its lower edge"),
        Point("chin", "Chin", 0.5, 0.82, "Its lowest place"),
        Point("face_left", "Left side of the face", 0.26, 0.48, "At the height of the nose"),
        Point("face_right", "Right side of the face", 0.74, 0.48),
    ),
    lines=(
        ("left_eye", "right_eye", "nose", "left_eye"),
        ("mouth_left", "lip_upper", "mouth_right", "lip_lower", "mouth_left"),
        ("face_left", "chin", "face_right"),
    ),
)  # fmt: skip
"""As few as a mouth needs that opens where it was drawn, and a head that turns with it."""

_AT: Final = {
    "nose": NOSE,
    "mouth_left": MOUTH_ENDS[0],
    "mouth_right": MOUTH_ENDS[1],
    "lip_upper": RIM_ABOVE,
    "lip_lower": RIM_BELOW,
    "chin": CHIN,
    "face_left": CHEEK_LEFT,
    "face_right": CHEEK_RIGHT,
}
_FLAT = 0.5
"""A drawing turns its head like half a head: the depth of a person's bends straight edges."""

_NEAR = 0.3
"""A found face is the one that was pointed at when no point lies farther from its own, in heights of the face."""

_LEAST = 0.01
"""Two corners of a mouth are at least so far apart, in heights of the face."""

_NEUTRAL = Path(__file__).parent / "neutral.json"


def pointed(text: str, picture: Image.Image, field: str = FIELD) -> Face | None:
    """Return the face that was placed in a picture, None where nobody placed one.

    Raises `Fail` naming the input `field` and the points where they are no face.
    """
    places = read(text, FACE.points)
    if not places:
        return None
    spots = {name: np.asarray(np.array(spot, float) * picture.size) for name, spot in places.items()}
    _check(spots, field)
    to = np.array([spots[one.name] for one in FACE.points])
    near = _NEAR * _height(spots)
    seen = [one for one in found(picture) if not turned(one)]
    like = [one for one in seen if float(np.abs(_marks(one) - to).max()) < near]
    if like:
        bent = like[0].copy()
        bent[:, :2] += _held(_marks(bent), bent[:, :2]) @ (to - _marks(bent))
        return Face(bent, among=len(seen), placed=False, found=tuple(seen))
    neutral = np.array(json.loads(_NEUTRAL.read_text("utf-8")), dtype=float)
    own = np.vstack([_marks(neutral), neutral[FOREHEAD, :2]])
    eyes, chin = _marks(neutral)[:2].mean(axis=0), neutral[CHIN, :2]
    share = (eyes - neutral[FOREHEAD, :2])[1] / (chin - eyes)[1]
    top = (to[0] + to[1]) / 2 * (1 + share) - spots["chin"] * share
    flat = _held(own, neutral[:, :2]) @ np.vstack([to, top])
    scale = _height(spots) / float((chin - eyes)[1])
    return Face(np.column_stack([flat, neutral[:, 2] * scale * _FLAT]), among=1, placed=True)


def _held(at: Points, spots: Points) -> Points:
    """Return the map from places of a few points to those of all; it does not depend on how large a face is."""
    size = float(np.ptp(at, axis=0).max())
    return spline(at / size, spots / size)


def named(points: Points, size: tuple[int, int]) -> Places:
    """Return where the points lie that a person would place, of a face that was found in a picture of `size`."""
    marks = np.clip(_marks(points) / size, 0, 1)
    return {one.name: (float(x), float(y)) for one, (x, y) in zip(FACE.points, marks, strict=True)}


def told(faces: Iterable[Points], size: tuple[int, int], on: str) -> str:
    """Return, as a fact of the take, the points of all faces that were found, so that people can begin with them."""
    found = [{name: [round(x, 4), round(y, 4)] for name, (x, y) in named(one, size).items()} for one in faces]
    return json.dumps({"on": on, "found": found}, separators=(",", ":"))


def other_picture(text: str, oid: str) -> bool:
    """Tell whether points were placed on another picture than the one that is given."""
    on = placed_on(text)
    return bool(on and oid and on != oid)


def _marks(points: Points) -> Points:
    """Return where a face has the points that a person places, in their order."""
    eyes = [points[[*upper, *lower], :2].mean(axis=0) for upper, lower, _ in EYES]
    return np.array([*eyes, *(points[_AT[one.name], :2] for one in FACE.points[2:])])


def _height(spots: dict[str, Points]) -> float:
    """Return how far the chin lies from the eyes, in pixels."""
    return float(np.linalg.norm(spots["chin"] - (spots["left_eye"] + spots["right_eye"]) / 2))


def _check(spots: dict[str, Points], field: str) -> None:
    titles = {one.name: one.title for one in FACE.points}
    eyes, mouth = ((spots[a] + spots[b]) / 2 for a, b in (("left_eye", "right_eye"), ("mouth_left", "mouth_right")))
    down = spots["chin"] - eyes
    long = float(np.linalg.norm(down))

    def refuse(words: str, *names: str) -> Fail:
        which = " and ".join(f"“{titles[name]}”" for name in names)
        return Fail(Code.VALIDATION_ERROR, f"{which}: {words}", field=field)

    if long < 1:
        raise refuse("they lie in one place; the chin belongs below the eyes.", "left_eye", "right_eye", "chin")
    down = down / long
    across = np.array([down[1], -down[0]])
    if float((mouth - eyes) @ down) <= 0 or float((spots["chin"] - mouth) @ down) <= 0:
        raise refuse("the mouth belongs between eyes and chin.", "mouth_left", "mouth_right")
    if float((spots["lip_lower"] - spots["lip_upper"]) @ down) < 0:
        raise refuse("the lower lip lies above the upper one.", "lip_upper", "lip_lower")
    for left, right in (("left_eye", "right_eye"), ("mouth_left", "mouth_right"), ("face_left", "face_right")):
        if float((spots[right] - spots[left]) @ across) < 0:
            raise refuse("they are the wrong way round; left is left as you look at the face.", left, right)
    if float(np.linalg.norm(spots["mouth_right"] - spots["mouth_left"])) < _LEAST * long:
        raise refuse("they lie in one place; a mouth needs a left and a right corner.", "mouth_left", "mouth_right")
