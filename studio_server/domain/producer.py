"""The producer: what a card asks for at least, and what that means at the quality that the project is made in.

Pure. A card that improves what comes into it (super resolution, restoration) steps aside while the project's quality is
below its `min_quality`: it hands on what it gets. Any other card with one is made at that quality or better.
"""

from studio_sdk.types import Engine, Quality
from studio_server.domain.editions import parts
from studio_server.domain.graph import Graph, Node
from studio_server.domain.node_types import TYPES
from studio_server.domain.placement import Wish
from studio_server.domain.project import ProjectSettings

MIN_QUALITY = "min_quality"


def minimum(node: Node) -> Quality | None:
    """Return the quality a card asks for at least; None where it leaves that to the project, or says nonsense."""
    told = node.data.get(MIN_QUALITY)  # asked of every card whenever a board is looked at: most have none
    return Quality(told) if told is not None and told in list(Quality) else None


def steps_aside(node: Node, quality: Quality | None) -> bool:
    """Whether a card hands on what it gets, because the project is made at a lower quality than it asks for."""
    least = minimum(node)
    improves = node.type in TYPES and TYPES[node.type].improves
    return improves and least is not None and quality is not None and quality.rank < least.rank


def aside_words(node: Node, quality: Quality) -> str:
    """Return why a card that steps aside is not made, with what to do about it, as the end of a sentence."""
    least = minimum(node)
    return (
        f"is made from {least} quality on, and this project is at {quality}: it hands on what comes in. "
        "Raise the project's quality, or lower what this card asks for."
    )


def quality_for(node: Node, quality: Quality) -> Quality:
    """Return the quality that a card asks for in a project made at one."""
    least = minimum(node)
    return least if least and least.rank > quality.rank else quality


def wish_for(settings: ProjectSettings, task: str, pipeline: str | None, graph: Graph, node: Node) -> Wish:
    """Return what a card asks for in its project, with the wires that it has; `pipeline` is the name it asks by."""
    pipeline_id, version = parts(pipeline or "")
    wish = Wish(
        task=task,
        pipeline_id=pipeline_id or None,
        version=version,
        quality=settings.quality,
        least=minimum(node),
        fed=tuple(sorted(graph.fed(node.id))),
    )
    return as_chosen(settings, wish)


def as_chosen(settings: ProjectSettings, wish: Wish) -> Wish:
    """Return a wish with what the project has chosen by now: to hold or to fall back, and its engines."""
    above = wish.least if wish.least and wish.least.rank > wish.quality.rank else wish.quality
    chosen: dict[str, Quality | str | tuple[Engine, ...]] = {
        "quality": above,
        "when_full": settings.when_full,
        "engines": settings.engines,
    }
    return wish.model_copy(update=chosen)
