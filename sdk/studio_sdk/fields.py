"""What a pipeline takes and gives, read off the types of one Python function.

`author.py` uses it to make the manifest and to check a request. Standard library only (see `names`).
"""

import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Union, get_args, get_origin, get_type_hints

from studio_sdk.names import FILE_TYPES, Code, SocketType
from studio_sdk.points import Points, read

if TYPE_CHECKING:
    _Path = Path
else:
    _Path = type(Path())  # the concrete class: plain Path cannot be subclassed before Python 3.12

Scalar = str | int | float | bool | None


class Fail(Exception):  # noqa: N818 - reads as a verb where it is raised: `raise Fail(...)`
    """Stop the pipeline with a sentence for the person.

    `field` is the input it is about, `detail` the cause for an expert. The code decides the exit status and whether
    the studio offers to try again.
    """

    def __init__(self, code: Code, message: str, *, field: str | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.detail = detail


class File(_Path):
    """A path to a media file. `oid` is its SHA-256 and `label` what people call it, both empty for a file just made."""

    socket: ClassVar[SocketType]
    oid: str = ""
    label: str = ""


class Image(File):
    """A still picture."""

    socket = SocketType.IMAGE


class Video(File):
    """A moving picture, with or without sound."""

    socket = SocketType.VIDEO


class Audio(File):
    """A sound."""

    socket = SocketType.AUDIO


class Mask(File):
    """A picture or video whose brightness says where."""

    socket = SocketType.MASK


class ControlMap(File):
    """A picture or video that steers a model: pose, depth, edges."""

    socket = SocketType.CONTROL_MAP


class Reference(File):
    """A picture or clip that a result should look like: its character or its style."""

    socket = SocketType.ASSET_REFERENCE


class Edl(File):
    """A cut: an OpenTimelineIO file."""

    socket = SocketType.EDL


class Captions(File):
    """What is said and when: a SubRip file, as `studio_sdk.captions` writes it."""

    socket = SocketType.CAPTIONS


@dataclass(frozen=True)
class Field:
    """What the type of an input cannot say: its words on the form and its bounds (see `manifest.Socket`)."""

    title: str = ""
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    max_length: int | None = None
    unit: str = ""
    multiline: bool = False
    role: str | None = None
    points: Points | None = None


_SCALARS: Final[dict[type, SocketType]] = {
    str: SocketType.STRING,
    int: SocketType.INTEGER,
    float: SocketType.FLOAT,
    bool: SocketType.BOOLEAN,
}


@dataclass(frozen=True)
class Port:
    """One input or output of a pipeline, as its function's signature gives it."""

    name: str
    kind: SocketType
    field: Field = Field()
    path_type: type[File] | None = None
    required: bool = True
    many: bool = False
    default: Scalar = None
    choices: tuple[str, ...] = ()

    def manifest(self) -> dict[str, object]:
        """Return the entry of `pipeline.json`."""
        words = {f.name: getattr(self.field, f.name) for f in fields(self.field)}
        words["points"] = asdict(self.field.points) if self.field.points else None
        own = {"required": self.required, "many": self.many, "default": self.default, "choices": self.choices}
        return {"type": self.kind} | words | own

    def accept(self, value: object) -> Scalar:
        """Return a parameter's value as the function wants it; raise `Fail` naming this input where it is wrong."""
        if self.required and (value is None or value == ""):
            raise self._wrong("is needed")
        if value is None:
            return self.default
        if self.kind is SocketType.STRING:
            return self._text(value)
        if self.kind is SocketType.BOOLEAN:
            if not isinstance(value, bool):
                raise self._wrong("must be true or false")
            return value
        return self._number(value)

    def _text(self, value: object) -> str:
        if not isinstance(value, str):
            raise self._wrong("must be text")
        if self.choices and value not in self.choices:
            raise self._wrong(f"must be one of {', '.join(self.choices)}")
        if self.field.max_length is not None and len(value) > self.field.max_length:
            raise self._wrong(f"is longer than {self.field.max_length} characters")
        if self.field.points:
            try:
                read(value, self.field.points.points)
            except ValueError as why:
                raise self._wrong(f"cannot be read. {str(why).removesuffix('.')}") from why
        return value

    def _number(self, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong("must be a number")
        if self.kind is SocketType.INTEGER and value != int(value):
            raise self._wrong("must be a whole number")
        low, high = self.field.minimum, self.field.maximum
        if low is not None and value < low:
            raise self._wrong(f"must be at least {low:g}")
        if high is not None and value > high:
            raise self._wrong(f"must be at most {high:g}")
        return int(value) if self.kind is SocketType.INTEGER else float(value)

    def _wrong(self, why: str) -> Fail:
        return Fail(Code.VALIDATION_ERROR, f"{self.field.title or self.name} {why}.", field=self.name)


def _port(name: str, hint: Any) -> Port:
    field = Field()
    if get_origin(hint) is Annotated:
        hint, *extra = get_args(hint)
        field = next((item for item in extra if isinstance(item, Field)), field)
    required = True
    if get_origin(hint) in {Union, types.UnionType}:
        options = [option for option in get_args(hint) if option is not type(None)]
        if len(options) != 1:
            raise TypeError(f"{name}: an input has one type, or one type and None")
        hint, required = options[0], False
    many = get_origin(hint) is list
    if many:
        (hint,) = get_args(hint)
    if get_origin(hint) is Literal and not many:
        return Port(name, SocketType.STRING, field, required=required, choices=get_args(hint))
    if isinstance(hint, type) and issubclass(hint, File) and hint is not File:
        return Port(name, hint.socket, field, path_type=hint, required=required, many=many)
    if hint in _SCALARS and not many:
        return Port(name, _SCALARS[hint], field, required=required)
    raise TypeError(f"{name}: {hint!r} is neither text, a number, a choice, true-or-false nor a media file")


def inputs_of(function: Callable[..., object], leave_out: type) -> tuple[dict[str, Port], str | None]:
    """Return the inputs of a pipeline function, and the name of its parameter of the type `leave_out` if it has one."""
    hints = get_type_hints(function, include_extras=True)
    ports: dict[str, Port] = {}
    job: str | None = None
    for name, parameter in signature(function).parameters.items():
        if parameter.kind in {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD} or name not in hints:
            raise TypeError(f"{name}: every input of a pipeline has a name and a type")
        if hints[name] is leave_out:
            job = name
            continue
        port = _port(name, hints[name])
        if parameter.default is not Parameter.empty:
            port = replace(port, required=False)
            port = replace(port, default=None if port.kind in FILE_TYPES else port.accept(parameter.default))
        ports[name] = port
    return ports, job


def outputs_of(function: Callable[..., object], name: str) -> dict[str, Port]:
    """Return the outputs: one per field of a dataclass, else a single one called `name` or after its type."""
    hint = get_type_hints(function, include_extras=True).get("return")
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint, include_extras=True)
        ports = {field.name: _port(field.name, hints[field.name]) for field in fields(hint)}
    else:
        port = _port(name or "output", hint)
        name = name or port.kind.value.lower()
        ports = {name: replace(port, name=name)}
    for port in ports.values():
        if port.path_type is None or port.many:
            raise TypeError(f"{port.name}: a pipeline gives files, one for each output")
    return ports


def accept_all(ports: Mapping[str, Port], params: Mapping[str, object]) -> dict[str, Scalar]:
    """Return the checked value of every scalar input; raise `Fail` for an unknown, missing or wrong one."""
    for name in params:
        if name not in ports or ports[name].kind in FILE_TYPES:
            raise Fail(Code.VALIDATION_ERROR, f"This pipeline has no setting called {name}.", field=name)
    return {name: port.accept(params.get(name)) for name, port in ports.items() if port.kind not in FILE_TYPES}


def accept_files(ports: Mapping[str, Port], given: Mapping[str, Sequence[File]]) -> dict[str, object]:
    """Return the files of every file input as the function wants them: one, a list, or None."""
    for name in given:
        if name not in ports or ports[name].kind not in FILE_TYPES:
            raise Fail(Code.VALIDATION_ERROR, f"This pipeline has no input called {name}.", field=name)
    taken: dict[str, object] = {}
    for name, port in ports.items():
        if port.kind not in FILE_TYPES:
            continue
        files = list(given.get(name, ()))
        title = port.field.title or name
        if not files and port.required:
            raise Fail(Code.VALIDATION_ERROR, f"{title} is needed.", field=name)
        if len(files) > 1 and not port.many:
            raise Fail(Code.VALIDATION_ERROR, f"{title} takes one file, not {len(files)}.", field=name)
        taken[name] = files if port.many and (files or port.required) else (files[0] if files else None)
    return taken
