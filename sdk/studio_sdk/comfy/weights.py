"""The model files of pipelines on a ComfyUI's disk: which are wanted, which are there, and what is known of them.

`pins.json` in the models folder remembers the SHA-256 of every file that was pulled: most makers publish none, so the
first pull decides what all later ones, and all other machines with a copy of that file, must be.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from studio_sdk.fields import Fail
from studio_sdk.manifest import Model, Pipeline
from studio_sdk.names import Code
from studio_sdk.types import Quality

PINS: Final = "studio-pins.json"
"""The file below ComfyUI's models/ that remembers what was pulled."""

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,200}$")
_NEAR: Final = (0.06, 0.01)
"""Sizes in manifests are rounded, some worked out from the architecture: so far may a file be off (GB, share)."""


@dataclass(frozen=True)
class Wanted:
    """A model file and the pipelines that load it."""

    model: Model
    pipelines: tuple[str, ...]

    @property
    def place(self) -> str:
        """Return where it lies below models/."""
        return f"{self.model.folder}/{self.model.file}"

    def oddly(self, size: int) -> str:
        """Return why a file of so many bytes cannot be this one, nothing where it can."""
        gb = self.model.gb
        if not gb or abs(size / 1e9 - gb) <= max(_NEAR[0], gb * _NEAR[1]):
            return ""
        return f"has {size / 1e9:.2f} GB and should have {gb:g}"


class State(StrEnum):
    """What is with a file. `UNKNOWN`: it is there, and nobody has said which bytes it must be."""

    MISSING = "missing"
    RIGHT = "ok"
    UNKNOWN = "unknown"
    WRONG = "wrong"


@dataclass(frozen=True)
class Found:
    """What a look at one file found; `words` says it for a person."""

    wanted: Wanted
    state: State
    words: str


def wanted(pipelines: Iterable[Pipeline], qualities: Iterable[Quality] = ()) -> list[Wanted]:
    """Return every model file of these pipelines once, those of some qualities only where any are named.

    Raises `Fail` for a manifest that names a place outside the models folder, or one file in two editions.
    """
    asked = frozenset(qualities)
    models: dict[str, Model] = {}
    users: dict[str, list[str]] = {}
    for pipeline in pipelines:
        for model in pipeline.requires.models:
            if asked and model.qualities and not asked & set(model.qualities):
                continue
            if not all(_NAME.match(part) for part in (*model.folder.split("/"), model.file)):
                words = f"The manifest of {pipeline.id} names a model file outside the models folder."
                raise Fail(Code.VALIDATION_ERROR, words, detail=f"{model.folder!r} / {model.file!r}")
            place = f"{model.folder}/{model.file}"
            known = models.setdefault(place, model)
            if known.sha256 and model.sha256 and known.sha256 != model.sha256:
                words = f"Two pipelines want another {model.file}: {', '.join(users[place])} and {pipeline.id}."
                raise Fail(Code.VALIDATION_ERROR, words, detail=f"{known.sha256} and {model.sha256}")
            if model.sha256 and not known.sha256:
                models[place] = model
            users.setdefault(place, []).append(pipeline.id)
    return [Wanted(model, tuple(users[place])) for place, model in models.items()]


def look(models_dir: Path, files: Iterable[Wanted], *, hashed: bool = False) -> Iterator[Found]:
    """Yield what is with each file; with `hashed` its bytes are read and compared, which takes minutes."""
    pins = Pins(models_dir)
    for one in files:
        yield _look(models_dir / one.model.folder / one.model.file, one, pins.of(one.place), hashed=hashed)


def _look(path: Path, one: Wanted, pin: Mapping[str, Any], *, hashed: bool) -> Found:
    if not path.is_file():
        part = part_of(path)
        begun = f"; {part.stat().st_size / 1e9:.1f} GB of it were pulled" if part.exists() else ""
        return Found(one, State.MISSING, f"is not there{begun}")
    size = path.stat().st_size
    if (told := pin.get("bytes")) and size != told:
        return Found(one, State.WRONG, f"has {size} bytes and had {told} when it was pulled")
    if not told and (fault := one.oddly(size)):
        return Found(one, State.WRONG, fault)
    return _known(path, one, one.model.sha256 or pin.get("sha256", ""), hashed=hashed)


def _known(path: Path, one: Wanted, right: str, *, hashed: bool) -> Found:
    if not right:
        return Found(one, State.UNKNOWN, "is there; its SHA-256 is unknown: no source states it, and it was not pulled")
    if not hashed:
        return Found(one, State.RIGHT, f"has the size it should have (SHA-256 {right[:12]}… not read again)")
    if (own := digest(path)) != right:
        return Found(one, State.WRONG, f"has the SHA-256 {own} and should have {right}")
    return Found(one, State.RIGHT, f"is, byte for byte, {right[:12]}…")


def part_of(path: Path) -> Path:
    """Return where a file grows while it is pulled."""
    return path.with_name(f".{path.name}.part")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class Pins:
    """The memory of what was pulled into a models folder: SHA-256, bytes and source by place."""

    def __init__(self, models_dir: Path) -> None:
        self._path = models_dir / PINS
        try:
            told = json.loads(self._path.read_bytes()) if self._path.exists() else {}
            self._pins: dict[str, dict[str, Any]] = dict(told["files"]) if told else {}
        except (ValueError, KeyError, TypeError) as why:
            words = f"{self._path} cannot be read; move it away to begin anew."
            raise Fail(Code.VALIDATION_ERROR, words, detail=repr(why)) from why

    def of(self, place: str) -> Mapping[str, Any]:
        """Return what is remembered of a place, nothing where it was never pulled."""
        return self._pins.get(place, {})

    def note(self, place: str, sha256: str, size: int, source: str) -> None:
        """Remember a file, on the disk before this returns."""
        self._pins[place] = {"sha256": sha256, "bytes": size, "source": source}
        with tempfile.NamedTemporaryFile("w", dir=self._path.parent, delete=False, encoding="utf-8") as draft:
            json.dump({"files": dict(sorted(self._pins.items()))}, draft, indent=2)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).chmod(0o644)
        Path(draft.name).replace(self._path)
