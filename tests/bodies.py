"""Figures in which nobody is found, for tests of points placed by hand: a robot of boxes, a bear that stands."""

from PIL import Image, ImageDraw

from tests.faces import Spots

Colour = tuple[int, int, int]
CLAW: Colour = (235, 120, 40)
"""What the robot's right hand is painted in, so that a test finds it again."""


def machine(side: int = 480) -> tuple[Image.Image, Spots]:
    """Draw a robot of boxes from the front, and say where its joints are."""
    big = side * 3
    drawn = Image.new("RGB", (big, big), (200, 206, 196))
    pen = ImageDraw.Draw(drawn)

    def box(x: float, y: float, to_x: float, to_y: float, colour: Colour) -> None:
        pen.rectangle((x * big, y * big, to_x * big, to_y * big), fill=colour)

    steel, dark = (96, 110, 140), (60, 68, 90)
    box(0.36, 0.26, 0.64, 0.56, steel)
    box(0.43, 0.34, 0.57, 0.46, (210, 190, 90))
    box(0.38, 0.08, 0.62, 0.23, dark)
    box(0.47, 0.23, 0.53, 0.26, steel)
    pen.rectangle((0.42 * big, 0.13 * big, 0.58 * big, 0.16 * big), fill=(230, 80, 70))
    for x, to_x in ((0.22, 0.29), (0.71, 0.78)):
        box(min(x, 0.64), 0.27, max(to_x, 0.36), 0.32, dark)
        box(x, 0.27, to_x, 0.56, steel)
    box(0.21, 0.53, 0.30, 0.62, dark)
    box(0.70, 0.53, 0.79, 0.62, CLAW)
    for x, to_x in ((0.39, 0.46), (0.54, 0.61)):
        box(x, 0.56, to_x, 0.90, dark)
        box(x - 0.03, 0.88, to_x + 0.03, 0.94, steel)
    return drawn.resize((side, side), Image.Resampling.LANCZOS), {
        "head": (0.5, 0.15), "left_shoulder": (0.34, 0.3), "right_shoulder": (0.66, 0.3), "left_elbow": (0.255, 0.42),
        "right_elbow": (0.745, 0.42), "left_wrist": (0.255, 0.54), "right_wrist": (0.745, 0.54),
        "left_hip": (0.425, 0.56), "right_hip": (0.575, 0.56), "left_knee": (0.425, 0.73), "right_knee": (0.575, 0.73),
        "left_ankle": (0.425, 0.88), "right_ankle": (0.575, 0.88),
    }  # fmt: skip


def bear(side: int = 480) -> tuple[Image.Image, Spots]:
    """Draw a bear that stands on a lawn, seen from the front, and say where its joints are."""
    big = side * 3
    drawn = Image.new("RGB", (big, big), (170, 200, 222))
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0.78 * big, big, big), fill=(120, 160, 96))

    def round_(x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        pen.ellipse(((x - rx) * big, (y - ry) * big, (x + rx) * big, (y + ry) * big), fill=colour)

    fur, light = (112, 76, 52), (186, 150, 116)
    for x, elbow, paw in ((0.38, 0.26, 0.19), (0.62, 0.74, 0.81)):
        pen.line(
            [(x * big, 0.37 * big), (elbow * big, 0.46 * big), (paw * big, 0.57 * big)], fill=fur, width=int(0.09 * big)
        )
        round_(elbow, 0.46, 0.045, 0.045, fur)
        round_(paw, 0.57, 0.055, 0.055, fur)
    for x in (0.42, 0.58):
        pen.line([(x * big, 0.62 * big), (x * big, 0.88 * big)], fill=fur, width=int(0.11 * big))
        round_(x - 0.01, 0.89, 0.075, 0.04, fur)
    round_(0.5, 0.49, 0.16, 0.2, fur)
    round_(0.5, 0.51, 0.10, 0.14, light)
    for x in (0.40, 0.60):
        round_(x, 0.11, 0.045, 0.045, fur)
    round_(0.5, 0.19, 0.135, 0.125, fur)
    round_(0.5, 0.235, 0.065, 0.05, light)
    round_(0.5, 0.215, 0.025, 0.016, (30, 24, 20))
    for x in (0.45, 0.55):
        round_(x, 0.17, 0.013, 0.015, (20, 16, 14))
    return drawn.resize((side, side), Image.Resampling.LANCZOS), {
        "head": (0.5, 0.19), "left_shoulder": (0.38, 0.36), "right_shoulder": (0.62, 0.36), "left_elbow": (0.27, 0.455),
        "right_elbow": (0.73, 0.455), "left_wrist": (0.2, 0.56), "right_wrist": (0.8, 0.56),
        "left_hip": (0.42, 0.63), "right_hip": (0.58, 0.63), "left_knee": (0.42, 0.76), "right_knee": (0.58, 0.76),
        "left_ankle": (0.42, 0.88), "right_ankle": (0.58, 0.88),
    }  # fmt: skip
