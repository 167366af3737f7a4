"""Whether what a card shows is what it would be made from now: clean, stale, missing or locked, each card by itself.

Pure. `build.py` carries it along the wires and keeps it while the board is edited.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from studio_sdk.types import Frozen, Quality
from studio_server.domain.assets import Film, FilmCut
from studio_server.domain.conform import can_be_smoother, original
from studio_server.domain.cut import ASSEMBLER, as_followed, cut_of, joins_of, pieces
from studio_server.domain.fingerprint import (
    Asked,
    Facts,
    Fed,
    Gives,
    Kind,
    Reason,
    asked,
    code_of,
    differences,
    given_by,
    of_project,
)
from studio_server.domain.graph import Graph, Node
from studio_server.domain.node_types import task_for
from studio_server.domain.producer import steps_aside
from studio_server.domain.scenes import is_muted
from studio_server.domain.shots import Conformed, Recipe, Take
from studio_server.domain.soundtrack import MUSIC, Placing, heard_in, said

LOCKED: Final = "locked"
"""The field of a card whose take stays whatever changes."""

NAMED: Final = 20
"""So many cards upstream are named; of more only the number is told."""


class State(StrEnum):
    """How what a card shows stands to the card; `unknown` was made by a studio that did not write everything down."""

    CLEAN = "clean"
    STALE = "stale"
    MISSING = "missing"
    LOCKED = "locked"
    UNKNOWN = "unknown"


class CardState(Frozen):
    """The state of a card, why, and what it shows.

    `direct` says that something of its own changed, not only what comes before it. `blocked` says why it cannot be
    made anew as it is.
    """

    state: State
    take: str | None = None
    direct: bool = False
    reasons: tuple[Reason, ...] = ()
    blocked: str = ""


class Own(NamedTuple):
    """A card by itself: what it shows, its own reasons, and the cards whose files go into it.

    `stays` says that nothing will replace what it shows: it is locked, or was put there by hand.
    """

    take: str | None
    reasons: tuple[Reason, ...] = ()
    sources: tuple[str, ...] = ()
    locked: bool = False
    stays: bool = False
    unknown: bool = False
    blocked: str = ""

    @property
    def will_change(self) -> bool:
        """Whether it is to be made anew for a reason of its own."""
        return not self.stays and (self.take is None or bool(self.reasons))


def makes(node: Node) -> bool:
    """Whether a card makes something: takes, or a film."""
    return task_for(node.type) is not None or node.type == ASSEMBLER


def is_out(graph: Graph, node: Node, quality: Quality) -> bool:
    """Whether a card makes nothing as it is: muted, bypassed, or stepping aside at the project's quality."""
    bypassed = task_for(node.type) is not None and node.data.get("bypassed") is True
    return bypassed or steps_aside(node, quality) or is_muted(graph, node)


def own_state(facts: Facts, node: Node, gives: Gives | None = None) -> Own | None:
    """Return a card by itself; None for one that makes nothing."""
    if not makes(node) or is_out(facts.graph, node, facts.quality):
        return None
    if node.type == ASSEMBLER:
        return _of_film(facts, node)
    take = facts.shown(node)
    recipe = take.recipe if take else None
    now = asked(facts, node, recipe.pipeline if recipe else None, gives or (lambda card: given_by(facts, card)))
    locked = take is not None and node.data.get(LOCKED) is True
    sources = _distinct(now.files)
    if take is None:
        return Own(None, sources=sources, blocked=now.blocked)
    if recipe is None:
        found = _of_rate(facts, take)
        return Own(take.name, found, locked=locked, stays=locked or not needs_between(found))
    reasons, unknown = compared(facts, now, take, recipe)
    return Own(take.name, reasons, sources, locked, stays=locked, unknown=unknown, blocked=now.blocked)


def _distinct(files: Sequence[Fed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.node for one in files))


def compared(facts: Facts, now: Asked, take: Take, recipe: Recipe) -> tuple[tuple[Reason, ...], bool]:
    """Return where a take is not what its card says, and whether something needed was never written down.

    An older studio wrote no format; a take that has the project's was right for it. A conformed one is for the rate
    that it was given, whatever the project's was when its original was made.
    """
    measured = (take.width, take.height, take.frame_rate)
    picture = facts.format
    if recipe.format is None and measured == (picture.width, picture.height, picture.frame_rate):
        recipe = recipe.model_copy(update={"format": picture})
    if recipe.conformed and recipe.format:
        given = recipe.format.model_copy(update={"frame_rate": recipe.conformed.frame_rate})
        recipe = recipe.model_copy(update={"format": given})
    reasons, unknown = _split(differences(facts, now, recipe))
    return (_of_conformed(facts, take, recipe.conformed, reasons) if recipe.conformed else reasons), unknown


def _of_conformed(facts: Facts, take: Take, told: Conformed, found: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons why a conformed take is not what its card says: of another rate only where that is seen.

    Then new pictures in between are what it needs, as long as there is something to make them from.
    """
    other = [reason for reason in found if (reason.kind, reason.field) != ("format", "frame_rate")]
    fits = not can_be_smoother(told.frame_rate, facts.format.frame_rate)
    if len(other) == len(found) or fits:
        return tuple(other)
    between = _of_rate(facts, take)
    return (*other, *between) if between else tuple(found)


def _of_rate(facts: Facts, take: Take) -> tuple[Reason, ...]:
    """Return that a conformed take needs new pictures in between, where it does and its original is there."""
    told = take.conformed_from
    source = original(facts.takes((take.scene, take.code)), take)
    if told is None or source is None or not can_be_smoother(told.frame_rate, facts.format.frame_rate):
        return ()
    return (Reason(kind="between", label=source.name, was=told.frame_rate, now=facts.format.frame_rate),)


def needs_between(reasons: Sequence[Reason]) -> bool:
    """Whether new pictures in between are all that a take needs to be what its card says."""
    return [reason.kind for reason in reasons] == ["between"]


def _split(found: Sequence[Reason]) -> tuple[tuple[Reason, ...], bool]:
    reasons = tuple(reason for reason in found if reason.kind != "unknown")
    return reasons, len(reasons) < len(found)


def _of_film(facts: Facts, node: Node) -> Own:
    cut = pieces(facts.graph, node, facts.kit, facts.shown)
    laid = heard_in(facts.graph, node, facts.kit, lambda card: given_by(facts, card)[1] is not None).sounds
    music = [(Fed(MUSIC, card.id, *given_by(facts, card)), card, place) for card, place in laid]
    sources = tuple(dict.fromkeys([*(shot.node_id for shot in cut.shots), *(card.id for card, _ in laid)]))
    clips = [shot for shot in cut.shots if shot.missing]
    blocked = "" if cut.shots else "No shot is wired into it."
    if clips:
        blocked = f"“{clips[0].code}” is wired in: {clips[0].missing}."
    film = facts.films.get(node.id)
    if film is None:
        return Own(None, sources=sources, blocked=blocked)
    locked = node.data.get(LOCKED) is True
    if film.recipe is None:
        return Own(film.name, sources=sources, locked=locked, stays=locked, unknown=True, blocked=blocked)
    found = [
        *_of_cut(film.recipe.cut, cut_of(cut.shots, node)),
        *_of_music(film, music),
        *_of_settings(facts, film, node),
    ]
    found += code_of(facts, film.recipe.pipeline, film.recipe.pipeline_version, film.recipe.digest)
    found += of_project(facts.quality, facts.format, film.recipe.quality_requested, film.recipe.format)
    reasons, unknown = _split(found)
    return Own(film.name, reasons, sources, locked, stays=locked, unknown=unknown, blocked=blocked)


def _of_music(film: Film, now: Sequence[tuple[Fed, Node, Placing]]) -> list[Reason]:
    if film.recipe is None:
        return []
    was, fed = film.recipe.music, [one for one, _, _ in now]
    if sorted(one.oid for one in was) != sorted(str(one.oid) for one in fed):
        lost = [one for one in was if one.oid not in {fed_one.oid for fed_one in fed}]
        new = [one for one in fed if one.oid not in {old.oid for old in was}]
        kind = "file" if lost and new else "wired" if new else "unwired"
        old, fresh = (lost[0].name if lost else None), (new[0] if new else None)
        name, node = (fresh.name, fresh.node) if fresh else (None, None)
        return [Reason(kind=kind, field=MUSIC, label="Sound", was=old, now=name, node=node)]
    if film.recipe.sounds is None:
        return []
    places = {card.id: said(card, place) for _, card, place in now}
    moved = [card for card, told in places.items() if told not in film.recipe.sounds]
    return [Reason(kind="marks", node=card) for card in moved][:NAMED]


def _of_settings(facts: Facts, film: Film, node: Node) -> list[Reason]:
    """Return which settings of the film are no longer those it was made with."""
    recipe = film.recipe
    pipeline = facts.kit.pipelines.get(recipe.pipeline) if recipe else None
    if recipe is None or pipeline is None:
        return []
    found = []
    settled = as_followed(facts.graph, node, facts.kit).data
    for name, socket in pipeline.inputs.items():
        value = settled.get(name, socket.default)
        if not socket.is_file and name in recipe.params and recipe.params[name] != value:
            label = socket.title or name
            found.append(
                Reason(kind="field", field=name, label=label, unit=socket.unit, was=recipe.params[name], now=value)
            )
    return found


def _of_cut(was: Sequence[FilmCut], now: Sequence[FilmCut]) -> list[Reason]:
    if tuple(was) == tuple(now):
        return []
    before, after = {one.node_id: one for one in was}, {one.node_id: one for one in now}
    found: list[Reason] = []
    for name, shot in after.items():
        old = before.get(name)
        if old is None:
            found.append(Reason(kind="added", node=name, now=shot.take))
            continue
        if old.oid != shot.oid:
            found.append(Reason(kind="take", node=name, was=old.take, now=shot.take))
        elif (old.into, old.out) != (shot.into, shot.out):
            found.append(Reason(kind="marks", node=name))
        found += _of_joins(name, old.joined, shot.joined)
        if old.words != shot.words:
            found.append(Reason(kind="words", node=name))
        if old.framing != shot.framing:
            found.append(Reason(kind="framing", node=name))
    found += [Reason(kind="removed", node=name, was=one.shot) for name, one in before.items() if name not in after]
    kept = [[one.node_id for one in cut if one.node_id in before and one.node_id in after] for cut in (was, now)]
    if kept[0] != kept[1]:
        found.append(Reason(kind="order"))
    return found[:NAMED]


def _of_joins(node: str, was: str, now: str) -> Iterator[Reason]:
    """Yield how a shot's passages and its title changed, of what a film's recipe says of them."""
    before, after = joins_of(was), joins_of(now)
    for field in ("enter", "leave", "title"):
        if before[field] != after[field]:
            kind: Kind = "title" if field == "title" else "passage"
            yield Reason(kind=kind, field=field, node=node, was=before[field], now=after[field])
