"""Talking shot: the face of a still is bent after a voice. A draft of what Wan 2.2 S2V makes of the same wires."""

from collections.abc import Callable
from math import ceil
from typing import Annotated, Literal

import numpy as np
from acting import acted
from ahead import ahead
from badge import Badge
from face import Face, Points, find, ready
from film import Film
from lids import close
from mouth import Mouth
from phones import spoken
from PIL import Image as Pictures
from planes import Planes, from_rgb
from puppet import REACH, Look, Puppet
from sound import HERTZ, Sound
from still import read
from warp import Warp

from studio_sdk import Audio, Code, Fail, Field, Image, Job, Variant, Video, main, pipeline

MOST_S = 60
"""Longest voice in seconds: what Wan 2.2 S2V takes, so that the shot can be made again with it."""

LEAST_FACE = 40
"""Least height of a face in the shot, in pixels; below it a mouth is a dot."""

_OVER = 2
"""A still is read at most so many times larger than the shot."""


@pipeline(
    id="previz-talk",
    version="1.0.0",
    title="Talking shot (previz)",
    task="generate-video",
    tier="previz",
    environment="bodies",
    variants=tuple(Variant(quality, estimate_s=20) for quality in ("low", "standard", "high")),
    determinism="seeded",
    license="MIT; MediaPipe and its models Apache-2.0; PocketSphinx and its model BSD-2-Clause; font SIL OFL 1.1",
    cannot=(
        "Act: the mouth follows the sounds, head and lids a little chance; the expression stays that of the still",
        "Move hands, body, clothes or the place: what lies around the head is bent along with it",
        "Move a face that is turned away or hidden; a drawn one that is not found can be pointed at",
        "Tell speech from music: it mouths whatever is loud",
        "Hear other languages well: its sounds are English ones",
    ),
    modes=("audio",),
    silence_s=120,
    ready=ready,
)
def talking_shot(
    job: Job,
    still: Annotated[Image, Field(title="Still", help="Who speaks, as they shall look", role="ground-truth")],
    voice: Annotated[Audio, Field(title="Voice", help="Speech or song; it decides the length", role="audio")],
    dialogue: Annotated[
        str,
        Field(
            title="Dialogue",
            max_length=8000,
            multiline=True,
            help="What the voice says, where you know it: the lips follow the words more exactly. English only",
        ),
    ] = "",
    adherence: Annotated[
        Literal["loose", "natural", "tight"], Field(title="Adherence", help="How closely the mouth keeps to the voice")
    ] = "natural",
    face: Annotated[
        str,
        Field(
            title="Face",
            max_length=100,
            help="Where none is found, or to choose one: left eye, right eye, mouth in per cent: 42,35 58,35 50,62",
        ),
    ] = "",
    badge: Annotated[bool, Field(title="PREVIZ badge", help="Mark the picture as a draft")] = True,  # noqa: FBT002
) -> Video:
    """Draft a talking shot: the mouth of a still follows a voice, its head and lids move a little."""
    job.progress(0.01, "Reading the voice")
    sound = Sound.of(voice)
    if sound.length > MOST_S * HERTZ:
        words = f"The voice is {sound.length / HERTZ:.0f} s long; {MOST_S} s is the most. Cut it into several shots."
        raise Fail(Code.VALIDATION_ERROR, words, field="voice")
    frames = max(1, ceil(sound.length * job.format.rate / HERTZ))
    job.progress(0.02, "Looking for the face")
    size = (job.format.width, job.format.height)
    whole = read(still, longest=_OVER * max(size))
    found = find(whole, face, still.label or "the still")
    picture, points = framed(whole, found, size)
    if found.among > 1 and not face:
        job.log(f"{found.among} faces were found; the largest speaks. Under Face another can be chosen.", "warning")
    job.progress(0.04, "Listening")
    said = spoken(voice, dialogue)
    looks = acted(said, frames, float(job.format.rate), job.seed, adherence)
    if not said.phones:
        job.log(f"No speech was heard in {voice.label or 'the voice'}; the mouth follows: {said.how}.", "warning")
    shot = _shot(picture, points, looks)
    mark = Badge(size) if badge else None
    made = Video(job.outputs / "shot.mp4")
    with Film(made, job.format, sound) as film:
        for done, frame in enumerate(ahead(shot, frames), start=1):
            if mark:
                mark.onto(frame)
            film.add(frame)
            job.progress(0.1 + 0.88 * done / frames, f"Frame {done} of {frames}")
        job.progress(0.99, "Writing the file")
    job.facts |= {"frames": frames, "mouth": said.how, "badge": badge, "tier": "previz"}
    job.facts["face"] = "placed by hand" if found.placed else "found" if found.among == 1 else f"1 of {found.among}"
    return made


def framed(whole: Pictures.Image, found: Face, size: tuple[int, int]) -> tuple[Pictures.Image, Points]:
    """Return a still cut to the shape of the shot, and the face's points in it.

    It is cut from the middle, as the pipelines on a GPU do, and only so far beside it that the face stays inside.
    Raises `Fail` where the face is too small to speak.
    """
    scale = max(size[0] / whole.width, size[1] / whole.height)
    if np.ptp(found.points[:, 1]) * scale < LEAST_FACE:
        words = f"The face is too small to be seen speaking ({np.ptp(found.points[:, 1]) * scale:.0f} pixels high)."
        raise Fail(Code.UNSUPPORTED_MEDIA, f"{words} Use a closer still.", field="still")
    cut = (size[0] / scale, size[1] / scale)
    corner = []
    for axis, all_ in enumerate(whole.size):
        low, high = float(found.points[:, axis].min()), float(found.points[:, axis].max())
        room = 0.25 * (high - low)
        at = (all_ - cut[axis]) / 2
        at = min(max(at, high + room - cut[axis]), low - room) if high - low + 2 * room < cut[axis] else low - room
        corner.append(min(max(at, 0.0), max(0.0, all_ - cut[axis])))
    box = (corner[0], corner[1], corner[0] + cut[0], corner[1] + cut[1])
    picture = whole.resize(size, Pictures.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    points = found.points.copy()
    points[:, :2] = (points[:, :2] - corner) * scale
    points[:, 2] *= scale
    return picture, points


def _shot(picture: Pictures.Image, points: Points, looks: list[Look]) -> Callable[[int], Planes]:
    """Return what makes the frames: only the part of the picture around the head is drawn anew."""
    left, top, right, bottom = _around(points, picture.size)
    near = np.asarray(points - np.array([left, top, 0], dtype=float))
    part = np.ascontiguousarray(np.asarray(picture)[top:bottom, left:right])
    puppet = Puppet(near, (right - left, bottom - top))
    warp = Warp(part, puppet.at_rest, puppet.triangles)
    mouth = Mouth(part, puppet)
    whole = from_rgb(picture)

    def frame(number: int) -> Planes:
        look = looks[number]
        spots = puppet.moved(look)
        drawn = warp.bent(spots)
        mouth.onto(drawn, spots)
        close(drawn, spots, look.blink, puppet.span)
        piece = from_rgb(Pictures.fromarray(drawn))
        planes = Planes(whole.y.copy(), whole.u.copy(), whole.v.copy())
        planes.y.paste(piece.y, (left, top))
        planes.u.paste(piece.u, (left // 2, top // 2))
        planes.v.paste(piece.v, (left // 2, top // 2))
        return planes

    return frame


def _around(points: Points, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the part of a picture that goes with a head, at even places."""
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    reach = REACH * float(np.ptp(points[:, :2], axis=0).max()) / 2 * 1.05
    low = [max(0, int(middle[axis] - reach) // 2 * 2) for axis in range(2)]
    high = [min(size[axis] // 2 * 2, int(middle[axis] + reach) // 2 * 2) for axis in range(2)]
    return low[0], low[1], high[0], high[1]


if __name__ == "__main__":
    main(talking_shot)
