"""Put a published pipeline into a studio's folder of pipelines, or put another version of it there: one call.

The digest of what lands is checked against what was published. What somebody has changed by hand is not overwritten.
"""

import json
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Final

from studio_sdk import image, unpack
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.registry import Registry, Release

RECORD: Final = "installed.json"
"""Beside the pipelines' folders: what was installed from which registry."""


def install(registry: Registry, wanted: str, pipelines: Path, *, overwrite: bool = False) -> Release:
    """Install `id` or `id@version` and return the release; another version of it is replaced.

    Raises LookupError where there is none, FileExistsError where a folder of the name is there that was not installed
    or was changed since (unless `overwrite`), and ValueError where the registry's copy is damaged.
    """
    release = registry.find(wanted)
    pipelines.mkdir(parents=True, exist_ok=True)
    place = pipelines / release.id
    record = _record(pipelines)
    if place.exists() and not overwrite and folder_digest(place) != record.get(release.id, {}).get("digest"):
        raise FileExistsError(17, "is there and not as it was installed", str(place))
    with tempfile.TemporaryDirectory(dir=pipelines, prefix=".incoming-") as draft:
        fresh, old = Path(draft, "new", release.id), Path(draft, "old")
        _unpack(registry, release, fresh)
        record[release.id] = {
            "version": release.version,
            "digest": folder_digest(fresh),
            "registry": str(registry.root.resolve()),
            "release": release.digest,
        }
        if place.exists():
            place.rename(old)
        fresh.rename(place)
        _keep(pipelines, record, Path(draft))
    return release


def lacking(pipeline_id: str, pipelines: Path) -> str:
    """Return, in a sentence, what an installed pipeline still needs there; empty where it can run."""
    facts = Pipeline.model_validate_json((pipelines / pipeline_id / MANIFEST).read_bytes())
    if facts.image:
        return f"It runs in its image: load {facts.image} with `studio-sdk fetch` and `docker load` where runners are."
    environment = pipelines / "environments" / facts.environment
    if facts.entry[0] == "python" and not (environment / "pyproject.toml").exists():
        return f"It needs the environment “{facts.environment}”, which is not in {environment.parent}."
    return ""


def calls(pipeline_id: str, pipelines: Path) -> tuple[str, ...]:
    """Return the hosts that an installed pipeline wants to call."""
    return Pipeline.model_validate_json((pipelines / pipeline_id / MANIFEST).read_bytes()).egress


def remove(pipeline_id: str, pipelines: Path) -> None:
    """Take an installed pipeline away. Raises LookupError where none of the name was installed."""
    record = _record(pipelines)
    if pipeline_id not in record:
        raise LookupError(f"{pipeline_id} was not installed from a registry")
    with tempfile.TemporaryDirectory(dir=pipelines, prefix=".outgoing-") as draft:
        if (pipelines / pipeline_id).exists():
            (pipelines / pipeline_id).rename(Path(draft, "old"))
        del record[pipeline_id]
        _keep(pipelines, record, Path(draft))


def installed(pipelines: Path) -> dict[str, dict[str, str]]:
    """Return what was installed, by id: version, digest of the folder, registry, digest of the release."""
    return _record(pipelines)


def _unpack(registry: Registry, release: Release, to: Path) -> None:
    """Write a release's folder. The folder of an image is its last layer's, its manifest then names the image."""
    top = PurePosixPath(image.PLACE.strip("/")) if release.kind == "image" else PurePosixPath()
    with registry.open(registry.layers(release)[-1]) as file, tarfile.open(fileobj=file, mode="r:") as tar:
        unpack.extract(tar, top, to)
    if folder_digest(to) != release.folder_digest:
        raise ValueError(f"what {registry.root} holds for {release.name} is not what was published")
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
