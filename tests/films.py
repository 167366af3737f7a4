"""What the tests of pipelines and runner need: stills, voices, takes and cuts, and a look at what came out.

The pipelines run in their own environment, as they do in the studio; this side only starts them and measures.
"""

import itertools
import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from studio_sdk import testing
from studio_sdk.testing import Outcome
from studio_sdk.types import Format, Quality
from studio_server.domain.marks import conformed_frames
from studio_server.domain.timecode import counts_drop_frame, frame_at, timecode
from studio_server.domain.timeline import Cut, Sound, Timeline
from studio_server.library.interchange import write_otio

ROOT = Path(__file__).resolve().parents[1]
PIPELINES = ROOT / "pipelines"
MEDIA = PIPELINES / "environments" / "media" / ".venv" / "bin" / "python"
BT709 = ("tv", "bt709", "bt709", "bt709")
SMALL = Format(width=320, height=180, frame_rate="24/1")


def ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words], check=True)


def interpreter(name: str) -> Path:
    """Return the Python that one of the studio's pipelines runs in."""
    return PIPELINES / "environments" / testing.manifest(PIPELINES / name).environment / ".venv" / "bin" / "python"


def carry_out(
    name: str,
    job_dir: Path,
    params: dict[str, object] | None = None,
    files: dict[str, list[Path]] | None = None,
    *,
    picture: Format = SMALL,
    seed: int = 1,
    quality: Quality = Quality.LOW,
    cancel_at: float | None = None,
    cache: Path | None = None,
) -> Outcome:
    """Run one of the studio's pipelines and hold it against the contract; whether it succeeded is for the test."""
    folder = PIPELINES / name
    testing.prepare(folder, job_dir, params, files, picture=picture, seed=seed, quality=quality)
    done = testing.carry_out(folder, job_dir, interpreter(name), cancel_at=cancel_at, cache=cache)
    assert testing.breaches(testing.manifest(folder), done) == [], done.printed.decode()
    return done


def onto_a_full_disk(name: str, job_dir: Path, output: str, files: dict[str, list[Path]]) -> Outcome:
    """Run a pipeline whose file of this name in `outputs`, once opened, finds no room: `/dev/full` is the disk."""
    testing.prepare(PIPELINES / name, job_dir, {}, files, picture=SMALL, quality=Quality.LOW)
    (job_dir / "outputs").mkdir(exist_ok=True)
    (job_dir / "outputs" / output).symlink_to("/dev/full")
    return testing.carry_out(PIPELINES / name, job_dir, MEDIA)


@dataclass(frozen=True)
class Look:
    """What a video file really is: decoded frame count, rates, size, tags, and samples of sound."""

    frames: int
    rate: Fraction
    average: Fraction
    size: tuple[int, int]
    tags: tuple[str, str, str, str]
    pixels: str
    audio: tuple[str, int, int]
    audio_s: float
    steady: bool


def look(path: Path) -> Look:
    words = ["-show_streams", "-show_entries", "frame=pts,duration,media_type", "-of", "json", "-count_frames"]
    shown = subprocess.run(["ffprobe", "-v", "error", *words, str(path)], capture_output=True, check=True, text=True)
    assert shown.stderr == ""
    told = json.loads(shown.stdout)
    video = next(stream for stream in told["streams"] if stream["codec_type"] == "video")
    audio = next((stream for stream in told["streams"] if stream["codec_type"] == "audio"), None)
    shown_at = [frame["pts"] for frame in told["frames"] if frame["media_type"] == "video"]
    gaps = {late - early for early, late in itertools.pairwise(shown_at)}
    tags = tuple(video.get(key, "") for key in ("color_range", "color_space", "color_primaries", "color_transfer"))
    return Look(
        frames=int(video["nb_read_frames"]),
        rate=Fraction(video["r_frame_rate"]),
        average=Fraction(video["avg_frame_rate"]),
        size=(video["width"], video["height"]),
        tags=tags,  # type: ignore[arg-type]
        pixels=video["pix_fmt"],
        audio=(audio["codec_name"], int(audio["sample_rate"]), audio["channels"]) if audio else ("", 0, 0),
        audio_s=float(audio["duration"]) if audio else 0.0,
        steady=len(gaps) <= 1,
    )


def meter(path: Path) -> tuple[float, float]:
    """Return loudness (LUFS) and true peak (dBFS) as ffmpeg measures them."""
    words = ["-i", str(path), "-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(["ffmpeg", "-hide_banner", *words], capture_output=True, check=True, text=True).stderr
    summary = said[said.rindex("Summary:") :]
    found = [re.search(rf"{name}:\s+(-?[0-9.]+)", summary) for name in ("I", "Peak")]
    assert all(found), summary
    return float(found[0][1]), float(found[1][1])  # type: ignore[index]


def frame_sums(path: Path) -> list[str]:
    """Return a checksum of every decoded picture."""
    words = ["-i", str(path), "-map", "0:v", "-f", "framemd5", "-"]
    shown = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True, text=True)
    return [line.split(",")[-1].strip() for line in shown.stdout.splitlines() if not line.startswith("#")]


def frame_rgb(path: Path, number: int) -> bytes:
    """Return the RGB bytes of one picture."""
    picked = f"select=eq(n\\,{number})"
    words = ["-i", str(path), "-vf", picked, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    return subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout


def centres(path: Path, size: tuple[int, int]) -> list[tuple[float, float]]:
    """Return where the light of every picture has its centre, in pixels."""
    words = ["-i", str(path), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    raw = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout
    width, height = size
    found = []
    for start in range(0, len(raw), width * height):
        rows = [raw[start + y * width : start + (y + 1) * width] for y in range(height)]
        light = [[max(0, level - 40) for level in row] for row in rows]
        total = sum(map(sum, light))
        across = sum(x * sum(row[x] for row in light) for x in range(width)) / total
        found.append((across, sum(y * sum(row) for y, row in enumerate(light)) / total))
    return found


def samples(path: Path) -> list[tuple[float, float]]:
    """Return the decoded sound: pairs of left and right, at 48 kHz."""
    import array

    words = ["-i", str(path), "-map", "0:a", "-f", "f32le", "-ac", "2", "-ar", "48000", "-"]
    flat = array.array("f", subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout)
    return list(zip(flat[0::2], flat[1::2], strict=True))


@dataclass(frozen=True)
class Piece:
    """A take in a cut; `frames` and `rate` are its own, `part` the frames used (project frames) where not all.

    Without a path it is a slate. `joins` are its transitions and words, as `Cut` has them.
    """

    path: Path | None
    frames: int
    rate: str = "24/1"
    part: tuple[int, int] | None = None
    shot: str = "SHOT-010"
    joins: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Laid:
    """A voice or music in a cut: from `at` on, for `frames` (project frames), `told` as `Sound` has it."""

    path: Path
    at: int
    frames: int
    kind: str = "voice"
    told: Mapping[str, object] = field(default_factory=dict)


def write_cut(
    path: Path, pieces: Sequence[Piece], frame_rate: str = "24/1", sounds: Sequence[Laid] = (), start: str = ""
) -> Path:
    """Write a cut as the studio does; `start` is the timecode of its first frame, without it the first there is."""
    import hashlib

    project = Fraction(frame_rate)
    drop = counts_drop_frame(project)
    begin = frame_at(start, project) if start else 0
    at, cuts = begin, []
    for number, piece in enumerate(pieces):
        whole = conformed_frames(piece.frames, Fraction(piece.rate), project)
        first, last = piece.part or (0, whole)
        told: dict[str, object] = {
            "node_id": f"n{number}",
            "scene": "01",
            "shot": piece.shot,
            "source_in": first,
            "source_out": last,
            "record_in": at,
            "record_out": at + last - first,
            "record_in_tc": timecode(at, project, drop=drop),
            "record_out_tc": timecode(at + last - first, project, drop=drop),
            **piece.joins,
        }
        if piece.path is not None:
            told |= {
                "take": f"{piece.shot}_v01_take01",
                "path": f"03_Renders/{piece.path.name}",
                "oid": hashlib.sha256(piece.path.read_bytes()).hexdigest(),
                "reel": f"A{number:07d}",
                "has_audio": True,
                "audio_channels": 2,
                "native_frames": piece.frames,
                "native_rate": piece.rate,
                "conformed_frames": whole,
            }
        cuts.append(Cut.model_validate(told))
        at += last - first
    heard = [
        Sound.model_validate(
            {
                "node_id": f"s{number}",
                "kind": sound.kind,
                "name": sound.path.name,
                "path": f"01_Assets/{sound.path.name}",
                "oid": hashlib.sha256(sound.path.read_bytes()).hexdigest(),
                "reel": f"S000000{number}",
                "track": number,
                "record_in": begin + sound.at,
                "record_out": begin + sound.at + sound.frames,
                "record_in_tc": "",
                "record_out_tc": "",
                "source_in": 0,
                "frames": 100_000,
                "gain": 0.0,
                "fade_in": 0,
                "fade_out": 0,
                **sound.told,
            }
        )
        for number, sound in enumerate(sounds)
    ]
    timeline = Timeline(
        title="Test",
        frame_rate=frame_rate,
        drop_frame=drop,
        start_frame=begin,
        start_timecode=timecode(begin, project, drop=drop),
        frames=at - begin,
        cuts=tuple(cuts),
        notes=(),
        sounds=tuple(heard),
    )
    path.write_bytes(write_otio(timeline))
    return path
