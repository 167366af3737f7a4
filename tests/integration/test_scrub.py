"""Sprite sheets and waveforms: right frames in the right places, made once, refused where there is nothing to show."""

import io
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from studio_server.app import create_app
from studio_server.library import drawn, scrub
from studio_server.settings import Settings
from tests.integration.studios import clip


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as opened:
        yield opened


@pytest.fixture
def project(client: TestClient) -> str:
    return str(client.post("/api/v1/projects", json={"title": "Scrubbing"}).json()["id"])


def grey_ramp(path: Path, frames: int, rate: int = 24, size: str = "1280x720") -> Path:
    """Make a film whose brightness grows with every frame, loud in its second half."""
    seconds = frames / rate
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-y", "-f", "lavfi"),
            *("-i", f"nullsrc=s={size}:r={rate},format=gray,geq=lum='16+219*N/{frames - 1}'"),
            *("-f", "lavfi", "-i", f"aevalsrc='if(gt(t,{seconds / 2}),0.8*sin(440*2*PI*t),0)':s=48000"),
            *("-frames:v", str(frames), "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast"),
            *("-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
        ],
        check=True,
    )
    return path


def bring(client: TestClient, project: str, path: Path) -> dict[str, str]:
    with path.open("rb") as opened:
        answer = client.post(f"/api/v1/projects/{project}/assets", files={"file": (path.name, opened)})
    asset: dict[str, str] = answer.json()
    return asset


def brightness(sheet: Image.Image) -> list[int]:
    """Return the grey of the middle of each frame of a sheet, in reading order."""
    width, height = sheet.width // 5, sheet.height // 5
    grey = sheet.convert("L")
    places = [(n % 5 * width + width // 2, n // 5 * height + height // 2) for n in range(25)]
    return [int(grey.getpixel(place)) for place in places]  # type: ignore[arg-type]


def test_a_sheet_runs_from_the_first_frame_to_the_last(client: TestClient, project: str, tmp_path: Path) -> None:
    asset = bring(client, project, grey_ramp(tmp_path / "ramp.mp4", 96))
    began = time.monotonic()
    answer = client.get(f"/api/v1/projects/{project}/sprites/{asset['oid']}")
    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert "immutable" in answer.headers["cache-control"]
    sheet = Image.open(io.BytesIO(answer.content))
    assert sheet.size == (800, 450)
    greys = brightness(sheet)
    assert greys == sorted(greys)
    assert (greys[0] < 25, greys[-1] > 230) == (True, True)
    assert all(abs(grey - (greys[0] + (greys[-1] - greys[0]) * n / 24)) < 12 for n, grey in enumerate(greys))


@pytest.mark.parametrize("frames", [1, 3, 1000])
def test_short_and_long_films_fill_the_sheet(tmp_path: Path, frames: int) -> None:
    film = grey_ramp(tmp_path / "film.mp4", max(frames, 2), size="128x72")
    if frames == 1:
        film = film.with_name("one.mp4")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", str(tmp_path / "film.mp4"), "-frames:v", "1", "-an", str(film)], check=True
        )
    scrub.sprite(film, tmp_path / "sheet.webp")
    greys = brightness(Image.open(tmp_path / "sheet.webp"))
    assert greys == sorted(greys)
    assert frames == 1 or greys[-1] - greys[0] > 200


def test_a_waveform_follows_the_sound(client: TestClient, project: str, tmp_path: Path) -> None:
    asset = bring(client, project, grey_ramp(tmp_path / "ramp.mp4", 96, size="128x72"))
    answer = client.get(f"/api/v1/projects/{project}/waveforms/{asset['oid']}")
    assert "immutable" in answer.headers["cache-control"]
    told = answer.json()
    peaks = told["peaks"]
    assert told["duration_s"] == pytest.approx(4, abs=0.1)
    assert 1900 <= len(peaks) <= 2000
    assert max(peaks[: len(peaks) // 2 - 60]) < 0.05
    assert 0.7 < min(peaks[len(peaks) // 2 + 60 : -80]) <= max(peaks) <= 1


def test_what_has_no_frames_or_no_sound_is_refused(client: TestClient, project: str, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "still.png")
    still = bring(client, project, tmp_path / "still.png")
    for kind in ("sprites", "waveforms"):
        answer = client.get(f"/api/v1/projects/{project}/{kind}/{still['oid']}")
        assert (answer.status_code, answer.json()["error"]) == (415, "UNSUPPORTED_MEDIA")
        assert client.get(f"/api/v1/projects/{project}/{kind}/{'0' * 64}").json()["error"] == "FILE_NOT_FOUND"
        assert client.get(f"/api/v1/projects/{project}/{kind}/../../x").status_code == 404


def test_whoever_asks_meanwhile_waits_for_the_same_picture(tmp_path: Path) -> None:
    go_on = threading.Event()
    made: list[Path] = []

    def make(target: Path) -> None:
        go_on.wait(5)
        made.append(target)
        target.write_text("picture")

    promises = [drawn.drawn(tmp_path / "one", make) for _ in range(20)]
    go_on.set()
    assert {promise.result(5) for promise in promises} == {tmp_path / "one"}
    assert made == [tmp_path / "one"]
    assert drawn.drawn(tmp_path / "one", make).result(0) == tmp_path / "one"


def test_what_could_not_be_made_is_tried_again(tmp_path: Path) -> None:
    def broken(_target: Path) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        drawn.drawn(tmp_path / "one", broken).result(5)
    drawn.drawn(tmp_path / "one", lambda target: target.touch()).result(5)


def test_a_real_take_of_four_seconds_is_quick(tmp_path: Path) -> None:
    film = clip(tmp_path / "take.mp4", seconds=4, size="1280x720")
    began = time.process_time()
    scrub.sprite(film, tmp_path / "sheet.webp")
    assert time.process_time() - began < 1  # of this process; ffmpeg's own time is the benchmark's
