"""The sound of the film, judged by ffmpeg's meter and by its samples: its place, its loudness, what steps back."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from studio_sdk.types import Format
from tests import films
from tests.films import Laid, Piece, carry_out, ffmpeg, look, meter, samples

HERTZ = 48_000


@pytest.fixture(scope="module")
def mute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a take of ten seconds without sound."""
    path = tmp_path_factory.mktemp("takes") / "mute.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=320x180:r=24", "-frames:v", "240", "-pix_fmt", "yuv420p", str(path))
    return path


def _strength(heard: Sequence[float], hertz: float) -> float:
    """Return how strong a tone is in a sound, as the height of its wave."""
    turn = 2 * math.pi * hertz / HERTZ
    real = sum(value * math.cos(turn * at) for at, value in enumerate(heard))
    other = sum(value * math.sin(turn * at) for at, value in enumerate(heard))
    return 2 * math.hypot(real, other) / len(heard)


@pytest.mark.parametrize("target", ["16", "14", "23"])
def test_a_film_is_as_loud_as_asked_and_no_peak_goes_over(tmp_path: Path, mute: Path, target: str) -> None:
    """Noise with a hard crack in it: to make it louder the crack has to be held down."""
    crack = "aeval=val(0)+if(between(t\\,4\\,4.01)\\,0.9*sin(9000*t)\\,0)"
    noise = f"anoisesrc=color=pink:r=48000:a=1:seed=1:d=10,lowpass=f=9000,{crack}"
    ffmpeg("-f", "lavfi", "-i", noise, "-ac", "2", str(tmp_path / "noise.wav"))
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(mute, 240)], sounds=[Laid(tmp_path / "noise.wav", 0, 240)])
    files = {"cut": [cut], "clips": [mute], "sounds": [tmp_path / "noise.wav"]}
    done = carry_out("assemble", tmp_path / "job", {"loudness_target": target}, files)
    loudness, peak = meter(done.output("film"))
    assert loudness == pytest.approx(-float(target), abs=0.2)
    assert peak <= -1.0
    assert done.result
    assert done.result.facts["loudness"] == pytest.approx(loudness, abs=0.2)


@pytest.mark.parametrize(("delivery", "target"), [("project", -16), ("prores", -23), ("dnxhr", -23)])
def test_without_a_word_it_is_as_loud_as_what_it_is_made_for(
    tmp_path: Path, mute: Path, delivery: str, target: float
) -> None:
    tone = tmp_path / "tone.wav"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=color=pink:r=48000:a=0.3:seed=2:d=4,lowpass=f=9000", "-ac", "2", str(tone))
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(mute, 240, part=(0, 96))], sounds=[Laid(tone, 0, 96)])
    files = {"cut": [cut], "clips": [mute], "sounds": [tone]}
    done = carry_out("assemble", tmp_path / "job", {"delivery": delivery}, files)
    assert meter(done.output("film"))[0] == pytest.approx(target, abs=0.2)


def test_music_steps_back_while_somebody_speaks(tmp_path: Path, mute: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=44100:duration=30", "-ac", "2", str(tmp_path / "m.wav"))
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000:duration=2", str(tmp_path / "v.wav"))
    sounds = [
        Laid(tmp_path / "v.wav", 96, 48),
        Laid(tmp_path / "m.wav", 24, 216, "music", {"gain": -6.0, "fade_in": 24, "fade_out": 24}),
    ]
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(mute, 240)], sounds=sounds)
    files = {"cut": [cut], "clips": [mute], "sounds": [tmp_path / "v.wav", tmp_path / "m.wav"]}
    done = carry_out("assemble", tmp_path / "job", {"loudness_target": "off", "ducking": 12}, files)
    heard = [left for left, _ in samples(done.output("film"))]

    def music(second: float) -> float:
        return _strength(heard[round(second * HERTZ) : round((second + 0.5) * HERTZ)], 300)

    full = music(2.5)
    assert full == pytest.approx(0.125 * 10 ** (-9 / 20), rel=0.05)  # 3 dB of it from one channel to two
    assert 20 * math.log10(music(4.8) / full) == pytest.approx(-12, abs=0.3)
    assert music(7.5) == pytest.approx(full, rel=0.05)
    assert music(0.3) < full * 0.01  # it begins after a second
    assert music(1.25) == pytest.approx(full / 2, rel=0.1)  # half of its fade
    assert music(9.25) == pytest.approx(full / 2, rel=0.1)


def test_a_voice_lies_where_its_frame_says_to_the_sample(tmp_path: Path) -> None:
    """At 29.97 no frame but every fifth begins at a whole sample; the place is the same one that pictures have."""
    form = Format(width=320, height=180, frame_rate="30000/1001")
    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=320x180:r=30000/1001", "-frames:v", "90", "-pix_fmt", "yuv420p",
           str(tmp_path / "mute.mp4"))  # fmt: skip
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=color=white:r=48000:a=0.3:seed=7:d=0.2", "-ac", "2", str(tmp_path / "n.wav"))
    cut = films.write_cut(
        tmp_path / "cut.otio",
        [Piece(tmp_path / "mute.mp4", 90, "30000/1001")],
        "30000/1001",
        [Laid(tmp_path / "n.wav", 47, 5)],
    )
    files = {"cut": [cut], "clips": [tmp_path / "mute.mp4"], "sounds": [tmp_path / "n.wav"]}
    done = carry_out("assemble", tmp_path / "job", {"loudness_target": "off"}, files, picture=form)
    noise = [left for left, _ in samples(tmp_path / "n.wav")][1000:3000]
    heard = [left for left, _ in samples(done.output("film"))]
    assert look(done.output("film")).audio_s == pytest.approx(3.003, abs=0.5 / HERTZ)
    first = 47 * 8008 // 5  # 75275.2
    likeness = {
        off: sum(a * b for a, b in zip(noise, heard[first + 1000 + off :], strict=False)) for off in range(-40, 41)
    }
    assert max(likeness, key=lambda off: likeness[off]) == 0


def test_a_sound_that_is_none_is_told_by_name(tmp_path: Path, mute: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(b"RIFF\x00\x00\x00\x00WAVEnothing")
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(mute, 24)], sounds=[Laid(tmp_path / "voice.wav", 0, 24)])
    files = {"cut": [cut], "clips": [mute], "sounds": [tmp_path / "voice.wav"]}
    done = carry_out("assemble", tmp_path / "job", {}, files)
    assert done.result
    assert done.result.error
    assert "voice.wav" in done.result.error.message


def test_silence_stays_silent(tmp_path: Path, mute: Path) -> None:
    cut = films.write_cut(tmp_path / "cut.otio", [Piece(mute, 24)])
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [mute]})
    assert done.result
    assert "loudness" not in done.result.facts
    assert look(done.output("film")).audio_s == pytest.approx(1.0, abs=1 / HERTZ)
    assert max(abs(left) for left, _ in samples(done.output("film"))) == 0
