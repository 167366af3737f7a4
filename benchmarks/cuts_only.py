"""A film of nothing but cuts, against `ffmpeg -f concat -c copy` of the same files; of 20, 100 and 500 shots.

The takes are four seconds of 720p with a track of silence, as pipelines make them that make no sound. A film in which
something is heard is measured against ffmpeg doing what a film needs, too: one track, brought to a loudness, coded.
What counts is processor time with that of the children. `start` is what Python and its libraries need before anything
is done; it is in the film's time, so that a short film is dear.
"""

import subprocess
import tempfile
from pathlib import Path

from benchmarks.assemble import cpu, ffmpeg, ours, take
from tests import films
from tests.films import Piece

NAME = "cuts-only"
DRAWN, SHOTS = 20, (20, 100, 500)
HEARD_SHOTS = 100
FRAMES = 96
AIM = 1.3


def measure() -> dict[str, object]:
    """Return the processor seconds of the longest film and of its peer, and the ratios of the shorter and the heard."""
    with tempfile.TemporaryDirectory(prefix="bench-cuts-") as place:
        folder = Path(place)
        drawn = [take(folder, number) for number in range(DRAWN)]
        told: dict[str, object] = {}
        for shots in SHOTS:
            value, peer = _pair(folder / f"{shots}", _links(folder / f"{shots}", drawn, shots), ["-c", "copy"])
            told |= {"value": value, "peer_value": peer, f"ratio_{shots}": round(value / peer, 2)}
        noisy = [_with_noise(one) for one in drawn]
        level = ["-c:v", "copy", "-af", "loudnorm=I=-16:TP=-1.5", "-ar", "48000", "-c:a", "aac", "-b:a", "192k"]
        heard = _pair(folder / "heard", _links(folder / "heard", noisy, HEARD_SHOTS), level)
        start = cpu(
            lambda: subprocess.run([films.MEDIA, "-c", "import main"], cwd=films.PIPELINES / "assemble", check=True)
        )
    return {
        "unit": "processor seconds",
        "aim": AIM,
        **told,
        "start": round(start, 2),
        "heard": heard[0],
        "peer_heard": heard[1],
        "ratio_heard": round(heard[0] / heard[1], 2),
    }


def _pair(job: Path, takes: list[Path], words: list[str]) -> tuple[float, float]:
    """Return what the film takes, and what ffmpeg takes to join the same files as `words` say."""
    value, facts = ours(job / "job", [Piece(one, FRAMES) for one in takes], takes)
    assert facts["spliced"]
    listed = job / "takes.txt"
    listed.write_text("".join(f"file '{one}'\n" for one in takes))
    join = ["-f", "concat", "-safe", "0", "-i", str(listed), *words, str(job / "joined.mp4")]
    return round(value, 2), round(cpu(lambda: ffmpeg(*join)), 2)


def _links(into: Path, drawn: list[Path], shots: int) -> list[Path]:
    into.mkdir()
    made = [into / f"shot{number}.mp4" for number in range(shots)]
    for number, one in enumerate(made):
        one.hardlink_to(drawn[number % len(drawn)])
    return made


def _with_noise(silent: Path) -> Path:
    made = silent.with_stem(f"{silent.stem}-noise")
    noise = ["-f", "lavfi", "-i", "anoisesrc=d=4:c=pink:r=48000:a=0.2:seed=1"]
    ffmpeg(
        "-i", str(silent), *noise, "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-ac", "2", str(made)
    )
    return made
