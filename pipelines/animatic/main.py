"""Animatic: a timed shot from a still or drawn from its words, with a camera move, spoken lines and captions.

Runs anywhere, pretends nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from random import Random
from typing import Annotated, Literal

import numpy as np
from ahead import ahead
from badge import Badge
from camera import Move
from caption import Captions, pieces
from drawing.shot import Shot
from drawing.words import read as read_words
from drawn import Scene, depths_of, mouths_of, path_of
from film import Film
from motion import Motion
from planes import Planes, cut, from_rgb
from plate import Plate
from slate import Fact, draw, grain
from sound import HERTZ, Sound
from still import compose, read
from voice import Line, lines_of, speak

from studio_sdk import Audio, Code, Fail, Field, Image, Job, Variant, Video, main, pipeline

MoveName = Literal[
    "as-written", "push-in", "pull-out", "pan-left", "pan-right", "tilt-up", "tilt-down", "truck-left", "truck-right",
    "handheld", "static",
]  # fmt: skip
Language = Literal["en-us", "en-gb", "de", "es", "fr", "it", "nl", "pl", "pt-br", "sv"]

_SLATE_REACH = 0.45
MOST_GUIDES = 6
"""Pictures of one kind that still can be told apart along the edge of a frame."""

_HEADED = re.compile(r"\s*(?:int|ext|est|i/e)\b[./ ]", re.IGNORECASE)
"""A prompt that begins with a scene heading of its own."""

_GUIDE = 640
_SHARPER = 1.12
"""A canvas holds this much more than the closest view shows, so that sharpness does not breathe during a move."""


@pipeline(
    id="animatic",
    version="1.2.3",
    title="Animatic",
    task="generate-video",
    tier="previz",
    variants=tuple(Variant(quality, estimate_s=2) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT; fonts SIL OFL 1.1; resvg MPL-2.0; voices eSpeak NG GPL-3.0",
    cannot=(
        "Invent a picture: without a still it draws by rules what it knows of the words, and names the rest",
        "Move anything inside the picture but the mouth of a drawn person who speaks",
        "Follow a motion video, a reference or a pose: they are shown small, with their names",
        "Sound like a person: lines are spoken by a robot unless a voice is wired",
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
    move: Annotated[
        MoveName, Field(title="Camera move", help="As written: the move that the words name, else a slow push-in")
    ] = "as-written",
    dialogue: Annotated[
        str,
        Field(
            title="Dialogue",
            max_length=8000,
            multiline=True,
            help="What is said, a line each: `ANNA (softly): Where were you?`; spoken unless a voice is wired",
        ),
    ] = "",
    setting: Annotated[
        str,
        Field(title="Setting", max_length=200, help="Where and when, as in a scene heading, where the prompt has none"),
    ] = "",
    characters: Annotated[
        str,
        Field(
            title="Characters",
            max_length=4000,
            multiline=True,
            help="Who looks how, one a line: `ANNA: woman, red coat, long dark hair`",
        ),
    ] = "",
    language: Annotated[Language, Field(title="Spoken language")] = "en-us",
    draw: Annotated[bool, Field(title="Draw the words", help="Off: the words on a card")] = True,  # noqa: FBT002
    captions: Annotated[bool, Field(title="Captions", help="Show what is being said")] = True,  # noqa: FBT002
    badge: Annotated[bool, Field(title="PREVIZ badge", help="Mark the picture as a draft")] = True,  # noqa: FBT002
) -> Video:
    """Draft a shot: a slow camera move over a still, or over a card with the prompt when there is none."""
    if still is None and not prompt.strip():
        raise Fail(Code.VALIDATION_ERROR, "Write a prompt or connect a still.", field="prompt")
    lines = lines_of(dialogue)
    shot = _understood(prompt if _HEADED.match(prompt) or not setting else f"{setting}. {prompt}", characters, lines)
    sound, heard = _sound(job, voice, lines, language, shot)
    frames = length(seconds, sound.length, job.format.rate)
    size = (job.format.width, job.format.height)
    drawn = still is None and draw and bool(shot.understood)
    going = (shot.move or "push-in") if move == "as-written" else move
    if still is not None:
        job.progress(0.02, "Reading the still")
        look = _over_still(job, still, going, frames)
    elif drawn:
        job.progress(0.02, "Drawing the words")
        look = _drawn(job, shot, going, frames, heard)
    else:
        job.progress(0.02, "Setting the card")
        look = _over_card(job, prompt, going, frames)
    look = _captioned(job, look, heard) if captions and heard.lines else look
    mark = Badge(size) if badge else None
    look = _with_guides(job, look, motion, (references or [], poses or []), on_card=still is None)
    made = Video(job.outputs / "shot.mp4")
    with Film(made, job.format, sound, job.seed) as film:
        for done, picture in enumerate(ahead(look, frames), start=1):
            if mark:
                mark.onto(picture)
            film.add(picture)
            job.progress(0.05 + 0.93 * done / frames, f"Frame {done} of {frames}")
        job.progress(0.99, "Writing the file")
    job.facts |= {"frames": frames, "move": going, "slate": still is None and not drawn, "badge": badge}
    job.facts |= _facts(shot if drawn else None, heard, spoken=voice is None)
    if motion or references or poses:
        job.facts["guides"] = "shown, not followed"
    return made


@dataclass(frozen=True)
class Heard:
    """What is said and when, and how loud it is in every hundredth of a second."""

    lines: list[Line]
    loud: np.ndarray


def _facts(shot: Shot | None, heard: Heard, *, spoken: bool) -> dict[str, str]:
    """Return what was understood, what was not drawn, and whose voice it is, for the take."""
    facts = {}
    if shot:
        facts["understood"] = ", ".join(shot.understood)[:900]
        if shot.ignored:
            facts["ignored"] = ", ".join(shot.ignored)[:900]
    if heard.lines:
        facts["spoken"] = "eSpeak NG, robotic" if spoken else "as wired"
    return facts


def _captioned(job: Job, look: Callable[[int], Planes], heard: Heard) -> Callable[[int], Planes]:
    foot = Captions((job.format.width, job.format.height))
    spans = [span for line in heard.lines for span in pieces(line.words, line.begins, line.ends)]

    def dressed(number: int) -> Planes:
        picture = look(number)
        now = (number + 0.5) / float(job.format.rate)
        said = next((words for begins, ends, words in spans if begins <= now < ends), "")
        if said:
            foot.onto(picture, said)
        return picture

    return dressed


def _understood(prompt: str, characters: str, lines: list[Line]) -> Shot:
    """Return what the words say, with whoever speaks in the frame."""
    shot = read_words(prompt, characters)
    speakers = list(dict.fromkeys(line.speaker for line in lines if line.speaker))
    if not speakers or "nobody" in shot.understood or shot.size == "insert":
        return shot
    if shot.size not in shot.understood:
        shot.size = "medium close-up" if len(speakers) == 1 and len(shot.people) < 2 else "medium"  # noqa: PLR2004
    named = {person.name.lower() for person in shot.people}
    nameless = [person for person in shot.people if not person.name]
    close = "close-up" in shot.size and bool(shot.people)  # whoever else speaks is heard, not seen
    for speaker in [] if close else speakers[:3]:
        if speaker.lower() in named:
            continue
        if nameless:
            nameless.pop(0).name = speaker.title()
        else:
            shot.people += read_words(f"{speaker.upper()} talks", characters).people[:1]
    shot.people = shot.people[:6]
    if len(shot.people) > 1 and all(not person.pose for person in shot.people):
        shot.people[0].pose = "talk"
    shot.understood.append(f"speaks: {', '.join(speakers[:3])}")
    return shot


def _sound(job: Job, voice: Audio | None, lines: list[Line], language: str, shot: Shot) -> tuple[Sound, Heard]:
    """Return the shot's sound: the voice that is wired, else the lines spoken, else silence."""
    if voice is not None:
        job.progress(0.01, "Reading the voice")
        sound = Sound.of(voice)
        total = sum(len(line.words) for line in lines) or 1
        at, timed = 0.0, []
        for line in lines:  # nobody says when a wired voice says what: in order, by the length of the words
            until = at + sound.length / HERTZ * len(line.words) / total
            timed.append(Line(line.speaker, line.words, at, until))
            at = until
        return sound, Heard(timed, np.zeros(0))
    if not lines:
        return Sound(), Heard([], np.zeros(0))
    job.progress(0.01, "Speaking the lines")
    women = frozenset(person.name.lower() for person in shot.people if person.kind in {"woman", "girl"})
    path = job.scratch / "lines.wav"
    timed, loud = speak(lines, language, women, path)
    return Sound.of(Audio(path)), Heard(timed, loud)


def _drawn(job: Job, shot: Shot, move: str, frames: int, heard: Heard) -> Callable[[int], Planes]:
    size, rate = (job.format.width, job.format.height), float(job.format.rate)
    who = {person.name.lower(): number for number, person in enumerate(shot.people) if person.name}
    spans = [(line.begins, line.ends, who.get(line.speaker.lower(), 0)) for line in heard.lines]
    path = path_of(move, frames / rate, job.seed)
    closest = max(path(t / 20)[2] for t in range(21))
    scene = Scene(shot, size, job.seed, closest, mouths_of(heard.loud, spans, frames, rate))
    depths = depths_of(move)
    return lambda number: scene.picture(number, path(number / max(1, frames - 1)), depths)


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
