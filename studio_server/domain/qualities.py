"""What makes each task at each quality: the table that a project's quality chooses from, as the manifests make it.

Pure. It says what is installed, not what can run now; `placement.place` decides that, by the same order.
"""

from collections.abc import Iterable, Sequence

from studio_sdk.manifest import Pipeline
from studio_sdk.types import Engine, Frozen, Quality, Tier
from studio_server.domain.node_types import FILM_TASK, NODE_TYPES
from studio_server.domain.placement import Offer, Wish, needs, ranking, serving


class Served(Frozen):
    """What a task is made with at a quality. `made_at` is the quality it really gets, `vram_gb` its GPU memory.

    `needs` are the inputs that must be wired for it: a task has a row for cards without wires, and a second one where
    something else makes those that have them. `fallback` says in words where that is not what the quality promises.
    """

    task: str
    quality: Quality
    pipeline: str
    title: str
    made_at: Quality
    tier: Tier
    engine: Engine
    vram_gb: int
    queue: str
    needs: tuple[str, ...] = ()
    fallback: str = ""


def tasks_of(pipelines: Iterable[Pipeline]) -> list[str]:
    """Return every task there is: those of cards, the film's, and those that only a pipeline has, in this order."""
    cards = [kind.task for kind in NODE_TYPES if kind.task]
    return list(dict.fromkeys([*cards, FILM_TASK, *sorted(pipeline.task for pipeline in pipelines)]))


def table(pipelines: Sequence[Pipeline]) -> list[Served]:
    """Return a row for each task and quality that anything installed can make."""
    found: list[Served] = []
    for task in tasks_of(pipelines):
        for quality in Quality:
            bare = _row(task, quality, pipelines, ())
            full = _row(task, quality, pipelines, None)
            found += [row for row in (bare, full if full != bare else None) if row]
    return found


def unserved(pipelines: Sequence[Pipeline]) -> list[str]:
    """Return the tasks of cards that nothing installed makes, at no quality: each of them needs a pipeline."""
    served = {row.task for row in table(pipelines)}
    return [task for task in tasks_of(pipelines) if task not in served]


def _row(task: str, quality: Quality, pipelines: Sequence[Pipeline], fed: tuple[str, ...] | None) -> Served | None:
    wish = Wish(task=task, quality=quality, fed=fed)
    candidates = serving(wish, pipelines)
    first = next(iter(ranking(wish, candidates)), None)
    if first is None:
        return None
    return Served(
        task=task,
        quality=quality,
        pipeline=first.pipeline.id,
        title=first.pipeline.title,
        made_at=first.variant.quality,
        tier=first.pipeline.tier,
        engine=first.pipeline.engine,
        vram_gb=first.variant.vram_gb,
        queue=first.queue,
        needs=tuple(sorted(needs(first.pipeline))),
        fallback=_fallback(first, quality, real=any(one.tier is Tier.PRODUCTION for one in candidates)),
    )


def _fallback(first: Offer, quality: Quality, *, real: bool) -> str:
    if first.variant.quality == quality and not (first.draft and real):
        return ""
    kind = "a draft" if first.draft else "a take"
    return f"Nothing makes {quality} quality; {first.pipeline.title} makes {kind} at {first.variant.quality}."
