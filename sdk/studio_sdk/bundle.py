"""What is published: a manifest, a config and layers, each by the digest of its bytes; made of a folder or of an image.

Both are OCI's: a pipeline's folder is an artifact of one layer whose config is `pipeline.json`, an image is an image.
`registry` and `push` take either. Nothing of it is run.
"""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from studio_sdk import image, layer
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.rootfs import Layer

ARTIFACT: Final = "application/vnd.production-canvas.pipeline.v1"
_CONFIG: Final = "application/vnd.production-canvas.pipeline.manifest.v1+json"

Kind = Literal["folder", "image"]


@dataclass(frozen=True)
class Bundle:
    """One edition of a pipeline, ready to be published. `digest` is that of the manifest and names all of it."""

    kind: Kind
    facts: Pipeline
    folder_digest: str
    manifest: bytes
    config: bytes
    layers: tuple[Layer, ...]

    @property
    def digest(self) -> str:
        """Return the digest of the manifest."""
        return layer.bytes_digest(self.manifest)

    @property
    def size(self) -> int:
        """Return the bytes of all of it."""
        return len(self.manifest) + len(self.config) + sum(one.size for one in self.layers)


def of_folder(folder: Path, scratch: Path) -> Bundle:
    """Return the bundle of a pipeline's folder; its layer is written below `scratch`.

    Raises OSError or ValidationError for a bad manifest, ValueError for a link that leaves the folder.
    """
    written = (folder / MANIFEST).read_bytes()
    facts = Pipeline.model_validate_json(written)
    packed = scratch / "folder.tar"
    only = Layer(layer.write(packed, {"": folder}), packed.stat().st_size, packed)
    digest = folder_digest(folder)
    manifest = {
        "schemaVersion": 2,
        "mediaType": image.OCI_MANIFEST,
        "artifactType": ARTIFACT,
        "config": {"mediaType": _CONFIG, "digest": layer.bytes_digest(written), "size": len(written)},
        "layers": [{"mediaType": image.OCI_LAYER, "digest": only.digest, "size": only.size}],
        "annotations": {image.DIGEST_LABEL: digest},
    }
    return Bundle("folder", facts, digest, _bytes(manifest), written, (only,))


def of_image(path: Path) -> Bundle:
    """Return the bundle of an image that `studio-sdk build` wrote. Raises ValueError where it is none or damaged."""
    made = image.read(path)
    with tarfile.open(path, "r:") as tar:
        manifest = _content(tar, made.digest)
        config = _content(tar, made.id)
    layers = (Layer(one["digest"], one["size"], path, image.place(one["digest"])) for one in _layers(manifest))
    return Bundle("image", made.facts, made.folder_digest, manifest, config, tuple(layers))


def told(manifest: bytes, config: bytes) -> tuple[Kind, Pipeline, str]:
    """Return what a published manifest and config say: kind, pipeline, digest of its folder. Raises ValueError."""
    said = json.loads(manifest)
    if said.get("artifactType") == ARTIFACT:
        return "folder", Pipeline.model_validate_json(config), said["annotations"][image.DIGEST_LABEL]
    labels = json.loads(config).get("config", {}).get("Labels") or {}
    if image.LABEL not in labels:
        raise ValueError(f"it has no label {image.LABEL}: it is not the image of a pipeline")
    return "image", Pipeline.model_validate_json(labels[image.LABEL]), labels.get(image.DIGEST_LABEL, "")


def _layers(manifest: bytes) -> list[dict[str, Any]]:
    return list(json.loads(manifest)["layers"])


def _content(tar: tarfile.TarFile, digest: str) -> bytes:
    file = tar.extractfile(image.place(digest))
    if file is None:
        raise ValueError(f"the blob {digest} is not a file")
    return file.read()


def _bytes(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
