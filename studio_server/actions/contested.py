"""What people at the board and somebody outside both changed, and a merge decided: kept with the change that did.

The page shows it side by side and takes the other one over as an edit of its own.
"""

from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from studio_sdk.types import Frozen
from studio_server.actions import canvas
from studio_server.actions.studio import Studio
from studio_server.domain.sides import Side
from studio_server.index import log

_SIDES: Final = TypeAdapter(tuple[Side, ...])
_NEWEST: Final = 50


class Met(Frozen):
    """A change from outside that met others on the board. Of each slot `mine` was the board's, `theirs` came."""

    revision: int
    at: datetime
    label: str
    sides: tuple[Side, ...]


def listed(studio: Studio, project_id: str) -> list[Met]:
    """Return them, newest first, of the newest fifty changes from outside. Raises NOT_FOUND."""
    canvas.find(studio, project_id)
    with studio.index.read() as session:
        events = log.patches_of(session, project_id, canvas.OUTSIDE, _NEWEST)
    return [
        Met(
            revision=event.revision,
            at=event.at,
            label=str(event.data.get("label", "")),
            sides=_SIDES.validate_python(event.data["contested"]),
        )
        for event in events
        if event.data.get("contested")
    ]
