"""What an image stands on: the root file system of a small Linux, as a tar or as an image archive.

`make` writes one from Debian's packages, without a registry and in the same bytes every time. `read` looks into one:
its layers, the processor it is for, the Python it has.
"""

import json
import re
import struct
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from studio_sdk import layer

SUITE: Final = "bookworm"
PYTHON: Final = ("python3", "libstdc++6")
"""Python as its packages expect it: wheels for Linux (manylinux) bring all libraries but the C and C++ ones along."""

_LEFT_OUT: Final = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*")
_PYTHON: Final = re.compile(r"^(?:\./)?usr/(?:local/)?bin/python(3\.\d+)$")
_PROGRAM: Final = re.compile(r"^(?:\./)?(?:usr/)?(?:local/)?s?bin/[^/]+$")
_MACHINES: Final = {62: "amd64", 183: "arm64"}


@dataclass(frozen=True)
class Layer:
    """One layer: its digest and where its bytes lie, a whole file (`member` empty) or a member of an archive."""

    digest: str
    size: int
    path: Path
    member: str = ""

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the layer, an uncompressed tar."""
        if not self.member:
            with self.path.open("rb") as file:
                yield file
            return
        with tarfile.open(self.path) as archive:
            found = archive.extractfile(self.member)
            if found is None:
                raise ValueError(f"{self.path}: {self.member} is not a file")
            yield found


@dataclass(frozen=True)
class Base:
    """A base that was looked into. `python` is `3.11` or the like, empty without one; `environment` is its own."""

    layers: tuple[Layer, ...]
    architecture: str
    python: str
    environment: dict[str, str] = field(default_factory=dict)


def make(out: Path, packages: Iterable[str] = PYTHON, *, suite: str = SUITE, mirror: str = "") -> list[str]:
    """Write a base from Debian's packages and return the command that made it.

    The same packages give the same bytes. It needs `mmdebstrap`, and root or user namespaces. Raises FileNotFoundError
    without the program, CalledProcessError with its words, and FileExistsError where `out` is.
    """
    if out.exists():
        raise FileExistsError(17, "is there already", str(out))
    command = ["mmdebstrap", "--quiet", "--variant=essential", "--format=tar", "--dpkgopt=force-unsafe-io"]
    command += [f"--dpkgopt=path-exclude={path}" for path in _LEFT_OUT]
    command += ["--dpkgopt=path-include=/usr/share/doc/*/copyright"]
    command += [f"--include={','.join(packages)}", suite, str(out), *([mirror] if mirror else [])]
    subprocess.run(["env", f"SOURCE_DATE_EPOCH={layer.EPOCH}", *command], check=True, stderr=subprocess.PIPE, text=True)
    return [f"SOURCE_DATE_EPOCH={layer.EPOCH}", *command]


def read(path: Path) -> Base:
    """Look into a base: the tar of a root file system, or an image as `docker save` and `studio-sdk build` write it.

    Raises ValueError where it is neither, in words.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            first = tar.next()
            archive = first is not None and _is_archive(tar)
            layers, settings = _saved(path, tar) if archive else ((_whole(path),), {})
    except tarfile.ReadError as why:
        raise ValueError(f"{path} is no uncompressed tar ({why}): unpack it first, for example with gunzip") from why
    architecture, python = _look(layers)
    named = dict(pair.split("=", 1) for pair in settings.get("Env") or [] if "=" in pair)
    return Base(layers, architecture, python, named)


def _is_archive(tar: tarfile.TarFile) -> bool:
    try:
        return tar.getmember("manifest.json").isreg()
    except KeyError:
        if any(name in {"oci-layout", "./oci-layout"} for name in tar.getnames()):
            raise ValueError("an OCI archive without manifest.json: save it with `docker save`") from None
        return False


def _whole(path: Path) -> Layer:
    return Layer(layer.file_digest(path), path.stat().st_size, path)


def _saved(path: Path, tar: tarfile.TarFile) -> tuple[tuple[Layer, ...], dict[str, Any]]:
    entries = json.loads(_content(tar, "manifest.json"))
    if not isinstance(entries, list) or len(entries) != 1:
        raise ValueError(f"{path} holds {len(entries)} images, not one")
    config = json.loads(_content(tar, entries[0]["Config"]))
    layers = []
    for name, wanted in zip(entries[0]["Layers"], config["rootfs"]["diff_ids"], strict=True):
        member = tar.getmember(name)
        file = tar.extractfile(member)
        if file is None or (found := layer.stream_digest(file)) != wanted:
            raise ValueError(f"{path}: {name} is not the layer {wanted}; compressed layers are not read")
        layers.append(Layer(found, member.size, path, member.name))
    return tuple(layers), config.get("config") or {}


def _content(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise ValueError(f"{name} is not a file")
    return file.read()


def _look(layers: Iterable[Layer]) -> tuple[str, str]:
    """Return the processor that a base's programs are for, and the version of its Python."""
    architecture = python = ""
    for one in layers:
        with one.open() as file, tarfile.open(fileobj=file, mode="r:") as tar:
            for member in tar:
                found = _PYTHON.match(member.name)
                python = found[1] if found else python
                if not architecture and member.isreg() and _PROGRAM.match(member.name):
                    architecture = _machine(tar, member)
    if not architecture:
        raise ValueError("there is no program in it: this is not a root file system")
    return architecture, python


def _machine(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = tar.extractfile(member)
    head = file.read(20) if file else b""
    if head[:4] != b"\x7fELF":
        return ""
    return _MACHINES.get(struct.unpack("<H", head[18:20])[0], "")
