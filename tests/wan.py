"""What the tests of the Wan pipelines share: stills, clips, voices, and a run against the stand-in for ComfyUI."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from studio_sdk import Code, testing
from studio_sdk.testing import Outcome
from studio_sdk.types import Format, Quality
from tests.fakes.comfy import FakeComfy
from tests.fakes.comfy.trouble import Gate
from tests.films import PIPELINES, ffmpeg

REAL = os.environ.get("COMFYUI_URL", "")  # noqa: TID251 - the tests' own edge
PYTHON = PIPELINES / "environments" / "comfy" / ".venv" / "bin" / "python"
ANIMATE, S2V = "wan22-animate", "wan22-s2v"
T2V, I2V, INP, CONTROL = PAIR = ("wan22-t2v", "wan22-i2v", "wan22-fun-inp", "wan22-fun-control")
GOLDEN = Path(__file__).parent / "data" / "comfy"
TINY = Format(width=640, height=640, frame_rate="24/1")


@dataclass(frozen=True)
class RealComfy:
    """The server that COMFYUI_URL names, where a story is the same as with the stand-in; it waits at no gate."""

    url: str

    def gate(self, _kind: str) -> Gate:
        return Gate()


def small(folder: Path, pixels: int) -> Path:
    """Copy the pipelines that ship, less the area of their picture, so that a CPU can make it; return the folder."""
    shutil.copytree(PIPELINES, folder, ignore=shutil.ignore_patterns("__pycache__", "environments"))
    (folder / "environments").symlink_to(PIPELINES / "environments")
    for profiles in folder.glob("*/profiles.json"):
        told = json.loads(profiles.read_bytes())
        profiles.write_text(json.dumps({quality: facts | {"pixels": pixels} for quality, facts in told.items()}))
    return folder


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy", unix=tmp_path / "comfy.sock") as fake:
        yield fake


@pytest.fixture
def still(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (512, 512), (90, 110, 130))
    ImageDraw.Draw(picture).ellipse((160, 60, 350, 300), fill=(220, 180, 150))
    picture.save(tmp_path / "still.png")
    return tmp_path / "still.png"


def clip(path: Path, frames: int, *, rate: str = "16", sound: bool = False, size: str = "160x120") -> Path:
    words = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}"]
    if sound:
        words += ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=44100"]
    ffmpeg(*words, "-frames:v", str(frames), "-pix_fmt", "yuv420p", *(["-shortest"] if sound else []), str(path))
    return path


def voice(path: Path, seconds: float, *words: str) -> Path:
    ffmpeg("-f", "lavfi", "-i", f"sine=frequency=220:sample_rate=44100:duration={seconds}", *words, str(path))
    return path


def carry_out(
    name: str,
    job: Path,
    comfy: FakeComfy,
    params: dict[str, Any] | None = None,
    files: dict[str, list[Path]] | None = None,
    *,
    quality: Quality = Quality.LOW,
    picture: Format = TINY,
    cancel_at: float | None = None,
) -> Outcome:
    folder = PIPELINES / name
    testing.prepare(folder, job, params, files, picture=picture, quality=quality, seed=7)
    done = testing.carry_out(folder, job, PYTHON, cancel_at=cancel_at, comfyui=str(comfy.unix), limit_s=900)
    assert testing.breaches(testing.manifest(folder), done) == [], done.printed.decode()
    return done


def failed(done: Outcome) -> tuple[Code, str, str]:
    assert done.result
    assert done.result.error, "it succeeded"
    return done.result.error.code, done.result.error.message, done.result.error.detail


def sent(comfy: FakeComfy) -> dict[str, Any]:
    """Return the last graph that the server carried out."""
    return comfy.line.history[comfy.line.ran[-1]].item.graph


def kinds(graph: dict[str, Any]) -> list[str]:
    return [node["class_type"] for node in graph.values()]


def golden(graph: dict[str, Any], name: str) -> dict[str, Any]:
    """Compare a graph as it was sent with the one that is kept; return it."""
    for node in graph.values():
        for into in ("image", "file", "audio"):  # named by content, and encoders differ from machine to machine
            if node["class_type"].startswith("Load") and isinstance(node["inputs"].get(into), str):
                node["inputs"][into] = "studio/…" + Path(node["inputs"][into]).suffix
        if "filename_prefix" in node["inputs"]:
            node["inputs"]["filename_prefix"] = node["inputs"]["filename_prefix"][:-8] + "…"
    lines = [f"  {json.dumps(number)}: {json.dumps(node, ensure_ascii=False)}" for number, node in graph.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    kept = GOLDEN / f"{name}.json"
    if not kept.exists():
        kept.write_text(text, encoding="utf-8")
        pytest.fail(f"{kept.name} was written: look at it and run again")
    assert text == kept.read_text(encoding="utf-8"), f"the graph of {name} changed: a new workflow_version?"
    return graph
