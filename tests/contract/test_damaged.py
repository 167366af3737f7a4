"""A clip whose file is damaged: what of it can be decoded is used and said with the take, else it is refused."""

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from studio_sdk import testing
from studio_sdk.contract import Exit
from studio_sdk.testing import Outcome
from studio_sdk.types import SocketType
from tests.contract.test_person_map import figure
from tests.films import PIPELINES, carry_out, ffmpeg, look

pytestmark = pytest.mark.timeout(600)

FRAMES = 48
CLIPS = {SocketType.VIDEO, SocketType.CONTROL_MAP}


class Reader(NamedTuple):
    """A pipeline that reads clips: the input, and what it makes of it."""

    field: str
    output: str
    rate: int
    """Pictures a second of what it makes: that of the clip, or its own."""


READERS = {
    "clean-up": Reader("clip", "video", 24),
    "deflicker": Reader("clip", "video", 24),
    "enlarge": Reader("clip", "video", 24),
    "grade": Reader("clip", "video", 24),
    "interpolate": Reader("clip", "video", 24),
    "motion-edges": Reader("clip", "motion", 24),
    "preprocess-motion": Reader("clip", "map", 16),
    "previz-move": Reader("motion", "video", 24),
    "mix": Reader("picture", "audio", 0),
}
ELSEWHERE = {
    "assemble": "takes of the project, whose length is known",
    "editorial": "takes of the project, whose length is known",
    "animatic": "a plate in a corner",
    "listen": "its words, in test_a_voice_that_was_cut_off",
    "motion-pose": "footage, as preprocess-motion",
    "wan22-animate": "footage, as preprocess-motion",
    "wan22-fun-control": "footage, as preprocess-motion",
}


def test_every_pipeline_that_reads_clips_is_here() -> None:
    manifests = [testing.manifest(path.parent) for path in sorted(PIPELINES.glob("*/pipeline.json"))]
    reading = {one.id for one in manifests if any(field.type in CLIPS for field in one.inputs.values())}
    assert reading == READERS.keys() | ELSEWHERE.keys()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two seconds of a person who stands there, in noise so that bytes lie evenly in the file, with a tone."""
    place = tmp_path_factory.mktemp("whole")
    figure(0.2).save(place / "figure.png")
    made = place / "whole.mp4"
    ffmpeg("-loop", "1", "-r", "24", "-i", str(place / "figure.png"), "-f", "lavfi", "-i", "sine=frequency=300",
           "-t", "2", "-vf", "scale=256:256,noise=alls=6:allf=t:all_seed=3", "-c:v", "libx264", "-bf", "2",
           "-g", "12", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart", str(made))  # fmt: skip
    return made


def cut_off(source: Path, place: Path, kind: str) -> Path:
    """Write a file of a kind and take away its last four tenths."""
    made = place / f"clip.{kind.rpartition('-')[2]}"
    words = {"moov-mp4": ("+faststart", "copy"), "late-mp4": ("-faststart", "copy"),
             "mkv": ("", "copy"),
             "frag-mp4": ("+frag_keyframe+empty_moov", "copy"),
             "avi": ("", "mpeg4"), "mov": ("+faststart", "prores")}[kind]  # fmt: skip
    ffmpeg("-i", str(source), "-c:v", words[1], "-c:a", "pcm_s16le" if kind in {"avi", "mov"} else "copy",
           *(("-movflags", words[0]) if words[0] else ()), str(made))  # fmt: skip
    content = made.read_bytes()
    made.write_bytes(content[: len(content) * 6 // 10])
    return made


def decodes(path: Path) -> int:
    """Return how many whole pictures ffmpeg gets out of a file."""
    words = ["-count_packets", "-select_streams", "v", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"]
    shown = subprocess.run(["ffprobe", "-v", "quiet", *words, str(path)], capture_output=True, check=True, text=True)
    return int(shown.stdout.strip().strip(","))


def run(name: str, clip: Path, place: Path) -> Outcome:
    files = {READERS[name].field: [clip]}
    if name == "previz-move":
        figure(0.2).save(place / "still.png")
        files["still"] = [place / "still.png"]
    return carry_out(name, place / "job", {}, files)


def warned(done: Outcome) -> str:
    assert done.result
    assert done.result.status == "succeeded", done.printed.decode()
    return str(done.result.facts.get("warnings", ""))


@pytest.mark.parametrize("kind", ["moov-mp4", "mkv"])
@pytest.mark.parametrize("name", READERS)
def test_what_a_clip_that_was_cut_off_still_has_is_used_and_said(
    name: str, kind: str, whole: Path, tmp_path: Path
) -> None:
    clip = cut_off(whole, tmp_path, kind)
    done = run(name, clip, tmp_path)
    told = warned(done)
    frames = int(told.partition("damaged after frame ")[2].partition(":")[0])
    assert 0.3 * FRAMES < frames < 0.8 * FRAMES
    assert decodes(clip) - 4 <= frames <= decodes(clip)
    assert f"{clip.name} is damaged after frame {frames}: {frames} of " in told
    assert "frames were used. Copy it again, or export it anew." in told
    reader = READERS[name]
    if reader.rate:
        assert look(done.output(reader.output)).frames == pytest.approx(frames * reader.rate / 24, abs=1)


@pytest.mark.parametrize("kind", ["frag-mp4", "avi", "mov"])
def test_other_files_that_were_cut_off_are_seen_too(kind: str, whole: Path, tmp_path: Path) -> None:
    clip = cut_off(whole, tmp_path, kind)
    done = run("enlarge", clip, tmp_path)
    frames = look(done.output("video")).frames
    assert f"damaged after frame {frames}: {frames} of " in warned(done)
    assert 0.2 * FRAMES < frames <= decodes(clip)


def test_bytes_that_were_lost_in_the_midst_end_the_clip_there(whole: Path, tmp_path: Path) -> None:
    content = bytearray(whole.read_bytes())
    content[len(content) // 2 : len(content) // 2 + len(content) // 8] = bytes(len(content) // 8)
    clip = tmp_path / "hole.mp4"
    clip.write_bytes(content)
    done = run("clean-up", clip, tmp_path)
    assert warned(done)
    frames = decodes(done.output("video"))
    assert 0 < frames < 0.6 * FRAMES
    assert f"damaged after frame {frames}: {frames} of {FRAMES} frames" in warned(done)


@pytest.mark.parametrize("name", READERS)
def test_a_clip_of_which_nothing_is_left_is_refused_with_what_helps(name: str, whole: Path, tmp_path: Path) -> None:
    done = run(name, cut_off(whole, tmp_path, "late-mp4"), tmp_path)
    assert done.status == Exit.NO_INPUT
    assert done.result
    assert done.result.error
    assert done.result.error.field == READERS[name].field
    assert done.result.error.message == (
        "clip.mp4 cannot be read: its file is damaged or incomplete. Copy it again, or export it anew."
    )


@pytest.mark.parametrize("name", READERS)
def test_nothing_is_said_of_a_clip_that_is_whole(name: str, whole: Path, tmp_path: Path) -> None:
    assert "damaged" not in warned(run(name, whole, tmp_path))


@pytest.mark.parametrize("words", [
    ["-ss", "0.7", "-c", "copy"],
    ["-c:v", "copy", "-af", "apad=pad_dur=3"],
    ["-an", "-vf", "select='not(mod(n,7))'", "-fps_mode", "vfr"],
])  # fmt: skip
@pytest.mark.parametrize("kind", ["mp4", "mkv", "mov"])
def test_trims_long_sounds_and_uneven_pictures_are_no_damage(
    words: list[str], kind: str, whole: Path, tmp_path: Path
) -> None:
    clip = tmp_path / f"clip.{kind}"
    ffmpeg("-i", str(whole), *words, str(clip))
    assert warned(run("enlarge", clip, tmp_path)) == ""


def test_a_voice_that_was_cut_off(tmp_path: Path) -> None:
    said = tmp_path / "said.wav"
    ffmpeg("-f", "lavfi", "-i", "flite=text='Good morning everybody. The last ferry leaves at seven.'", str(said))
    content = said.read_bytes()
    said.write_bytes(content[: len(content) * 6 // 10])
    assert "said.wav is damaged after " in warned(carry_out("listen", tmp_path / "a", {}, {"sound": [said]}))
    assert "said.wav is damaged after " in warned(carry_out("mix", tmp_path / "b", {}, {"dialogue": [said]}))
