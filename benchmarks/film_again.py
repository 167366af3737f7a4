"""A film of twenty foreign takes, three dissolves and a title, rendered again: unchanged, and with one shot changed.

Nothing of such takes can be copied, so all of it is encoded; the second rendering takes what it can from what the
runner kept of the first. What counts is processor time, its own and its children's. `value` is the film after one
shot has another take, against the same film without anything kept. The files are compared: they must be the same.
"""

import resource
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from studio_sdk import testing
from studio_sdk.types import Format, Quality
from tests import films
from tests.films import Piece

NAME = "film-again"
SHOTS, SECONDS, RATE = 20, 2, 24
DISSOLVE = 12
DISSOLVES = (5, 10, 15)
CHANGED = 7
FORMAT = Format(width=1280, height=720, frame_rate="24/1")
AIM = 0.25
LIMIT_S = 1800


def measure() -> dict[str, object]:
    """Return the processor seconds of four renderings of a film, and of how many parts how many were made."""
    with tempfile.TemporaryDirectory(prefix="bench-again-") as place:
        folder, kept = Path(place), Path(place, "kept")
        kept.mkdir()
        takes = [_foreign(folder, number) for number in range(SHOTS + 1)]
        cut = [Piece(takes[at], SECONDS * RATE, part=_part(at), joins=_joins(at)) for at in range(SHOTS)]
        first, made, _ = _render(folder / "first", cut, kept)
        again, made_again, _ = _render(folder / "again", cut, kept)
        cut[CHANGED] = replace(cut[CHANGED], path=takes[SHOTS])
        changed, made_changed, film = _render(folder / "changed", cut, kept)
        without, _, same = _render(folder / "without", cut, None)
        assert film == same, "with and without what was kept it is not the same film"
    return {
        "value": round(changed, 2),
        "unit": "processor seconds",
        "peer_value": round(without, 2),
        "aim": AIM,
        "first": round(first, 2),
        "unchanged": round(again, 2),
        "unchanged_ratio": round(again / first, 3),
        "made": [made, made_again, made_changed],
    }


def _foreign(folder: Path, number: int) -> Path:
    path = folder / f"take{number}.mp4"
    source = f"testsrc2=size=1280x720:rate={RATE}:duration={SECONDS},hue=h={number * 17}"
    source += f",noise=alls=6:allf=t:all_seed={number}"
    heard = f"sine=frequency={200 + 20 * number}:sample_rate=48000:duration={SECONDS}"
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-g", "250", "-pix_fmt", "yuv420p", *tags, "-c:a", "aac"]
    films.ffmpeg("-f", "lavfi", "-i", source, "-f", "lavfi", "-i", heard, *coded, str(path))
    return path


def _part(number: int) -> tuple[int, int]:
    begins = DISSOLVE if number in DISSOLVES else 0
    ends = DISSOLVE if number + 1 in DISSOLVES else 0
    return begins, SECONDS * RATE - ends


def _joins(number: int) -> dict[str, object]:
    return ({"dissolve": DISSOLVE} if number in DISSOLVES else {}) | ({} if number else {"title": "Fog"})


def _render(job: Path, cut: list[Piece], kept: Path | None) -> tuple[float, str, bytes]:
    list_ = films.write_cut(job.with_suffix(".otio"), cut)
    clips = [piece.path for piece in cut if piece.path]
    folder, found = films.PIPELINES / "assemble", []
    inputs = {"cut": [list_], "clips": clips}
    testing.prepare(folder, job, {}, inputs, picture=FORMAT, quality=Quality.STANDARD)
    took = _cpu(lambda: found.append(testing.carry_out(folder, job, films.MEDIA, limit_s=LIMIT_S, cache=kept)))
    result = found[0].result
    assert result, found[0].printed.decode()
    told = f"{result.facts['spans_anew']} of {result.facts['spans']}"
    return took, told, found[0].output("film").read_bytes()


def _cpu(work: Callable[[], object]) -> float:
    """Return the processor seconds of the children that some work has waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
