"""A registry is a folder: every version of every pipeline that was published to it, by digest, never changed again.

It is an OCI image layout, so that other tools read it too: `index.json` lists the releases, `blobs/sha256/` holds what
they are made of, each piece once. Put it on a shared disk or behind a web server. One writer at a time: a lock is held.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from studio_sdk import bundle, changes, image, layer
from studio_sdk.bundle import Bundle, Kind
from studio_sdk.manifest import Pipeline
from studio_sdk.types import Frozen

_INDEX: Final = "index.json"
_LAYOUT: Final = "oci-layout"
_WORD: Final = "production-canvas."


class Release(Frozen):
    """One published version. `digest` names its bytes; `deprecated` says why it should not be used, empty otherwise."""

    id: str
    version: str
    kind: Kind
    digest: str
    folder_digest: str
    size: int
    published: str
    deprecated: str = ""
    pinned: bool = False

    @property
    def name(self) -> str:
        """Return what it is asked for by."""
        return f"{self.id}@{self.version}"


class Registry:
    """The registry in a folder; `create` makes an empty one. Raises ValueError where the folder is none."""

    def __init__(self, root: Path, *, create: bool = False) -> None:
        self.root = root
        if create and not (root / _LAYOUT).exists():
            if root.exists() and any(root.iterdir()):
                raise ValueError(f"{root} is no registry and not empty: name a new folder")
            (root / "blobs" / "sha256").mkdir(parents=True, exist_ok=True)
            _put(root / _INDEX, _bytes({"schemaVersion": 2, "mediaType": image.OCI_INDEX, "manifests": []}))
            _put(root / _LAYOUT, b'{"imageLayoutVersion":"1.0.0"}')
        if not (root / _LAYOUT).exists():
            raise ValueError(f"{root} is no registry: studio-sdk publish makes one")

    def releases(self, pipeline_id: str = "") -> list[Release]:
        """Return what was published, the newest version of each pipeline first."""
        found = [_release(entry) for entry in self._index()["manifests"]]
        wanted = [one for one in found if pipeline_id in {"", one.id}]
        wanted.sort(key=lambda one: (changes.number(one.version), one.kind), reverse=True)
        return sorted(wanted, key=lambda one: one.id)

    def find(self, wanted: str, kind: Kind | None = None) -> Release:
        """Return `id@version`; for an `id` alone the pinned version, else the newest that is not deprecated.

        Raises LookupError with a sentence.
        """
        name, _, version = wanted.partition("@")
        there = [one for one in self.releases(name) if kind in {None, one.kind}]
        if version:
            there = [one for one in there if one.version == version]
        elif any(one.pinned for one in there):
            there = [one for one in there if one.pinned]
        else:
            there = [one for one in there if not one.deprecated]
        if not there:
            known = ", ".join(sorted({one.name for one in self.releases(name)})) or "nothing of that name"
            raise LookupError(f"{self.root} has no {wanted}; it has {known}")
        return there[0]

    def facts(self, release: Release) -> Pipeline:
        """Return the pipeline's manifest as it was published."""
        manifest = self._blob(release.digest)
        return bundle.told(manifest, self._blob(json.loads(manifest)["config"]["digest"]))[1]

    def publish(self, made: Bundle) -> tuple[Release, changes.Changes | None]:
        """Add a version and return it, with what changed since the one before; what is there already is left as it is.

        Raises ValueError, and adds nothing, where the version is taken by other content or where it breaks what the
        version before promised without saying so.
        """
        with self._locked() as index:
            there = self._taken(made)
            before = self._before(made.facts)
            changed = changes.between(before, made.facts) if before else None
            if there is not None:
                return there, changed
            if before and changed:
                refuse_silent_breaks(before, made.facts, changed)
            for one in made.layers:
                with one.open() as file:
                    self._keep(one.digest, file)
            self._keep_bytes(made.config)
            self._keep_bytes(made.manifest)
            index["manifests"].append(_entry(made))
            self._write(index)
        return self.find(f"{made.facts.id}@{made.facts.version}", made.kind), changed

    def deprecate(self, wanted: str, why: str) -> list[Release]:
        """Say of a version why it should not be used any more; with no words, take that back."""
        return self._mark(wanted, "deprecated", why)

    def pin(self, wanted: str) -> list[Release]:
        """Make a version the one that is given to who asks for none: the way back from a bad newer one."""
        name, _, version = wanted.partition("@")
        self._mark(name, "pinned", "")
        return self._mark(wanted, "pinned", "yes") if version else self.releases(name)

    def open(self, digest: str) -> IO[bytes]:
        """Open a blob."""
        return (self.root / image.place(digest)).open("rb")

    def layers(self, release: Release) -> list[str]:
        """Return the digests of a release's layers."""
        return [one["digest"] for one in json.loads(self._blob(release.digest))["layers"]]

    def image_id(self, release: Release) -> str:
        """Return the id that `docker load` gives a published image."""
        return str(json.loads(self._blob(release.digest))["config"]["digest"])

    def archive(self, release: Release, out: Path) -> str:
        """Write a published image as one tar that `docker load` takes and return its id; ValueError for a folder."""
        if release.kind != "image":
            raise ValueError(f"{release.name} was published as a folder, not as an image")
        manifest = self._blob(release.digest)
        config = self.image_id(release)
        image.pack(out, manifest, self._blob(config), self.open, f"{release.id}:{release.version}")
        return config

    def _taken(self, made: Bundle) -> Release | None:
        for one in self.releases(made.facts.id):
            if one.version != made.facts.version:
                continue
            if one.folder_digest != made.folder_digest or (one.kind == made.kind and one.digest != made.digest):
                raise ValueError(
                    f"{one.name} is published already with other content ({one.digest}): what is published stays as it"
                    " is. Raise `version` and publish again."
                )
            if one.kind == made.kind:
                return one
        return None

    def _before(self, facts: Pipeline) -> Pipeline | None:
        mine = changes.number(facts.version)
        earlier = [one for one in self.releases(facts.id) if changes.number(one.version) < mine]
        return self.facts(earlier[0]) if earlier else None

    def _mark(self, wanted: str, word: str, value: str) -> list[Release]:
        name, _, version = wanted.partition("@")
        marked = []
        with self._locked() as index:
            for entry in index["manifests"]:
                one = _release(entry)
                if one.id == name and version in {"", one.version}:
                    entry["annotations"][_WORD + word] = value
                    marked.append(_release(entry))
            if not marked:
                raise LookupError(f"{self.root} has no {wanted}")
            self._write(index)
        return marked

    def _index(self) -> Any:
        return json.loads((self.root / _INDEX).read_bytes())

    @contextmanager
    def _locked(self) -> Iterator[Any]:
        with (self.root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._index()

    def _write(self, index: object) -> None:
        _put(self.root / _INDEX, _bytes(index))

    def _blob(self, digest: str) -> bytes:
        content = (self.root / image.place(digest)).read_bytes()
        if layer.bytes_digest(content) != digest:
            raise ValueError(f"{self.root}: the blob {digest} is damaged")
        return content

    def _keep_bytes(self, content: bytes) -> None:
        _put(self.root / image.place(layer.bytes_digest(content)), content)

    def _keep(self, digest: str, file: IO[bytes]) -> None:
        place = self.root / image.place(digest)
        if place.exists():
            return
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".part-", delete=False) as draft:
            try:
                shutil.copyfileobj(file, draft, 1 << 20)
                draft.flush()
                os.fsync(draft.fileno())
                if layer.file_digest(Path(draft.name)) != digest:
                    raise ValueError(f"{digest} is not what its digest says")
                Path(draft.name).chmod(0o644)
                Path(draft.name).replace(place)
            finally:
                Path(draft.name).unlink(missing_ok=True)


def refuse_silent_breaks(before: Pipeline, after: Pipeline, changed: changes.Changes) -> None:
    """Raise ValueError, in words, where a version breaks what the one before promised without saying so."""
    if changed.breaking and not changes.says_so(before.version, after.version):
        raise ValueError(
            f"{after.id} {after.version} breaks canvases that use {before.version}: {'; '.join(changed.breaking)}."
            f" Publish it as {changes.next_version(before.version)}, or take that back."
        )


def _entry(made: Bundle) -> dict[str, Any]:
    words = {
        "id": made.facts.id,
        "version": made.facts.version,
        "kind": made.kind,
        "folder": made.folder_digest,
        "size": str(made.size),
        "published": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return {
        "mediaType": image.OCI_MANIFEST,
        "digest": made.digest,
        "size": len(made.manifest),
        "annotations": {_WORD + key: value for key, value in words.items()}
        | {"org.opencontainers.image.ref.name": f"{made.facts.id}-{made.facts.version}-{made.kind}"},
    }


def _release(entry: dict[str, Any]) -> Release:
    said = {key.removeprefix(_WORD): value for key, value in entry["annotations"].items() if key.startswith(_WORD)}
    return Release(
        id=said["id"],
        version=said["version"],
        kind=said["kind"],
        digest=entry["digest"],
        folder_digest=said["folder"],
        size=int(said["size"]),
        published=said["published"],
        deprecated=said.get("deprecated", ""),
        pinned=said.get("pinned") == "yes",
    )


def _put(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(path)


def _bytes(value: object) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"
