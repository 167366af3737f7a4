"""What each pipeline that needs no GPU costs: processor seconds for a second of film or sound, and its largest process.

Each is run once, at low quality, in a process of its own whose children are counted to the end, on stock made here:
drawn shots, a drawn face, a drawn figure, a robot's lines. What it takes to start (half a second of Python and
libraries, more with MediaPipe) is in the figures, so that short shots look dearer than long ones.
"""

import multiprocessing
import resource
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.types import Format
from studio_server.library import media
from tests import films
from tests.contract.test_person_map import figure
from tests.faces import portrait

NAME = "previz-pipelines"
AIM = 6
HD: Final = Format(width=1280, height=720, frame_rate="24/1")
SMALL: Final = Format(width=512, height=512, frame_rate="25/1")
SECONDS: Final = 4
LINES: Final = "ANNA: You came back.\nBEN: I never left. I waited by the water, all winter long."

Files = Mapping[str, list[Path]]
Params = Mapping[str, object]


class Cost(NamedTuple):
    """Processor seconds and the largest process, in megabytes, of one run, and the file it made."""

    processor_s: float
    memory_mb: float
    made: str


def measure() -> dict[str, object]:
    """Return the dearest pipeline's processor seconds for a second, and a row for each."""
    with tempfile.TemporaryDirectory(prefix="bench-previz-") as place:
        folder = Path(place)
        rows: dict[str, dict[str, float]] = {}

        def run(name: str, params: Params, files: Files, output: str, form: Format = HD) -> Path:
            cost = alone(name, folder / f"{len(rows):02}-{name}", params, files, output, form)
            length = media.probe(Path(cost.made)).duration_s or 1.0  # a still counts as one
            per_second = round(cost.processor_s / length, 2)
            rows[name] = {"processor_s": per_second, "mb": round(cost.memory_mb), "seconds": round(length, 2)}
            print(f"{name}: {per_second} s, {cost.memory_mb:.0f} MB ({length:.2f} s made)", flush=True)
            return Path(cost.made)

        prompt = "Wide shot, a harbour at dusk, two women"
        shot = run("animatic", {"prompt": prompt, "seconds": SECONDS}, {}, "video")
        run("storyboard-frame", {"prompt": prompt}, {}, "image")
        lines = run("speak", {"dialogue": LINES}, {}, "audio")
        music = folder / "music.wav"
        films.ffmpeg("-f", "lavfi", "-i", "sine=frequency=220:duration=60:sample_rate=48000", str(music))
        run("mix", {}, {"dialogue": [lines], "music": [music]}, "audio")
        run("grade", {"look": "cinematic", "grain": 0.2}, {"clip": [shot]}, "video")
        run("interpolate", {"frame_rate": "48"}, {"clip": [shot]}, "video")
        run("deflicker", {}, {"clip": [shot]}, "video")
        run("clean-up", {}, {"clip": [shot]}, "video")
        run("enlarge", {}, {"clip": [shot]}, "video")
        run("motion-edges", {}, {"clip": [shot]}, "motion")
        face, person, walk = folder / "face.png", folder / "person.png", _walk(folder)
        portrait().save(face)
        figure(0.0).save(person)
        run("previz-talk", {}, {"still": [face], "voice": [lines]}, "video", SMALL)
        run("preprocess-motion", {}, {"clip": [walk]}, "map", SMALL)
        run("previz-move", {}, {"still": [person], "motion": [walk]}, "video", SMALL)
    dearest = max(row["processor_s"] for row in rows.values())
    return {"value": dearest, "unit": "processor seconds a second", "aim": AIM, "pipelines": rows}


def _walk(folder: Path) -> Path:
    """Write two seconds of a drawn figure that raises an arm."""
    for number in range(32):
        figure(number / 31).save(folder / f"walk{number:02}.png")
    films.ffmpeg(
        "-framerate", "16", "-i", str(folder / "walk%02d.png"), "-pix_fmt", "yuv420p", str(folder / "walk.mp4")
    )
    return folder / "walk.mp4"


def alone(name: str, job: Path, params: Params, files: Files, output: str, form: Format) -> Cost:
    """Run a pipeline in a process of its own and return what it cost: the largest child is told for all time."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        return one.submit(_run, name, job, dict(params), dict(files), output, form).result()


def _run(
    name: str, job: Path, params: dict[str, object], files: dict[str, list[Path]], output: str, form: Format
) -> Cost:
    done = films.carry_out(name, job, params, files, picture=form)
    if done.status:
        raise RuntimeError(f"{name}: {done.result and done.result.error} {done.printed.decode()[-500:]}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, str(done.output(output)))
