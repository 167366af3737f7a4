"""A film of twenty takes of four seconds, three dissolves and a title, against one ffmpeg filter graph of the same cut.

Both get the same files and write H.264 of the same preset and quality. What counts is processor time, their own and
their children's, so that it depends little on what else the machine does.
"""

import resource
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from studio_sdk.types import Format, Quality
from tests import films
from tests.films import Piece

NAME = "assemble"
SHOTS, SECONDS, RATE = 20, 4, 24
DISSOLVE = 12
DISSOLVES = (5, 10, 15)
"""Before which shots."""
FORMAT = Format(width=1280, height=720, frame_rate="24/1")
FONT = films.PIPELINES / "assemble" / "fonts"
AIM = 0.2


def measure() -> dict[str, object]:
    """Return the processor seconds of the film, and of ffmpeg's."""
    with tempfile.TemporaryDirectory(prefix="bench-assemble-") as place:
        folder = Path(place)
        takes = [take(folder, number) for number in range(SHOTS)]
        cut = [Piece(one, SECONDS * RATE, part=_part(at), joins=_joins(at)) for at, one in enumerate(takes)]
        film, facts = ours(folder / "film", cut, takes)
        graph = cpu(lambda: _graph(takes, folder / "graph.mp4"))
    return {
        "value": round(film, 2),
        "unit": "processor seconds",
        "peer_value": round(graph, 2),
        "aim": AIM,
        "frames": facts["frames"],
        "copied": facts["copied"],
    }


def _part(number: int) -> tuple[int, int]:
    """Return what of a take is used: a dissolve shows the frames beyond both ends of its cut."""
    begins = DISSOLVE if number in DISSOLVES else 0
    ends = DISSOLVE if number + 1 in DISSOLVES else 0
    return begins, SECONDS * RATE - ends


def _joins(number: int) -> dict[str, object]:
    return ({"dissolve": DISSOLVE} if number in DISSOLVES else {}) | ({} if number else {"title": "Fog"})


def take(folder: Path, number: int) -> Path:
    """Return a take of four seconds that the studio's own pipeline drew, with a track of silence."""
    params: dict[str, object] = {"prompt": f"Shot {number}", "seconds": SECONDS, "draw": False}
    done = films.carry_out("animatic", folder / f"take{number}", params, picture=FORMAT, seed=number)
    return done.output("video").rename(folder / f"take{number}.mp4")


def cpu(work: Callable[[], object]) -> float:
    """Return the processor seconds of the children that some work has waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def ours(job: Path, pieces: list[Piece], takes: list[Path]) -> tuple[float, dict[str, object]]:
    """Return the processor seconds of a film of some pieces, and what the pipeline says of it."""
    list_ = films.write_cut(job.with_suffix(".otio"), pieces)
    told: dict[str, object] = {}

    def work() -> None:
        inputs = {"cut": [list_], "clips": takes}
        done = films.carry_out("assemble", job, {}, inputs, picture=FORMAT, quality=Quality.STANDARD)
        assert done.result
        told.update(done.result.facts)

    return cpu(work), told


def _graph(takes: list[Path], into: Path) -> None:
    """Render the cut as one filter graph, as people who know ffmpeg do."""
    steps: list[str] = []
    runs: list[tuple[int, int]] = []
    for first, last in zip((0, *DISSOLVES), (*DISSOLVES, len(takes)), strict=True):
        parts = []
        for number in range(first, last):
            begins = 0 if number not in DISSOLVES else DISSOLVE // 2
            ends = SECONDS * RATE - (DISSOLVE // 2 if number + 1 in DISSOLVES else 0)
            trim = f"[{number}:v]trim=start_frame={begins}:end_frame={ends},setpts=PTS-STARTPTS[v{number}]"
            cut = f"atrim={begins / RATE}:{ends / RATE},asetpts=PTS-STARTPTS"
            steps += [trim, f"[{number}:a]{cut}[a{number}]"]
            parts.append(f"[v{number}][a{number}]")
        steps.append(f"{''.join(parts)}concat=n={len(parts)}:v=1:a=1[r{first}][s{first}]")
        runs.append((first, sum(1 for _ in range(first, last))))
    video, audio, at = "[r0]", "[s0]", runs[0][1] * SECONDS - DISSOLVE / 2 / RATE
    for first, count in runs[1:]:
        offset = at - DISSOLVE / RATE
        steps.append(f"{video}[r{first}]xfade=duration={DISSOLVE / RATE}:offset={offset}[x{first}]")
        steps.append(f"{audio}[s{first}]acrossfade=d={DISSOLVE / RATE}[y{first}]")
        video, audio = f"[x{first}]", f"[y{first}]"
        at = offset + count * SECONDS - DISSOLVE / RATE
    font = next(iter(sorted(FONT.glob("*.otf"))))
    steps.append(f"{video}drawtext=fontfile={font}:text=Fog:fontsize=90:x=(w-tw)/2:y=(h-th)/2:enable='lt(t,4)'[film]")
    words = [word for take in takes for word in ("-i", str(take))]
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-c:a", "aac", "-b:a", "192k"]
    ffmpeg(*words, "-filter_complex", ";".join(steps), "-map", "[film]", "-map", audio, *coded, str(into))


def ffmpeg(*words: str) -> None:
    """Run ffmpeg; it tells only what is wrong."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words], check=True)
