"""Somebody drawn from the front, for tests of what looks for faces: no picture of a real person is needed."""

from PIL import Image, ImageDraw


def portrait(side: int = 512, mouth: float = 0.0, ground: tuple[int, int, int] = (150, 170, 190)) -> Image.Image:
    """Draw somebody from the front, eyes open; `mouth` is how far the lips are apart, from 0 to 1."""
    big = side * 3
    drawn = Image.new("RGB", (big, big), ground)
    pen = ImageDraw.Draw(drawn)
    skin, shade, hair = (224, 176, 144), (192, 150, 122), (60, 40, 30)

    def round_(x: float, y: float, rx: float, ry: float, colour: tuple[int, int, int]) -> None:
        pen.ellipse(((x - rx) * big, (y - ry) * big, (x + rx) * big, (y + ry) * big), fill=colour)

    round_(0.5, 0.43, 0.245, 0.30, hair)
    pen.rounded_rectangle((0.18 * big, 0.80 * big, 0.82 * big, 1.2 * big), radius=0.15 * big, fill=(40, 70, 130))
    pen.rectangle((0.42 * big, 0.68 * big, 0.58 * big, 0.86 * big), fill=shade)
    round_(0.5, 0.50, 0.20, 0.265, skin)
    pen.pieslice((0.29 * big, 0.22 * big, 0.71 * big, 0.60 * big), 180, 360, fill=hair)
    round_(0.5, 0.44, 0.175, 0.10, skin)
    for x in (0.415, 0.585):
        round_(x, 0.47, 0.036, 0.018, (250, 248, 245))
        round_(x, 0.47, 0.017, 0.017, (70, 90, 60))
        round_(x, 0.47, 0.008, 0.008, (15, 15, 15))
        lid = ((x - 0.042) * big, 0.445 * big, (x + 0.042) * big, 0.51 * big)
        pen.arc(lid, 195, 345, fill=(40, 25, 20), width=int(0.007 * big))
        brow = ((x - 0.05) * big, 0.415 * big, (x + 0.05) * big, 0.48 * big)
        pen.arc(brow, 205, 335, fill=hair, width=int(0.014 * big))
    nose = [(0.5 * big, 0.49 * big), (0.485 * big, 0.575 * big), (0.515 * big, 0.578 * big)]
    pen.line(nose, fill=shade, width=int(0.007 * big), joint="curve")
    round_(0.5, 0.655 + 0.03 * mouth, 0.062, 0.020 + 0.05 * mouth, (178, 84, 84))
    if mouth:
        round_(0.5, 0.655 + 0.03 * mouth, 0.048, 0.006 + 0.045 * mouth, (60, 20, 25))
    else:
        pen.line([(0.438 * big, 0.655 * big), (0.562 * big, 0.655 * big)], fill=(110, 40, 45), width=int(0.006 * big))
    return drawn.resize((side, side), Image.Resampling.LANCZOS)


Spots = dict[str, tuple[float, float]]


def profile(side: int = 512) -> tuple[Image.Image, Spots]:
    """Draw somebody from the side, looking left, and say where the points of the face are."""
    big = side * 3
    drawn = Image.new("RGB", (big, big), (206, 214, 196))
    pen = ImageDraw.Draw(drawn)

    def shape(spots: list[tuple[float, float]], colour: tuple[int, int, int]) -> None:
        pen.polygon([(x * big, y * big) for x, y in spots], fill=colour)

    shape([(0.50, 0.70), (0.72, 0.62), (0.78, 0.86), (0.95, 1.0), (0.42, 1.0), (0.52, 0.86)], (196, 150, 120))
    shape([(0.36, 1.0), (0.52, 0.88), (0.80, 0.84), (0.98, 1.0)], (120, 44, 52))
    face = [(0.40, 0.20), (0.35, 0.30), (0.335, 0.38), (0.345, 0.42), (0.325, 0.47), (0.265, 0.55), (0.275, 0.575)]
    face += [(0.335, 0.585), (0.33, 0.62), (0.305, 0.645), (0.315, 0.665), (0.33, 0.67), (0.315, 0.685), (0.325, 0.72)]
    face += [(0.345, 0.735), (0.335, 0.78), (0.36, 0.83), (0.43, 0.85), (0.56, 0.79), (0.72, 0.68), (0.78, 0.40)]
    shape([*face, (0.70, 0.22)], (226, 182, 150))
    pen.pieslice((0.36 * big, 0.06 * big, 0.86 * big, 0.62 * big), 170, 400, fill=(70, 46, 34))
    shape([(0.62, 0.30), (0.85, 0.34), (0.84, 0.66), (0.70, 0.72), (0.66, 0.50)], (70, 46, 34))
    pen.ellipse((0.60 * big, 0.44 * big, 0.68 * big, 0.58 * big), fill=(214, 164, 132))
    pen.ellipse((0.385 * big, 0.43 * big, 0.455 * big, 0.475 * big), fill=(250, 248, 244))
    pen.ellipse((0.39 * big, 0.435 * big, 0.425 * big, 0.472 * big), fill=(40, 60, 80))
    pen.line([(0.37 * big, 0.40 * big), (0.46 * big, 0.39 * big)], fill=(70, 46, 34), width=int(0.014 * big))
    shape([(0.305, 0.645), (0.33, 0.635), (0.42, 0.672), (0.33, 0.67)], (184, 92, 88))
    shape([(0.33, 0.67), (0.42, 0.672), (0.345, 0.71), (0.317, 0.69)], (196, 104, 98))
    pen.line([(0.32 * big, 0.668 * big), (0.43 * big, 0.672 * big)], fill=(90, 40, 40), width=int(0.006 * big))
    return drawn.resize((side, side), Image.Resampling.LANCZOS), {
        "left_eye": (0.352, 0.455), "right_eye": (0.42, 0.452), "nose": (0.27, 0.555),
        "mouth_left": (0.322, 0.668), "mouth_right": (0.43, 0.672), "lip_upper": (0.352, 0.645),
        "lip_lower": (0.352, 0.705), "chin": (0.37, 0.83), "face_left": (0.325, 0.50), "face_right": (0.64, 0.53),
    }  # fmt: skip


def cat(side: int = 512) -> tuple[Image.Image, Spots]:
    """Draw a cat from the front, and say where the points of its face are."""
    big = side * 3
    drawn = Image.new("RGB", (big, big), (186, 206, 222))
    pen = ImageDraw.Draw(drawn)

    def round_(x: float, y: float, rx: float, ry: float, colour: tuple[int, int, int]) -> None:
        pen.ellipse(((x - rx) * big, (y - ry) * big, (x + rx) * big, (y + ry) * big), fill=colour)

    fur, dark, light = (214, 140, 70), (170, 96, 40), (246, 226, 200)
    round_(0.5, 1.0, 0.36, 0.26, fur)
    for sign in (-1, 1):
        ear = [(0.5 + sign * x, y) for x, y in ((0.10, 0.30), (0.27, 0.08), (0.31, 0.42))]
        pen.polygon([(x * big, y * big) for x, y in ear], fill=fur)
        inner = [(0.5 + sign * x, y) for x, y in ((0.15, 0.28), (0.25, 0.15), (0.27, 0.36))]
        pen.polygon([(x * big, y * big) for x, y in inner], fill=(226, 150, 140))
    round_(0.5, 0.5, 0.31, 0.27, fur)
    for x in (0.44, 0.5, 0.56):
        pen.line([(x * big, 0.25 * big), (x * big, 0.34 * big)], fill=dark, width=int(0.016 * big))
    round_(0.445, 0.62, 0.085, 0.07, light)
    round_(0.555, 0.62, 0.085, 0.07, light)
    round_(0.5, 0.70, 0.06, 0.05, light)
    for x in (0.37, 0.63):
        round_(x, 0.47, 0.06, 0.052, (196, 214, 90))
        round_(x, 0.47, 0.018, 0.046, (20, 24, 16))
    pen.polygon([(0.47 * big, 0.555 * big), (0.53 * big, 0.555 * big), (0.5 * big, 0.588 * big)], fill=(206, 110, 110))
    for sign in (-1, 1):
        curve = [(0.5, 0.588), (0.5 + sign * 0.005, 0.635), (0.5 + sign * 0.05, 0.655), (0.5 + sign * 0.10, 0.635)]
        pen.line([(x * big, y * big) for x, y in curve], fill=(90, 50, 30), width=int(0.009 * big), joint="curve")
        for y in (0.60, 0.63, 0.66):
            start, end = (0.5 + sign * 0.12, y), (0.5 + sign * 0.36, y + (y - 0.63) * 1.6)
            pen.line([(a * big, b * big) for a, b in (start, end)], fill=(250, 246, 240), width=int(0.004 * big))
    return drawn.resize((side, side), Image.Resampling.LANCZOS), {
        "left_eye": (0.37, 0.47), "right_eye": (0.63, 0.47), "nose": (0.5, 0.57),
        "mouth_left": (0.42, 0.643), "mouth_right": (0.58, 0.643), "lip_upper": (0.5, 0.632),
        "lip_lower": (0.5, 0.655), "chin": (0.5, 0.752), "face_left": (0.2, 0.52), "face_right": (0.8, 0.52),
    }  # fmt: skip


def robot(side: int = 512) -> tuple[Image.Image, Spots]:
    """Draw a robot with a visor, a grille and no face, and say where the points of one are."""
    big = side * 3
    drawn = Image.new("RGB", (big, big), (52, 56, 70))
    pen = ImageDraw.Draw(drawn)

    def box(x: float, y: float, to_x: float, to_y: float, round_: float, colour: tuple[int, int, int]) -> None:
        pen.rounded_rectangle((x * big, y * big, to_x * big, to_y * big), radius=round_ * big, fill=colour)

    box(0.20, 0.84, 0.80, 1.2, 0.06, (120, 126, 138))
    box(0.42, 0.74, 0.58, 0.9, 0.01, (84, 88, 98))
    box(0.26, 0.16, 0.74, 0.78, 0.10, (168, 174, 184))
    box(0.21, 0.38, 0.27, 0.56, 0.02, (120, 126, 138))
    box(0.73, 0.38, 0.79, 0.56, 0.02, (120, 126, 138))
    pen.line([(0.5 * big, 0.16 * big), (0.5 * big, 0.07 * big)], fill=(120, 126, 138), width=int(0.014 * big))
    pen.ellipse((0.475 * big, 0.04 * big, 0.525 * big, 0.09 * big), fill=(230, 90, 60))
    box(0.31, 0.32, 0.69, 0.48, 0.05, (28, 32, 44))
    for x in (0.41, 0.59):
        pen.ellipse(((x - 0.028) * big, 0.37 * big, (x + 0.028) * big, 0.426 * big), fill=(90, 220, 240))
    box(0.37, 0.60, 0.63, 0.68, 0.02, (84, 88, 98))
    for x in (0.41, 0.455, 0.5, 0.545, 0.59):
        pen.line([(x * big, 0.61 * big), (x * big, 0.67 * big)], fill=(40, 44, 54), width=int(0.012 * big))
    return drawn.resize((side, side), Image.Resampling.LANCZOS), {
        "left_eye": (0.41, 0.4), "right_eye": (0.59, 0.4), "nose": (0.5, 0.53),
        "mouth_left": (0.37, 0.64), "mouth_right": (0.63, 0.64), "lip_upper": (0.5, 0.6),
        "lip_lower": (0.5, 0.68), "chin": (0.5, 0.78), "face_left": (0.26, 0.5), "face_right": (0.74, 0.5),
    }  # fmt: skip
