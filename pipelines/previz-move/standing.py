"""A figure that somebody placed by its joints: an animal, a robot, a drawing in which nobody is found.

The joints are the person's; where the figure ends and the ground begins is cut along the colours around them.
"""

from typing import Final

import cv2
import numpy as np
from footage import Picture
from joints import BONES, COUNT, HEAD, HIPS, SHOULDERS, Joints, middle, torso
from numpy.typing import NDArray

from studio_sdk import Code, Fail, Point, Points
from studio_sdk.points import read

FIELD: Final = "body_points"

BODY: Final = Points(
    of="still",
    points=(
        Point("head", "Head", 0.5, 0.16, "Its middle, between the ears"),
        Point("left_shoulder", "Left shoulder", 0.43, 0.28, "Left as you look at the picture"),
        Point("right_shoulder", "Right shoulder", 0.57, 0.28),
        Point("left_elbow", "Left elbow", 0.38, 0.4),
        Point("right_elbow", "Right elbow", 0.62, 0.4),
        Point("left_wrist", "Left wrist", 0.36, 0.52, "Where the hand begins; of an animal the foreleg's end"),
        Point("right_wrist", "Right wrist", 0.64, 0.52),
        Point("left_hip", "Left hip", 0.45, 0.54, "The joint of the leg, inside the body"),
        Point("right_hip", "Right hip", 0.55, 0.54),
        Point("left_knee", "Left knee", 0.45, 0.72),
        Point("right_knee", "Right knee", 0.55, 0.72),
        Point("left_ankle", "Left ankle", 0.45, 0.9),
        Point("right_ankle", "Right ankle", 0.55, 0.9),
    ),
    lines=(
        ("left_wrist", "left_elbow", "left_shoulder", "right_shoulder", "right_elbow", "right_wrist"),
        ("left_shoulder", "left_hip", "right_hip", "right_shoulder"),
        ("left_hip", "left_knee", "left_ankle"),
        ("right_hip", "right_knee", "right_ankle"),
    ),
)
"""The neck is the middle between the shoulders; hands and feet go with wrists and ankles."""

_AT: Final = {
    "left_shoulder": 12, "right_shoulder": 11, "left_elbow": 14, "right_elbow": 13, "left_wrist": 16, "right_wrist": 15,
    "left_hip": 24, "right_hip": 23, "left_knee": 26, "right_knee": 25, "left_ankle": 28, "right_ankle": 27,
}  # fmt: skip
"""MediaPipe's left is the person's own: of one who looks at us it is on the right."""

_HANDS: Final = ((19, 15, 13), (20, 16, 14))
_FEET: Final = ((31, 27, 1.0), (32, 28, -1.0))
_LOOKED_AT = 640
_LEAST = 0.02
_CORE, _MAYBE, _FAR = 0.3, 1.5, 3.0
"""So far from a bone, in widths of its limb, the figure is for sure, perhaps, and not at all."""

Frame = tuple[NDArray[np.float64], NDArray[np.float64]]
"""How a whole still lies in the shot: a place in shares of the still times the first plus the second, in pixels."""


def placed(text: str, frame: Frame, size: tuple[int, int]) -> Joints | None:
    """Return the joints that somebody placed, in the shot; None where nobody did. Raises `Fail` naming the points."""
    places = read(text, BODY.points)
    if not places:
        return None
    spots = {name: np.array(spot) * frame[0] + frame[1] for name, spot in places.items()}
    joints = np.zeros((COUNT, 4))
    joints[:, 3] = 1
    joints[:, :2] = spots["head"]
    for name, number in _AT.items():
        joints[number, :2] = spots[name]
    long = torso(joints)
    if long < _LEAST * max(size):
        words = "“Left shoulder” and “Left hip”: shoulders and hips lie in one place; a body needs a trunk."
        raise Fail(Code.VALIDATION_ERROR, words, field=FIELD)
    for one, other, what in ((*SHOULDERS, "shoulder"), (*HIPS, "hip")):
        if float(np.linalg.norm(joints[one, :2] - joints[other, :2])) < 0.05 * long:
            words = f"“Left {what}” and “Right {what}” lie in one place; put them where the limbs begin."
            raise Fail(Code.VALIDATION_ERROR, words, field=FIELD)
    for hand, wrist, elbow in _HANDS:
        joints[hand, :2] = joints[wrist, :2] + 0.35 * (joints[wrist, :2] - joints[elbow, :2])
    for foot, ankle, side in _FEET:
        joints[foot, :2] = joints[ankle, :2] + long * np.array([0.1 * side, 0.12])
    return joints


def found(joints: Joints, frame: Frame) -> dict[str, list[float]]:
    """Return where the points lie that a person would place, of joints that were found, in shares of the still."""
    spots = {"head": joints[list(HEAD), :2].mean(axis=0)} | {name: joints[number, :2] for name, number in _AT.items()}
    shares = {name: np.clip((spot - frame[1]) / frame[0], 0, 1) for name, spot in spots.items()}
    return {one.name: [round(float(share), 4) for share in shares[one.name]] for one in BODY.points}


def outline(picture: Picture, joints: Joints) -> NDArray[np.float32]:
    """Return where the figure is, from 0 to 1: grown from its bones to where the colours change (GrabCut)."""
    tall, wide = picture.shape[:2]
    scale = min(1.0, _LOOKED_AT / max(tall, wide))
    small = cv2.resize(picture, (round(wide * scale), round(tall * scale)), interpolation=cv2.INTER_AREA)
    away = _away(joints[:, :2] * scale, torso(joints) * scale, small.shape[:2])
    marks = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    marks[away > _FAR] = cv2.GC_BGD
    marks[away < _MAYBE] = cv2.GC_PR_FGD
    marks[away < _CORE] = cv2.GC_FGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.ascontiguousarray(small[..., ::-1]), marks, (0, 0, 1, 1), *models, 5, cv2.GC_INIT_WITH_MASK)
    own = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    own = np.asarray(cv2.morphologyEx(own, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), dtype=np.uint8)
    grown = cv2.resize(own.astype(np.float32), (wide, tall), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), 1.2), dtype=np.float32)


def _away(spots: Joints, long: float, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return how far every pixel is from the nearest bone, in widths of a limb; the trunk is bone all over."""
    bones = np.ones(shape, np.uint8)
    for one, other in BONES.values():
        ends = [(round(float(x)), round(float(y))) for x, y in (spots[one], spots[other])]
        cv2.line(bones, ends[0], ends[1], (0.0,), 1)
    trunk = spots[[SHOULDERS[0], SHOULDERS[1], HIPS[1], HIPS[0]]]
    centre = trunk.mean(axis=0)
    cv2.fillConvexPoly(bones, (centre + (trunk - centre) * 0.8).round().astype(np.int32), (0.0,))
    limbs = cv2.distanceTransform(bones, cv2.DIST_L2, 5) / (0.16 * long)
    neck = middle(np.pad(spots, ((0, 0), (0, 2))), SHOULDERS)
    down, across = np.mgrid[0 : shape[0], 0 : shape[1]]
    head = np.hypot(across - spots[0][0], down - spots[0][1]) / max(float(np.linalg.norm(spots[0] - neck)), 1.0)
    return np.asarray(np.minimum(limbs, head / 0.65), dtype=np.float32)
