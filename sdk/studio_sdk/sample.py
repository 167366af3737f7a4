"""Something to run a pipeline on when nobody has said what: a value for every setting, a small file for every input.

All inputs are given, the optional ones too, so that as much as possible is tried. A pipeline for which this is no good
brings its own in `sample/sample.json`: `{"params": {...}, "files": {"clip": ["a.mp4"]}, "format": "1280x720@24/1"}`,
the files beside it. `sample/expected.json` is what came out when it was last recorded.
"""

from pathlib import Path
from typing import Final

from pydantic import Field

from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.points import write
from studio_sdk.types import Format, Frozen, SocketType

SAMPLE: Final = "sample/sample.json"
EXPECTED: Final = "sample/expected.json"
_SHIPPED: Final = Path(__file__).parent / "samples"
_FILES: Final = {
    SocketType.IMAGE: "still.png",
    SocketType.ASSET_REFERENCE: "still.png",
    SocketType.MASK: "still.png",
    SocketType.CONTROL_MAP: "clip.mp4",
    SocketType.VIDEO: "clip.mp4",
    SocketType.AUDIO: "voice.wav",
}
_WORDS: Final = "A lighthouse at dusk"

Value = str | int | float | bool


class Sample(Frozen):
    """What one trial run is given: parameters, the paths of files for each file input, and the picture's format."""

    params: dict[str, Value] = Field(default_factory=dict)
    files: dict[str, list[Path]] = Field(default_factory=dict)
    format: str = "320x180@24/1"

    @property
    def picture(self) -> Format:
        """Return the format as the request wants it. Raises ValueError where it is not written as 320x180@24/1."""
        return picture(self.format)


def picture(text: str) -> Format:
    """Return a format written as 320x180@24/1. Raises ValueError."""
    size, _, rate = text.partition("@")
    width, _, height = size.partition("x")
    return Format(width=int(width), height=int(height), frame_rate=rate)


def sample_of(folder: Path, facts: Pipeline) -> Sample:
    """Return what the folder brings, or a made-up value and a small file for every input.

    Raises OSError or ValidationError for a sample that cannot be read, and LookupError, with the name of the input,
    where something is needed that cannot be made up.
    """
    if (folder / SAMPLE).exists():
        own = Sample.model_validate_json((folder / SAMPLE).read_bytes())
        beside = {name: [(folder / SAMPLE).parent / path for path in paths] for name, paths in own.files.items()}
        return own.model_copy(update={"files": beside})
    params: dict[str, Value] = {}
    files: dict[str, list[Path]] = {}
    for name, socket in facts.inputs.items():
        if not socket.is_file:
            params[name] = made_up(socket)
        elif socket.type in _FILES:
            files[name] = [_SHIPPED / _FILES[socket.type]]
        elif socket.required:
            raise LookupError(name)
    return Sample(params=params, files=files)


def made_up(socket: Socket) -> Value:
    """Return a legal value of a setting."""
    if socket.default is not None:
        return socket.default
    if socket.type is SocketType.BOOLEAN:
        return False
    if socket.points:
        return write({one.name: (one.x, one.y) for one in socket.points.points})
    if socket.type is SocketType.STRING:
        return socket.choices[0] if socket.choices else _WORDS[: socket.max_length]
    low = socket.minimum if socket.minimum is not None else min(1.0, socket.maximum or 1.0)
    return int(low) if socket.type is SocketType.INTEGER else float(low)
