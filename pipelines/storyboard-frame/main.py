"""Storyboard frame: a shot's words drawn by rules, as a storyboard artist would sketch it; no picture model is used."""

from typing import Annotated

from draft import comment
from drawing.board import compose
from drawing.sheet import flatten
from drawing.words import read
from label import label
from PIL.PngImagePlugin import PngInfo

from studio_sdk import Code, Fail, Field, Image, Job, Variant, main, pipeline


@pipeline(
    id="storyboard-frame",
    version="1.0.2",
    title="Storyboard frame",
    task="generate-image",
    tier="previz",
    variants=tuple(Variant(quality, estimate_s=2) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT; resvg MPL-2.0; fonts SIL OFL 1.1",
    cannot=(
        "Draw what it does not know: the words that it left out are named on the take",
        "Understand sentences: it knows some hundred English words each for places, people, things and shots",
        "Draw likenesses: people are told apart by clothes and hair, which stay the same for a name",
    ),
    output_mb=64,
    silence_s=60,
)
def storyboard_frame(
    job: Job,
    prompt: Annotated[
        str,
        Field(
            title="Shot",
            max_length=4000,
            multiline=True,
            help="Who does what where and when, and how it is framed: `Low angle wide shot, two women at a pier, dawn`",
        ),
    ],
    characters: Annotated[
        str,
        Field(
            title="Characters",
            max_length=4000,
            multiline=True,
            help="One a line: `ANNA: woman, red coat, long dark hair`",
        ),
    ] = "",
    badge: Annotated[bool, Field(title="PREVIZ badge", help="Mark the picture as a draft")] = True,  # noqa: FBT002
) -> Image:
    """Draw a shot from its words: place, hour, weather, people, things, shot size and angle."""
    if not prompt.strip():
        raise Fail(Code.VALIDATION_ERROR, "Write what is to be seen.", field="prompt")
    shot = read(prompt, characters)
    job.progress(0.1, "Composing")
    board = compose(shot, job.format.width, job.format.height, job.seed)
    job.progress(0.4, "Drawing")
    picture = flatten(board, job.seed)
    if badge:
        label(picture, "PREVIZ")
    made = Image(job.outputs / "frame.png")
    said = PngInfo()
    said.add_text("Comment", comment(seed=job.seed))
    picture.save(made, compress_level=6, pnginfo=said)
    job.facts |= {"understood": ", ".join(shot.understood)[:900] or "nothing", "badge": badge, "tier": "previz"}
    if shot.ignored:
        job.facts["ignored"] = ", ".join(shot.ignored)[:900]
        job.log(f"Not drawn: {', '.join(shot.ignored[:40])}.", "warning")
    return made


if __name__ == "__main__":
    main(storyboard_frame)
