"""A film that cannot be made: a full disk, a cancel at any moment, takes of every kind, signs that no font has."""

import contextlib
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from studio_sdk import testing
from studio_sdk.contract import Exit
from studio_sdk.types import Quality
from tests import films
from tests.films import MEDIA, PIPELINES, SMALL, Piece, carry_out, ffmpeg, look, onto_a_full_disk, samples


def _take(path: Path, *, frames: int = 24, rate: str = "24", size: str = "320x180", sound: bool = True) -> Path:
    tone = ["-f", "lavfi", "-i", "sine=frequency=500:sample_rate=44100"] if sound else []
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}", *tone, "-frames:v", str(frames), "-shortest",
           "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(path))  # fmt: skip
    return path


def test_a_full_disk_is_told_as_that(tmp_path: Path) -> None:
    take = _take(tmp_path / "take.mp4")
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(take, 24)])
    done = onto_a_full_disk("assemble", tmp_path / "job", "film.mp4", {"cut": [cut], "clips": [take]})
    assert done.result
    assert done.result.error
    assert (done.result.error.code, done.result.outputs) == ("STORAGE_FULL", [])


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.3, 0.6, 0.95])
def test_a_cancel_at_any_moment_ends_without_a_film(tmp_path: Path, moment: float) -> None:
    takes = [_take(tmp_path / f"{n}.mp4", frames=96, size="640x360", sound=n % 2 == 0) for n in range(2)]
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(takes[n % 2], 96, part=(1, 95)) for n in range(16)])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": takes}, cancel_at=moment)
    assert done.result
    assert (done.status, done.result.status, done.result.outputs) == (Exit.CANCELED, "canceled", [])


def test_takes_of_every_kind_stand_in_one_film(tmp_path: Path) -> None:
    """Another size, another rate, lying on its side, without sound: each frame and each sample is accounted for."""
    plain = _take(tmp_path / "plain.mp4")
    big = _take(tmp_path / "big.mp4", size="640x480")
    slow = _take(tmp_path / "slow.mp4", frames=16, rate="16")
    mute = _take(tmp_path / "mute.mp4", sound=False)
    turned = tmp_path / "turned.mp4"
    lying = _take(tmp_path / "up.mp4", size="180x320")
    ffmpeg("-i", str(lying), "-c", "copy", "-metadata:s:v", "rotate=90", str(turned))
    pieces = [Piece(plain, 24), Piece(big, 24), Piece(slow, 16, "16/1"), Piece(mute, 24), Piece(turned, 24)]
    cut = films.write_cut(tmp_path / "cut.otio", pieces)
    files = {"cut": [cut], "clips": [plain, big, slow, mute, turned]}
    done = carry_out("assemble", tmp_path / "job", {"loudness_target": "off"}, files)
    seen = look(done.output("film"))
    assert (seen.frames, seen.size, seen.tags, seen.steady) == (120, (320, 180), films.BT709, True)
    heard = samples(done.output("film"))
    loud = [max(abs(left) for left, _ in heard[n * 48000 + 4800 : n * 48000 + 38400]) for n in range(5)]
    assert [level > 0.05 for level in loud] == [True, True, True, False, True]


def test_signs_that_no_font_has_are_boxes_and_no_failure(tmp_path: Path) -> None:
    take = _take(tmp_path / "take.mp4")
    joins = {"title": "Fog \U000f1234 \ue123"}
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(take, 24, joins=joins), Piece(None, 12, joins=joins)])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [take]})
    assert look(done.output("film")).frames == 36


def test_a_take_that_is_damaged_in_its_middle_is_named_where_it_has_to_be_decoded(tmp_path: Path) -> None:
    take = _take(tmp_path / "take.mp4", frames=96, size="640x360")
    words = ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pos,size", "-of", "csv=p=0", str(take)]
    packets = subprocess.run(["ffprobe", *words], capture_output=True, check=True, text=True).stdout.split()
    raw = bytearray(take.read_bytes())
    for line in packets[20:60]:
        size, at = (int(part) for part in line.strip(",").split(","))
        raw[at : at + size] = bytes(size)
    take.write_bytes(raw)
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(take, 96, part=(3, 90), shot="SHOT-070")])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [take]})
    assert done.result
    assert done.result.error, "a film with a hole in it is no film"
    assert "SHOT-070" in done.result.error.message


def test_a_film_of_many_shots_needs_little_memory_and_no_other_processes(tmp_path: Path) -> None:
    """A hundred shots here; five hundred of four seconds at 720p were 415 MB (docs/performance.md)."""
    takes = [_take(tmp_path / f"{n}.mp4", frames=12) for n in range(5)]
    joins = [{"dissolve": 3} if n % 7 == 6 else {} for n in range(100)]
    pieces = [Piece(takes[n % 5], 12, part=(n % 3, 9), joins=joins[n]) for n in range(100)]
    cut = films.write_cut(tmp_path / "cut.otio", pieces)
    job = tmp_path / "job"
    testing.prepare(PIPELINES / "assemble", job, {}, {"cut": [cut], "clips": takes}, picture=SMALL, quality=Quality.LOW)
    own = {"PATH": os.defpath, "JOB_DIR": str(job), "LANG": "C.UTF-8"}
    with subprocess.Popen([MEDIA, "main.py"], cwd=PIPELINES / "assemble", env=own, stdout=subprocess.DEVNULL) as run:
        most = peak = 0
        while run.poll() is None:
            with contextlib.suppress(OSError):  # `ru_maxrss` would be the tests' own, which was forked
                told = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{run.pid}/status").read_text())
                peak = int(told[1]) if told else peak
            for threads in Path(f"/proc/{run.pid}/task").glob("*/children"):
                with contextlib.suppress(OSError):  # a thread that has just ended
                    most = max(most, len(threads.read_text().split()))
            time.sleep(0.02)
    assert run.returncode == 0
    assert most == 0
    assert 0 < peak < 400 * 1024
    assert look(job / "outputs" / "film.mp4").frames == sum(9 - n % 3 for n in range(100))
