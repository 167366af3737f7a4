"""Animatic: a timed shot from a still or from its words alone, with a slow camera move.

Runs anywhere, pretends nothing.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from random import Random
from typing import Annotated, Literal

from ahead import ahead
from badge import Badge
from camera import Move
from film import Film
from motion import Motion
from planes import Planes, cut, from_rgb
from plate import Plate
from slate import Fact, draw, grain
from sound import HERTZ, Sound
from still import compose, read

from studio_sdk import Audio, Code, Fail, Field, Image, Job, Variant, Video, main, pipeline

MoveName = Literal["push-in", "pull-out", "pan-left", "pan-right", "tilt-up", "tilt-down", "static"]

_SLATE_REACH = 0.45
MOST_GUIDES = 6
"""Pictures of one kind that still can be told apart along the edge of a frame."""

_GUIDE = 640
_SHARPER = 1.12
"""A canvas holds this much more than the closest view shows, so that sharpness does not breathe during a move."""


@pipeline(
    id="animatic",
    version="1.1.0",
    title="Animatic",
    task="generate-video",
    tier="previz",
    variants=tuple(Variant(quality, estimate_s=2) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT; fonts SIL OFL 1.1",
    cannot=(
        "Invent a picture: without a still it shows the words on a card",
        "Move anything inside the still",
        "Follow a motion video, a reference or a pose: they are shown small, with their names",
        "Move lips to a voice: it is heard over the picture",
    ),
    modes=("animate", "audio"),
    output_mb=2048,
    silence_s=60,
)
def animatic(
    job: Job,
    prompt: Annotated[
        str, Field(title="Prompt", help="What happens in the shot", max_length=4000, multiline=True)
    ] = "",
    still: Annotated[
        Image | None, Field(title="Still", help="The picture the camera moves over", role="ground-truth")
    ] = None,
    voice: Annotated[
        Audio | None, Field(title="Voice", help="Heard as it is; a longer voice makes a longer shot", role="audio")
    ] = None,
    motion: Annotated[
        Video | None,
        Field(
            title="Motion", help="Shown small in a corner, from its start; the shot does not follow it", role="motion"
        ),
    ] = None,
    references: Annotated[
        list[Image] | None,
        Field(title="References", help="Shown small along the edge; the shot does not follow them", role="reference"),
    ] = None,
    poses: Annotated[
        list[Image] | None,
        Field(title="Poses", help="Shown small along the edge; the shot does not follow them", role="pose-sheet"),
    ] = None,
    seconds: Annotated[float, Field(title="Length", minimum=1, maximum=60, step=0.5, unit="s")] = 4,
    move: Annotated[MoveName, Field(title="Camera move")] = "push-in",
    badge: Annotated[bool, Field(title="PREVIZ badge", help="Mark the picture as a draft")] = True,  # noqa: FBT002
) -> Video:
    """Draft a shot: a slow camera move over a still, or over a card with the prompt when there is none."""
    if still is None and not prompt.strip():
        raise Fail(Code.VALIDATION_ERROR, "Write a prompt or connect a still.", field="prompt")
    if voice is not None:
        job.progress(0.01, "Reading the voice")
    sound = Sound.of(voice) if voice is not None else Sound()
    frames = length(seconds, sound.length, job.format.rate)
    size = (job.format.width, job.format.height)
    if still is not None:
        job.progress(0.02, "Reading the still")
        look = _over_still(job, still, move, frames)
    else:
        job.progress(0.02, "Setting the card")
        look = _over_card(job, prompt, move, frames)
    mark = Badge(size) if badge else None
    look = _with_guides(job, look, motion, (references or [], poses or []), on_card=still is None)
    made = Video(job.outputs / "shot.mp4")
    with Film(made, job.format, sound) as film:
        for done, picture in enumerate(ahead(look, frames), start=1):
            if mark:
                mark.onto(picture)
            film.add(picture)
            job.progress(0.05 + 0.93 * done / frames, f"Frame {done} of {frames}")
        job.progress(0.99, "Writing the file")
    job.facts |= {"frames": frames, "move": move, "slate": still is None, "badge": badge}
    if motion or references or poses:
        job.facts["guides"] = "shown, not followed"
    return made


def length(seconds: float, voice_samples: int, rate: Fraction) -> int:
    """Return the frames of a shot: the asked length to the nearest frame, or as many as the voice needs."""
    asked = floor(Fraction(seconds).limit_denominator(1000) * rate + Fraction(1, 2))
    return max(1, asked, ceil(Fraction(voice_samples, HERTZ) * rate))


def _with_guides(
    job: Job,
    look: Callable[[int], Planes],
    motion: Video | None,
    given: tuple[list[Image], list[Image]],
    *,
    on_card: bool,
) -> Callable[[int], Planes]:
    """Lay the pictures and the clip that were given as guides over the shot, named and small."""
    if max(map(len, given)) > MOST_GUIDES:
        field = "references" if len(given[0]) > MOST_GUIDES else "poses"
        raise Fail(Code.VALIDATION_ERROR, f"At most {MOST_GUIDES} pictures fit along the edge.", field=field)
    size = (job.format.width, job.format.height)
    named = zip(("REFERENCES", "POSES"), ("references", "poses"), given, strict=True)
    groups = [(name, [read(one, _GUIDE, field) for one in files]) for name, field, files in named if files]
    strip = Plate(size, groups, 0.115, left=True, top=on_card) if groups else None
    clip = Motion(motion, size, job.format.rate, on_card=on_card) if motion else None

    def dressed(number: int) -> Planes:
        picture = look(number)
        if strip:
            strip.onto(picture)
        if clip:
            clip.onto(picture, number)
        return picture

    return dressed if strip or clip else look


def _over_still(job: Job, still: Image, name: str, frames: int) -> Callable[[int], Planes]:
    size = (job.format.width, job.format.height)
    aspect, seconds = size[0] / size[1], float(frames / job.format.rate)
    picture = read(still, longest=4 * max(size))
    closest = Move(name, picture.width, picture.height, aspect, seconds).zoom
    canvas_rgb = compose(picture, aspect, name, round(size[0] * closest * _SHARPER))
    camera = Move(name, canvas_rgb.width // 2 * 2, canvas_rgb.height // 2 * 2, aspect, seconds)
    canvas = from_rgb(canvas_rgb)
    return lambda number: cut(canvas, camera.view(number / max(1, frames - 1)), size)


def _over_card(job: Job, prompt: str, name: str, frames: int) -> Callable[[int], Planes]:
    size = (job.format.width, job.format.height)
    aspect, seconds = size[0] / size[1], float(frames / job.format.rate)
    card_size = (round(size[0] * 1.18 / 2) * 2, round(size[1] * 1.18 / 2) * 2)
    facts = [
        Fact("Length", f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"),
        Fact("Frames", f"{frames}"),
        Fact("Rate", f"{float(job.format.rate):.3f}".rstrip("0").rstrip(".") + " fps"),
        Fact("Format", f"{size[0]} \u00d7 {size[1]}"),
        Fact("Camera", name.replace("-", " ").capitalize()),
        Fact("Seed", f"{job.seed}"),
    ]
    card, lacking = draw(card_size, prompt.strip(), facts, job.random)
    if lacking:
        job.log(f"No font here has {''.join(lacking[:40])}; install one, for example fonts-noto-cjk.", "warning")
        job.facts["signs_not_shown"] = len(lacking)
    canvas = from_rgb(card)
    camera = Move(name, *card_size, aspect, seconds, reach=_SLATE_REACH)
    spare = 64
    noise = grain((size[0] + spare, size[1] + spare), job.random, 1.5)
    shake = Random(job.seed)  # noqa: S311 - where the grain lies, no secret

    def look(number: int) -> Planes:
        picture = cut(canvas, camera.view(number / max(1, frames - 1)), size)
        picture.grain(noise, (shake.randrange(spare), shake.randrange(spare)))
        return picture

    return look


if __name__ == "__main__":
    main(animatic)
