"""The cards of the board, in the order of the add menu.

A card of a pipeline grows by the sockets and fields of its pipeline (`nodes.py`), so that a new pipeline needs no
change here and none in the page.
"""

from collections.abc import Mapping
from typing import Final

from studio_sdk.types import SocketType
from studio_server.domain.specs import ANY, ActionSpec, Choice, FieldSpec, NodeType, SocketSpec, Surface

SHOT_TASK: Final = "generate-video"
FILM_TASK: Final = "assemble-film"
DELIVERY_TASK: Final = "deliver-cut"

_PIPELINE = SocketSpec(
    name="pipeline",
    type=SocketType.PIPELINE_REFERENCE,
    label="Pipeline",
    help="How it is made. Unwired, the project's quality decides.",
)
_VIDEO = SocketSpec(name="video", type=SocketType.VIDEO, label="Take")
_MOTION = SocketSpec(name="motion", type=SocketType.CONTROL_MAP, label="Motion")
_AUDIO = SocketSpec(name="audio", type=SocketType.AUDIO, label="Sound")
_STILL = SocketSpec(name="image", type=SocketType.IMAGE, label="Picture")
_LINES = SocketSpec(
    name="dialogue",
    type=SocketType.STRING,
    label="Dialogue",
    many=True,
    help="Lines that are spoken one after the other, in the language of the films that this voice is for. "
    "Wired, they win over the card's own.",
)


def _takes(
    kind: str,
    task: str,
    prefix: str,
    title: str,
    description: str,
    keywords: tuple[str, ...],
    verb: str,
    gives: SocketSpec = _VIDEO,
    surface: Surface = "process",
    more: tuple[SocketSpec, ...] = (),
) -> NodeType:
    """Return a card that makes takes out of what is wired into it; one that gives a clip improves the one it gets.

    `more` are inputs that it has with every pipeline.
    """
    return NodeType(
        type=kind,
        title=title,
        category="Production",
        description=description,
        surface=surface,
        keywords=keywords,
        inputs=(_PIPELINE, *more),
        outputs=(gives,),
        inputs_from_pipeline=True,
        task=task,
        code_prefix=prefix,
        improves=gives is _VIDEO,
        actions=(ActionSpec(name="generate", label=verb, primary=True),),
    )


NODE_TYPES: Final[tuple[NodeType, ...]] = (
    NodeType(
        type="shot",
        title="Shot",
        category="Production",
        description="One shot of the film: a prompt, what feeds it, and its takes.",
        surface="shot",
        keywords=("generate", "clip", "take", "video"),
        inputs=(
            _PIPELINE,
            SocketSpec(name="prompt", type=SocketType.STRING, label="Prompt", help="Wired, it wins over the card's."),
            SocketSpec(
                name="character",
                type=SocketType.ASSET_REFERENCE,
                label="Character",
                help="Who is in it. Used by pipelines that keep a character.",
            ),
            SocketSpec(
                name="style",
                type=SocketType.ASSET_REFERENCE,
                label="Style",
                help="How it looks. Used by pipelines that follow a style.",
            ),
            SocketSpec(
                name="dialogue",
                type=SocketType.STRING,
                label="Dialogue",
                many=True,
                help="What is said in it: the film's subtitles.",
            ),
        ),
        outputs=(_VIDEO,),
        inputs_from_pipeline=True,
        task=SHOT_TASK,
        actions=(ActionSpec(name="generate", label="Generate", primary=True),),
    ),
    _takes(
        "still",
        "generate-image",
        "F",
        "Still",
        "Draws a picture from words, for shots to begin with.",
        ("frame", "storyboard", "draw", "image", "picture", "board", "text to image"),
        "Draw",
        _STILL,
        "shot",
    ),
    _takes(
        "motion",
        "extract-motion",
        "M",
        "Motion source",
        "Takes the movement out of a clip, for shots that follow it.",
        ("control", "pose", "edges", "depth", "performance", "extract"),
        "Extract",
        _MOTION,
    ),
    _takes(
        "upscale",
        "upscale-video",
        "U",
        "Super resolution",
        "Makes a take larger.",
        ("upscale", "enlarge", "4k", "resolution", "sharpen"),
        "Enlarge",
    ),
    _takes(
        "restore",
        "restore-video",
        "R",
        "Restoration",
        "Takes noise and blemishes out of a clip.",
        ("denoise", "clean", "repair", "grain"),
        "Restore",
    ),
    _takes(
        "grade",
        "grade-video",
        "G",
        "Grade",
        "Gives a clip another light: exposure, warmth, a look, a LUT.",
        ("colour", "color", "lut", "look", "exposure", "contrast", "hdr", "tone map"),
        "Grade",
    ),
    _takes(
        "retime",
        "interpolate-video",
        "I",
        "Frame rate",
        "Gives a clip another frame rate, or plays it slower.",
        ("interpolate", "in-between", "fps", "slow motion", "smooth", "conform"),
        "Make",
    ),
    _takes(
        "speech",
        "make-sound",
        "V",
        "Speech",
        "Speaks a list of lines.",
        ("voice", "dialogue", "lines", "say", "tts", "sound"),
        "Speak",
        _AUDIO,
        more=(_LINES,),
    ),
    _takes(
        "mix",
        "mix-sound",
        "X",
        "Mix",
        "Makes one sound of dialogue, effects and music.",
        ("sound", "ducking", "loudness", "music", "dialogue", "effects", "audio"),
        "Mix",
        _AUDIO,
    ),
    NodeType(
        type="pipeline",
        title="Pipeline",
        category="Production",
        description="Names the pipeline, and its version, that cards are made with.",
        surface="pipeline",
        keywords=("model", "engine", "version"),
        outputs=(SocketSpec(name="pipeline", type=SocketType.PIPELINE_REFERENCE, label="Pipeline"),),
    ),
    NodeType(
        type="asset",
        title="Asset",
        category="Sources",
        description="A still or a clip that you bring.",
        surface="asset",
        keywords=("image", "still", "video", "upload", "reference", "plate", "character", "style"),
        outputs=(
            SocketSpec(name="media", type=SocketType.IMAGE, label="Media", type_from="kind"),
            SocketSpec(
                name="reference",
                type=SocketType.ASSET_REFERENCE,
                label="Reference",
                help="What a shot should look like: its character or its style.",
            ),
        ),
        defaults={"kind": "image"},
    ),
    NodeType(
        type="audio",
        title="Audio",
        category="Sources",
        description="A voice track or music that you bring.",
        surface="audio",
        keywords=("voice", "dialogue", "music", "sound", "upload"),
        outputs=(SocketSpec(name="audio", type=SocketType.AUDIO, label="Audio"),),
        defaults={"kind": "audio"},
    ),
    NodeType(
        type="assembler",
        title="Assembler",
        category="Finish",
        description="Puts the active takes in order: an edit list for your NLE, and the final film.",
        surface="assembler",
        keywords=("edit", "cut", "film", "edl", "export", "render", "timeline"),
        inputs=(
            SocketSpec(name="clips", type=SocketType.VIDEO, label="Shots", many=True, required=True),
            SocketSpec(
                name="music",
                type=SocketType.AUDIO,
                label="Music",
                many=True,
                help="Laid under the film; it steps back while somebody speaks. The cut view says where.",
            ),
            SocketSpec(
                name="voices",
                type=SocketType.AUDIO,
                label="Voices",
                many=True,
                help="Voices and effects, each at its place in the cut view.",
            ),
            SocketSpec(
                name="edl",
                type=SocketType.EDL,
                label="Cut",
                help="The cut of another assembler, used instead of the shots wired in here.",
            ),
        ),
        outputs=(
            SocketSpec(name="film", type=SocketType.VIDEO, label="Film"),
            SocketSpec(name="edl", type=SocketType.EDL, label="Cut", help="This cut, for another assembler."),
        ),
        actions=(
            ActionSpec(name="export", label="Export EDL"),
            ActionSpec(name="render", label="Render Final Video", primary=True),
        ),
    ),
    NodeType(
        type="text",
        title="Text",
        category="Values",
        description="Words that several shots share.",
        surface="value",
        keywords=("prompt", "string", "words"),
        outputs=(SocketSpec(name="value", type=SocketType.STRING, label="Text"),),
        fields=(FieldSpec(name="value", type=SocketType.STRING, label="Text", widget="textarea", default=""),),
        defaults={"value": ""},
    ),
    NodeType(
        type="dialogue",
        title="Dialogue",
        category="Values",
        description="What somebody says in a shot, and how.",
        surface="value",
        keywords=("speech", "line", "words", "voice", "subtitle", "script"),
        outputs=(SocketSpec(name="value", type=SocketType.STRING, label="Words"),),
        fields=(
            FieldSpec(name="value", type=SocketType.STRING, label="Words", widget="textarea", default=""),
            FieldSpec(
                name="speaker", type=SocketType.STRING, label="Speaker", widget="text", default="", max_length=40
            ),
            FieldSpec(name="direction", type=SocketType.STRING, label="How", widget="text", default="", max_length=200),
        ),
        defaults={"value": "", "speaker": ""},
    ),
    NodeType(
        type="number",
        title="Number",
        category="Values",
        description="A number that several cards share, such as a length.",
        surface="value",
        keywords=("value", "integer", "float", "length", "amount"),
        outputs=(SocketSpec(name="value", type=SocketType.FLOAT, label="Number", type_from="kind"),),
        fields=(
            FieldSpec(name="value", type=SocketType.FLOAT, label="Number", widget="number", default=0),
            FieldSpec(
                name="kind",
                type=SocketType.STRING,
                label="Numbers",
                widget="select",
                default="float",
                choices=(Choice(value="float", label="Any"), Choice(value="integer", label="Whole")),
            ),
        ),
        defaults={"value": 0, "kind": "float"},
    ),
    NodeType(
        type="switch",
        title="Switch",
        category="Values",
        description="On or off, for several cards at once.",
        surface="value",
        keywords=("toggle", "boolean", "yes", "no"),
        outputs=(SocketSpec(name="value", type=SocketType.BOOLEAN, label="On"),),
        fields=(FieldSpec(name="value", type=SocketType.BOOLEAN, label="On", widget="toggle", default=False),),
        defaults={"value": False},
    ),
    NodeType(
        type="scene",
        title="Scene",
        category="Board",
        description="A frame around the cards of a scene. It can be shown small, muted, and used again.",
        surface="scene",
        keywords=("group", "frame", "sequence", "section"),
        fields=(
            FieldSpec(
                name="scene",
                type=SocketType.STRING,
                label="Scene number",
                widget="text",
                max_length=8,
                help="The number that new shots in it get.",
            ),
        ),
        defaults={"width": 720, "height": 480},
    ),
    NodeType(
        type="note",
        title="Note",
        category="Board",
        description="A remark for the people who work here.",
        surface="note",
        keywords=("comment", "sticky", "remark"),
        fields=(FieldSpec(name="text", type=SocketType.STRING, label="Note", widget="textarea", default=""),),
        defaults={"width": 240, "height": 160, "colour": "yellow"},
    ),
    NodeType(
        type="reroute",
        title="Reroute",
        category="Board",
        description="A bend in a wire.",
        surface="reroute",
        keywords=("dot", "wire", "bend", "tidy"),
        inputs=(SocketSpec(name="in", type=ANY, label="In", type_from="wire"),),
        outputs=(SocketSpec(name="out", type=ANY, label="Out", type_from="wire"),),
    ),
)
TYPES: Final[Mapping[str, NodeType]] = {node_type.type: node_type for node_type in NODE_TYPES}
_PREFIXES: Final = tuple(node_type.code_prefix for node_type in NODE_TYPES if node_type.code_prefix)


def task_for(kind: str) -> str | None:
    """Return the task of a card of this type, or None for one that makes no takes."""
    return TYPES[kind].task if kind in TYPES else None


def gives(task: str) -> SocketType:
    """Return what the takes of a task are: sound, a still picture, or else a clip."""
    found = next((one.outputs[0].type for one in NODE_TYPES if one.task == task), SocketType.VIDEO)
    return next((one for one in (SocketType.AUDIO, SocketType.IMAGE) if one == found), SocketType.VIDEO)


def is_process(code: str) -> bool:
    """Whether a code is one that the studio gives to cards that work on takes, such as `U010`: they are no shots."""
    return code.startswith(_PREFIXES) and any(
        code.startswith(prefix) and code[len(prefix) :].isdecimal() for prefix in _PREFIXES
    )
