"""Bring a model file to a ComfyUI's disk: resumed where the line broke, verified, whole or not there at all.

Nothing that is there is ever overwritten. What arrives grows in a hidden file beside its place, which a later pull goes
on with, and gets its name only when all that is known of it is true.
"""

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from studio_sdk.comfy.s3 import Account
from studio_sdk.comfy.weights import Pins, Wanted, digest, part_of
from studio_sdk.fields import Fail
from studio_sdk.names import Code

RESERVE: Final = 1_000_000_000
"""So many bytes stay free on the disk."""

_TRIES: Final = 8
_TOLD_EVERY_S: Final = 5.0
_OK, _PARTIAL, _NOT_THAT_FAR = 200, 206, 416
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_SHA = re.compile(r'^"?([0-9a-f]{64})"?$')
_RANGE = re.compile(r"^bytes (\d+)-\d+/(\d+)$")
_HEADER: Final = 8


class _Broken(Exception):  # noqa: N818 - it is tried again
    """The line broke; what is there stays, and it is tried again."""


@dataclass
class Puller:
    """Pulls files into one models folder. `say` is told what goes on, in lines for a person.

    `prefix` is where the files lie as `prefix/folder/file`, an http or s3 address; without one each comes from the
    source that its manifest names.
    """

    models_dir: Path
    say: Callable[[str], None]
    prefix: str = ""
    account: Account = field(default_factory=Account)
    pause_s: float = 1.0

    def pull(self, one: Wanted) -> Path:
        """Bring one file. Raises `Fail`; what was brought so far stays for the next try unless it is wrong."""
        target = self.models_dir / one.model.folder / one.model.file
        if target.exists():
            self.say(f"{one.place} is there already.")
            return target
        if not self.models_dir.is_dir():
            raise Fail(Code.FILE_NOT_FOUND, f"There is no models folder {self.models_dir}.")
        url = self._source(one)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(target)
        with part.open("ab") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as why:
                raise Fail(Code.VALIDATION_ERROR, f"{one.place} is being pulled already.", detail=str(part)) from why
            self.say(f"{one.place} from {url}")
            try:
                stated = self._whole(url, part, one)
                self._name(part, target, one, stated, url)
            finally:
                if part.exists() and not part.stat().st_size:
                    _forget(part)
        return target

    def _source(self, one: Wanted) -> str:
        address = f"{self.prefix.rstrip('/')}/{one.place}" if self.prefix else one.model.source
        if address.startswith("s3://"):
            return self.account.url(address)
        if not address.startswith(("https://", "http://")):
            words = f"No source is known for {one.place}; name one with --from."
            raise Fail(Code.VALIDATION_ERROR, words, detail=address or "the manifest names none")
        return address

    def _whole(self, url: str, part: Path, one: Wanted) -> str:
        """Bring what is missing of a part; return the SHA-256 that the source states, if it states any."""
        tries, cause = 0, ""
        with httpx.Client(follow_redirects=True, timeout=httpx.Timeout(60, connect=15), trust_env=True) as client:
            while tries < _TRIES:
                before = part.stat().st_size
                try:
                    return self._piece(client, url, part, one)
                except (_Broken, httpx.TransportError) as why:
                    cause = str(why) or repr(why)
                tries = 0 if part.stat().st_size > before else tries + 1
                self.say(f"  the line broke at {part.stat().st_size / 1e9:.2f} GB; going on")
                time.sleep(min(30.0, self.pause_s * 2**tries))
        words = f"{one.place} could not be pulled; what has arrived is kept, and the same command goes on from there."
        raise Fail(Code.ENGINE_OFFLINE, words, detail=f"{url}: {cause}")

    def _piece(self, client: httpx.Client, url: str, part: Path, one: Wanted) -> str:
        have, known = part.stat().st_size, _known(part)
        headers = {"accept-encoding": "identity"} | ({"range": f"bytes={have}-"} if have else {})
        headers |= {"if-range": known["same"]} if have and known.get("same") else {}
        if self.prefix.startswith("s3://"):
            headers |= self.account.signed(url, {})
        with client.stream("GET", url, headers=headers) as answer:
            start, whole = _extent(answer, part, known, one)
            if start == whole > 0:
                return str(known.get("sha256", ""))
            stated = _stated(answer)
            if whole and (odd := one.oddly(whole)):
                _forget(part)
                words = f"The source of {one.place} has another file under this name."
                raise Fail(Code.OUTPUT_INVALID, words, detail=f"{answer.url} {odd}")
            _remember(part, {"same": _validator(answer), "sha256": stated, "bytes": whole})
            free = shutil.disk_usage(part.parent).free
            if whole and whole - start + RESERVE > free:
                words = f"{one.place} needs {(whole - start) / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free there."
                raise Fail(Code.STORAGE_FULL, words, detail=f"{part.parent}; {RESERVE / 1e9:g} GB must stay free")
            self._write(answer, part, start, whole, one)
        if whole and part.stat().st_size < whole:
            raise _Broken(f"it ended at {part.stat().st_size} of {whole} bytes")
        return stated

    def _write(self, answer: httpx.Response, part: Path, start: int, whole: int, one: Wanted) -> None:
        begun = told = time.monotonic()
        try:
            with part.open("r+b") as content:
                content.truncate(start)
                content.seek(start)
                for piece in answer.iter_raw():
                    content.write(piece)
                    if (now := time.monotonic()) - told > _TOLD_EVERY_S:
                        told, speed = now, (content.tell() - start) / 1e6 / (now - begun)
                        self.say(f"  {content.tell() / 1e9:.2f} of {whole / 1e9:.2f} GB, {speed:.0f} MB/s")
                content.flush()
                os.fsync(content.fileno())
        except OSError as why:
            words = f"{one.place} could not be written; what has arrived is kept."
            raise Fail(Code.STORAGE_FULL, words, detail=f"{part}: {why}") from why

    def _name(self, part: Path, target: Path, one: Wanted, stated: str, url: str) -> None:
        """Give a whole part its name, if it is what it should be; what is not goes away."""
        pins = Pins(self.models_dir)
        fault = _fault(part, target) or one.oddly(part.stat().st_size)
        own = "" if fault else digest(part)
        for right, who in ((one.model.sha256, "its manifest"), (pins.of(one.place).get("sha256"), "the pin"),
                           (stated, "its source")):  # fmt: skip
            if own and right and own != right:
                fault = f"its SHA-256 is {own}, and {who} says {right}"
                break
        if fault:
            _forget(part)
            raise Fail(Code.OUTPUT_INVALID, f"{one.place} is not what it should be, and was thrown away.", detail=fault)
        try:
            os.link(part, target)
        except FileExistsError as why:
            raise Fail(Code.VALIDATION_ERROR, f"{one.place} came to be there meanwhile; it is left alone.") from why
        except OSError:  # a file system without hard links
            part.rename(target)
        pins.note(one.place, own, target.stat().st_size, url)
        _forget(part)
        source = "as stated" if one.model.sha256 or stated else "pinned now: nobody had stated it"
        self.say(f"  whole: {target.stat().st_size} bytes, SHA-256 {own} ({source})")


def _extent(answer: httpx.Response, part: Path, known: dict[str, Any], one: Wanted) -> tuple[int, int]:
    """Return where the bytes of an answer begin and how many there are in all (0 where nobody says)."""
    status, have = answer.status_code, part.stat().st_size
    if status in _BUSY:
        raise _Broken(f"it answered {status}")
    if status == _NOT_THAT_FAR:
        if have and have == known.get("bytes"):
            return have, have
        os.truncate(part, 0)
        raise _Broken("it is another file now")
    if status not in {_OK, _PARTIAL}:
        words = f"The source of {one.place} answered {status}."
        detail = (
            f"{answer.url}. 401 or 403: of S3, STUDIO_S3_KEY and STUDIO_S3_SECRET must be allowed to read it; "
            "elsewhere sign in and pull by hand, or name a mirror with --from."
        )
        raise Fail(Code.ENGINE_OFFLINE, words, detail=detail)
    if answer.headers.get("content-type", "").startswith("text/html"):
        words = f"The source of {one.place} answers with a web page and not with a file."
        raise Fail(Code.OUTPUT_INVALID, words, detail=str(answer.url))
    if status == _PARTIAL:
        told = _RANGE.match(answer.headers.get("content-range", ""))
        if not told or int(told[1]) != have or int(told[2]) != known.get("bytes", int(told[2])):
            os.truncate(part, 0)
            raise _Broken(f"it answered the range {answer.headers.get('content-range')!r}")
        return have, int(told[2])
    return 0, int(answer.headers.get("content-length", "0"))


def _stated(answer: httpx.Response) -> str:
    """Return the SHA-256 that a source states: Hugging Face does, before it leads on to where the bytes are."""
    for one in (*answer.history, answer):
        for name in ("x-linked-etag", "x-amz-meta-sha256", "x-checksum-sha256"):
            if found := _SHA.match(one.headers.get(name, "")):
                return found[1]
    return ""


def _validator(answer: httpx.Response) -> str:
    """Return what tells this edition of the file from any other: a strong ETag, or when it was last changed."""
    etag = str(answer.headers.get("etag", ""))
    return etag if etag and not etag.startswith("W/") else str(answer.headers.get("last-modified", ""))


def _fault(part: Path, target: Path) -> str:
    """Return why a file cannot be of its kind, or nothing: a safetensors file begins with the length of its JSON."""
    size = part.stat().st_size
    if not size:
        return "it is empty"
    if target.suffix != ".safetensors":
        return ""
    with part.open("rb") as content:
        start = content.read(_HEADER + 1)
    length = int.from_bytes(start[:_HEADER], "little")
    if len(start) <= _HEADER or start[_HEADER:] != b"{" or _HEADER + length > size:
        return "it is no safetensors file: it does not begin with a header of its own length"
    return ""


def _facts_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _known(part: Path) -> dict[str, Any]:
    try:
        told = json.loads(_facts_of(part).read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _remember(part: Path, facts: dict[str, Any]) -> None:
    _facts_of(part).write_text(json.dumps(facts), encoding="utf-8")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _facts_of(part).unlink(missing_ok=True)
