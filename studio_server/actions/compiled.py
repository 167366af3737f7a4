"""The cut of an assembler as it stands, in its shape and language: compiled from the board and the active takes."""

from functools import cache

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.actions.takes import active
from studio_server.domain import soundtrack
from studio_server.domain.assets import Asset
from studio_server.domain.cut import ASSEMBLER, as_followed, maker_of, pieces
from studio_server.domain.dubs import Overrun, Spoken, note_of, overruns
from studio_server.domain.flow import refusal_of
from studio_server.domain.framings import aspect_of, own_aspect
from studio_server.domain.graph import Edge, Graph, Node
from studio_server.domain.languages import language_of, notes_of
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import Kit, pipeline_of
from studio_server.domain.plan import title_of
from studio_server.domain.project import Manifest, slug_for
from studio_server.domain.shots import Take
from studio_server.domain.soundtrack import Placing
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline, without_sound
from studio_server.library.folder import ProjectFolder


class Voice(Frozen):
    """A voice that is wired into a cut, and the file it has; whether this film has it is for `Cut.sounds` to say.

    `over`: it speaks longer than the place it has.
    """

    card: Node
    place: Placing
    file: Asset | Take | None
    over: Overrun | None = None


class Cut(Frozen):
    """A compiled cut with what it was compiled from; `maker` is the card whose wires make it.

    `voices` are those of every language, `sounds` what is heard in this film.
    """

    node: Node
    maker: str
    wires: tuple[Edge, ...]
    shots: tuple[ShotInOrder, ...]
    cards: tuple[Node, ...]
    sounds: tuple[tuple[Node, Placing], ...]
    voices: tuple[Voice, ...]
    timeline: Timeline

    @property
    def takes(self) -> tuple[Take | None, ...]:
        """Return the take of each shot."""
        return tuple(shot.take for shot in self.shots)


def compiled(folder: ProjectFolder, manifest: Manifest, graph: Graph, node_id: str, kit: Kit) -> Cut:
    """Return the cut of an assembler: its own, or that of the one wired into its `edl`.

    Raises NOT_FOUND for any other node, VALIDATION_ERROR for a muted one.
    """
    kit = kit._replace(quality=manifest.project_settings.quality)
    node = graph.nodes.get(node_id)
    if node is None or node.type != ASSEMBLER:
        raise StudioError(Code.NOT_FOUND, "There is no such assembler on the canvas.", node_id=node_id)
    if why := refusal_of(graph, node):
        raise StudioError(Code.VALIDATION_ERROR, f"{title_of(node)} {why}", node_id=node_id, field="muted")
    node = as_followed(graph, node, kit)
    found = pieces(graph, node, kit, lambda card: active(folder, card))
    title = str(node.data.get("title") or manifest.title)
    timeline = compile_timeline(title, manifest.project_settings.frame_rate, found.shots, found.notes)
    shape = manifest.project_settings.format

    @cache
    def brought() -> dict[str, Asset]:  # most cuts have no sound of their own, and are compiled all the time
        return {asset.id: asset for asset in folder.assets()}

    def sound_of(card: Node) -> Asset | Take | None:
        return active(folder, card) if task_for(card.type) else brought().get(str(card.data.get("asset")))

    heard = soundtrack.heard_in(graph, node, kit, lambda card: sound_of(card) is not None)
    language = language_of(node)
    missing = found.missing._replace(voices=heard.voices, of_voices=heard.of_voices)
    looks = {
        "size": (shape.width, shape.height),
        "aspect": aspect_of(node),
        "language": language,
        "missing": missing,
        "notes": (*notes_of(missing, language), *timeline.notes),
        "cuts": tuple(without_sound(entry) if entry.node_id in heard.replaced else entry for entry in timeline.cuts),
    }
    timeline = timeline.model_copy(update=looks)
    cards = tuple(graph.nodes[shot.node_id] for shot in found.shots)
    sounds = tuple(heard.sounds)
    if sounds:
        level = node.data.get("music_level")
        timeline = soundtrack.with_sounds(
            timeline,
            sounds,
            sound_of,
            **({"music_db": float(level)} if isinstance(level, int | float) else {}),
        )
    spoken = [
        Spoken(card, place, sound_of(card), pipeline_of(graph, card, kit))
        for card, place in soundtrack.wired(graph, node, kit)
        if place.kind == "voice"
    ]
    over = overruns(timeline, spoken, cards)
    in_film = {card.id for card, _ in sounds}
    too_long = [note_of(one.card, over[one.card.id]) for one in spoken if one.card.id in over.keys() & in_film]
    timeline = timeline.model_copy(update={"notes": (*timeline.notes, *too_long)})
    return Cut(
        node=node,
        maker=maker_of(graph, node, kit).id,
        wires=found.wires,
        shots=found.shots,
        cards=cards,
        sounds=sounds,
        voices=tuple(Voice(card=c, place=place, file=file, over=over.get(c.id)) for c, place, file, _ in spoken),
        timeline=timeline,
    )


def file_stem(cut: Cut) -> str:
    """Return what the names of a cut's files begin with: its title, the shape its card asks for, and its language."""
    told = [own_aspect(cut.node).replace(":", "x"), cut.timeline.language.lower()]
    return "_".join([slug_for(cut.timeline.title), *filter(None, told)])
