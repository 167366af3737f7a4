"""Moving shot: the figure of a still does what the clip does, seen by finding body and face again in what was made."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk import Code, testing
from studio_sdk.testing import Outcome
from studio_sdk.types import Format
from tests.contract.test_person_map import SHIRT, figure
from tests.faces import portrait
from tests.films import PIPELINES, ffmpeg, look
from tests.wan import failed

pytestmark = pytest.mark.timeout(900)

NAME = "previz-move"
PYTHON = PIPELINES / "environments" / "bodies" / ".venv" / "bin" / "python"
SQUARE = Format(width=480, height=480, frame_rate="24/1")
RED = (170, 40, 40)

AGAIN = """
import json, sys
import av, numpy as np
from mediapipe.python.solutions import face_mesh, pose
with av.open(sys.argv[1]) as clip:
    pictures = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)]
told = []
for picture in (pictures[0], pictures[-1]):
    picture = np.ascontiguousarray(picture)
    if sys.argv[2] == "body":
        with pose.Pose(static_image_mode=True) as models:
            marks = models.process(picture).pose_landmarks.landmark
        told.append(marks[15].y - marks[11].y)
    else:
        with face_mesh.FaceMesh(static_image_mode=True) as models:
            marks = models.process(picture).multi_face_landmarks[0].landmark
        told.append((marks[14].y - marks[13].y) / (marks[263].x - marks[33].x))
print(json.dumps(told))
"""


def clip(folder: Path, draw: Callable[[float], Image.Image]) -> Path:
    folder.mkdir()
    for number in range(12):
        draw(number / 11).save(folder / f"{number:02}.png")
    sound = ["-f", "lavfi", "-i", "sine=300:d=0.75"]
    ffmpeg("-framerate", "16", "-i", str(folder / "%02d.png"), *sound, "-pix_fmt", "yuv420p", str(folder / "clip.mp4"))
    return folder / "clip.mp4"


def carry_out(job: Path, still: Path, motion: Path, params: dict[str, object] | None = None) -> Outcome:
    folder = PIPELINES / NAME
    testing.prepare(folder, job, params or {}, {"still": [still], "motion": [motion]}, picture=SQUARE)
    done = testing.carry_out(folder, job, PYTHON, limit_s=300)
    assert testing.breaches(testing.manifest(folder), done) == [], done.printed.decode()
    return done


def again(made: Path, what: str) -> tuple[float, float]:
    run = [str(PYTHON), "-c", AGAIN, str(made), what]
    first, last = json.loads(subprocess.run(run, check=True, capture_output=True, text=True, timeout=300).stdout)
    return float(first), float(last)


def pixels(picture: Image.Image) -> list[tuple[int, int, int]]:
    flat = picture.convert("RGB").tobytes()
    return list(zip(flat[0::3], flat[1::3], flat[2::3], strict=True))


def like(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 35


def near(picture: Image.Image, colour: tuple[int, int, int]) -> int:
    """Return how many pixels have about this colour."""
    return sum(like(pixel, colour) for pixel in pixels(picture))


def in_red() -> Image.Image:
    drawn = figure(0.2).resize((480, 480), Image.Resampling.LANCZOS)
    drawn.putdata([RED if like(pixel, SHIRT) else pixel for pixel in pixels(drawn)])
    return drawn


def test_move_and_mix_do_what_the_clip_does(tmp_path: Path) -> None:
    motion = clip(tmp_path / "arm", lambda share: figure(share).resize((480, 480)))
    in_red().save(tmp_path / "still.png")
    move = carry_out(tmp_path / "move", tmp_path / "still.png", motion)
    assert move.result
    assert (move.result.facts["moved"], move.result.facts["frames"]) == ("move", 18)
    made = look(move.output("video"))
    assert (made.frames, made.size, made.steady, made.audio[1]) == (18, (480, 480), True, 48000)
    first, last = again(move.output("video"), "body")
    assert first > 0.05, "the hand begins below the shoulder, in shares of the height"
    assert last < first - 0.15, "and rises with the one in the clip"
    mix = carry_out(tmp_path / "mix", tmp_path / "still.png", motion, {"submode": "mix", "badge": False})
    assert mix.result
    assert mix.result.facts["moved"] == "mix"
    ffmpeg("-i", str(mix.output("video")), "-frames:v", "1", str(tmp_path / "mix.png"))
    with Image.open(tmp_path / "mix.png") as picture:
        assert near(picture, RED) > 6000, "the person of the still is there"
        assert near(picture, SHIRT) < 1500, "and the one of the clip is not"


def test_a_face_is_moved_by_a_face(tmp_path: Path) -> None:
    motion = clip(tmp_path / "says", lambda share: portrait(480, mouth=max(0.0, share - 0.4)))
    portrait(480).save(tmp_path / "still.png")
    done = carry_out(tmp_path / "job", tmp_path / "still.png", motion, {"sound": False, "seconds": 0.5})
    assert done.result
    assert (done.result.facts["moved"], done.result.facts["frames"]) == ("close-up", 12)
    first, last = again(done.output("video"), "face")
    assert first < 0.06, "lips closed, in eye spans"
    assert last > first + 0.08, "and opened with those in the clip"


def test_what_cannot_be_followed_is_said(tmp_path: Path) -> None:
    nobody = clip(tmp_path / "nobody", lambda _: Image.new("RGB", (320, 240), "gray"))
    portrait(480).save(tmp_path / "still.png")
    code, message, _ = failed(carry_out(tmp_path / "one", tmp_path / "still.png", nobody))
    assert code == Code.UNSUPPORTED_MEDIA
    assert message == "Neither a face nor somebody from head to hips is seen in most of clip.mp4."
    Image.new("RGB", (480, 480), "gray").save(tmp_path / "empty.png")
    code, message, _ = failed(carry_out(tmp_path / "two", tmp_path / "empty.png", nobody))
    assert code == Code.UNSUPPORTED_MEDIA
    assert message.startswith("In empty.png no person from head to hips and no face is found.")


def test_the_wires_are_those_of_the_pipeline_on_a_gpu() -> None:
    draft, real = (testing.manifest(PIPELINES / name) for name in (NAME, "wan22-animate"))
    assert draft.task == real.task
    for name, socket in draft.inputs.items():
        if name != "badge" and not socket.points:
            assert (socket.type, socket.required) == (real.inputs[name].type, real.inputs[name].required)
    assert draft.inputs["submode"].choices == real.inputs["submode"].choices
