"""The Python packages that go into an image, from where they are already: wheels, an environment, or this SDK's own.

Each function returns folders and files by their names in the image's folder of packages, which `image.build` takes.
Nothing is downloaded and nothing is run.
"""

import re
import sys
import zipfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Final

import studio_sdk

_LEFT_OUT: Final = re.compile(
    r"^(bin|__pycache__|pip|pip-.*|setuptools|setuptools-.*|wheel|wheel-.*|pkg_resources|_distutils_hack"
    r"|_virtualenv\..*|.*\.pth|__editable__.*|_editable_impl_.*|studio_sdk|studio_sdk-.*)$"
)
_OF_THE_MACHINE: Final = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})
_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+")


def of_the_sdk(python: str) -> dict[str, Path]:
    """Return this SDK and what it needs, from the interpreter that runs it; ValueError where the base has another."""
    here = f"3.{sys.version_info.minor}"
    if here != python:
        raise ValueError(
            f"the base has Python {python}, this is {here}: run studio-sdk with Python {python}, or give a wheelhouse"
        )
    found: dict[str, Path] = {}
    for one in _needed("studio-sdk", set()):
        for file in one.files or ():
            found |= _kept(PurePosixPath(file.as_posix()), Path(str(one.locate_file(file))))
    return found | _sdk()


def of_environment(folder: Path, python: str) -> dict[str, Path]:
    """Return everything a set-up environment (a venv) holds, and this SDK.

    Raises ValueError where it is of another Python than the base, FileNotFoundError where it is none.
    """
    site = folder / "lib" / f"python{python}" / "site-packages"
    if not site.is_dir():
        others = sorted(path.name for path in (folder / "lib").glob("python3*"))
        if others:
            raise ValueError(f"the base has Python {python}, the environment {folder} {', '.join(others)}")
        raise FileNotFoundError(2, "not there", str(site))
    found: dict[str, Path] = {}
    for path in sorted(site.rglob("*")):
        if path.is_file():
            found |= _kept(PurePosixPath(path.relative_to(site).as_posix()), path)
    return found | _sdk()


def of_wheelhouse(folder: Path, python: str, scratch: Path) -> dict[str, Path]:
    """Unpack every wheel of a folder into `scratch` and return what they hold, and this SDK.

    `pip download --dest FOLDER --only-binary=:all: ...` fills such a folder. Raises ValueError for a wheel that is not
    for the base's Python or that writes outside its place, FileNotFoundError where there is none.
    """
    wheels = sorted(folder.glob("*.whl"))
    if not wheels:
        raise FileNotFoundError(2, "no wheel there", str(folder))
    found: dict[str, Path] = {}
    for wheel in wheels:
        if not _fits(wheel.stem, python):
            raise ValueError(f"{wheel.name} is not for Python {python}")
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.infolist():
                place = _unpacked(PurePosixPath(member.filename))
                if place is None or member.is_dir():
                    continue
                path = scratch.joinpath(*place.parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(member))
                path.chmod(0o755 if member.external_attr >> 16 & 0o100 else 0o644)
                found |= _kept(place, path)
    if "pydantic/__init__.py" not in found:
        raise ValueError(f"{folder} lacks pydantic, which the SDK needs: `pip download --dest {folder} pydantic`")
    return found | _sdk()


def _sdk() -> dict[str, Path]:
    return {"studio_sdk": Path(studio_sdk.__file__).parent}


def _kept(place: PurePosixPath, path: Path) -> dict[str, Path]:
    """Return one file of a package, or nothing where an image has no use for it."""
    if place.is_absolute() or ".." in place.parts or _LEFT_OUT.match(place.parts[0]) or place.suffix == ".pyc":
        return {}
    if place.parts[0].endswith(".dist-info") and place.name in _OF_THE_MACHINE:
        return {}
    return {place.as_posix(): path}


def _needed(name: str, seen: set[str]) -> Iterable[metadata.Distribution]:
    for wanted in metadata.distribution(name).requires or ():
        other = _NAME.match(wanted)
        if other is None or other[0] in seen or "extra ==" in wanted:
            continue
        seen.add(other[0])
        try:
            one = metadata.distribution(other[0])
        except metadata.PackageNotFoundError:
            continue  # wanted on other machines or by other versions of Python only
        yield one
        yield from _needed(other[0], seen)


def _fits(stem: str, python: str) -> bool:
    """Whether the tags in a wheel's name (`name-version-python-abi-platform`) are for a version of Python."""
    pythons, abi = stem.split("-")[-3:-1]
    here = int(python.split(".")[1])
    for tag in pythons.split("."):
        minor = int(tag[3:]) if re.fullmatch(r"cp3\d+", tag) else None
        if tag == "py3" or minor == here or (minor is not None and minor < here and "abi3" in abi):
            return True
    return False


def _unpacked(name: PurePosixPath) -> PurePosixPath | None:
    """Return where a member of a wheel belongs, None for programs, headers and what would leave the folder."""
    if name.is_absolute() or ".." in name.parts:
        raise ValueError(f"{name} leaves the folder of packages")
    if not name.parts[0].endswith(".data"):
        return name
    inside = len(name.parts) > 2 and name.parts[1] in {"purelib", "platlib"}  # noqa: PLR2004 - x.data/purelib/...
    return PurePosixPath(*name.parts[2:]) if inside else None
