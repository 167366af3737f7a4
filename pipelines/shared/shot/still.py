"""A still as it comes from people - sideways, in ink colours, see-through, huge - as one RGB picture for the camera."""

import io

from camera import PANS, TILTS
from PIL import Image, ImageCms, ImageFilter, ImageOps, UnidentifiedImageError

from studio_sdk import Code, Fail
from studio_sdk import Image as Still

MEGAPIXELS = 120
"""Largest still, in millions of pixels: about 500 MB while it is being read."""

_BEHIND = (16, 17, 20)
"""What shows through a see-through still."""

_KEPT = 0.6
"""Share of a still that filling the frame must keep; else it is shown whole, before a blurred copy of itself."""

_ROOM = 0.1

_NAMES = {"still": "still", "references": "reference", "poses": "pose sheet"}


def read(still: Still, longest: int, field: str = "still") -> Image.Image:
    """Return a picture upright, in sRGB, without holes.

    `longest` is the side in pixels that would be enough, `field` the input that a refusal names.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit below names the file and the figure
    try:
        with Image.open(still) as opened:
            if opened.width * opened.height > MEGAPIXELS * 1_000_000:
                size = f"{opened.width} x {opened.height}"
                raise Fail(
                    Code.UNSUPPORTED_MEDIA,
                    f"The {_NAMES[field]} {still.label} is {size} pixels; the limit is {MEGAPIXELS} megapixels.",
                    field=field,
                )
            opened.draft("RGB", (longest, longest))
            profile = opened.info.get("icc_profile")
            upright = ImageOps.exif_transpose(opened)
            return _solid(_to_srgb(upright, profile))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as why:
        raise Fail(
            Code.UNSUPPORTED_MEDIA, f"The {_NAMES[field]} {still.label} cannot be read.", field=field, detail=str(why)
        ) from why


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            return picture  # a broken colour profile is common and the picture without it is still right to look at
        if turned is not None:
            return turned
    return picture


def _solid(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "a" not in picture.getbands():
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    ground = Image.new("RGBA", picture.size, (*_BEHIND, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def compose(picture: Image.Image, aspect: float, move: str, wanted: int) -> Image.Image:
    """Return the canvas a camera moves over: the still itself, or the still whole before a blurred copy of itself.

    `wanted` is the width in pixels of the widest view that the frame can use; more is scaled down once, here.
    """
    across, down = picture.width / (picture.height * aspect), picture.height * aspect / picture.width
    kept = min(across, down)
    room = (across if move in PANS else down if move in TILTS else 1.0) - 1
    if kept < _KEPT and room < _ROOM:
        picture = _matted(picture, aspect, wanted)
    widest = min(picture.width, picture.height * aspect)
    if widest > wanted:
        shrunk = (max(16, round(picture.width * wanted / widest)), max(16, round(picture.height * wanted / widest)))
        picture = picture.resize(shrunk, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def _matted(picture: Image.Image, aspect: float, wanted: int) -> Image.Image:
    width, height = wanted, round(wanted / aspect)
    small = ImageOps.fit(picture, (max(8, width // 16), max(8, height // 16)), Image.Resampling.BOX)
    ground = small.filter(ImageFilter.GaussianBlur(max(2.0, height / 16 / 11)))
    ground = ground.resize((width, height), Image.Resampling.BICUBIC).point(lambda level: int(level * 0.42))
    fore = ImageOps.contain(picture, (width, height), Image.Resampling.LANCZOS)
    ground.paste(fore, ((width - fore.width) // 2, (height - fore.height) // 2))
    return ground
