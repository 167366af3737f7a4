"""docs/pipelines/qualities.md: what each task is meant to be made with at each quality, and what is installed."""

from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.types import Quality
from studio_server.actions.catalog import Catalogue
from studio_server.domain.qualities import Served, table


class Meant(NamedTuple):
    """A pipeline that is meant for a task and quality: its id, its model, GPU memory in GB, and who said so."""

    task: str
    quality: Quality
    pipeline: str
    model: str
    vram_gb: int
    source: str


_PLAN: Final = "first plan"
_FILLED: Final = "filled here"
LOW, STANDARD, HIGH = Quality

MEANT: Final = (
    Meant("generate-image", LOW, "t2i-sd15", "Stable Diffusion 1.5", 12, _PLAN),
    Meant("generate-image", STANDARD, "t2i-flux-schnell", "FLUX.1 schnell, fp8", 16, _PLAN),
    Meant("generate-image", HIGH, "t2i-flux-dev", "FLUX.1 dev, fp16", 24, _PLAN),
    Meant("generate-video", LOW, "t2v-wan21-1-3b", "Wan 2.1 T2V 1.3B", 12, _PLAN),
    Meant("generate-video", STANDARD, "t2v-wan22-5b", "Wan 2.2 TI2V 5B, fp8", 16, _FILLED),
    Meant("generate-video", HIGH, "t2v-ltx-13b", "LTX-Video 13B", 24, _PLAN),
    Meant("extract-motion", LOW, "motion-edges", "outlines, no model", 0, _FILLED),
    Meant("extract-motion", STANDARD, "motion-pose", "DWPose", 12, _FILLED),
    Meant("extract-motion", HIGH, "motion-depth", "Video Depth Anything, large", 16, _FILLED),
    Meant("upscale-video", LOW, "enlarge", "Lanczos, no model", 0, _FILLED),
    Meant("upscale-video", STANDARD, "upscale-esrgan", "Real-ESRGAN x4", 12, _FILLED),
    Meant("upscale-video", HIGH, "upscale-seedvr2", "SeedVR2 3B, fp8", 24, _FILLED),
    Meant("restore-video", LOW, "clean-up", "averaged over frames, no model", 0, _FILLED),
    Meant("restore-video", STANDARD, "restore-basicvsr", "RealBasicVSR", 12, _FILLED),
    Meant("restore-video", HIGH, "restore-seedvr2", "SeedVR2 3B, fp8", 24, _FILLED),
    Meant("assemble-film", LOW, "assemble", "ffmpeg, no model", 0, _FILLED),
    Meant("assemble-film", STANDARD, "assemble", "ffmpeg, no model", 0, _FILLED),
    Meant("assemble-film", HIGH, "assemble", "ffmpeg, no model", 0, _FILLED),
)

_HEAD = """# What makes a task at each quality

A project asks for one quality: low, standard or high. Each task is made with the best pipeline installed for it: never
above the project's quality while something at or below it is there, production before drafts, nearest quality first.
What can run at the moment, and what happens while it cannot, is the project's own choice: hold, or fall back and say so
([for artists](../artists.md)).

VRAM is that of the card it is meant for: 12 GB is the least, 16 GB the middle, 24 GB makes everything. Queues are named
after the smallest of 12, 16, 24, 48 and 80 GB that holds a job.
"""


def page(pipelines: Path) -> str:
    """Return docs/pipelines/qualities.md."""
    installed = Catalogue(pipelines).pipelines()
    rows = table(list(installed.values()))
    meant = "".join(_meant(one, there=one.pipeline in installed) for one in MEANT)
    return (
        f"{_HEAD}\n## What is installed\n\n"
        "Made from the manifests, as `GET /api/v1/catalog` tells it under `served`.\n\n"
        "| Task | Quality | Made with | Needs wired | At | Use | VRAM | Queue | |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
        f"{''.join(map(_installed, rows))}\n"
        "## What is meant to be\n\n"
        "The plan that the studio started from named pipelines for pictures and video, and left a gap at standard;\n"
        "“filled here” closes the gaps, so that every task has every quality. VRAM of what is not installed is its\n"
        "makers' word, not measured: the manifest of the pipeline decides once there is one.\n\n"
        "| Task | Quality | Pipeline | Model | VRAM | Source | |\n|---|---|---|---|---|---|---|\n"
        f"{meant}\n"
        "This page is written by `make docs` from `tools/qualities.py` and the manifests.\n"
    )


def _installed(row: Served) -> str:
    use = "draft" if row.tier == "previz" else "production"
    return (
        f"| {row.task} | {row.quality} | {row.title} (`{row.pipeline}`) | {', '.join(row.needs)} | {row.made_at} "
        f"| {use} | {_vram(row.vram_gb)} | `{row.queue}` | {row.fallback} |\n"
    )


def _meant(one: Meant, *, there: bool) -> str:
    return (
        f"| {one.task} | {one.quality} | `{one.pipeline}` | {one.model} | {_vram(one.vram_gb)} | {one.source} "
        f"| {'installed' if there else 'not installed'} |\n"
    )


def _vram(gigabytes: int) -> str:
    return f"{gigabytes} GB" if gigabytes else "none"
