"""Mix, judged by ffmpeg's meter and by samples: loudness, what steps back, where things lie, and what is refused."""

import hashlib
import math
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from studio_sdk.contract import Exit
from studio_sdk.testing import Outcome
from tests.films import carry_out, ffmpeg, meter, samples

HERTZ = 48_000
SPEECH = "aevalsrc=0.25*sin(2*PI*1000*t)*lt(mod(t\\,0.5)\\,0.35):s=48000:d={}"
"""A tone of 1 kHz in words of a third of a second."""


def sound(path: Path, source: str, *words: str) -> Path:
    ffmpeg("-f", "lavfi", "-i", source, *words, str(path))
    return path


def tone(path: Path, hertz: int, seconds: float, *words: str) -> Path:
    return sound(path, f"sine=frequency={hertz}:sample_rate=48000:duration={seconds}", *words)


def strength(heard: Sequence[float], hertz: float, begin: float, seconds: float = 0.5) -> float:
    """Return how strong a tone is from one second on, as the height of its wave."""
    part = heard[round(begin * HERTZ) : round((begin + seconds) * HERTZ)]
    turn = 2 * math.pi * hertz / HERTZ
    real = sum(value * math.cos(turn * at) for at, value in enumerate(part))
    other = sum(value * math.sin(turn * at) for at, value in enumerate(part))
    return 2 * math.hypot(real, other) / len(part)


def left(path: Path) -> list[float]:
    return [one for one, _ in samples(path)]


def refused(done: Outcome, field: str, words: str) -> None:
    assert done.status in {Exit.INVALID, Exit.NO_INPUT}
    assert done.result
    assert done.result.error
    assert (done.result.error.field, words in done.result.error.message) == (field, True), done.result.error


@pytest.mark.parametrize("target", ["16", "14", "23"])
def test_a_mix_is_as_loud_as_asked_and_no_peak_goes_over(tmp_path: Path, target: str) -> None:
    """Noise with a hard crack in it: to make it louder the crack has to be held down."""
    crack = "aeval=val(0)+if(between(t\\,4\\,4.01)\\,0.9*sin(9000*t)\\,0)"
    noise = sound(tmp_path / "n.wav", f"anoisesrc=color=pink:r=48000:a=1:seed=1:d=10,lowpass=f=9000,{crack}")
    speech = sound(tmp_path / "s.wav", SPEECH.format(6))
    files = {"music": [noise], "dialogue": [speech]}
    done = carry_out("mix", tmp_path / "job", {"loudness_target": target}, files)
    loudness, peak = meter(done.output("audio"))
    assert loudness == pytest.approx(-float(target), abs=0.2)
    assert peak <= -1.0
    assert done.result
    assert done.result.facts["loudness"] == pytest.approx(loudness, abs=0.2)


def test_music_steps_back_while_somebody_speaks_and_comes_back(tmp_path: Path) -> None:
    speech = sound(tmp_path / "line.wav", SPEECH.format(3))
    music = tone(tmp_path / "music.wav", 300, 12, "-ac", "2")
    params = {
        "even": False, "loudness_target": "off", "ducking": 12, "music_level": 0,
        "cue_list": "line 4", "fade_in": 1, "fade_out": 2,
    }  # fmt: skip
    done = carry_out("mix", tmp_path / "job", params, {"dialogue": [speech], "music": [music]})
    heard = left(done.output("audio"))
    assert len(heard) == 9 * HERTZ  # two seconds of fade after the last word
    full = strength(heard, 300, 2)
    assert full == pytest.approx(0.125 * 10 ** (-3.01 / 20), rel=0.02)
    assert 20 * math.log10(strength(heard, 300, 5) / full) == pytest.approx(-12, abs=0.2)
    assert 20 * math.log10(strength(heard, 300, 6.3) / full) == pytest.approx(-12, abs=0.2)
    assert strength(heard, 300, 0.375, 0.25) == pytest.approx(full / 2, rel=0.1)
    assert strength(heard, 300, 8, 0.25) == pytest.approx(full * 0.4375, rel=0.1)
    assert strength(heard, 1000, 2) < 0.001
    assert done.result
    assert done.result.facts["ducked"] is True


def test_the_noise_of_eight_bits_is_nobody_speaking(tmp_path: Path) -> None:
    rough = sound(
        tmp_path / "line.wav", f"{SPEECH.format(3)},apad=pad_dur=9", "-c:a", "pcm_u8", "-ar", "11025", "-ac", "1"
    )
    music = tone(tmp_path / "music.wav", 300, 12)
    params = {"even": False, "loudness_target": "off", "ducking": 12, "fade_out": 0}
    done = carry_out("mix", tmp_path / "job", params, {"dialogue": [rough], "music": [music]})
    heard = left(done.output("audio"))
    assert 20 * math.log10(strength(heard, 300, 1) / strength(heard, 300, 8)) == pytest.approx(-12, abs=0.5)


def test_lines_follow_one_another_and_effects_lie_where_cues_say(tmp_path: Path) -> None:
    first, second = tone(tmp_path / "a.wav", 500, 1), tone(tmp_path / "b.wav", 700, 1)
    door = tone(tmp_path / "door.wav", 1100, 0.5)
    params = {
        "even": False,
        "loudness_target": "off",
        "cue_list": "door.wav 0.5 -6\ndoor 2.0 -12dB",
        "effects_level": 0,
    }
    done = carry_out("mix", tmp_path / "job", params, {"dialogue": [first, second], "effects": [door]})
    heard = left(done.output("audio"))
    assert len(heard) == round(2.5 * HERTZ)
    whole = strength(heard, 500, 0.1, 0.8)
    assert whole == pytest.approx(0.125, rel=0.01)
    assert strength(heard, 700, 1.6, 0.8) == pytest.approx(whole, rel=0.02)
    assert strength(heard, 700, 1.0, 0.4) < 0.002
    assert 20 * math.log10(strength(heard, 1100, 0.55, 0.4) / whole) == pytest.approx(-6, abs=0.2)
    assert 20 * math.log10(strength(heard, 1100, 2.05, 0.4) / whole) == pytest.approx(-12, abs=0.3)


def test_files_of_unlike_loudness_are_evened_out(tmp_path: Path) -> None:
    soft, loud = tone(tmp_path / "soft.wav", 1000, 4, "-af", "volume=-24dB"), tone(tmp_path / "loud.wav", 1500, 4)
    params = {"loudness_target": "off", "cue_list": "loud 4"}
    done = carry_out("mix", tmp_path / "job", params, {"dialogue": [soft, loud]})
    heard = left(done.output("audio"))
    apart = 20 * math.log10(strength(heard, 1000, 1) / strength(heard, 1500, 5))
    assert apart == pytest.approx(0, abs=1.5)  # the ear's weighting tells 1 and 1.5 kHz apart a little


def test_a_mix_under_a_picture_is_as_long_as_it_and_has_its_sound(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    shown, spoken = "color=c=gray:s=160x90:r=30000/1001:d=3.003", "sine=frequency=900:sample_rate=48000:duration=3.003"
    ffmpeg("-f", "lavfi", "-i", shown, "-f", "lavfi", "-i", spoken, "-pix_fmt", "yuv420p", "-c:a", "aac", str(clip))
    music = tone(tmp_path / "music.mp3", 300, 20)
    params: dict[str, object] = {"even": False, "loudness_target": "off"}
    done = carry_out("mix", tmp_path / "job", params, {"picture": [clip], "music": [music]})
    heard = left(done.output("audio"))
    assert len(heard) == round(90 * 1001 / 30000 * HERTZ)
    assert strength(heard, 900, 1) == pytest.approx(0.125, rel=0.05)
    quiet = carry_out(
        "mix", tmp_path / "quiet", params | {"picture_sound": "off"}, {"picture": [clip], "music": [music]}
    )
    assert strength(left(quiet.output("audio")), 900, 1) < 0.001


def test_music_alone_is_brought_to_its_loudness_and_its_end_fades(tmp_path: Path) -> None:
    music = sound(tmp_path / "m.flac", "anoisesrc=color=pink:r=44100:a=0.1:seed=3:d=8", "-ac", "2")
    done = carry_out("mix", tmp_path / "job", {}, {"music": [music]})
    assert meter(done.output("audio"))[0] == pytest.approx(-16, abs=0.2)
    heard = left(done.output("audio"))
    assert len(heard) == pytest.approx(8 * HERTZ, abs=2)
    assert max(abs(one) for one in heard[-100:]) < 0.001
    assert done.result
    assert done.result.facts["ducked"] is False


def test_a_silent_line_among_others_is_left_out_and_said(tmp_path: Path) -> None:
    nothing = sound(tmp_path / "nothing.wav", "anullsrc=r=48000:cl=mono:d=2")
    line = tone(tmp_path / "line.wav", 600, 1)
    done = carry_out("mix", tmp_path / "job", {}, {"dialogue": [nothing, line]})
    assert done.result
    assert (done.result.facts["silent_files"], done.result.facts["seconds"]) == (1, 1.0)


def test_what_cannot_be_mixed_is_refused_in_words(tmp_path: Path) -> None:
    nothing = sound(tmp_path / "nothing.wav", "anullsrc=r=48000:cl=mono:d=2")
    mute = tmp_path / "mute.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=160x90:r=24", "-frames:v", "24", "-pix_fmt", "yuv420p", str(mute))
    line = tone(tmp_path / "line.wav", 600, 1)
    refused(carry_out("mix", tmp_path / "a", {}, {}), "dialogue", "Wire in something to hear")
    refused(carry_out("mix", tmp_path / "b", {}, {"dialogue": [nothing]}), "dialogue", "nothing.wav is silent")
    refused(carry_out("mix", tmp_path / "c", {}, {"picture": [mute]}), "picture", "has no sound")
    refused(carry_out("mix", tmp_path / "d", {}, {"music": [mute]}), "music", "no sound in mute.mp4")
    for number, (words, said) in enumerate(
        (("line soon", "no cue"), ("rain 3", "no file here is called “rain”"), ("line 20000", "at most"))
    ):
        refused(carry_out("mix", tmp_path / f"e{number}", {"cue_list": words}, {"dialogue": [line]}), "cue_list", said)
    refused(carry_out("mix", tmp_path / "f", {"cue_list": "line 10799.5"}, {"dialogue": [line]}), "dialogue", "hours")


def test_the_same_files_give_the_same_bytes_in_24_bits(tmp_path: Path) -> None:
    line, music = sound(tmp_path / "line.wav", SPEECH.format(2)), tone(tmp_path / "m.wav", 300, 5)
    files = {"dialogue": [line], "music": [music]}
    made = [carry_out("mix", tmp_path / f"{n}", {}, files).output("audio") for n in range(2)]
    assert len({hashlib.sha256(one.read_bytes()).hexdigest() for one in made}) == 1
    words = ["-show_entries", "stream=codec_name,sample_rate,channels", "-of", "csv=p=0", str(made[0])]
    shown = subprocess.run(["ffprobe", "-v", "error", *words], capture_output=True, check=True, text=True).stdout
    assert shown.strip() == "pcm_s24le,48000,2"
