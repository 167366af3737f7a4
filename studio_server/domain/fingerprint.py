"""What a card would be made from now, and where that differs from what its take was made from, piece by piece.

A take is a fingerprint of its recipe: pipeline and its code, parameters as told, files by their bytes, the seed where
it is locked, quality asked and picture format. Two are equal where no piece differs; the pieces say why not. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pydantic import JsonValue

from studio_sdk.contract import Scalar
from studio_sdk.errors import StudioError
from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.types import Format, Frozen, Quality
from studio_server.domain.assets import Asset, Film
from studio_server.domain.batch import ShotKey, shot_key
from studio_server.domain.editions import meant
from studio_server.domain.flow import Gift, Nothing
from studio_server.domain.graph import Graph, Node
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import Kit, label_of, wanted_pipeline
from studio_server.domain.plan import as_told, gifts_into, locked_seed, parameters, title_of
from studio_server.domain.producer import quality_for
from studio_server.domain.shots import Recipe, Take, TakeInput, parse_file, shown

Kind = Literal[
    "pipeline",
    "prompt",
    "take",
    "file",
    "wired",
    "unwired",
    "files",
    "added",
    "removed",
    "order",
    "marks",
    "passage",
    "title",
    "framing",
    "words",
    "field",
    "seed",
    "version",
    "code",
    "quality",
    "between",
    "format",
    "blocked",
    "upstream",
    "unknown",
]
_LONGEST = 240


class Reason(Frozen):
    """Why a take is not what its card says, as one change: `was` and `now` are values, names or texts cut to 240.

    `between`: pictures in between are for another frame rate than the project's; `label` names the take that new ones
    are made from. `field` is the field or socket and `label` its title; `node` is the card at fault, `nodes` are those
    upstream that change first (the first twenty of `count`).
    """

    kind: Kind
    field: str = ""
    label: str = ""
    unit: str = ""
    was: JsonValue = None
    now: JsonValue = None
    node: str | None = None
    nodes: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class Facts:
    """What fingerprints are taken from: the board, what is installed, what the project asks, what lies in it."""

    graph: Graph
    kit: Kit
    digests: Mapping[str, str]
    quality: Quality
    format: Format
    takes: Callable[[ShotKey], Sequence[Take]]
    assets: Mapping[str, Asset]
    films: Mapping[str, Film]

    def shown(self, node: Node) -> Take | None:
        """Return the take a card shows."""
        key = shot_key(node)
        return shown(self.takes(key), node.data.get("active_take")) if key else None


class Fed(NamedTuple):
    """A file that goes into a card: socket, the card that gives it, its name and bytes; no `oid`: nothing there yet."""

    socket: str
    node: str
    name: str
    oid: str | None


class Asked(NamedTuple):
    """What a card would be made from now. `blocked` says in words why it cannot be made; then `params` may lack."""

    pipeline: Pipeline | None
    pipeline_id: str
    digest: str
    params: Mapping[str, Scalar]
    seed: int | None
    files: tuple[Fed, ...]
    quality: Quality
    format: Format
    blocked: str = ""


Gives = Callable[[Node], tuple[str, str | None]]
"""Finds name and bytes of the file a card gives; no bytes where it has none yet."""


def given_by(facts: Facts, node: Node) -> tuple[str, str | None]:
    """Return name and bytes of the file that a card gives right now."""
    if task_for(node.type):
        take = facts.shown(node)
        return (take.media.path.rsplit("/", 1)[-1], take.media.oid) if take else ("", None)
    found = facts.films.get(node.id) if node.type == "assembler" else facts.assets.get(str(node.data.get("asset")))
    return (found.media.path.rsplit("/", 1)[-1], found.media.oid) if found else ("", None)


def asked(facts: Facts, node: Node, took: str | None, gives: Gives) -> Asked:
    """Return what a card would be made from now.

    Where nobody has chosen a pipeline the studio does, by what is there; then `took`, the pipeline of the take that is
    compared, was as right a choice as any.
    """
    chosen = wanted_pipeline(facts.graph, node)
    usual = took if took in facts.kit.pipelines else facts.kit.defaults.get(task_for(node.type) or "", "")
    name = chosen or usual or ""
    name = meant(facts.kit.pipelines, name)
    pipeline = facts.kit.pipelines.get(name)
    quality = quality_for(node, facts.quality)
    called = pipeline.id if pipeline else name
    bare = Asked(pipeline, called, facts.digests.get(name, ""), {}, None, (), quality, facts.format)
    if pipeline is None:
        return bare._replace(blocked=f"The pipeline “{name}” is not installed." if name else "No pipeline makes it.")
    files, blocked = _fed(facts, pipeline, node, gives)
    try:
        told = as_told(pipeline, facts.graph, node, facts.kit)
        params = parameters(pipeline, told)
    except StudioError as error:
        return bare._replace(files=files, blocked=error.message)
    return bare._replace(params=params, seed=locked_seed(told), files=files, blocked=blocked)


def _fed(facts: Facts, pipeline: Pipeline, node: Node, gives: Gives) -> tuple[tuple[Fed, ...], str]:
    """Return the files that go into a card, and why it cannot be made where one is missing that nobody will make."""
    found: list[Fed] = []
    blocked = ""
    for name, socket, gifts in gifts_into(pipeline, facts.graph, node, facts.kit):
        fed = [Fed(name, gift.node.id, *gives(gift.node)) for gift in gifts if isinstance(gift, Gift)]
        found += fed
        if not fed and socket.required:
            stop = next((gift for gift in gifts if isinstance(gift, Nothing)), None)
            title = socket.title or label_of(name)
            needs = f"{title_of(stop.node)}, which {stop.why}" if stop else f"a wire into “{title}”"
            blocked = blocked or f"{title_of(node)} needs {needs}."
        for one in fed:
            giver = facts.graph.nodes[one.node]
            if one.oid is None and not task_for(giver.type) and giver.type != "assembler":
                blocked = blocked or f"{title_of(giver)} has no file yet, and {title_of(node)} needs it."
    return tuple(found), blocked


def differences(facts: Facts, now: Asked, recipe: Recipe) -> list[Reason]:
    """Return where a card and the recipe of a take do not say the same, most telling first.

    `unknown` stands for what an older studio did not write down: it is neither a difference nor none.
    """
    titles = facts.kit.pipelines
    if now.pipeline is None:
        if now.pipeline_id == recipe.pipeline or not now.pipeline_id:
            return [Reason(kind="unknown", was=recipe.pipeline)]
        was = titles[recipe.pipeline].title if recipe.pipeline in titles else recipe.pipeline
        return [Reason(kind="pipeline", was=was, now=now.pipeline_id)]
    found: list[Reason] = []
    if now.pipeline_id != recipe.pipeline:
        was = titles[recipe.pipeline].title if recipe.pipeline in titles else recipe.pipeline
        found.append(Reason(kind="pipeline", was=was, now=now.pipeline.title))
    if now.blocked:
        found.append(Reason(kind="blocked", now=now.blocked))
    else:
        found += _of_params(now, now.pipeline, recipe)
    found += _of_files(facts, now, now.pipeline, recipe)
    if now.seed is not None and now.seed != recipe.seed:
        found.append(Reason(kind="seed", was=recipe.seed, now=now.seed))
    if now.pipeline_id == recipe.pipeline:
        found += _of_code(now.pipeline, now.digest, recipe.pipeline_version, recipe.digest)
    found += of_project(now.quality, now.format, recipe.quality_requested, recipe.format)
    return sorted(found, key=lambda reason: _ORDER[reason.kind])


_ORDER: Mapping[str, int] = {kind: place for place, kind in enumerate(Kind.__args__)}  # type: ignore[attr-defined]


def _of_params(now: Asked, pipeline: Pipeline, recipe: Recipe) -> list[Reason]:
    same = now.pipeline_id == recipe.pipeline
    variant = pipeline.variant(recipe.quality)
    fixed = variant.params if same and variant else {}
    found = []
    for name, socket in pipeline.inputs.items():
        if socket.is_file or name in fixed or (not same and name not in recipe.params):
            continue
        was, value = recipe.params.get(name), now.params.get(name)
        if was != value or isinstance(was, bool) != isinstance(value, bool):
            kind: Kind = "prompt" if name == "prompt" else "field"
            label = socket.title or label_of(name)
            before, after = _said(was, socket), _said(value, socket)
            found.append(Reason(kind=kind, field=name, label=label, unit=socket.unit, was=before, now=after))
    return found


def _said(value: Scalar | None, socket: Socket) -> JsonValue:
    """Return a value as its field shows it."""
    if isinstance(value, str) and value in socket.choices:
        return label_of(value)
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def _of_files(facts: Facts, now: Asked, pipeline: Pipeline, recipe: Recipe) -> list[Reason]:
    used: dict[str, list[TakeInput]] = {}
    for one in recipe.inputs:
        used.setdefault(one.socket, []).append(one)
    fed: dict[str, list[Fed]] = {}
    for file in now.files:
        fed.setdefault(file.socket, []).append(file)
    found = []
    for name in [*fed, *(name for name in used if name not in fed)]:
        before, after = used.get(name, []), fed.get(name, [])
        if [one.oid for one in before] != [one.oid for one in after]:
            socket = pipeline.inputs.get(name)
            label = (socket.title if socket else "") or label_of(name)
            found.append(_of_socket(facts, name, label, before, after))
    return found


def _of_socket(facts: Facts, name: str, label: str, was: list[TakeInput], now: list[Fed]) -> Reason:
    if not now:
        return Reason(kind="unwired", field=name, label=label, was=was[0].name)
    if not was:
        return Reason(kind="wired", field=name, label=label, now=now[0].name, node=now[0].node)
    if len(was) > 1 or len(now) > 1:
        return Reason(kind="files", field=name, label=label)
    giver = facts.graph.nodes.get(now[0].node)
    key = shot_key(giver) if giver else None
    before = parse_file(key[0], was[0].name) if key else None
    is_take = before is not None and key is not None and before[0].code == key[1]
    kind: Kind = "take" if is_take else "file"
    return Reason(kind=kind, field=name, label=label, was=was[0].name, now=now[0].name or None, node=now[0].node)


def _of_code(pipeline: Pipeline, digest: str, version: str, was: str) -> list[Reason]:
    if pipeline.version != version:
        return [Reason(kind="version", label=pipeline.title, was=version, now=pipeline.version)]
    if not was:
        return [Reason(kind="unknown", label=pipeline.title)]
    return [Reason(kind="code", label=pipeline.title, was=was[:8], now=digest[:8])] if digest != was else []


def of_project(quality: Quality, picture: Format, was: Quality, was_picture: Format | None) -> list[Reason]:
    """Return what the project asks otherwise than it did: another quality, size or frame rate."""
    found = [Reason(kind="quality", was=was, now=quality)] if quality != was else []
    if was_picture is None:
        found.append(Reason(kind="unknown", field="format"))
        return found
    before, after = f"{was_picture.width} x {was_picture.height}", f"{picture.width} x {picture.height}"
    if before != after:
        found.append(Reason(kind="format", field="size", was=before, now=after))
    if was_picture.frame_rate != picture.frame_rate:
        found.append(Reason(kind="format", field="frame_rate", was=was_picture.frame_rate, now=picture.frame_rate))
    return found


def code_of(facts: Facts, pipeline_id: str, version: str, digest: str) -> list[Reason]:
    """Return whether a pipeline is another version, or other code, than made something."""
    pipeline = facts.kit.pipelines.get(pipeline_id)
    if pipeline is None:
        return [Reason(kind="unknown", was=pipeline_id)]
    return _of_code(pipeline, facts.digests.get(pipeline_id, ""), version, digest)
