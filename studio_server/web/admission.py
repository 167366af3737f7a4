"""Who is behind each live connection, asked again at every command and every few seconds.

A sign-in that has ended, a person who was kept out or is no member any more: the connection is closed, and hears
nothing of the project from then on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from anyio import to_thread

from studio_sdk.errors import Code, StudioError
from studio_server.actions import accounts, canvas
from studio_server.actions.studio import Studio
from studio_server.index.directory import ProjectEntry
from studio_server.web.rules import page_of

LOOK_EVERY: Final = 5.0

_log = logging.getLogger(__name__)


class Present(NamedTuple):
    """The studio as the person behind a connection is in it, and the project that it is about."""

    studio: Studio
    project_id: str


class Admission:
    """The live connections and who is behind them."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._who: dict[str, tuple[str, str]] = {}

    def opened(self, environ: dict[str, Any], auth: object) -> tuple[ProjectEntry, str]:
        """Return the project that a connection is opened to, and by which sign-in. Raises UNAUTHENTICATED."""
        project_id = str(auth.get("project_id")) if isinstance(auth, dict) else ""
        caller = page_of(environ, auth, self._studio)
        studio = accounts.as_caller(self._studio, caller) if caller else self._studio
        return canvas.find(studio, project_id), caller.sign_in.id if caller else ""

    def enter(self, sid: str, sign_in_id: str, project_id: str) -> None:
        """Note a connection."""
        self._who[sid] = (sign_in_id, project_id)

    def leave(self, sid: str) -> None:
        """Forget a connection."""
        self._who.pop(sid, None)

    def present(self, sid: str) -> Present:
        """Return who is behind a connection now. Raises UNAUTHENTICATED or NOT_FOUND."""
        if sid not in self._who:
            raise StudioError(Code.NOT_FOUND, "This connection has ended.")
        sign_in_id, project_id = self._who[sid]
        studio = self._studio
        if studio.settings.with_people:
            studio = accounts.as_caller(studio, accounts.still(studio, sign_in_id))
            canvas.find(studio, project_id)
        return Present(studio, project_id)

    async def watch(self, close: Callable[[str], Awaitable[None]]) -> None:
        """Close what may not be open any more, every few seconds, for as long as the studio runs."""
        while self._studio.settings.with_people:
            await asyncio.sleep(LOOK_EVERY)
            for sid in list(self._who):
                try:
                    await to_thread.run_sync(self.present, sid)
                except StudioError:
                    self.leave(sid)
                    await close(sid)
                except Exception:  # noqa: BLE001 - the watch outlives whatever it meets
                    _log.exception("A connection could not be looked at")
