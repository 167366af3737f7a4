"""A script becomes the cards of a film: scenes, shots, dialogue and the assembler that plays them all."""

from uuid import uuid4

from studio_sdk.types import Frozen
from studio_server.actions import canvas, rebuild
from studio_server.actions.studio import Studio
from studio_server.domain.batch import complete
from studio_server.domain.events import Change, EventType
from studio_server.domain.graph import Graph, dump_operations
from studio_server.domain.languages import name_of
from studio_server.domain.node_types import task_for
from studio_server.domain.nodes import Kit
from studio_server.domain.script import Script, parse
from studio_server.domain.script_cards import cards
from studio_server.domain.script_language import language_in, voice_for
from studio_server.index.session import Session

_BELOW = 1200
"""Board pixels between the lowest card there is and a script that comes in."""


class ScriptView(Frozen):
    """What a script holds, in numbers, with its length in seconds.

    `language` is what it is written in (`fr`; empty where that cannot be told). `notes` say what was read in another
    way than it may be meant, and what of it cannot be spoken or drawn here.
    """

    title: str
    language: str
    scenes: int
    shots: int
    speeches: int
    speakers: tuple[str, ...]
    seconds: float
    notes: tuple[str, ...]
    script: Script


class ScriptImport(Frozen):
    """What came of an import: the log's revision and the ids of the assembler and of the scenes' frames, in order."""

    revision: int
    assembler: str
    scenes: tuple[str, ...]


class ScriptFilm(ScriptImport):
    """An import whose shots and film are being made as one run."""

    run: str


def look(studio: Studio, project_id: str, text: str, title: str) -> ScriptView:
    """Return what a script would make, without making it. Raises as `parse` does, NOT_FOUND for another's project."""
    canvas.find(studio, project_id)
    script = parse(text, title)
    language = _language(script)
    _, notes = _voiced(language, studio.catalogue.kit())
    return ScriptView(
        title=script.title,
        language=language,
        scenes=len(script.scenes),
        shots=script.shots,
        speeches=sum(len(shot.speeches) for scene in script.scenes for shot in scene.shots),
        speakers=script.speakers,
        seconds=script.seconds,
        notes=(*script.notes, *notes),
        script=script,
    )


def bring_in(studio: Studio, project_id: str, text: str, title: str, op_id: str | None = None) -> ScriptImport:
    """Put a script on the board below what there is, as one step; shots that have numbers already keep them.

    Raises as `parse` does, and NOT_FOUND for another's project.
    """
    script = parse(text, title)
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    on_disk = folder.shots_on_disk()
    stem = f"n_{uuid4().hex[:12]}"
    voice, _ = _voiced(_language(script), studio.catalogue.kit())

    def make(_session: Session, graph: Graph) -> tuple[Change, Graph]:
        lowest = max((node.y for node in graph.nodes.values() if node.parent is None), default=-_BELOW)
        operations = cards(script, stem, (0, lowest + _BELOW), voice)
        batch, after = complete(graph, operations, kit=studio.catalogue.kit(), on_disk=on_disk)
        label = f"Import the script “{script.title}”"[:120]
        return Change(type=EventType.GRAPH_PATCHED, data={"operations": dump_operations(batch), "label": label}), after

    event = canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)
    added = [operation.node for operation in event.operations() if operation.op == "node.add"]
    return ScriptImport(
        revision=event.revision,
        assembler=next(node.id for node in added if node.type == "assembler"),
        scenes=tuple(node.id for node in added if node.type == "scene"),
    )


def film(studio: Studio, project_id: str, text: str, title: str, op_id: str) -> ScriptFilm:
    """Put a script on the board and have all of it made: every shot, then the film of them, as one run.

    Raises as `bring_in` does; then what cannot be made is on the board and stays there.
    """
    done = bring_in(studio, project_id, text, title, op_id)
    scope = rebuild.RebuildScope(cards=[*done.scenes, done.assembler], missing=True, films=True)
    event, run = rebuild.start(studio, project_id, scope, f"{op_id}-made")
    return ScriptFilm(revision=event.revision, assembler=done.assembler, scenes=done.scenes, run=run)


def _language(script: Script) -> str:
    shots = [shot for scene in script.scenes for shot in scene.shots]
    return language_in(speech.words for shot in shots for speech in shot.speeches) or language_in(
        shot.picture for shot in shots
    )


def _voiced(language: str, kit: Kit) -> tuple[str, tuple[str, ...]]:
    """Return the voice that a script's shots ask for (empty: the usual one), and what a person should know of it."""
    usual = kit.named(kit.defaults.get(task_for("shot") or "", ""))
    spoken = usual.inputs.get("language") if usual else None
    if not language or language == "en" or spoken is None:
        return "", ()
    called = name_of(language)
    voice = voice_for(language, spoken.choices or ())
    drawn = f"The drawings follow English words: of a script in {called} many shots show their words on a card instead."
    if voice:
        return voice, (f"The lines are in {called} and are spoken by a voice for it.", drawn)
    words = (
        f"The lines are in {called}, and no voice for it is installed: an English one reads them and is not understood."
    )
    return "", (f"{words} Wire recorded voices into the shots.", drawn)
