"""A still as people send it - sideways, in ink colours, see-through, huge - as an RGB picture of the shot's size."""

import io
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from studio_sdk import Code, Fail
from studio_sdk import Image as Still

MEGAPIXELS = 120
"""Largest still, in millions of pixels: about 500 MB while it is being read."""

LEAST = 256
"""Shortest side in pixels that leaves a face enough to be known by."""

_GREY = (127, 127, 127)


def fitted(still: Still, size: tuple[int, int], to: Path, field: str = "still") -> Path:
    """Write a still as a PNG of a size, its middle where the shapes differ.

    Raises `Fail` naming the input `field` for one that is no use.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit below names the file and the figure
    try:
        with Image.open(still) as opened:
            across = f"{opened.width} x {opened.height}"
            if opened.width * opened.height > MEGAPIXELS * 1_000_000:
                raise _wrong(
                    f"The still {still.label} is {across} pixels; the limit is {MEGAPIXELS} megapixels.", field
                )
            if min(opened.size) < LEAST:
                words = f"The still {still.label} is {across} pixels; its short side needs {LEAST}. Use a larger one."
                raise Fail(Code.VALIDATION_ERROR, words, field=field)
            profile = opened.info.get("icc_profile")
            picture = _solid(_to_srgb(ImageOps.exif_transpose(opened), profile))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as why:
        raise _wrong(f"The still {still.label} cannot be read.", field, str(why)) from why
    ImageOps.fit(picture, size, Image.Resampling.LANCZOS).save(to)
    return to


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
    ground = Image.new("RGBA", picture.size, (*_GREY, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def _wrong(message: str, field: str, detail: str = "") -> Fail:
    return Fail(Code.UNSUPPORTED_MEDIA, message, field=field, detail=detail)
