"""What steers a shot, taken out of a clip: the person's pose, face, place, or the place without them."""

from typing import Annotated, Literal

from bodies import Person, ready, watching
from footage import Track, pictures
from maps import FACE, face, faces, place, sticks, without
from shot import size_of

from studio_sdk import Code, ControlMap, Fail, Field, Job, Variant, Video, main, pipeline

MOST_S = 60.0
"""Longest clip in seconds: what Wan 2.2 Animate takes."""


@pipeline(
    id="preprocess-motion",
    version="1.0.1",
    title="Person map",
    task="extract-motion",
    environment="bodies",
    output="map",
    variants=tuple(Variant(quality, estimate_s=30, timeout_s=3600) for quality in ("low", "standard", "high")),
    determinism="seeded",
    license="MIT; MediaPipe and its models Apache-2.0",
    by_name=True,
    cannot=(
        "Follow two people: one is followed, as a rule the largest",
        "See who is hidden, cut off or turned away: points that are not seen are left out",
        "Find fingers in small or blurred hands",
        "Cut hair and fine edges: the mask is a soft shape made hard",
    ),
    silence_s=120,
    ready=ready,
)
def person_map(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="The person whose movement is taken", role="motion")],
    draw: Annotated[
        Literal["pose", "face", "mask", "background"],
        Field(
            title="Draw", help="Pose: sticks. Face: it alone. Mask: the person white. Background: without the person"
        ),
    ] = "pose",
) -> ControlMap:
    """Draw the pose of a clip's person, their face, the place they take, or the place without them: maps for a shot."""
    size = size_of(clip)
    people: list[Person | None] = []
    with watching() as watcher:
        for picture in pictures(clip, size, "clip", MOST_S, job):
            people.append(watcher.find(picture))
            job.progress(0.7 * len(people) / (len(people) + 60), "Looking for the person")
    seen = sum(person is not None for person in people)
    if not seen:
        raise Fail(Code.UNSUPPORTED_MEDIA, f"Nobody was found in {clip.label}.", field="clip", detail=draw)
    squares = faces(people, size) if draw == "face" else None
    if draw == "face" and squares is None:
        words = f"A person was found in {clip.label}, but no face that is large and clear enough."
        raise Fail(Code.UNSUPPORTED_MEDIA, words, field="clip")
    with Track(job.outputs / "map.mp4", FACE if squares else size, crf=4 if draw == "mask" else 10) as track:
        for number, (person, picture) in enumerate(zip(people, pictures(clip, size, "clip", MOST_S), strict=False)):
            if squares:
                track.add(face(picture, squares[number]))
            elif draw == "pose":
                track.add(sticks(person, size))
            else:
                track.add(place(person, size) if draw == "mask" else without(picture, person))
            job.progress(0.7 + 0.3 * track.count / len(people), "Drawing")
    if seen < len(people):
        job.log(f"Nobody is seen in {len(people) - seen} of {len(people)} pictures.", "warning")
    job.facts |= {"frames": len(people), "seen": seen, "map": draw, "frame_rate": "16/1"}
    return ControlMap(track.path)


if __name__ == "__main__":
    main(person_map)
