"""A PostgreSQL of the tests' own: one cluster a session on a private socket, one database a test.

It keeps nothing over a power cut (fsync is off), which is what makes it quick.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from sqlmodel import SQLModel

from studio_server.index.session import migrate
from tests.services.needed import end_with_the_tests, program

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
}


class Postgres:
    """A running cluster. `database()` is the address of a new database, `shared()` of one that is emptied each time."""

    def __init__(self) -> None:
        initdb, self._program = (program(name, "postgresql", FOLDERS) for name in ("initdb", "postgres"))
        # Its programs refuse to run as root. Its folder cannot be one of pytest's: those are closed to other users.
        self._user = _other_user() if os.geteuid() == 0 else None
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=memory if os.access(memory, os.W_OK) else None))
        if self._user:
            shutil.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._data = self.folder / "data"
        words = ("--username=studio", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self._run(initdb, "--pgdata", str(self._data), *words).wait(60)
        self._numbers = itertools.count(1)
        self._server: subprocess.Popen[bytes] | None = None
        self.start()
        self._emptied = ""

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [word for name, value in OPTIONS.items() for word in ("-c", f"{name}={value}")]
        self._server = self._run(self._program, "-D", str(self._data), "-k", str(self.folder), *options)
        until = time.monotonic() + 60
        while True:
            try:
                self._execute("SELECT 1")
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server under its connections; what was committed stays."""
        assert self._server is not None
        self._server.send_signal(signal.SIGINT)
        self._server.wait(60)

    def close(self) -> None:
        """Stop the server and forget everything."""
        self.stop()
        shutil.rmtree(self.folder)

    def address(self, name: str) -> str:
        """Return the address of a database as STUDIO_DATABASE_URL takes it."""
        return f"postgresql+psycopg://studio@/{name}?host={self.folder}"

    def database(self) -> str:
        """Make a database and return its address; there is nothing in it."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def shared(self) -> str:
        """Return the address of an empty database at the newest schema: quicker than another one for each test."""
        if self._emptied:
            tables = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
            try:
                self._execute(f"SET lock_timeout = '5s'; TRUNCATE {tables}", self._emptied)
            except psycopg.Error:  # a test that failed still holds it, or left another schema
                self._emptied = ""
        if not self._emptied:
            self._emptied = f"test_{next(self._numbers)}"
            self._execute(f"CREATE DATABASE {self._emptied}")
        migrate(self.address(self._emptied))
        return self.address(self._emptied)

    def _execute(self, words: str, name: str = "postgres") -> None:
        with psycopg.connect(f"postgresql://studio@/{name}?host={self.folder}", autocommit=True) as connection:
            connection.execute(words)  # type: ignore[arg-type]

    def _run(self, *words: str) -> subprocess.Popen[bytes]:
        user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                words,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_the_tests,  # noqa: PLW1509 - it calls one function of the C library
                **user,
            )


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("there is no user but root whom PostgreSQL could run as")
