"""Placement as one pure function: which pipeline, at which quality, in which queue, or why none can run.

Called by actions/generate and the sweeper. Quality tables, memory tiers and live workers are all inputs.
"""

from collections.abc import Sequence
from typing import Final, Literal

from studio_sdk.errors import Code
from studio_sdk.manifest import Pipeline, Variant
from studio_sdk.types import Engine, Frozen, Quality, Tier
from studio_sdk.wire import WorkerInfo

_GPU_TIERS: Final = (12, 16, 24, 48, 80)


class Wish(Frozen):
    """What is asked for: a task, or one pinned pipeline, at a quality."""

    task: str
    pipeline_id: str | None = None
    quality: Quality
    when_full: Literal["queue", "fallback"] = "fallback"


class Placement(Frozen):
    """The answer: run this. `notice` is what the user is told where it is not quite what was asked."""

    pipeline: Pipeline
    variant: Variant
    queue: str
    waiting: str = ""
    notice: str = ""


class Unplaceable(Frozen):
    """The answer where nothing can run, with the scarcest thing named."""

    code: Code
    message: str


def queue_for(engine: Engine, vram_gb: int) -> str:
    """Return the queue of the smallest tier that holds a job of this engine and memory (GB)."""
    if engine is Engine.REMOTE:
        return "remote"
    if engine is Engine.CPU or vram_gb == 0:
        return "cpu"
    return f"gpu.{next((tier for tier in _GPU_TIERS if tier >= vram_gb), _GPU_TIERS[-1])}"


def place(wish: Wish, offers: Sequence[Pipeline], workers: Sequence[WorkerInfo]) -> Placement | Unplaceable:
    """Choose the best offer that can run now; where none can, wait or say why.

    Never exceeds the wished quality unless nothing lower is offered. A job that no live worker can take gets
    a placement with `waiting` set.
    """
    candidates = [p for p in offers if p.id == wish.pipeline_id] if wish.pipeline_id else _serving(wish.task, offers)
    if not candidates:
        wanted = f"“{wish.pipeline_id}”" if wish.pipeline_id else f"the task “{wish.task}”"
        return Unplaceable(code=Code.PIPELINE_UNKNOWN, message=f"No pipeline for {wanted} is installed.")
    ranked = sorted(
        ((pipeline, variant) for pipeline in candidates for variant in pipeline.variants),
        key=lambda pair: _distance(wish.quality, pair[1].quality),
    )
    ready = [pair for pair in ranked if any(_can_run(worker, *pair) for worker in workers)]
    pipeline, variant = ready[0] if ready and wish.when_full == "fallback" else ranked[0]
    waiting = "" if (pipeline, variant) in ready else _why_waiting(pipeline, variant)
    return Placement(
        pipeline=pipeline,
        variant=variant,
        queue=queue_for(pipeline.engine, variant.vram_gb),
        waiting=waiting,
        notice=_notice(wish, pipeline, variant),
    )


def _serving(task: str, offers: Sequence[Pipeline]) -> list[Pipeline]:
    return [pipeline for pipeline in offers if pipeline.task == task]


def _distance(wished: Quality, offered: Quality) -> tuple[bool, int]:
    return offered.rank > wished.rank, abs(offered.rank - wished.rank)


def _can_run(worker: WorkerInfo, pipeline: Pipeline, variant: Variant) -> bool:
    return (
        pipeline.engine in worker.engines
        and worker.vram_gb >= variant.vram_gb
        and queue_for(pipeline.engine, variant.vram_gb) in worker.queues
    )


def _why_waiting(pipeline: Pipeline, variant: Variant) -> str:
    if variant.vram_gb:
        return f"Waiting for a worker with {variant.vram_gb} GB of GPU memory for {pipeline.title}."
    return f"Waiting for a worker that can run {pipeline.title}."


def _notice(wish: Wish, pipeline: Pipeline, variant: Variant) -> str:
    if wish.pipeline_id or variant.quality == wish.quality:
        return ""
    kind = "a previz draft" if pipeline.tier is Tier.PREVIZ else "a take"
    return (
        f"No pipeline can make {wish.quality} quality on this machine, so {pipeline.title} makes {kind} "
        f"at {variant.quality} quality."
    )
