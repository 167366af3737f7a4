"""The engine and its transactions. After a commit the hook given by the composition root rings the relay.

SQLite has one writer at a time, so a write transaction sees nothing change under it. PostgreSQL has many: what must not
change under a transaction is held by it, a project's row (`log.hold`) or a name (`alone`). Its other web processes are
told of a commit (`index.wakes`).
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session

from studio_sdk.errors import Code, StudioError

__all__ = ["NEWS", "Index", "Session", "alone", "is_damaged", "migrate", "migrations", "open_engine", "set_aside"]

NEWS: Final = "studio_news"
"""The PostgreSQL channel on which a commit, and progress, is told to the other web processes."""

_POOL: Final = 10
_AT_MOST: Final = 50
"""Connections of one web process: kept open, and at most."""


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
                self._tell(session, "")
        if not silent:
            self.committed()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Run a transaction that sees one moment and writes nothing."""
        with Session(self.engine) as session, session.begin():
            if self.shared:
                session.connection(
                    execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                )
            yield session

    @property
    def shared(self) -> bool:
        """Whether other web processes can be told something through the database."""
        return self.engine.dialect.name == "postgresql"

    def pass_on(self, news: str) -> None:
        """Tell every web process, this one included, something of at most 7,000 bytes that is not kept."""
        with Session(self.engine) as session, session.begin():
            self._tell(session, news)

    def _tell(self, session: Session, news: str) -> None:
        if self.shared:
            session.execute(select(func.pg_notify(NEWS, news)))


def alone(session: Session, what: str) -> None:
    """Wait until no other transaction is at `what`, and keep others from it until this one ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_number_of(what))))


def _number_of(what: str) -> int:
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)


def open_engine(url: str) -> Engine:
    """Return an engine; SQLite gets a write-ahead log, foreign keys and patient, ordered writers."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=_POOL, max_overflow=_AT_MOST - _POOL)
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


def migrations(url: str) -> Config:
    """Return what Alembic's commands are given for a database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Bring the database to the newest schema; a fresh one is created. Raises DEPENDENCY_MISSING where it is away."""
    try:
        command.upgrade(migrations(url), "head")
    except OperationalError as error:
        if is_damaged(url):
            raise _damaged(error) from error
        raise StudioError(
            Code.DEPENDENCY_MISSING,
            "The database does not answer. Start it, or check STUDIO_DATABASE_URL.",
            detail=str(error.orig),
        ) from error
    except DatabaseError as error:
        raise _damaged(error) from error


def _damaged(error: DatabaseError) -> StudioError:
    return StudioError(
        Code.INTERNAL,
        "The database cannot be read. `studio reindex` sets it aside and makes a new one from the project folders.",
        detail=str(error.orig),
    )


def is_damaged(url: str) -> bool:
    """Whether the file of a SQLite database is there and is not a whole database; another kind has its own tools."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or not Path(parsed.database).is_file():
        return False
    try:
        with contextlib.closing(sqlite3.connect(f"file:{parsed.database}?mode=ro", uri=True)) as opened:
            return bool(opened.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError:
        return True


def set_aside(url: str, suffix: str) -> Path:
    """Give the files of a SQLite database another name, so that a new one is made; return where the old one lies."""
    file = Path(make_url(url).database or "")
    for tail in ("", "-wal", "-shm"):
        part = file.with_name(file.name + tail)
        if part.is_file():
            part.rename(file.with_name(f"{file.name}.{suffix}{tail}"))
    return file.with_name(f"{file.name}.{suffix}")
