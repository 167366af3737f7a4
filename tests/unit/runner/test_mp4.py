"""A glance into an MP4 says what is plainly so, and nothing about what is not."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from function_runner.mp4 import track_kinds


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    words = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=64x64:r=10",
        "-f",
        "lavfi",
        "-i",
        "sine",
        "-t",
        "0.5",
        "-pix_fmt",
        "yuv420p",
    ]
    subprocess.run(["ffmpeg", "-v", "error", *words, "-movflags", "+faststart", str(path)], check=True)
    return path


def _made(film: Path, name: str, *words: str) -> Path:
    path = film.with_name(name)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(film), "-c", "copy", *words, str(path)], check=True)
    return path


def test_what_it_holds(film: Path) -> None:
    assert track_kinds(film) == {"video", "audio"}
    assert track_kinds(_made(film, "silent.mov", "-an")) == {"video"}
    assert track_kinds(_made(film, "voice.m4a", "-vn")) == {"audio"}


def test_what_a_glance_cannot_tell(film: Path, tmp_path: Path) -> None:
    assert not track_kinds(_made(film, "live.mp4", "-movflags", "+frag_keyframe+empty_moov"))
    for number, content in enumerate((b"", b"words", film.read_bytes()[:-1], film.read_bytes() + b"x", b"\0" * 64)):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(content)
        assert track_kinds(path) is None


@settings(max_examples=200)
@given(st.data())
def test_no_damage_makes_it_stumble(film: Path, data: st.DataObject) -> None:
    whole = bytearray(film.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, min(len(whole), 3000) - 1))] = data.draw(st.integers(0, 255))
    hurt = film.with_name("hurt.mp4")
    hurt.write_bytes(whole)
    seen = track_kinds(hurt)
    assert seen is None or seen <= {"video", "audio"}
