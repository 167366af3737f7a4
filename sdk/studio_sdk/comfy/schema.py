"""What GET /object_info says of a server's nodes: both ways of writing a list of choices, and nested ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Json = Mapping[str, Any]

DYNAMIC: Final = "COMFY_DYNAMICCOMBO_V3"
_UPLOADS: Final = ("image_upload", "video_upload", "audio_upload", "file_upload")


@dataclass(frozen=True)
class Input:
    """One input of a node. `kind` is a type as the server names it, `choices` None where any value will do.

    `upload` marks a file of the input folder: its list of choices is not complete, so it is no bound.
    """

    name: str
    kind: str
    required: bool
    choices: tuple[str | int | float | bool, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    upload: bool = False


class Schemas:
    """The nodes of one server, by class."""

    def __init__(self, told: Json) -> None:
        self._told = told

    def __contains__(self, kind: object) -> bool:
        return kind in self._told

    def __len__(self) -> int:
        return len(self._told)

    def inputs(self, kind: str) -> Iterator[Input]:
        """Yield the inputs of a class, without those that a choice would open. Raises KeyError."""
        declared = self._told[kind].get("input") or {}
        for part in ("required", "optional"):
            for name, spec in (declared.get(part) or {}).items():
                yield _input(name, spec, required=part == "required")

    def outputs(self, kind: str) -> tuple[str, ...]:
        """Return the types of what a class gives. Raises KeyError."""
        given = self._told[kind].get("output") or ()
        return tuple("COMBO" if isinstance(one, list) else str(one) for one in given)

    def ends(self, kind: str) -> bool:
        """Whether a class is an output: what a graph is run for."""
        return bool(self._told[kind].get("output_node"))

    def choices(self, kind: str, name: str) -> tuple[str | int | float | bool, ...]:
        """Return the values that an input lists, an empty tuple where there is no such class, input or list."""
        if kind not in self:
            return ()
        return next((one.choices or () for one in self.inputs(kind) if one.name == name), ())


def _input(name: str, spec: Any, *, required: bool) -> Input:
    kind = spec[0] if isinstance(spec, list) and spec else "*"
    words: Json = spec[1] if isinstance(spec, list) and len(spec) > 1 and isinstance(spec[1], dict) else {}
    upload = any(words.get(flag) for flag in _UPLOADS)
    if isinstance(kind, list):
        return Input(name, "COMBO", required, tuple(kind), upload=upload)
    if kind == "COMBO":
        return Input(name, kind, required, tuple(words.get("options") or ()), upload=upload)
    if kind == DYNAMIC:
        keys = tuple(option["key"] for option in words.get("options") or () if "key" in option)
        return Input(name, kind, required, keys or None)
    return Input(name, str(kind), required, None, words.get("min"), words.get("max"))
