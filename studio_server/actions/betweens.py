"""The pictures in between that will be made after takes which are not there yet: what a forecast counts besides.

Whether a pipeline's takes have another frame rate than the project is told by those it has made here; of one that has
made none nothing is counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from studio_sdk.types import FrameRate
from studio_server.actions.conforming import placement_of
from studio_server.actions.lines import Wanted
from studio_server.actions.studio import Studio
from studio_server.domain.batch import shot_key
from studio_server.domain.conform import by_itself, is_conformed, is_uneven
from studio_server.domain.forecast import JobForecast
from studio_server.domain.graph import Graph, Node
from studio_server.domain.pace import Range
from studio_server.domain.project import Manifest
from studio_server.domain.shots import Take, is_number
from studio_server.library.folder import ProjectFolder

_LOOKED_AT: Final = 50
"""In the folders of so many other shots takes of the same pipeline are looked for."""

_AFTER: Final = "+between"


def with_betweens(
    studio: Studio, folder: ProjectFolder, manifest: Manifest, graph: Graph, wanted: Mapping[str, Wanted]
) -> dict[str, Wanted]:
    """Return what is wanted, each take followed by its pictures in between where those will be made by themselves.

    What waits for such a take waits for those, too.
    """
    if manifest.project_settings.other_rates != "between":
        return dict(wanted)
    uneven = [card for card, one in wanted.items() if _is_followed(folder, manifest, graph, card, one)]
    placement = placement_of(studio, manifest)[0] if uneven else None
    if placement is None:
        return dict(wanted)
    found: dict[str, Wanted] = {}
    for card, one in wanted.items():
        more = [f"{other}{_AFTER}" for other in uneven if other in one.after]
        found[card] = one._replace(after=[*one.after, *more])
        if card in uneven:
            found[f"{card}{_AFTER}"] = Wanted(placement, one.load, (card,))
    return found


def parted(jobs: Iterable[JobForecast]) -> tuple[list[JobForecast], dict[str, Range | None]]:
    """Return the forecasts of cards, and how long the pictures in between of each of them take, where any follow."""
    cards, after = [], {}
    for job in jobs:
        if job.node_id.endswith(_AFTER):
            after[job.node_id.removesuffix(_AFTER)] = job.takes
        else:
            cards.append(job)
    return cards, after


def _is_followed(folder: ProjectFolder, manifest: Manifest, graph: Graph, card: str, one: Wanted) -> bool:
    node = graph.nodes.get(card)
    if node is None or not by_itself(graph, node):
        return False
    made = _made(folder, graph, node, one.placement.pipeline.id)
    return made is not None and _is_uneven(made, manifest.project_settings.frame_rate)


def _is_uneven(made: Take, frame_rate: FrameRate) -> bool:
    """Whether the next take of what made this one will be uneven: not where it gave the frame rate it was asked for."""
    asked = made.recipe.format if made.recipe else None
    obeyed = asked is not None and asked.frame_rate == made.frame_rate
    return not obeyed and made.frame_rate is not None and is_uneven(made.frame_rate, frame_rate)


def _made(folder: ProjectFolder, graph: Graph, node: Node, pipeline: str) -> Take | None:
    """Return the newest take that a pipeline made: of a card's own, else of others of the board."""
    others = (other for other in graph.nodes.values() if other.id != node.id and other.type == node.type)
    keys = (key for card in (node, *islice(others, _LOOKED_AT)) if (key := shot_key(card)) and is_number(*key))
    return next((take for key in keys if (take := _newest(folder.takes(*key), pipeline))), None)


def _newest(takes: Sequence[Take], pipeline: str) -> Take | None:
    made = (take for take in reversed(takes) if take.recipe and take.recipe.pipeline == pipeline)
    return next((take for take in made if take.frame_rate and not is_conformed(take)), None)
