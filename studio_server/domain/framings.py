"""What of a shot is seen where the film has another shape than the shot: a framing for each aspect, kept on the shot.

Pure. A shot's field `framing:9:16` is `{"x": 0.3, "y": 0.5, "scale": 1.2}`: the point of the picture that matters, in
shares of its width and height from the top left, and how much closer than the widest window of that shape the film
is. The window has the point at its middle where the picture's edges allow it; it never leaves the picture.
"""

import re
from typing import Final

from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_server.domain.graph import Node

ASPECT: Final = "aspect"
"""The field of an assembler that gives its film a shape; without it the film has that of what it is made for."""

FRAMING: Final = "framing:"
CLOSEST: Final = 4.0

_OF_DELIVERY: Final = {"youtube": "16:9", "vertical": "9:16", "square": "1:1"}
"""The shape of what a film is made for, as the pipeline's presets have it."""
_ASPECT: Final = re.compile(r"[1-9]\d?:[1-9]\d?")
_SHARES: Final = ("x", "y")


class Framing(Frozen):
    """A point of interest in shares of the picture, and how many times closer than the widest window."""

    x: float = 0.5
    y: float = 0.5
    scale: float = 1.0

    @property
    def words(self) -> str:
        """Return it as a film's recipe says it."""
        return f"{self.x:.4g} {self.y:.4g} x{self.scale:.4g}"


def own_aspect(assembler: Node) -> str:
    """Return the shape that an assembler's card itself asks for, such as `9:16`; empty where it asks for none."""
    told = assembler.data.get(ASPECT)
    return told if isinstance(told, str) and _ASPECT.fullmatch(told) else ""


def aspect_of(assembler: Node) -> str:
    """Return the shape of an assembler's film; empty where it is the project's."""
    return own_aspect(assembler) or _OF_DELIVERY.get(str(assembler.data.get("delivery")), "")


def framing_of(shot: Node, aspect: str) -> Framing | None:
    """Return a shot's framing for a shape; None where it has none, or what is written there is no framing."""
    told = shot.data.get(FRAMING + aspect) if aspect else None
    if not isinstance(told, dict) or _fault(told):
        return None
    return Framing.model_validate({name: told[name] for name in ("x", "y", "scale") if name in told})


def unreadable(shot: Node, aspect: str) -> bool:
    """Whether a shot has something for a shape that is no framing, as a file from outside may bring."""
    told = shot.data.get(FRAMING + aspect) if aspect else None
    return told is not None and framing_of(shot, aspect) is None


def check_framing(node_id: str, name: str, value: JsonValue) -> None:
    """Raise VALIDATION_ERROR for a framing that nobody could use; what else is written beside its numbers is kept."""
    if not name.startswith(FRAMING) or value is None:
        return
    why = "" if _ASPECT.fullmatch(name.removeprefix(FRAMING)) else "is for no shape such as 9:16"
    why = why or (_fault(value) if isinstance(value, dict) else "is not x, y and scale")
    if why:
        raise StudioError(Code.VALIDATION_ERROR, f"The framing “{name}” {why}.", field=name, node_id=node_id)


def _fault(told: dict[str, JsonValue]) -> str:
    if not all(name in told and _within(told[name], 0, 1) for name in _SHARES):
        return "needs x and y, each from 0 to 1"
    return "" if _within(told.get("scale", 1), 1, CLOSEST) else f"needs a scale from 1 to {CLOSEST:g}"


def _within(value: JsonValue, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
