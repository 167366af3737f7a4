"""A composed board as pixels: its layers drawn by resvg, laid over each other, with the tooth of paper."""

import io
from random import Random

import resvg_py
from PIL import Image, ImageChops, ImageFilter

from drawing.board import Board

_TILE = 256


def layer(board: Board, number: int, margin: float, scale: float = 1.0) -> Image.Image:
    """Return one layer, see-through but for the farthest.

    `margin` is how much of what lies around the frame is in it, as a share of the frame's width and height on each side (at most
    0.4); `scale` its size in pixels against the frame's.
    """
    x, y = -margin * board.width, -margin * board.height
    wide, high = board.width - 2 * x, board.height - 2 * y
    turn = f' transform="rotate({board.tilt} {board.width / 2} {board.height / 2})"' if board.tilt else ""
    ground = f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{board.paper}"/>' if number == 0 else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {wide} {high}" width="{round(wide * scale)}" '
        f'height="{round(high * scale)}">{ground}<g{turn}>{board.layers[number]}</g></svg>'
    )
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg)))).convert("RGBA")
    if number == 0 and board.soft:
        return drawn.filter(ImageFilter.GaussianBlur(board.soft * scale))
    return drawn


def tooth(size: tuple[int, int], seed: int) -> Image.Image:
    """Return the tooth of drawing paper: grey around 128, the same for a seed."""
    chance = Random(seed)  # noqa: S311 - paper, no secret
    grains = bytes(min(255, max(0, round(chance.gauss(128, 4)))) for _ in range(_TILE * _TILE))
    tile = Image.frombytes("L", (_TILE, _TILE), grains)
    whole = Image.new("L", size)
    for x in range(0, size[0], _TILE):
        for y in range(0, size[1], _TILE):
            whole.paste(tile, (x, y))
    return whole


def flatten(board: Board, seed: int) -> Image.Image:
    """Return the frame: all layers on paper, darker towards the corners."""
    whole = layer(board, 0, 0.0)
    for number in (1, 2):
        if board.layers[number]:
            whole.alpha_composite(layer(board, number, 0.0))
    picture = whole.convert("RGB")
    grain = tooth(picture.size, seed)
    return ImageChops.multiply(
        ImageChops.add(picture, Image.merge("RGB", (grain,) * 3), 1, -128), vignette(picture.size)
    )


def vignette(size: tuple[int, int]) -> Image.Image:
    """Return a picture to multiply by that is a little darker towards the corners."""
    far = (
        Image.radial_gradient("L")
        .resize(size, Image.Resampling.BICUBIC)
        .point(lambda away: 255 - max(0, away - 110) * 0.34)
    )
    return Image.merge("RGB", (far, far, far))
