"""Who may do what: four roles, and what an address or a command asks of whoever calls it.

Pure. The table of addresses is in web/rules.py; membership of a project is checked where a project is found
(actions/canvas.py).
"""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is in a studio."""

    ARTIST = "artist"
    EDITOR = "editor"
    DESIGNER = "designer"
    ADMIN = "admin"


class Need(StrEnum):
    """What an address asks of its caller. Where it names a project, the caller must also be a member of it.

    `keeper` is whoever may remove or give away: editors, designers and admins.
    """

    NOTHING = "nothing"
    PERSON = "person"
    KEEPER = "keeper"
    ADMIN = "admin"
    RUNNER = "runner"


_KEEPERS: Final = frozenset({Role.EDITOR, Role.DESIGNER, Role.ADMIN})


def allows(need: Need, role: str | None) -> bool:
    """Whether a person of a role (None: nobody is signed in) has what is needed; runners show something else."""
    match need:
        case Need.NOTHING:
            return True
        case Need.PERSON:
            return role is not None
        case Need.KEEPER:
            return role in _KEEPERS
        case Need.ADMIN:
            return role == Role.ADMIN
    return False
