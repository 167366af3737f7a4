"""Listen: words of a voice come out timed and plain; what is no speech is refused in words, at any rate and length."""

import itertools
import math
import struct
import subprocess
import wave
from pathlib import Path
from random import Random

import pytest

from studio_sdk import captions
from studio_sdk.contract import Exit
from studio_sdk.testing import Outcome
from tests.films import carry_out, ffmpeg, interpreter

LINES = "TOM: Pack the cameras and meet me by the river at night.\nIDA: I know that it was in your coat."


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two lines that the studio's own robot says, from four tenths of a second on."""
    return carry_out("speak", tmp_path_factory.mktemp("voice") / "job", {"dialogue": LINES}).output("audio")


def heard(done: Outcome) -> tuple[captions.Caption, ...]:
    assert done.result
    assert done.result.status == "succeeded", done.result.error
    return captions.read(done.output("captions").read_bytes())


def words(found: tuple[captions.Caption, ...]) -> str:
    return " ".join(one.words for one in found).lower()


def refusal(done: Outcome) -> str:
    assert done.status == Exit.INVALID
    assert done.result
    assert done.result.error
    return done.result.error.message


def test_lines_are_written_down_where_they_are_said(voice: Path, tmp_path: Path) -> None:
    done = carry_out("listen", tmp_path / "job", {}, {"sound": [voice]})
    found = heard(done)
    assert "pack the cameras and meet me" in words(found)
    assert "in your coat" in words(found)
    with wave.open(str(voice)) as file:
        length = file.getnframes() / file.getframerate()
    assert abs(found[0].begins - 400) <= 150
    assert abs(found[-1].ends - 1000 * (length - 0.5)) <= 250
    assert done.result
    assert [one.file for one in done.result.made_with.models] == [
        "moonshine tiny-en encoder_model.ort",
        "moonshine tiny-en decoder_model_merged.ort",
        "moonshine tiny-en tokenizer.bin",
    ]
    again = carry_out("listen", tmp_path / "again", {}, {"sound": [voice]})
    assert again.output("captions").read_bytes() == done.output("captions").read_bytes()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("eight.wav", ("-c:a", "pcm_u8", "-ar", "11025")),
        ("stereo.flac", ("-ac", "2", "-ar", "96000")),
        ("surround.wav", ("-af", "pan=5.1|FC=c0", "-c:a", "pcm_s24le")),
        ("small.mp3", ("-b:a", "48k", "-ar", "44100")),
        ("soft.wav", ("-af", "volume=-30dB")),
    ],
)
def test_any_sound_will_do(name: str, options: tuple[str, ...], voice: Path, tmp_path: Path) -> None:
    ffmpeg("-i", str(voice), *options, str(tmp_path / name))
    found = heard(carry_out("listen", tmp_path / "job", {}, {"sound": [tmp_path / name]}))
    assert "meet me" in words(found)  # of eight bits at 11 kHz the model hears half


def test_a_clip_is_listened_to_and_a_late_sound_keeps_its_place(voice: Path, tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "color=size=64x36:rate=24:duration=9", "-itsoffset", "2", "-i", str(voice))
    ffmpeg(*picture, "-map", "0:v", "-map", "1:a", "-c:a", "aac", str(tmp_path / "take.mp4"))
    found = heard(carry_out("listen", tmp_path / "job", {}, {"picture": [tmp_path / "take.mp4"]}))
    assert "pack the cameras" in words(found)
    assert abs(found[0].begins - 2400) <= 200


@pytest.mark.parametrize("source", ["anullsrc=d=6", "anoisesrc=d=6:c=pink:a=0.3", "sine=frequency=330:duration=6"])
def test_without_speech_it_says_so(source: str, tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", source, "-t", "6", str(tmp_path / "a.wav"))
    done = carry_out("listen", tmp_path / "job", {}, {"sound": [tmp_path / "a.wav"]})
    assert refusal(done) == "No speech was found in this sound."


def test_music_alone_is_no_speech(tmp_path: Path) -> None:
    dice = Random(1)

    def tune(at: float) -> float:
        note = (262, 330, 392, 294, 349, 440, 247, 294)[int(at * 4) % 8]
        drum = dice.uniform(-1, 1) if at % 0.5 < 0.03 else 0.0
        return 0.4 * math.copysign(1, math.sin(2 * math.pi * note * at)) * math.exp(-(at % 0.25) * 6) + 0.3 * drum

    whole = b"".join(struct.pack("<h", int(20000 * tune(step / 16000))) for step in range(10 * 16000))
    with wave.open(str(tmp_path / "tune.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(whole)
    done = carry_out("listen", tmp_path / "job", {}, {"sound": [tmp_path / "tune.wav"]})
    assert refusal(done) == "No speech was found in this sound."


def test_a_clip_without_sound_and_nothing_at_all_are_refused(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=size=64x36:rate=24:duration=1", str(tmp_path / "mute.mp4"))
    done = carry_out("listen", tmp_path / "mute", {}, {"picture": [tmp_path / "mute.mp4"]})
    assert refusal(done) == "There is no sound in this clip."
    assert refusal(carry_out("listen", tmp_path / "none", {}, {})) == "Give a sound or a clip to listen to."


def test_a_long_sound_is_heard_window_by_window_and_can_be_canceled(voice: Path, tmp_path: Path) -> None:
    ffmpeg("-stream_loop", "11", "-i", str(voice), str(tmp_path / "long.wav"))
    done = carry_out("listen", tmp_path / "job", {}, {"sound": [tmp_path / "long.wav"]})
    found = heard(done)
    with wave.open(str(voice)) as file:
        length = file.getnframes() / file.getframerate()
    assert words(found).count("pack the cameras") == 12
    assert found[-1].ends > 11 * length * 1000
    assert all(one.ends <= other.begins for one, other in itertools.pairwise(found))
    stopped = carry_out("listen", tmp_path / "stopped", {}, {"sound": [tmp_path / "long.wav"]}, cancel_at=0.3)
    assert stopped.status == Exit.CANCELED


def test_another_model_than_the_one_that_was_tried_is_refused(tmp_path: Path) -> None:
    program = (
        "import hearing\nhearing.MODEL['tokenizer.bin'] = '0' * 64\n"
        "try:\n    hearing.Ear()\nexcept Exception as why:\n    print(why.code, why.detail)\n"
    )
    done = subprocess.run(
        [interpreter("listen"), "-c", program],
        cwd=Path(__file__).parents[2] / "pipelines" / "listen",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("DEPENDENCY_MISSING ")
    assert "tokenizer.bin is not the file that was tried" in done.stdout
