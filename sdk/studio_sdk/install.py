"""Put a published pipeline into a studio's folder of pipelines, or put another version of it there: one call.

The digest of what lands is checked against what was published. What somebody has changed by hand is not overwritten.
The version that was in use before stays beside the new one, as `id@version`, for the cards that were set up with it.
"""

import json
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Final

from studio_sdk import image, requirements, unpack
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.registry import Registry, Release

RECORD: Final = "installed.json"
"""Beside the pipelines' folders: what was installed from which registry."""


def install(registry: Registry, wanted: str, pipelines: Path, *, overwrite: bool = False) -> Release:
    """Install `id` or `id@version`, to be the one in use, and return the release; the version that was stays beside it.

    Raises LookupError where there is none, FileExistsError where a folder of the name is there that was not installed
    or was changed since (unless `overwrite`, which keeps nothing of it), and ValueError where the registry's copy is
    damaged.
    """
    release = registry.find(wanted)
    pipelines.mkdir(parents=True, exist_ok=True)
    place, kept = pipelines / release.id, pipelines / release.name
    record = _record(pipelines)
    for folder in (place, kept):
        if folder.exists() and not overwrite and folder_digest(folder) != record.get(folder.name, {}).get("digest"):
            raise FileExistsError(17, "is there and not as it was installed", str(folder))
    before = record.get(release.id)
    with tempfile.TemporaryDirectory(dir=pipelines, prefix=".incoming-") as draft:
        fresh, old = Path(draft, "new", release.id), Path(draft, "old")
        _unpack(registry, release, fresh)
        entry = {
            "version": release.version,
            "digest": folder_digest(fresh),
            "registry": str(registry.root.resolve()),
            "release": release.digest,
        }
        if place.exists() and before and before["version"] != release.version and _as_installed(place, before):
            beside = f"{release.id}@{before['version']}"
            if (pipelines / beside).exists():
                (pipelines / beside).rename(Path(draft, "older"))
            place.rename(pipelines / beside)
            record[beside] = before
        elif place.exists():
            place.rename(old)
        fresh.rename(place)
        record[release.id] = entry
        if kept.exists():  # it is the one in use now
            kept.rename(Path(draft, "kept"))
        record.pop(release.name, None)
        _keep(pipelines, record, Path(draft))
    return release


def _as_installed(folder: Path, entry: dict[str, str]) -> bool:
    return folder_digest(folder) == entry["digest"]


def lacking(pipeline_id: str, pipelines: Path) -> str:
    """Return, in a sentence, what an installed pipeline still needs there; empty where it can run."""
    facts = Pipeline.model_validate_json((pipelines / pipeline_id / MANIFEST).read_bytes())
    if facts.image:
        return f"It runs in its image: load {facts.image} with `studio-sdk fetch` and `docker load` where runners are."
    if requirements.of_its_own(pipelines / pipeline_id):
        count = len(requirements.pinned(pipelines / pipeline_id))
        return f"Its {count} packages are installed at its first job on each worker, from the package index."
    environment = pipelines / "environments" / facts.environment
    if facts.entry[0] == "python" and not (environment / "pyproject.toml").exists():
        return f"It needs the environment “{facts.environment}”, which is not in {environment.parent}."
    return ""


def calls(pipeline_id: str, pipelines: Path) -> tuple[str, ...]:
    """Return the hosts that an installed pipeline wants to call."""
    return Pipeline.model_validate_json((pipelines / pipeline_id / MANIFEST).read_bytes()).egress


def remove(wanted: str, pipelines: Path) -> list[str]:
    """Take an installed pipeline away, all versions of it or `id@version`, and return what went, `id@version` each.

    Raises LookupError where none of the name was installed.
    """
    record = _record(pipelines)
    pipeline_id, _, version = wanted.partition("@")
    there = [name for name in record if name.partition("@")[0] == pipeline_id]
    going = [name for name in there if version in {"", record[name]["version"]}]
    if not going:
        raise LookupError(f"{wanted} was not installed from a registry")
    gone = []
    with tempfile.TemporaryDirectory(dir=pipelines, prefix=".outgoing-") as draft:
        for name in going:
            if (pipelines / name).exists():
                (pipelines / name).rename(Path(draft, name))
            gone.append(f"{pipeline_id}@{record.pop(name)['version']}")
        _keep(pipelines, record, Path(draft))
    return gone


def installed(pipelines: Path) -> dict[str, dict[str, str]]:
    """Return what was installed, by folder: version, digest of the folder, registry, digest of the release.

    The folder of a pipeline's name holds the version in use, `id@version` one that is kept beside it.
    """
    return _record(pipelines)


def _unpack(registry: Registry, release: Release, to: Path) -> None:
    """Write a release's folder. The folder of an image is its last layer's, its manifest then names the image."""
    top = PurePosixPath(image.PLACE.strip("/")) if release.kind == "image" else PurePosixPath()
    with registry.open(registry.layers(release)[-1]) as file, tarfile.open(fileobj=file, mode="r:") as tar:
        unpack.extract(tar, top, to)
    if folder_digest(to) != release.folder_digest:
        raise ValueError(f"what {registry.root} holds for {release.name} is not what was published")
    if requirements.of_its_own(to):
        requirements.pinned(to)
    if release.kind == "image":
        facts = json.loads((to / MANIFEST).read_bytes())
        facts["image"] = registry.image_id(release)
        (to / MANIFEST).write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _record(pipelines: Path) -> dict[str, dict[str, str]]:
    try:
        return dict(json.loads((pipelines / RECORD).read_bytes()))
    except FileNotFoundError:
        return {}


def _keep(pipelines: Path, record: object, draft: Path) -> None:
    written = draft / RECORD
    written.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    shutil.move(written, pipelines / RECORD)
