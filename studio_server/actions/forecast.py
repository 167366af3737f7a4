"""The forecast of takes before they are ordered: planned and placed as an order would be, and entered nowhere."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline
from studio_sdk.types import MediaRef
from studio_sdk.wire import WorkerInfo
from studio_server.actions import assemble, betweens, canvas
from studio_server.actions.compiled import compiled
from studio_server.actions.generate import pipeline_told, placed
from studio_server.actions.lines import Wanted, foreseen, load_of, tenths
from studio_server.actions.studio import Studio
from studio_server.actions.takes import media_of, seconds_of
from studio_server.actions.written import unwritten
from studio_server.domain.cut import ASSEMBLER
from studio_server.domain.flow import Gift, given, refusal_of
from studio_server.domain.forecast import Forecast, JobForecast
from studio_server.domain.graph import Graph, Node
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import Kit, wanted_pipeline
from studio_server.domain.pace import Load, megapixels
from studio_server.domain.plan import as_told, inputs, longest, parameters, title_of
from studio_server.domain.producer import aside_words, steps_aside, wish_for
from studio_server.domain.project import ProjectSettings
from studio_server.domain.queue import length_told
from studio_server.index import jobs
from studio_server.library.folder import ProjectFolder

_NOT_THERE = MediaRef(path="later", oid="0" * 64, size=0, mime="")
"""Stands for a take that another ask is to make."""


class _Board(NamedTuple):
    """What cards are planned on."""

    studio: Studio
    folder: ProjectFolder
    settings: ProjectSettings
    graph: Graph
    kit: Kit
    workers: Sequence[WorkerInfo]
    thought: Collection[str]


def forecast_of(
    studio: Studio,
    project_id: str,
    node_ids: Sequence[str],
    nodes: Sequence[Node] = (),
    overrides: Mapping[str, JsonValue] | None = None,
) -> Forecast:
    """Return what is to be expected if these cards were made now, one after the other in this order.

    `nodes` are cards that are not on the board: they have no wires yet, so what files they lack does not matter.
    `overrides` are values for these takes only. A card that an order would refuse is told as `refused`, with the words
    of the refusal. Raises NOT_FOUND or PROJECT_MISSING for the project.
    """
    entry = canvas.find(studio, project_id)
    folder = canvas.folder_of(studio, entry)
    manifest = folder.manifest()
    settings = manifest.project_settings
    graph = canvas.graph_of(studio, project_id)
    if nodes:
        graph = Graph(nodes={**graph.nodes, **{node.id: node for node in nodes}}, edges=graph.edges)
    workers = studio.workers()
    kit = studio.catalogue.kit(settings.quality)
    board = _Board(studio, folder, settings, graph, kit, workers, {node.id for node in nodes})
    cards = list(dict.fromkeys([*node_ids, *(node.id for node in nodes)]))
    found: dict[str, Wanted | JobForecast] = {}
    for card in cards:
        try:
            found[card] = _planned(board, card, overrides, set(cards), found)
        except StudioError as error:
            found[card] = JobForecast(node_id=card, state="refused", why=error.message)
    planned = {card: one for card, one in found.items() if isinstance(one, Wanted)}
    whole = betweens.with_betweens(studio, folder, manifest, graph, planned)
    told = foreseen(studio, project_id, workers, whole, paused=entry.queue_paused)
    of_cards, after = betweens.parted(told.jobs)
    told_of = {
        job.node_id: _warned(job, planned[job.node_id]).model_copy(
            update={"followed": job.node_id in after, "between": after.get(job.node_id)}
        )
        for job in of_cards
    }
    everything = [
        told_of.get(card) or one for card, one in found.items() if card in told_of or isinstance(one, JobForecast)
    ]
    unknown = told.total.unknown + len(cards) - len(planned)
    return Forecast(
        jobs=[_rounded(one) for one in everything if isinstance(one, JobForecast)],
        total=told.total.model_copy(
            update={"ends": tenths(told.total.ends), "work": tenths(told.total.work), "unknown": unknown}
        ),
    )


def _planned(
    board: _Board,
    card: str,
    overrides: Mapping[str, JsonValue] | None,
    asked: Collection[str],
    before: Mapping[str, Wanted | JobForecast],
) -> Wanted:
    node = board.graph.nodes.get(card)
    if node and node.type == ASSEMBLER:
        return _film(board, node, asked)
    task = task_for(node.type) if node else None
    if node is None or task is None:
        raise StudioError(Code.NOT_FOUND, "There is no such shot on the canvas.", node_id=card)
    if why := refusal_of(board.graph, node):
        raise StudioError(Code.VALIDATION_ERROR, f"{title_of(node)} {why}", node_id=card)
    if steps_aside(node, board.settings.quality):
        raise StudioError(Code.VALIDATION_ERROR, f"{title_of(node)} {aside_words(node, board.settings.quality)}")
    chosen, values = pipeline_told(node, overrides)
    wish = wish_for(board.settings, task, chosen or wanted_pipeline(board.graph, node), board.graph, node)
    placement = placed(board.studio, wish, node, board.workers)
    pipeline = placement.pipeline
    told = as_told(pipeline, board.graph, node, board.kit, values)
    params = parameters(pipeline, told) | dict(placement.variant.params)

    def media(source: Node) -> MediaRef | None:
        return media_of(board.folder, source) or (_NOT_THERE if source.id in asked else None)

    def seconds(source: Node) -> float | None:
        one = before.get(source.id)
        return one.load.length_s if isinstance(one, Wanted) else seconds_of(board.folder, source)

    if card not in board.thought:
        inputs(pipeline, board.graph, told, board.kit, media)
    length = length_told(params, None) or longest(pipeline, board.graph, told, board.kit, seconds)
    load = Load(length, megapixels(board.settings.format))
    return Wanted(placement, load, _feeding(board, pipeline, card, asked))


def _film(board: _Board, node: Node, asked: Collection[str]) -> Wanted:
    """Return what a render of a cut would be; the holes of a cut may be filled by what else is asked for."""
    manifest = board.folder.manifest()
    cut = compiled(board.folder, manifest, board.graph, node.id, board.kit)
    shots = frozenset(entry.node_id for entry in cut.timeline.cuts)
    if not shots & set(asked):
        cut = assemble.whole(cut)
    placement = placed(board.studio, assemble.film_wish(manifest), node, board.workers)
    sketch = assemble.plan_film(board.studio, board.folder, manifest, cut, placement, late=True)
    with board.studio.index.read() as session:
        under_way = jobs.open_jobs(session, manifest.uuid)
    awaited = assemble.awaited_by(cut, under_way, board.settings.frame_rate)
    waits = f"{assemble.waits_for_betweens([board.graph.nodes[card] for card in awaited])}." if awaited else ""
    warned = " ".join(unwritten(cut, board.workers))
    return Wanted(placement, load_of(sketch), [*(shots & set(asked)), *awaited.values()], waits, warned)


def _feeding(board: _Board, pipeline: Pipeline, card: str, asked: Collection[str]) -> frozenset[str]:
    """Return which of the asked cards feed a card."""
    wires = (wire for name in pipeline.inputs for wire in board.graph.into(card, name))
    gifts = (given(board.graph, wire, board.kit) for wire in wires)
    return frozenset(
        gift.node.id for gift in gifts if isinstance(gift, Gift) and gift.node.id in asked and gift.node.id != card
    )


def _warned(one: JobForecast, wanted: Wanted) -> JobForecast:
    why = " ".join(filter(None, (one.why, wanted.waits, wanted.warned)))
    return one.model_copy(update={"why": why, "warned": bool(wanted.warned)})


def _rounded(one: JobForecast) -> JobForecast:
    return one.model_copy(
        update={"starts": tenths(one.starts), "takes": tenths(one.takes), "between": tenths(one.between)}
    )
