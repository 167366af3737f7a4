"""Points placed by hand: what MediaPipe sees no face in speaks all the same, and wrong points are named."""

import json
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk import Code, points
from studio_sdk.testing import Outcome
from studio_sdk.types import Format
from tests.faces import Spots, cat, portrait, profile, robot
from tests.films import carry_out, ffmpeg, look

pytestmark = pytest.mark.timeout(900)

SQUARE = Format(width=384, height=384, frame_rate="24/1")
DRAWN = [profile, cat, robot]


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a second of silence, then a line."""
    folder = tmp_path_factory.mktemp("voice")
    said = carry_out("speak", folder / "job", {"dialogue": "A big brown boat, far away"}).output("audio")
    made = folder / "line.wav"
    ffmpeg("-i", str(said), "-af", "adelay=1000:all=1", "-ar", "16000", "-ac", "1", str(made))
    return made


def refused(done: Outcome) -> tuple[Code, str, str | None]:
    assert done.result
    assert done.result.error, "it succeeded"
    return done.result.error.code, done.result.error.message, done.result.error.field


def grey(film: Path, size: int = 384) -> list[Image.Image]:
    words = ["ffmpeg", "-v", "error", "-i", str(film), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    raw = subprocess.run(words, check=True, capture_output=True).stdout
    return [Image.frombytes("L", (size, size), raw[at : at + size * size]) for at in range(0, len(raw), size * size)]


def dark(frame: Image.Image, spots: Spots) -> float:
    """Return how much of the place of a mouth is as dark as its inside."""
    wide = spots["mouth_right"][0] - spots["mouth_left"][0]
    left, right = spots["mouth_left"][0], spots["mouth_right"][0]
    top, bottom = spots["lip_upper"][1] - 0.2 * wide, spots["chin"][1]
    part = frame.crop(tuple(round(edge * 384) for edge in (left, top, right, bottom)))
    return sum(part.histogram()[:58]) / (part.width * part.height)


def loudness(voice: Path, frames: int) -> list[float]:
    with wave.open(str(voice)) as file:
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
        step = file.getframerate() // 24
    return [sum(map(abs, samples[n * step : (n + 1) * step])) / step for n in range(frames)]


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda one: one.__name__)
def test_a_drawing_without_a_face_to_find_speaks_where_it_was_pointed_at(
    drawn: Callable[[], tuple[Image.Image, Spots]], voice: Path, tmp_path: Path
) -> None:
    picture, spots = drawn()
    picture.save(tmp_path / "still.png")
    files = {"still": [tmp_path / "still.png"], "voice": [voice]}
    none = carry_out("previz-talk", tmp_path / "none", {}, files, picture=SQUARE)
    code, message, field = refused(none)
    assert (code, field) == (Code.UNSUPPORTED_MEDIA, "face_points"), "the input to mend is the points"
    assert "Place the points of the face yourself" in message
    done = carry_out("previz-talk", tmp_path / "job", {"face_points": points.write(spots)}, files, picture=SQUARE)
    assert done.result
    assert done.result.facts["face"] == "placed by hand"
    frames = grey(done.output("video"))
    assert len(frames) == look(done.output("video")).frames
    open_ = [dark(frame, spots) for frame in frames]
    loud = loudness(voice, len(frames))
    shut = max(open_[:22])
    assert max(open_) > shut + 0.06, "the mouth opens when the voice begins"
    most = max(loud)
    heard = [is_open for is_open, level in zip(open_, loud, strict=True) if level > 0.4 * most]
    assert sum(heard) / len(heard) > shut + 0.01, "and is mostly open while the voice is loud"


def test_a_face_that_is_found_is_corrected_and_others_can_be_begun_with(voice: Path, tmp_path: Path) -> None:
    two = Image.new("RGB", (1024, 512), (150, 170, 190))
    two.paste(portrait(400), (20, 60))
    two.paste(portrait(), (512, 0))
    two.save(tmp_path / "two.png")
    wide = Format(width=640, height=320, frame_rate="24/1")
    files = {"still": [tmp_path / "two.png"], "voice": [voice]}
    first = carry_out("previz-talk", tmp_path / "first", {}, files, picture=wide)
    assert first.result
    told = json.loads(str(first.result.facts["face_points"]))
    request = json.loads((tmp_path / "first" / "request.json").read_bytes())
    assert told["on"] == request["inputs"]["still"][0]["sha256"]
    assert [round(one["nose"][0], 1) for one in told["found"]] == [0.8, 0.2], "the largest first"
    other = {name: (x, y + (0.02 if name == "lip_lower" else 0)) for name, (x, y) in told["found"][1].items()}
    given = {"face_points": points.write(other, on="0" * 64)}
    done = carry_out("previz-talk", tmp_path / "other", given, files, picture=wide)
    assert done.result
    assert done.result.facts["face"] == "corrected by hand"
    assert "placed on another picture" in (tmp_path / "other" / "events.jsonl").read_text()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"chin": None}, "“Chin”"),
        ({"chin": (0.5, 1.5)}, "“Chin”"),
        ({"lip_lower": (0.5, 0.5)}, "“Upper lip” and “Lower lip”"),
        ({"left_eye": (0.63, 0.47), "right_eye": (0.37, 0.47)}, "“Left eye” and “Right eye”"),
        ({"mouth_right": (0.42, 0.643)}, "“Left corner of the mouth” and “Right corner of the mouth”"),
    ],
)
def test_points_that_are_no_face_are_refused_by_name(
    change: dict[str, tuple[float, float] | None], named: str, voice: Path, tmp_path: Path
) -> None:
    picture, spots = cat(128)
    picture.save(tmp_path / "still.png")
    given = {name: spot for name, spot in (spots | change).items() if spot}
    files = {"still": [tmp_path / "still.png"], "voice": [voice]}
    done = carry_out("previz-talk", tmp_path / "job", {"face_points": points.write(given)}, files, picture=SQUARE)
    code, message, field = refused(done)
    assert (code, field) == (Code.VALIDATION_ERROR, "face_points")
    assert named in message
