"""The image of a pipeline: its own by digest, or one made here of base, environment and folder, once for its contents.

`launcher` asks for it. Nothing is pulled and nothing is built by Docker: `studio_sdk.image` writes the archive, the
same bytes for the same things, and the daemon loads it.
"""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.errors import ImageLoadError, ImageNotFound, NotFound

from function_runner.launchers import Launch, without_environment
from studio_sdk import image, packages, rootfs
from studio_sdk.errors import Code, StudioError

_REPOSITORY: Final = "studio-pipeline"


class Images:
    """Makes and finds images. `base` is the tar that `studio-sdk base` wrote, `scratch` a folder for what is made."""

    def __init__(self, base: Path, scratch: Path) -> None:
        self._base = base
        self._scratch = scratch
        self._read: tuple[tuple[int, int], rootfs.Base] | None = None

    def of(self, client: DockerClient, launch: Launch) -> str:
        """Return the id of the image to run. Raises DEPENDENCY_MISSING where it is not here and cannot be made."""
        given = launch.pipeline.image
        if given:
            return self._given(client, launch)
        base = self._look()
        python = launch.pipeline.entry[0] == "python"
        if python and not launch.environment.is_dir():
            raise without_environment(launch)
        try:
            holds = packages.of_environment(launch.environment, base.python) if python else {}
            name = f"{_REPOSITORY}/{launch.pipeline.id}:{_key(base, holds, launch)}"
            try:
                return str(client.images.get(name).id)
            except ImageNotFound:
                return self._make(client, launch, base, holds, name)
        except (ValueError, FileNotFoundError) as why:
            raise StudioError(
                Code.DEPENDENCY_MISSING,
                f"No container can be made of {launch.pipeline.title} on this worker.",
                detail=str(why),
            ) from why

    def _given(self, client: DockerClient, launch: Launch) -> str:
        given = launch.pipeline.image
        try:
            return str(client.images.get(given).id)
        except ImageNotFound as why:
            how = f"docker pull {given}" if "@" in given else "docker load --input THE-IMAGE.tar"
            raise StudioError(
                Code.DEPENDENCY_MISSING,
                f"The image of {launch.pipeline.title} is not on this worker.",
                detail=f"It wants {given}: `{how}`.",
            ) from why

    def _look(self) -> rootfs.Base:
        """Return the base, read again where its file has changed."""
        try:
            there = self._base.stat()
            mark = (there.st_mtime_ns, there.st_size)
            if self._read is None or self._read[0] != mark:
                self._read = (mark, rootfs.read(self._base))
            return self._read[1]
        except (OSError, ValueError) as why:
            raise StudioError(
                Code.DEPENDENCY_MISSING,
                "This worker has no base to make containers of.",
                detail=f"Run `studio-sdk base {self._base}` ({why}).",
            ) from why

    def _make(
        self, client: DockerClient, launch: Launch, base: rootfs.Base, holds: Mapping[str, Path], name: str
    ) -> str:
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._scratch, prefix="image-") as folder:
            made = image.build(launch.folder, base, Path(folder, "image.tar"), holds or None, name)
            if made.folder_digest != launch.digest:
                raise ValueError(f"{launch.folder} changed while its image was made")
            return _load_what_is_new(client, made) or _load(client, made, made.path)


def _load_what_is_new(client: DockerClient, made: image.Image) -> str:
    """Load an archive without the layers that the daemon has, which are nearly all of it; empty where it wants them."""
    there = {
        layer
        for known in client.images.list(filters={"label": image.LABEL})
        for layer in known.attrs.get("RootFS", {}).get("Layers", ())
    }
    thin = made.path.with_name("new.tar")
    with tarfile.open(made.path) as whole, tarfile.open(thin, "w", format=tarfile.PAX_FORMAT) as new:
        for member in whole:
            if member.name.replace("blobs/sha256/", "sha256:") not in there:
                new.addfile(member, whole.extractfile(member))
    try:
        return _load(client, made, thin)
    except (ImageLoadError, NotFound, ValueError):
        return ""  # this daemon keeps its layers in another way


def _load(client: DockerClient, made: image.Image, archive: Path) -> str:
    with archive.open("rb") as content:
        client.images.load(content)
    found = str(client.images.get(made.name).id)
    if found not in {made.id, made.digest}:
        raise ValueError(f"Docker has {found} for {made.name}, not {made.id}")
    return found


def _key(base: rootfs.Base, holds: Mapping[str, Path], launch: Launch) -> str:
    """Return a name for what an image would be made of, from sizes and times: digests would cost a second a job."""
    total = hashlib.sha256(f"{image.PLACE} {launch.digest} {[one.digest for one in base.layers]}".encode())
    for place, path in sorted(holds.items()):
        for file in sorted(path.rglob("*.*")) if path.is_dir() else (path,):
            if file.suffix != ".pyc":
                there = os.stat(file)  # noqa: PTH116 - thousands of them before each job
                total.update(f"{place} {file} {there.st_size} {there.st_mtime_ns}\n".encode())
    return total.hexdigest()[:20]
