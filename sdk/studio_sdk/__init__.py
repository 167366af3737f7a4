'''Package a model as a Production Canvas pipeline: one typed function, one manifest.

A complete pipeline, `pipelines/negative/main.py`:

    """Negative: a still with its colours turned round."""

    from typing import Annotated

    from PIL import Image as Picture, ImageOps
    from studio_sdk import Field, Image, Job, main, pipeline


    @pipeline(id="negative", version="1.0.0", title="Negative", task="edit-image", determinism="bitwise")
    def negative(job: Job, still: Image, strength: Annotated[float, Field(minimum=0, maximum=1)] = 1.0) -> Image:
        """Turn the colours of a still round, wholly or in part."""
        picture = Picture.open(still).convert("RGB")
        job.progress(0.5, "Turning the colours")
        made = Image(job.outputs / "negative.png")
        Picture.blend(picture, ImageOps.invert(picture), strength).save(made)
        return made


    if __name__ == "__main__":
        main(negative)

`studio-sdk describe pipelines/negative --write` makes its `pipeline.json`; docs/pipelines/contract.md is the contract.
'''

from studio_sdk.author import main, pipeline
from studio_sdk.box import Companion, Variant
from studio_sdk.fields import Audio, Captions, ControlMap, Edl, Fail, Field, File, Image, Mask, Reference, Video
from studio_sdk.job import Canceled, Format, Job
from studio_sdk.names import Code
from studio_sdk.points import Point, Points

__all__ = [
    "Audio",
    "Canceled",
    "Captions",
    "Code",
    "Companion",
    "ControlMap",
    "Edl",
    "Fail",
    "Field",
    "File",
    "Format",
    "Image",
    "Job",
    "Mask",
    "Point",
    "Points",
    "Reference",
    "Variant",
    "Video",
    "main",
    "pipeline",
]
