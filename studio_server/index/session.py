"""The engine and its transactions. After a commit the hook given by the composition root rings the relay."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

__all__ = ["Index", "Session", "migrate", "open_engine"]


@dataclass(frozen=True)
class Index:
    """The database handle that actions hold: its engine and what to call when something was written."""

    engine: Engine
    committed: Callable[[], None]

    @contextmanager
    def write(self, *, silent: bool = False) -> Iterator[Session]:
        """Run a transaction that commits at the end or leaves nothing; then ring, unless nobody waits for it."""
        with Session(self.engine) as session, session.begin():
            session.connection(execution_options={"studio_write": True})
            yield session
        if not silent:
            self.committed()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Run a transaction that sees one moment and writes nothing."""
        with Session(self.engine) as session, session.begin():
            yield session


def open_engine(url: str) -> Engine:
    """Return an engine; SQLite gets a write-ahead log, foreign keys and patient, ordered writers."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # Threads are few; a pool that runs dry while the one that writes asks for a second connection would block them all.
    engine = create_engine(url, connect_args={"timeout": 30}, max_overflow=-1)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("studio_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(url: str) -> None:
    """Bring the database to the newest schema; a fresh one is created."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
