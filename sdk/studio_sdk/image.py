"""Put a pipeline into an image without Docker: base, packages, the pipeline's folder; the same bytes every time.

What is written is one tar that is two things at once: what `docker load` takes (manifest.json) and an OCI layout
(index.json). The label `studio.pipeline` is the manifest, so that nobody has to run an image to learn what it does.

    base layers    a root file system (`rootfs`)
    packages       /opt/studio/packages, for pipelines in Python (`packages`)
    pipeline       /pipeline
"""

import json
import posixpath
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from studio_sdk import layer
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.rootfs import Base, Layer

LABEL: Final = "studio.pipeline"
"""The label that holds the manifest, as JSON."""

DIGEST_LABEL: Final = "studio.digest"
"""The label that holds the digest of the pipeline's folder (`folder.folder_digest`)."""

PLACE: Final = "/pipeline"
PACKAGES: Final = "/opt/studio/packages"
USER: Final = "10001:10001"
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CREATED: Final = datetime.fromtimestamp(layer.EPOCH, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
_CONFIG: Final = "application/vnd.oci.image.config.v1+json"
OCI_LAYER: Final = "application/vnd.oci.image.layer.v1.tar"
OCI_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX: Final = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True)
class Image:
    """An image in a tar.

    `id` is the digest of its config, which `docker load` and `docker images` call it by. `digest` is that of its
    manifest, by which a registry knows it and a job should name it. `name` is what it is tagged with.
    """

    path: Path
    id: str
    digest: str
    name: str
    facts: Pipeline
    folder_digest: str
    size: int


def build(folder: Path, base: Base, out: Path, packages: Mapping[str, Path] | None = None, name: str = "") -> Image:
    """Write the image of a pipeline's folder to `out`; two builds of the same things are the same bytes.

    `packages` are folders and files by their names in the image's folder of Python packages (`packages.of_...`); None
    for pipelines in another language. Raises ValueError where folder, base and packages do not fit together, in words.
    """
    facts = Pipeline.model_validate_json((folder / MANIFEST).read_bytes())
    if facts.entry[0] == "python" and not base.python:
        raise ValueError("the pipeline is in Python and the base has none: make one that has (`studio-sdk base`)")
    name = name or f"{facts.id}:{facts.version}"
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".image-") as draft:
        layers = list(base.layers)
        if packages:
            layers.append(_layer(Path(draft, "packages"), {f"{PACKAGES}/{to}": at for to, at in packages.items()}))
        layers.append(_layer(Path(draft, "pipeline"), {PLACE: folder, "/job": None}))
        config = _bytes(_config(folder, facts, base, layers))
        made = Path(draft, "image.tar")
        manifest = _manifest(config, layers)
        lying = {one.digest: one for one in layers}
        pack(made, manifest, config, lambda digest: lying[digest].open(), name)
        made.replace(out)
    size = out.stat().st_size
    ids = (layer.bytes_digest(config), layer.bytes_digest(manifest))
    return Image(out, *ids, name, facts, folder_digest(folder), size)


def read(path: Path) -> Image:
    """Read what an image says of itself; nothing of it is run, and every digest in it is checked.

    Raises ValueError where it is no image of a pipeline.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            manifest = _blob(tar, json.loads(_member(tar, "index.json"))["manifests"][0]["digest"])
            config = _blob(tar, json.loads(manifest)["config"]["digest"])
            for one in json.loads(manifest)["layers"]:
                _blob_is_whole(tar, one["digest"])
            name = json.loads(_member(tar, "manifest.json"))[0]["RepoTags"][0]
    except (KeyError, IndexError, TypeError, tarfile.TarError) as why:
        raise ValueError(f"{path} is no image that studio-sdk build wrote: {why}") from why
    labels = json.loads(config).get("config", {}).get("Labels") or {}
    if LABEL not in labels:
        raise ValueError(f"{path} has no label {LABEL}: it is not the image of a pipeline")
    facts = Pipeline.model_validate_json(labels[LABEL])
    ids = (layer.bytes_digest(config), layer.bytes_digest(manifest))
    return Image(path, *ids, name, facts, labels.get(DIGEST_LABEL, ""), path.stat().st_size)


def _layer(path: Path, trees: Mapping[str, Path | None]) -> Layer:
    digest = layer.write(path, trees)
    return Layer(digest, path.stat().st_size, path)


def _config(folder: Path, facts: Pipeline, base: Base, layers: list[Layer]) -> dict[str, Any]:
    python = facts.entry[0] == "python"
    environment = {"PATH": _PATH, "LANG": "C.UTF-8"} | base.environment
    if python:
        environment |= {"PYTHONPATH": PACKAGES, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    manifest = json.dumps(json.loads((folder / MANIFEST).read_bytes()), ensure_ascii=False, separators=(",", ":"))
    labels = {
        LABEL: manifest,
        DIGEST_LABEL: folder_digest(folder),
        "org.opencontainers.image.title": facts.title,
        "org.opencontainers.image.version": facts.version,
        "org.opencontainers.image.licenses": facts.license,
    }
    return {
        "architecture": base.architecture,
        "os": "linux",
        "created": _CREATED,
        "config": {
            "User": USER,
            "Env": [f"{key}={value}" for key, value in sorted(environment.items())],
            "Entrypoint": [f"python{base.python}" if python else _program(facts.entry[0]), *facts.entry[1:]],
            "Cmd": ["run"],
            "WorkingDir": PLACE,
            "Labels": labels,
        },
        "rootfs": {"type": "layers", "diff_ids": [one.digest for one in layers]},
        "history": [{"created": _CREATED, "created_by": "studio-sdk build"} for _ in layers],
    }


def _program(word: str) -> str:
    """Return the program of an entry as it is called in the image: one with a slash lies in the pipeline's folder."""
    return posixpath.normpath(f"{PLACE}/{word}") if "/" in word and not word.startswith("/") else word


def _manifest(config: bytes, layers: list[Layer]) -> bytes:
    described = {"mediaType": _CONFIG, "digest": layer.bytes_digest(config), "size": len(config)}
    blobs = [{"mediaType": OCI_LAYER, "digest": one.digest, "size": one.size} for one in layers]
    return _bytes({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": described, "layers": blobs})


def pack(
    path: Path, manifest: bytes, config: bytes, blob: Callable[[str], AbstractContextManager[IO[bytes]]], name: str
) -> None:
    """Write an image as one tar: both an OCI layout and what `docker load` takes. `blob` opens a layer by digest."""
    tag = {"org.opencontainers.image.ref.name": name.rpartition(":")[2], "io.containerd.image.name": name}
    digest = layer.bytes_digest(manifest)
    entry = {"mediaType": OCI_MANIFEST, "digest": digest, "size": len(manifest), "annotations": tag}
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}
    layers = {one["digest"]: one["size"] for one in json.loads(manifest)["layers"]}
    paths = [place(one["digest"]) for one in json.loads(manifest)["layers"]]
    saved = {"Config": place(layer.bytes_digest(config)), "RepoTags": [name], "Layers": paths}
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        layer.add_bytes(tar, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
        layer.add_bytes(tar, "index.json", _bytes(index))
        layer.add_bytes(tar, "manifest.json", _bytes([saved]))
        layer.add_bytes(tar, place(digest), manifest)
        layer.add_bytes(tar, place(layer.bytes_digest(config)), config)
        for one, size in layers.items():
            with blob(one) as file:
                layer.add(tar, place(one), size, file)


def _bytes(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def place(digest: str) -> str:
    """Return where a blob lies in an archive or in a registry: `blobs/sha256/...`."""
    return f"blobs/{digest.replace(':', '/')}"


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _blob(tar: tarfile.TarFile, digest: str) -> bytes:
    content = _member(tar, place(digest))
    if layer.bytes_digest(content) != digest:
        raise ValueError(f"the blob {digest} is damaged")
    return content


def _blob_is_whole(tar: tarfile.TarFile, digest: str) -> None:
    file = tar.extractfile(place(digest))
    if file is None or layer.stream_digest(file) != digest:
        raise ValueError(f"the blob {digest} is damaged")
