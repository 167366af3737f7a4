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
