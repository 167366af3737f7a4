"""Moving shot: the figure or the face of a still copies a clip. A draft of what Wan 2.2 Animate makes of the wires."""

import json
from collections.abc import Callable
from math import floor
from typing import Annotated, Literal

import av
import numpy as np
from ahead import ahead
from badge import Badge
from bust import bust, framed
from cutout import Cutout, build_of
from face import Face, Points, find, ready
from film import Film
from footage import Picture, pictures
from joints import HIPS, Joints, at, filled, middle, smoothed, stands, watching
from numpy.typing import NDArray
from performance import face_in, performed
from PIL import Image as Pictures
from planes import Planes, from_rgb
from plate import Plate
from pointed import FACE, other_picture, pointed, told
from pointed import FIELD as FACE_FIELD
from puppet import Puppet
from shot import FPS, size_of
from sound import Sound
from standing import BODY, FIELD, Frame, outline, placed
from standing import found as named
from still import compose, read

from studio_sdk import Audio, Code, Fail, Field, Image, Job, Variant, Video, main, pipeline

MOST_S = 60.0
"""Longest clip in seconds: what Wan 2.2 Animate takes."""

Draw = Callable[[float], Planes]
"""What draws the shot at a moment, counted in pictures of the clip (16 a second)."""

_OFTEN = 0.5
_SAME = 0.02
"""Two shapes are one when they differ by less: sizes are whole pixels."""
REMEDY = (
    "Place the joints yourself; or use one from the front, arms away from the body; or choose Animatic on the card for "
    "a camera move."
)


@pipeline(
    id="previz-move",
    version="1.1.1",
    title="Moving shot (previz)",
    task="generate-video",
    tier="previz",
    environment="bodies",
    variants=tuple(Variant(quality, estimate_s=40) for quality in ("low", "standard", "high")),
    determinism="seeded",
    license="MIT; MediaPipe and its models Apache-2.0; font SIL OFL 1.1",
    cannot=(
        "Turn around: a figure is cut out of the still and has that side only; limbs hidden there cannot be shown",
        "Follow two people, fingers or cloth",
        "Replace somebody before a moving camera: Mix takes the place from what is seen behind them over time",
        "Light the figure as the place in the clip is lit",
        "Show a face from the side: in close-ups large turns are held back",
    ),
    modes=("animate",),
    by_name=True,
    silence_s=180,
    ready=ready,
)
def moving_shot(
    job: Job,
    still: Annotated[Image, Field(title="Still", help="The person, as they shall look", role="ground-truth")],
    motion: Annotated[Video, Field(title="Motion", help="The clip whose movement is followed", role="motion")],
    prompt: Annotated[  # noqa: ARG001 - kept with the take, as told
        str,
        Field(
            title="Prompt",
            help="Kept for the pipeline on a GPU, which follows it; this draft does not",
            max_length=4000,
            multiline=True,
        ),
    ] = "",
    submode: Annotated[
        Literal["move", "mix"],
        Field(
            title="Submode",
            help="Move: the still comes alive. Mix: the person takes the place of the one in the clip",
        ),
    ] = "move",
    seconds: Annotated[
        float, Field(title="Length", help="0: as long as the clip", minimum=0, maximum=60, step=0.5, unit="s")
    ] = 0,
    body_points: Annotated[
        str,
        Field(
            title="Joints of the body",
            max_length=2000,
            help="Placed by hand where nobody is found, or to choose and correct a figure",
            points=BODY,
        ),
    ] = "",
    face_points: Annotated[
        str,
        Field(
            title="Points of the face",
            max_length=2000,
            help="Placed by hand for a close-up; where joints are placed too, the body moves",
            points=FACE,
        ),
    ] = "",
    sound: Annotated[bool, Field(title="Sound", help="Keep the sound of the clip")] = True,  # noqa: FBT002
    badge: Annotated[bool, Field(title="PREVIZ badge", help="Mark the picture as a draft")] = True,  # noqa: FBT002
) -> Video:
    """Draft a moving shot: a cut-out of the still's person copies the body of a clip, or their face its face."""
    size = (job.format.width // 2 * 2, job.format.height // 2 * 2)
    job.progress(0.01, "Looking at the still")
    whole = read(still, longest=2 * max(size))
    what, clip = still.label or "the still", motion.label or "the clip"
    canvas = compose(whole, size[0] / size[1], "static", size[0])
    fitted, laid = _fitted(canvas, size), _lies(whole.size, canvas.size, size)
    if other_picture(body_points or face_points, still.oid):
        job.log("The points were placed on another picture than this still; look whether they fit.", "warning")
    own, face = _who(job, whole, fitted, what, (body_points, face_points, submode), laid)
    body = own is not None and stands(own[0], size)
    if not body and (face is None or submode == "mix"):
        missing = "no person from head to hips" + ("" if submode == "mix" else " and no face")
        words = f"In {what} {missing} is found. {REMEDY}"
        raise Fail(Code.UNSUPPORTED_MEDIA, words, field=FIELD)
    seen = size if submode == "mix" else size_of(motion)
    plate = Plate() if submode == "mix" else None
    track, frames = _bodies(job, motion, seen, plate) if body else (None, 0)
    kind: str = submode
    if track is not None and own is not None:
        draw = _figure(Cutout(fitted, *own), track, plate)
    elif face is not None and submode == "move":
        draw, frames = _closeup(job, motion, size_of(motion), framed(whole, face, size), by_hand=face.placed)
        kind = "close-up"
    else:
        words = (
            f"Nobody is seen from head to hips in most of {clip}. Use another clip, or the submode Move with a face."
        )
        raise Fail(Code.UNSUPPORTED_MEDIA, words, field="motion")
    count = max(1, floor(min(seconds or MOST_S, frames / FPS) * job.format.rate + 0.5))
    step = float(FPS / job.format.rate)
    mark = Badge(size) if badge else None
    made = Video(job.outputs / "shot.mp4")
    with Film(made, job.format, _sound_of(job, motion) if sound else Sound()) as film:
        for done, frame in enumerate(ahead(lambda number: draw(number * step), count), start=1):
            if mark:
                mark.onto(frame)
            film.add(frame)
            job.progress(0.5 + 0.49 * done / count, f"Frame {done} of {count}")
        job.progress(0.99, "Writing the file")
    job.facts |= {"frames": count, "moved": kind, "badge": badge, "tier": "previz"}
    if own is not None and body and not body_points:
        job.facts[FIELD] = json.dumps({"on": still.oid, "found": [named(own[0], laid)]}, separators=(",", ":"))
    if face is not None and face.found and not face_points:
        job.facts[FACE_FIELD] = told(face.found, whole.size, still.oid)
    return made


def _who(
    job: Job,
    whole: Pictures.Image,
    fitted: Picture,
    what: str,
    told: tuple[str, str, str],
    laid: Frame,
) -> tuple[tuple[Joints, NDArray[np.float32]] | None, Face | None]:
    """Return the joints and the outline of the still's figure, and its face: as they were placed, else as found.

    `told` are the points of body and face and the submode.
    """
    body_points, face_points, submode = told
    size = (fitted.shape[1], fitted.shape[0])
    joints = placed(body_points, laid, size)
    if joints is not None:
        job.progress(0.015, "Cutting out the figure")
        return (joints, outline(fitted, joints)), None
    face = pointed(face_points, whole)
    if face is not None and submode != "mix":
        return None, face
    with watching(still=True) as watcher:
        own = watcher.find(fitted)
    return own, face or _face(whole, what)


def _lies(whole: tuple[int, int], canvas: tuple[int, int], size: tuple[int, int]) -> Frame:
    """Return where the still lies in the shot: cut to its shape, or whole before a blurred copy of itself."""
    own, shape = whole[0] / whole[1], canvas[0] / canvas[1]
    fill = max if abs(own / shape - 1) < _SAME else min
    scale = fill(size[0] / whole[0], size[1] / whole[1])
    extent = np.array(whole) * scale
    return extent, (np.array(size) - extent) / 2


def _fitted(whole: Pictures.Image, size: tuple[int, int]) -> Picture:
    scale = max(size[0] / whole.width, size[1] / whole.height)
    wide, tall = size[0] / scale, size[1] / scale
    left, top = (whole.width - wide) / 2, (whole.height - tall) / 2
    box = (left, top, left + wide, top + tall)
    return np.asarray(whole.resize(size, Pictures.Resampling.LANCZOS, box=box, reducing_gap=3.0))


def _face(whole: Pictures.Image, what: str) -> Face | None:
    """Return the face of a still, None where there is none: a body alone may do."""
    try:
        return find(whole, "", what)
    except Fail as why:
        if why.code is not Code.UNSUPPORTED_MEDIA:
            raise
        return None


def _bodies(
    job: Job, motion: Video, size: tuple[int, int], plate: Plate | None
) -> tuple[NDArray[np.float64] | None, int]:
    """Return the joints in every picture of a clip, None where nobody stands there in most; and how many those are."""
    found: list[NDArray[np.float64] | None] = []
    standing = 0
    with watching(still=False) as watcher:
        for picture in pictures(motion, size, "motion", MOST_S, job):
            seen = watcher.find(picture)
            good = seen is not None and stands(seen[0], size)
            standing += good
            found.append(seen[0] if seen is not None and good else None)
            if plate is not None:
                plate.look(picture, seen[1] if seen else None)
            job.progress(0.02 + 0.4 * len(found) / (len(found) + 60), "Following the body")
    if standing < _OFTEN * len(found):
        return None, len(found)
    if standing < len(found):
        job.log(f"The body is not seen whole in {len(found) - standing} of {len(found)} pictures.", "warning")
    return smoothed(filled(found)), len(found)


def _figure(figure: Cutout, track: NDArray[np.float64], plate: Plate | None) -> Draw:
    theirs = build_of(track)
    ground = figure.without() if plate is None else plate.picture()
    scale = 1.0 if plate is None else theirs.torso / figure.torso
    travel = figure.torso / theirs.torso
    start = middle(track[0], HIPS)

    def root(joints: Joints) -> Joints:
        hips = middle(joints, HIPS)
        return hips if plate is not None else np.asarray(figure.hip + (hips - start) * travel)

    def draw(moment: float) -> Planes:
        joints = at(track, moment)
        picture = ground.copy()
        figure.onto(picture, figure.posed(joints, theirs, scale, root(joints)), scale)
        return from_rgb(Pictures.fromarray(picture))

    return draw


def _closeup(
    job: Job, motion: Video, size: tuple[int, int], shown: tuple[Pictures.Image, Points], *, by_hand: bool
) -> tuple[Draw, int]:
    from mediapipe.python.solutions import face_mesh  # noqa: PLC0415 - takes seconds

    found: list[NDArray[np.float64] | None] = []
    with face_mesh.FaceMesh(refine_landmarks=True, max_num_faces=1) as models:
        for picture in pictures(motion, size, "motion", MOST_S, job):
            found.append(face_in(models, picture))
            job.progress(0.02 + 0.4 * len(found) / (len(found) + 60), "Following the face")
    seen = sum(one is not None for one in found)
    if seen < _OFTEN * len(found):
        words = f"Neither a face nor somebody from head to hips is seen in most of {motion.label or 'the clip'}."
        raise Fail(Code.UNSUPPORTED_MEDIA, words, field="motion")
    track = smoothed(filled(found))
    card, points = shown
    puppet = Puppet(points, card.size, by_hand)
    reads = performed(track, puppet.along, puppet.span)
    draws = bust(card, points, placed=by_hand)
    return lambda moment: draws(*reads(at(track, moment))), len(found)


def _sound_of(job: Job, motion: Video) -> Sound:
    with av.open(str(motion), metadata_errors="ignore") as source:
        if not source.streams.audio:
            return Sound()
    try:
        return Sound.of(Audio(motion))
    except Fail as why:
        if why.code is not Code.UNSUPPORTED_MEDIA:
            raise
        job.log(f"The sound of {motion.label or 'the clip'} is damaged and was left out.", "warning")
        return Sound()


if __name__ == "__main__":
    main(moving_shot)
