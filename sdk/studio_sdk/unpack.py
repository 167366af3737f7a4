"""Take a pipeline's folder out of an image or a release, and let it write nowhere else."""

import json
import tarfile
from pathlib import Path, PurePosixPath

from studio_sdk.image import PLACE


def image(path: Path, to: Path) -> None:
    """Write the pipeline's folder of an image: what its last layer holds below /pipeline. Raises ValueError."""
    with tarfile.open(path, "r:") as archive:
        layers = json.loads(_member(archive, "manifest.json"))[0]["Layers"]
        file = archive.extractfile(layers[-1])
        if file is None:
            raise ValueError(f"{path}: {layers[-1]} is not a file")
        with tarfile.open(fileobj=file, mode="r:") as tar:
            extract(tar, PurePosixPath(PLACE.strip("/")), to)


def extract(tar: tarfile.TarFile, top: PurePosixPath, to: Path) -> None:
    """Write what an archive holds below `top`, and nothing outside `to`. Raises ValueError where it tries to."""
    to.mkdir(parents=True)
    try:
        for member in tar:
            path = PurePosixPath(member.name)
            if path != top and path.is_relative_to(top):
                member.name = path.relative_to(top).as_posix()
                tar.extract(member, to, filter="data")
    except tarfile.TarError as why:
        raise ValueError(f"it cannot be unpacked: {why}") from why


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise ValueError(f"{name} is not a file")
    return file.read()
