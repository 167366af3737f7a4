"""Takes whose track holds nothing: known without decoding all of it, and written without coding all of it."""

import json
import subprocess
from pathlib import Path

import pytest

from studio_sdk.types import Format
from tests import films
from tests.films import Piece, carry_out, ffmpeg, samples

ODD = Format(width=320, height=180, frame_rate="24000/1001")
FRAMES, SAMPLES = 100, 200_200
"""What 100 pictures at 23.976 last at 48 kHz."""


def _take(path: Path, sound: str, rate: str = "128k") -> Path:
    lasts = ["-t", str(SAMPLES / 48_000)]
    pictures = [*lasts, "-f", "lavfi", "-i", "testsrc2=s=320x180:r=24000/1001"]
    coded = ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", rate, "-ac", "2", "-ar", "48000"]
    ffmpeg(*pictures, *lasts, "-f", "lavfi", "-i", sound, *coded, str(path))
    return path


def _packets(path: Path) -> list[tuple[int, int, int]]:
    """Return when each packet of the sound is heard, how long it lasts (samples), and its bytes."""
    words = ["-v", "error", "-select_streams", "a", "-show_packets", "-of", "json", str(path)]
    told = json.loads(subprocess.run(["ffprobe", *words], capture_output=True, check=True).stdout)["packets"]
    return [(one["pts"], one["duration"], int(one["size"])) for one in told]


def _film(folder: Path, *takes: Path) -> Path:
    pieces = [Piece(take, FRAMES, rate=ODD.frame_rate) for take in takes]
    cut = films.write_cut(folder / "cut.otio", pieces, ODD.frame_rate)
    return carry_out("assemble", folder / "job", {}, {"cut": [cut], "clips": list(takes)}, picture=ODD).output("film")


def test_a_film_in_which_nothing_is_heard_has_the_packets_that_coding_silence_gives(tmp_path: Path) -> None:
    film = _film(tmp_path, *(_take(tmp_path / f"{name}.mp4", "anullsrc") for name in "ab"))
    begins = range(-1024, 2 * SAMPLES, 1024)
    packets = _packets(film)
    assert [one[:2] for one in packets] == [(at, min(1024, 2 * SAMPLES - at)) for at in begins]
    assert {size for *_, size in packets[1:]} == {6}
    assert not any(map(any, samples(film)))


@pytest.mark.parametrize("when", [0.0, 2.0, 4.0])
def test_the_faintest_sound_in_a_silent_track_is_heard(tmp_path: Path, when: float) -> None:
    """A hum of a ten-thousandth for a tenth of a second, in packets about as small as those of silence."""
    hum = f"aevalsrc=if(between(t\\,{when}\\,{when + 0.1})\\,0.0001*sin(6000*t)\\,0)"
    take = _take(tmp_path / "faint.mp4", hum, "8k")
    assert max(size for *_, size in _packets(take)) <= 128, "not what this is about"
    heard = [abs(left) for left, _ in samples(_film(tmp_path, take))]
    assert max(heard) > 0.00005
    assert heard.index(max(heard)) / 48_000 == pytest.approx(when + 0.05, abs=0.1)
