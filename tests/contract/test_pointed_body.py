"""Joints placed by hand: a robot and a bear without a person to find move as the clip does; wrong ones are named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk import Code, points
from studio_sdk.testing import Outcome
from studio_sdk.types import Format
from tests.bodies import CLAW, machine
from tests.contract.test_move import clip, pixels
from tests.contract.test_person_map import figure
from tests.faces import Spots, cat, portrait
from tests.films import carry_out, ffmpeg

pytestmark = pytest.mark.timeout(900)

SQUARE = Format(width=480, height=480, frame_rate="24/1")
WIDE = Format(width=640, height=360, frame_rate="24/1")


@pytest.fixture(scope="module")
def waving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("clip") / "arm", lambda share: figure(share).resize((480, 480)))


def move(job: Path, still: Image.Image, motion: Path, params: dict[str, object], picture: Format = SQUARE) -> Outcome:
    still.save(job.with_suffix(".png"))
    files = {"still": [job.with_suffix(".png")], "motion": [motion]}
    return carry_out("previz-move", job, params | {"badge": False}, files, picture=picture)


def frames(film: Path, folder: Path) -> list[Image.Image]:
    folder.mkdir()
    ffmpeg("-i", str(film), str(folder / "%03d.png"))
    shown = []
    for path in sorted(folder.iterdir()):
        with Image.open(path) as picture:
            shown.append(picture.convert("RGB"))
    return shown


def claw(frame: Image.Image) -> tuple[float, float]:
    """Return the middle of what is painted like the robot's right hand, in shares of the frame."""
    seen = [at for at, one in enumerate(pixels(frame)) if max(abs(a - b) for a, b in zip(one, CLAW, strict=True)) < 40]
    assert len(seen) > 100, "the hand is there"
    wide, tall = frame.size
    return sum(at % wide for at in seen) / len(seen) / wide, sum(at // wide for at in seen) / len(seen) / tall


def refused(done: Outcome) -> tuple[Code, str, str | None]:
    assert done.result
    assert done.result.error, "it succeeded"
    return done.result.error.code, done.result.error.message, done.result.error.field


@pytest.mark.parametrize("picture", [SQUARE, WIDE], ids=["its shape", "a wider film"])
def test_a_robot_in_which_nobody_is_found_waves_with_the_clip(picture: Format, waving: Path, tmp_path: Path) -> None:
    drawn, spots = machine()
    if picture is SQUARE:
        code, message, field = refused(move(tmp_path / "none", drawn, waving, {}))
        assert (code, field) == (Code.UNSUPPORTED_MEDIA, "body_points"), "the input to mend is the joints"
        assert "Place the joints yourself" in message
    done = move(tmp_path / "job", drawn, waving, {"body_points": points.write(spots)}, picture)
    assert done.result
    assert done.result.facts["moved"] == "move"
    shown = frames(done.output("video"), tmp_path / "frames")
    first, last = claw(shown[0]), claw(shown[-1])
    assert first[0] > 0.5, "it hangs on the right"
    assert last[1] < first[1] - 0.3, "and rises with the one in the clip, in shares of the height"


def test_joints_that_are_found_are_told_and_can_be_begun_with(waving: Path, tmp_path: Path) -> None:
    done = move(tmp_path / "job", figure(0.2), waving, {})
    assert done.result
    told = str(done.result.facts["body_points"])
    assert '"found":[{"head":[0.' in told
    assert done.result.facts["moved"] == "move"


def test_a_close_up_takes_the_points_of_a_face(tmp_path: Path) -> None:
    talking = clip(tmp_path / "says", lambda share: portrait(480, mouth=max(0.0, share - 0.4)))
    drawn, spots = cat(480)
    done = move(tmp_path / "job", drawn, talking, {"face_points": points.write(spots), "seconds": 0.7})
    assert done.result
    assert done.result.facts["moved"] == "close-up"
    shown = frames(done.output("video"), tmp_path / "frames")

    def dark(frame: Image.Image) -> int:
        return sum(frame.convert("L").crop((200, 300, 280, 380)).histogram()[:60])

    assert dark(shown[-1]) > dark(shown[0]) + 150, "the mouth of the cat opens with the one in the clip"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda _: {"left_knee": None}, "“Left knee”"),
        (lambda _: {"left_knee": (0.4, -0.1)}, "“Left knee”"),
        (lambda at: {"left_hip": at["left_shoulder"], "right_hip": at["right_shoulder"]}, "“Left hip”"),
        (lambda at: {"right_shoulder": at["left_shoulder"]}, "“Right shoulder”"),
    ],
)
def test_joints_that_are_no_body_are_refused_by_name(
    change: Callable[[Spots], dict[str, tuple[float, float] | None]], named: str, waving: Path, tmp_path: Path
) -> None:
    drawn, spots = machine(128)
    given = {name: spot for name, spot in (spots | change(spots)).items() if spot}
    code, message, field = refused(move(tmp_path / "job", drawn, waving, {"body_points": points.write(given)}))
    assert (code, field) == (Code.VALIDATION_ERROR, "body_points")
    assert named in message
