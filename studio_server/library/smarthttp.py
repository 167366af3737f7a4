"""Git's smart HTTP for one project: clone and fetch by `git http-backend`, a push taken in beside the project.

Bytes pass through, a piece at a time in both directions; nothing here decides what a push may do (library/pushed.py).
What is pushed lands in a folder of its own first, as `git receive-pack` would do it, but no hook and none of the
project's settings take part, and what is refused leaves nothing behind.
"""

import asyncio
import os
import shutil
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.library import gitcommand

PUSH_LIMIT: Final = 512 * 1024 * 1024
"""Largest pack of one push in bytes; media do not travel in it."""

_SERVED: Final = (
    "uploadpack.hideRefs=refs",
    "uploadpack.hideRefs=!refs/heads",
    "uploadpack.hideRefs=!refs/tags",
    "pack.threads=1",
    "pack.windowMemory=64m",
)
_TAKEN: Final = ("core.bigFileThreshold=16m", "pack.threads=1", "transfer.fsckObjects=true")
_LARGEST_PIECE: Final = 128 * 1024 * 1024
"""What git may ask the memory for at once while it unpacks a stranger's bytes."""

_PIECE: Final = 64 * 1024
_COMMANDS: Final = 64
_FLUSH: Final = b"0000"
_LENGTH: Final = 4
_BAND: Final = 65_000
_UNPACK_S: Final = 600.0
_LEFT_BEHIND_S: Final = 24 * 3600.0
_CAPABILITIES: Final = b"report-status side-band-64k ofs-delta object-format=sha1 agent=production-canvas"

Body = AsyncIterator[bytes]


class Wish(NamedTuple):
    """A request of a git client: method, what follows `.git/`, and the headers that matter."""

    method: str
    rest: str
    query: str
    content_type: str = ""
    encoding: str = ""
    protocol: str = ""


class Answer(NamedTuple):
    """What goes back: status, headers, and the body piece by piece."""

    status: int
    headers: dict[str, str]
    body: Body


class Update(NamedTuple):
    """What a push asks: that a ref move from one commit to another."""

    old: str
    new: str
    ref: str


class Arrived(NamedTuple):
    """A push that has come in whole: what it asks, how its client wants the answer, and why git refused its objects."""

    updates: tuple[Update, ...]
    bands: bool
    report: bool
    fault: str = ""


async def fetched(root: Path, wish: Wish, body: Body) -> Answer:
    """Answer a clone or fetch by `git http-backend`. The body is read while the answer is written."""
    environment = gitcommand.environment() | {
        "REQUEST_METHOD": wish.method,
        "PATH_TRANSLATED": f"{root}/.git/{wish.rest}",
        "GIT_HTTP_EXPORT_ALL": "1",
        "QUERY_STRING": wish.query,
        "CONTENT_TYPE": wish.content_type,
        "HTTP_CONTENT_ENCODING": wish.encoding,
        "GIT_PROTOCOL": wish.protocol if wish.protocol.replace("=", "").isalnum() else "",
    }
    words = [*gitcommand.hardened(root, *_SERVED), "http-backend"]
    backend = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE, env=environment, cwd=root)
    feeding = asyncio.create_task(_fed(backend, body))
    try:
        status, headers = await _head(backend)
    except BaseException:
        await _ended(backend, feeding)
        raise

    async def pieces() -> Body:
        assert backend.stdout is not None  # noqa: S101 - it was asked for
        try:
            while piece := await backend.stdout.read(_PIECE):
                yield piece
            feeding.cancel()
            await backend.wait()
        except BaseException:
            await _ended(backend, feeding)
            raise

    return Answer(status, headers, pieces())


async def _fed(process: Process, body: Body) -> None:
    """Hand a body on, and read it to its end whether or not it is still wanted."""
    assert process.stdin is not None  # noqa: S101 - it was asked for
    wanted = True
    try:
        async for piece in body:
            if wanted:
                try:
                    process.stdin.write(piece)
                    await process.stdin.drain()
                except (BrokenPipeError, ConnectionResetError):  # it has failed, and says so itself
                    wanted = False
    finally:
        process.stdin.close()


async def _head(backend: Process) -> tuple[int, dict[str, str]]:
    assert backend.stdout is not None  # noqa: S101 - it was asked for
    status, headers = 200, {}
    while line := (await backend.stdout.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers[name] = value.strip()
    if not headers and status == 200:  # noqa: PLR2004 - the status of an answer that went well
        raise StudioError(Code.INTERNAL, "Git gave no answer.", detail="git http-backend")
    return status, headers


async def _ended(process: Process, feeding: "asyncio.Task[None]") -> None:
    feeding.cancel()
    with suppress(ProcessLookupError):  # it is done
        process.kill()
    await process.wait()


def offer(ref: str, tip: str) -> bytes:
    """Return what a client is told before it pushes: the one branch that may be moved, and where it is."""
    line = b"%s %s\0%s\n" % (tip.encode(), ref.encode(), _CAPABILITIES)
    return _packed(b"# service=git-receive-pack\n") + _FLUSH + _packed(line) + _FLUSH


async def received(root: Path, arriving: Path, body: Body) -> Arrived:
    """Take a push in: its objects go into the folder `arriving` and nowhere else.

    Raises PUSH_REFUSED for what is no push at all. The body is always read to its end: a client that is cut off while
    it sends never hears why.
    """
    stream = _Stream(body)
    try:
        updates, said = await _commands(stream)
    except (ValueError, IndexError) as wrong:
        await stream.drained()
        raise StudioError(Code.PUSH_REFUSED, "This is not what a git client sends.", detail=str(wrong)) from wrong
    bands, report = b"side-band-64k" in said, b"report-status" in said
    has_pack = any(set(update.new) != {"0"} for update in updates)
    fault = await _unpacked(root, arriving, stream) if has_pack else ""
    await stream.drained()
    return Arrived(tuple(updates), bands, report, fault)


async def _commands(stream: "_Stream") -> tuple[list[Update], frozenset[bytes]]:
    updates: list[Update] = []
    said: frozenset[bytes] = frozenset()
    while (line := await stream.line()) is not None:
        words, _, more = line.rstrip(b"\n").partition(b"\0")
        said |= frozenset(more.split())
        if words.startswith(b"shallow "):  # the whole history is here
            continue
        old, new, ref = words.decode().split(" ", 2)
        if len(old) != len(new) or not set(old + new) <= set("0123456789abcdef") or len(old) != 40:  # noqa: PLR2004
            raise ValueError(line[:80])
        updates.append(Update(old, new, ref))
        if len(updates) > _COMMANDS:
            raise ValueError("too many branches")
    return updates, said


async def _unpacked(root: Path, arriving: Path, stream: "_Stream") -> str:
    """Let git check and index a pack; return what it says against it."""
    more = ("index-pack", "--stdin", "--fix-thin", "--strict", f"--max-input-size={PUSH_LIMIT}", "--threads=1")
    words = gitcommand.command(root, *more, settings=_TAKEN)
    environment = gitcommand.surroundings(root, arriving) | {"GIT_ALLOC_LIMIT": str(_LARGEST_PIECE)}
    (arriving / "pack").mkdir(parents=True, exist_ok=True)
    git = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, cwd=root)
    feeding = asyncio.create_task(_fed(git, stream.rest()))
    try:
        async with asyncio.timeout(_UNPACK_S):
            _, said = await asyncio.gather(_all_of(git.stdout), _all_of(git.stderr))
            await git.wait()
    except TimeoutError:
        said = b"it took too long"
        git.kill()
        await git.wait()
    except BaseException:
        await _ended(git, feeding)
        raise
    await feeding
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return (lines[-1][:300] if lines else "its objects are damaged") if git.returncode else ""


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    """Read to the end, keep the last few thousand bytes."""
    assert stream is not None  # noqa: S101 - it was asked for
    kept = b""
    while piece := await stream.read(_PIECE):
        kept = (kept + piece)[-4096:]
    return kept


def verdict(arrived: Arrived, results: Sequence[str], words: Iterable[str] = ()) -> bytes:
    """Return the answer to a push: for each update nothing (it was done) or why not, and lines for the person."""
    report = _packed(b"unpack %s\n" % (arrived.fault.encode() or b"ok"))
    for update, why in zip(arrived.updates, results, strict=True):
        ref = update.ref.encode()
        report += _packed(b"ng %s %s\n" % (ref, why.replace("\n", " ").encode()) if why else b"ok %s\n" % ref)
    report += _FLUSH
    if not arrived.bands:
        return report if arrived.report else b""
    told = b"".join(_packed(b"\x02" + line.encode()[:1000] + b"\n") for word in words for line in word.split("\n"))
    parts = (report[at : at + _BAND] for at in range(0, len(report), _BAND)) if arrived.report else ()
    return told + b"".join(_packed(b"\x01" + part) for part in parts) + _FLUSH


def _packed(line: bytes) -> bytes:
    return b"%04x" % (len(line) + _LENGTH) + line


class _Stream:
    """The body of a request: git's lines first, then bytes."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._held = b""

    async def _take(self, size: int) -> bytes:
        while len(self._held) < size:
            piece = await anext(self._body, b"")
            if not piece:
                raise IndexError("the request ends early")
            self._held += piece
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    async def line(self) -> bytes | None:
        """Return the next line, None for the mark that ends them."""
        length = int(await self._take(_LENGTH), 16)
        if length == 0:
            return None
        if length <= _LENGTH:
            raise ValueError("an empty line")
        return await self._take(length - _LENGTH)

    async def rest(self) -> Body:
        """Yield what comes after the lines."""
        held, self._held = self._held, b""
        if held:
            yield held
        async for piece in self._body:
            yield piece

    async def drained(self) -> None:
        """Read the rest and forget it."""
        self._held = b""
        async for _ in self._body:
            pass


def arrivals(root: Path) -> Path:
    """Return the folder below .git where pushes wait to be looked at; it is on the disk of the project's objects."""
    return root / ".git" / "studio" / "pushes"


def new_arrival(root: Path) -> Path:
    """Return a folder for the objects of one push; what a killed studio left behind of earlier ones is removed."""
    for left in arrivals(root).glob("*"):
        if time.time() - left.stat().st_mtime > _LEFT_BEHIND_S:
            shutil.rmtree(left, ignore_errors=True)
    place = arrivals(root) / os.urandom(8).hex()
    place.mkdir(parents=True)
    return place
