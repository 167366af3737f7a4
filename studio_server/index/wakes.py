"""News between web processes that share a PostgreSQL: somebody has committed, or a job has got further.

`Listener` runs in a thread of the composition root. Nothing depends on it: every loop also looks by itself once in a
while, and whoever misses progress gets the next. With SQLite there is one web process and nobody to tell.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy.engine import make_url

from studio_server.index.session import NEWS

_LOOK_UP_S: Final = 0.5
_TRY_AGAIN_S: Final = 1.0

_log = logging.getLogger(__name__)


def listen(url: str, heard: Callable[[str], None], stop: threading.Event) -> None:
    """Call `heard` with what is told, empty for a commit, until told to stop; a database that is away is tried again.

    A connection that was lost may have missed something, so that each new one begins with an empty word.
    """
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    while not stop.is_set():
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"LISTEN {NEWS}")
                heard("")
                while not stop.is_set():
                    for news in connection.notifies(timeout=_LOOK_UP_S):
                        heard(news.payload)
        except psycopg.OperationalError as error:
            _log.warning("The database's news cannot be heard, commits of others are seen a second late: %s", error)
            stop.wait(_TRY_AGAIN_S)
