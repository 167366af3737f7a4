"""Placement as one pure function: which pipeline, at which quality, in which queue, or why none can run.

Called by actions/generate, actions/forecast and the sweeper. Quality tables, memory tiers, live workers, keys and what
the project has chosen are all inputs.

Offers are ordered by: not above the wish, production before drafts, fewest wired files that it has no use for, nearest
quality, most wired files that it cannot do without (who was made for them), the project's order of engines, cost,
memory. A draft (`tier` previz) counts as less than any production
quality: it is never taken for the real thing.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from studio_sdk.errors import Code
from studio_sdk.manifest import Pipeline, Variant
from studio_sdk.types import Engine, Frozen, Quality, Tier
from studio_sdk.wire import WorkerInfo
from studio_server.domain.project import WhenFull

GPU_TIERS: Final = (12, 16, 24, 48, 80)
"""Sizes of GPU memory (GB) that jobs are sorted by; a queue is named after each."""

ENGINES: Final = (Engine.COMFYUI, Engine.CUDA, Engine.CPU, Engine.REMOTE)
"""The order in which engines of equal quality are used where a project has none of its own: own machines first."""

_ENGINE_WORDS: Final = {
    Engine.COMFYUI: "ComfyUI",
    Engine.CUDA: "a GPU of its own",
    Engine.CPU: "a processor for the studio",
    Engine.REMOTE: "the line to providers",
}


class Wish(Frozen):
    """What is asked for: a task, or one pinned pipeline, at a quality.

    `version` is the one of that pipeline that a card was set up with; another is taken only where it is not there.
    Nothing below `least` is made. `fed` are the inputs that have a wire: what needs a file into another one is no
    choice of the studio's; None asks for all alike. `engines` is the project's order, those it does not name come
    after; what leaves the house (engine `remote`) is used only where it is named.
    """

    task: str
    pipeline_id: str | None = None
    version: str = ""
    quality: Quality
    least: Quality | None = None
    fed: tuple[str, ...] | None = None
    when_full: WhenFull = "fallback"
    engines: tuple[Engine, ...] = ()


class Scarce(StrEnum):
    """What an offer lacks, in the order in which it is looked for: the first one missing is the scarcest."""

    LEAVE = "leave"
    KEY = "key"
    MACHINE = "machine"
    ENGINE = "engine"
    MEMORY = "memory"
    QUEUE = "queue"


class Lack(Frozen):
    """Why an offer cannot run now: what is missing, and the same as a clause for a person."""

    what: Scarce
    words: str


class Offer(NamedTuple):
    """A pipeline at one of its qualities."""

    pipeline: Pipeline
    variant: Variant

    @property
    def draft(self) -> bool:
        """Whether what it makes is shown as a draft."""
        return self.pipeline.tier is Tier.PREVIZ

    @property
    def queue(self) -> str:
        """Return the queue it waits in."""
        return queue_for(self.pipeline.engine, self.variant.vram_gb)


class Placement(Frozen):
    """The answer: run this.

    `waiting` is why it cannot start yet, `notice` what the user is told where it is not quite what was asked, `lack`
    what the first choice was missing in both cases. `wish` is what was asked for.
    """

    wish: Wish

    pipeline: Pipeline
    variant: Variant
    queue: str
    waiting: str = ""
    notice: str = ""
    lack: Lack | None = None


class Unplaceable(Frozen):
    """The answer where nothing that is installed could ever run."""

    code: Code
    message: str


def queue_for(engine: Engine, vram_gb: int) -> str:
    """Return the queue of the smallest tier that holds a job of this engine and memory (GB)."""
    if engine is Engine.REMOTE:
        return "remote"
    if engine is Engine.CPU or vram_gb == 0:
        return "cpu"
    return f"gpu.{tier_of(vram_gb)}"


def tier_of(vram_gb: int) -> int:
    """Return the smallest tier (GB) that holds so much memory; the largest one where none does."""
    return next((tier for tier in GPU_TIERS if tier >= vram_gb), GPU_TIERS[-1])


def place(
    wish: Wish, pipelines: Sequence[Pipeline], workers: Sequence[WorkerInfo], keys: Collection[str] = ()
) -> Placement | Unplaceable:
    """Choose the best offer that can run now; where none can, wait or say why.

    The quality is never above the wish while something at or below it is offered. With `when_full` `queue` nothing but
    the first choice's quality is made, however long that waits; that is the wished one wherever it is offered. With
    `fallback` the next lower offer that can run now is taken, at last a draft. `keys` are the providers a key is stored
    for. Of several versions of one pipeline the first is the one in use.
    """
    candidates = serving(wish, pipelines)
    if not candidates:
        wanted = f"“{wish.pipeline_id}”" if wish.pipeline_id else f"the task “{wish.task}”"
        return Unplaceable(code=Code.PIPELINE_UNKNOWN, message=f"No pipeline for {wanted} is installed.")
    ranked = ranking(wish, candidates)
    if not ranked:
        words = f"Nothing that is installed makes it at {wish.least} quality, and this card asks for no less."
        return Unplaceable(code=Code.PIPELINE_UNKNOWN, message=words)
    first = ranked[0]
    alike = _likeness(wish, first)
    group = [one for one in ranked if _likeness(wish, one) == alike]
    usable = ranked if wish.when_full == "fallback" else group
    chosen = next((one for one in usable if lack_of(one, workers, keys, wish.engines) is None), None)
    lack = None if chosen in group else lack_of(first, workers, keys, wish.engines)
    taken = chosen or first
    return Placement(
        wish=wish,
        pipeline=taken.pipeline,
        variant=taken.variant,
        queue=taken.queue,
        waiting="" if chosen or lack is None else f"{lack.words} It starts by itself when that changes.",
        notice=_notice(wish, taken, lack if chosen else None, real=any(not _is_draft(one) for one in candidates)),
        lack=lack,
    )


def serving(wish: Wish, pipelines: Iterable[Pipeline]) -> list[Pipeline]:
    """Return the pipelines that come into question: the pinned one, or those of the task that have the files they need.

    Where none has, all of the task: whoever presses Generate is told what is missing. The first version of a pipeline
    is the one in use, the others are only for who asks for them.
    """
    if wish.pipeline_id:
        versions = [pipeline for pipeline in pipelines if pipeline.id == wish.pipeline_id]
        return [pipeline for pipeline in versions if pipeline.version == wish.version] or versions[:1]
    in_use: dict[str, Pipeline] = {}
    for pipeline in pipelines:
        in_use.setdefault(pipeline.id, pipeline)
    found = [pipeline for pipeline in in_use.values() if pipeline.task == wish.task and not pipeline.by_name]
    fed = found if wish.fed is None else [one for one in found if needs(one) <= set(wish.fed)]
    return fed or found


def needs(pipeline: Pipeline) -> set[str]:
    """Return the inputs that a pipeline cannot do without a file for."""
    return {name for name, socket in pipeline.inputs.items() if socket.is_file and socket.required}


def unused(wish: Wish, pipeline: Pipeline) -> int:
    """Return how many of the wires a pipeline would leave aside: a voice is not for what makes silent pictures."""
    return len(set(wish.fed or ()) - set(pipeline.inputs))


def _likeness(wish: Wish, offer: Offer) -> tuple[bool, int, Quality]:
    return offer.draft, unused(wish, offer.pipeline), offer.variant.quality


def ranking(wish: Wish, candidates: Iterable[Pipeline]) -> list[Offer]:
    """Return the offers that may be used, best first: those at or below the wish, or, where there is none, all."""
    offers = [
        Offer(pipeline, variant)
        for pipeline in candidates
        for variant in pipeline.variants
        if wish.least is None or variant.quality.rank >= wish.least.rank
    ]
    within = [one for one in offers if one.variant.quality.rank <= wish.quality.rank]
    order = [*wish.engines, *(engine for engine in ENGINES if engine not in wish.engines)]

    def rank(one: Offer) -> tuple[bool, int, int, int, int, float, int, str]:
        return (
            one.draft,
            unused(wish, one.pipeline),
            abs(one.variant.quality.rank - wish.quality.rank),
            -len(needs(one.pipeline) & set(wish.fed or ())),
            order.index(one.pipeline.engine),
            one.variant.credits,
            one.variant.vram_gb,
            one.pipeline.id,
        )

    return sorted(within or offers, key=rank)


def able(offer: Offer, workers: Iterable[WorkerInfo]) -> list[WorkerInfo]:
    """Return the workers that can run an offer."""
    return [
        worker
        for worker in workers
        if offer.pipeline.engine in worker.engines
        and worker.vram_gb >= offer.variant.vram_gb
        and offer.queue in worker.queues
    ]


def lack_of(
    offer: Offer, workers: Sequence[WorkerInfo], keys: Collection[str], engines: Collection[Engine]
) -> Lack | None:
    """Return the scarcest thing an offer needs and does not have, or None where it can run now."""
    engine, title = offer.pipeline.engine, offer.pipeline.title
    if engine is Engine.REMOTE and engine not in engines:
        return Lack(what=Scarce.LEAVE, words=f"{title} works outside, and this project keeps its work in the house.")
    if engine is Engine.REMOTE and offer.pipeline.provider not in keys:
        return Lack(what=Scarce.KEY, words=f"No key for {offer.pipeline.provider or title} is stored.")
    return _lack_of_machines(offer, workers)


def _lack_of_machines(offer: Offer, workers: Sequence[WorkerInfo]) -> Lack | None:
    engine, vram = offer.pipeline.engine, offer.variant.vram_gb
    if not workers:
        return Lack(what=Scarce.MACHINE, words="No machine is there to make it.")
    with_engine = [worker for worker in workers if engine in worker.engines]
    if not with_engine:
        words = f"No machine with {_ENGINE_WORDS[engine]} is there, which {offer.pipeline.title} needs."
        return Lack(what=Scarce.ENGINE, words=words)
    most = max(worker.vram_gb for worker in with_engine)
    if most < vram:
        largest = f"the largest there has {most} GB" if most else "none there has a GPU"
        return Lack(what=Scarce.MEMORY, words=f"No machine with a {card(vram)} is there ({largest}).")
    if not able(offer, workers):
        words = f"No machine that is there takes such work (queue {offer.queue})."
        return Lack(what=Scarce.QUEUE, words=words)
    return None


def card(vram_gb: int) -> str:
    """Return the GPU that so much memory asks for, in words: `24 GB card`."""
    return f"{max(vram_gb, tier_of(vram_gb))} GB card"


def place_of(offer: Offer) -> str:
    """Return where an offer is made, in words: `a 16 GB card`, `the processor`."""
    if offer.pipeline.engine is Engine.REMOTE:
        return offer.pipeline.provider or offer.pipeline.title
    return f"a {card(offer.variant.vram_gb)}" if offer.variant.vram_gb else "the processor"


def _is_draft(pipeline: Pipeline) -> bool:
    return pipeline.tier is Tier.PREVIZ


def _notice(wish: Wish, taken: Offer, lack: Lack | None, *, real: bool) -> str:
    """Return what is told where less than the wish is made; `real` is whether anything but drafts is installed."""
    gone = _version_gone(wish, taken.pipeline)
    less = taken.variant.quality != wish.quality or (taken.draft and real)
    if not less and lack is None:
        return gone
    return " ".join(filter(None, (gone, _lesser(wish, taken, lack))))


def _version_gone(wish: Wish, taken: Pipeline) -> str:
    if not wish.version or wish.version == taken.version:
        return ""
    return (
        f"{taken.title} {wish.version}, which this card was set up with, is no longer here: {taken.version} makes it."
    )


def _lesser(wish: Wish, taken: Offer, lack: Lack | None) -> str:
    why = lack.words if lack else f"Nothing that is installed makes {wish.quality} quality."
    if taken.draft:
        at = "" if taken.variant.quality == wish.quality else f" at {taken.variant.quality} quality"
        return f"{why} {taken.pipeline.title} makes a previz draft{at} instead."
    if taken.variant.quality == wish.quality:
        return f"{why} {taken.pipeline.title} makes it on {place_of(taken)}."
    made = f"Made at {taken.variant.quality} instead of {wish.quality} quality"
    return f"{why} {made}, with {taken.pipeline.title} on {place_of(taken)}."
