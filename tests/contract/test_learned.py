"""The AI model of pictures in between: the same answers as its makers' own program, and nothing but its own weights."""

import json
import math
import subprocess
from pathlib import Path

import pytest

from studio_sdk.types import Quality
from tests.contract.test_interpolate import TAGS, ball
from tests.films import PIPELINES, carry_out, ffmpeg, frame_rgb, frame_sums

FOLDER = PIPELINES / "interpolate"
PYTHON = PIPELINES / "environments" / "inbetweens" / ".venv" / "bin" / "python"
GOLDEN = Path(__file__).parents[1] / "data" / "rife"


def answer(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the pipeline's own Python in its folder."""
    return subprocess.run([PYTHON, *words], cwd=FOLDER, capture_output=True, text=True, check=False)


def test_it_answers_as_its_makers_program_does() -> None:
    done = answer(GOLDEN / "ask.py")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for name in ("middle", "third", "wider"):
        assert told[name][0] < 0.01, told  # pixels; the golden ways are kept in half precision, of up to 6
        assert told[name][1] < 0.001, told
    assert told["picture"] < 1.5, told  # levels; OpenCV moves by thirty-seconds of a pixel


def test_weights_are_the_ones_that_were_tested_and_can_only_be_numbers() -> None:
    swapped = (
        "import pathlib, tempfile, weights; from studio_sdk import Fail; from pathlib import Path;"
        "file = Path(tempfile.mkdtemp()) / 'x'; data = bytearray(weights.found().read_bytes()); data[9999] ^= 1;"
        "file.write_bytes(data); weights.found = lambda: file\n"
        "try:\n weights.read()\nexcept Fail as why:\n print(why.code, why.message)"
    )
    done = answer("-c", swapped)
    assert "DEPENDENCY_MISSING" in done.stdout, done.stderr
    assert "not the one that was tested" in done.stdout
    trap = (
        "import io, os, pickle, zipfile, weights\n"
        "class Trap:\n def __reduce__(self):\n  return os.system, ('echo sprung',)\n"
        "box = io.BytesIO(); zipfile.ZipFile(box, 'w').writestr('archive/data.pkl', pickle.dumps({'a': Trap()}, 2))\n"
        "try:\n weights.tensors(box.getvalue())\nexcept pickle.UnpicklingError as why:\n print('refused', why)"
    )
    done = answer("-c", trap)
    assert done.stdout.startswith("refused posix.system"), (done.stdout, done.stderr)


def jumping(folder: Path) -> tuple[Path, Path]:
    """Write a card that crosses a fine ground by 24 pixels a picture, whole and with every other picture taken away."""
    wide, full, half = folder / "wide.png", folder / "full.mp4", folder / "half.mp4"
    ffmpeg("-f", "lavfi", "-i", "mandelbrot=s=1280x256:rate=12:maxiter=80", "-frames:v", "1", str(wide))
    ffmpeg("-loop", "1", "-framerate", "48", "-t", "0.25", "-i", str(wide),
           "-vf", "crop=384:256:n*24:0,format=yuv420p", "-qp", "4", *TAGS, str(full))  # fmt: skip
    ffmpeg("-i", str(full), "-vf", "select='not(mod(n,2))',setpts=N/24/TB", "-r", "24", "-qp", "4", *TAGS, str(half))
    return full, half


def likeness(made: Path, truth: Path) -> float:
    pairs = [(frame_rgb(made, n), frame_rgb(truth, n)) for n in (3, 5, 7)]
    wrong = sum((a - b) ** 2 for one, two in pairs for a, b in zip(one, two, strict=True))
    return 10 * math.log10(255**2 / (wrong / sum(len(one) for one, _ in pairs)))


def test_where_the_search_is_lost_the_model_helps_and_the_take_says_so(tmp_path: Path) -> None:
    full, half = jumping(tmp_path)
    found = {}
    for method in ("motion", "best", "ai"):
        params: dict[str, object] = {"frame_rate": "48", "method": method}
        done = carry_out("interpolate", tmp_path / method, params, {"clip": [half]}, quality=Quality.HIGH)
        assert done.result
        found[method] = likeness(done.output("video"), full)
        said = done.result.facts.get("ai_model", "")
        assert ("AI model, runs here; MIT" in str(said)) == (method != "motion")
        assert (done.result.facts.get("ai_pictures", 0) == done.result.facts["made_up"]) == (method != "motion")
    assert found["best"] > found["motion"] + 1, found
    assert found["ai"] > found["motion"] + 1, found


def test_what_hardly_moves_is_made_without_the_model_and_all_of_it_is_the_same_again(tmp_path: Path) -> None:
    _, half = jumping(tmp_path)
    slow = ball(tmp_path / "slow.mp4", "12", 1)
    done = carry_out("interpolate", tmp_path / "calm", {"frame_rate": "48"}, {"clip": [slow]})
    assert done.result
    assert done.result.facts["method"] == "best"
    assert "ai_pictures" not in done.result.facts
    params: dict[str, object] = {"frame_rate": "48", "method": "ai"}
    made = [carry_out("interpolate", tmp_path / f"{n}", params, {"clip": [half]}).output("video") for n in range(2)]
    assert frame_sums(made[0]) == frame_sums(made[1])


@pytest.mark.parametrize("method", ["ai", "best"])
def test_nothing_is_made_up_across_a_cut(method: str, tmp_path: Path) -> None:
    clip = tmp_path / "cut.mp4"
    two = "testsrc2=s=256x128:r=12:d=0.5[a];mandelbrot=s=256x128:rate=12,trim=duration=0.5[b];[a][b]concat"
    ffmpeg("-filter_complex", f"{two},format=yuv420p", "-qp", "4", *TAGS, str(clip))
    done = carry_out("interpolate", tmp_path / "job", {"frame_rate": "24", "method": method}, {"clip": [clip]})
    assert done.result
    assert done.result.facts["cuts"] == 1
    before, across, after = (frame_rgb(done.output("video"), n) for n in (10, 11, 12))
    near = min(sum(abs(a - b) for a, b in zip(across, one, strict=True)) / len(one) for one in (before, after))
    assert near < 3
