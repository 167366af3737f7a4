"""The verbs that make images: base and build."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from studio_sdk import image, packages, requirements, rootfs, testing
from studio_sdk.names import Exit
from studio_sdk.verbs.words import Verbs, interpreter, stop


def add(verbs: Verbs) -> None:
    """Add the verbs to the command line."""
    made = verbs.add_parser("base", help="make what images stand on: a small Debian, from its packages")
    made.set_defaults(act=_base)
    made.add_argument("out", type=Path, help="the tar to write")
    made.add_argument(
        "--package", action="append", default=[], metavar="NAME", help="a Debian package besides, for example ffmpeg"
    )
    made.add_argument("--without-python", action="store_true", help="for pipelines in other languages")
    made.add_argument("--mirror", default="", help="where Debian's packages come from")
    build = verbs.add_parser("build", help="make an image of a pipeline, without Docker")
    build.set_defaults(act=_build)
    build.add_argument("folder", type=Path)
    build.add_argument("--base", type=Path, required=True, help="the tar of `studio-sdk base`, or a saved image")
    build.add_argument("--out", type=Path, help="the image to write, a tar; FOLDER.tar where it is not said")
    build.add_argument(
        "--name", default="", help="its name and tag; the pipeline's id and version where it is not said"
    )
    packages_of(build)


def packages_of(parser: argparse.ArgumentParser) -> None:
    """Let a verb be told where the Python packages of an image come from."""
    of = parser.add_mutually_exclusive_group()
    of.add_argument("--environment", type=Path, metavar="VENV", help="put the packages of this environment in")
    of.add_argument("--wheelhouse", type=Path, metavar="FOLDER", help="put the packages in these wheels in")


def built(arguments: argparse.Namespace, folder: Path, out: Path, name: str = "") -> image.Image:
    """Build a folder's image as a command line says: `base`, `environment`, `wheelhouse`. Raises ValueError."""
    found = rootfs.read(arguments.base)
    with tempfile.TemporaryDirectory(prefix="studio-build-") as scratch:
        python = testing.manifest(folder).entry[0] == "python"
        wanted = _packages(arguments, folder, found, Path(scratch)) if python else None
        return image.build(folder, found, out, wanted, name)


def _base(arguments: argparse.Namespace) -> Exit:
    python = () if arguments.without_python else rootfs.PYTHON
    command = rootfs.make(arguments.out, [*python, *arguments.package], mirror=arguments.mirror)
    found = rootfs.read(arguments.out)
    sys.stdout.write(f"{' '.join(command)}\n")
    python_words = f"Python {found.python}" if found.python else "no Python"
    size = arguments.out.stat().st_size / 1e6
    sys.stdout.write(
        f"{arguments.out}: {found.architecture}, {python_words}, {size:.0f} MB\n{found.layers[0].digest}\n"
    )
    return Exit.OK


def _build(arguments: argparse.Namespace) -> Exit:
    out = arguments.out or arguments.folder.resolve().with_suffix(".tar")
    if out.resolve().is_relative_to(arguments.folder.resolve()):
        stop("an image cannot lie in the folder that it is made of", Exit.INVALID)
    made = built(arguments, arguments.folder, out, arguments.name)
    sys.stdout.write(f"{made.path}: {made.name}, {made.size / 1e6:.0f} MB\n")
    sys.stdout.write(f"image id         {made.id}\nmanifest digest  {made.digest}\n")
    sys.stdout.write(f"Try it: studio-sdk test {out} --backend docker\n")
    return Exit.OK


def _packages(arguments: argparse.Namespace, folder: Path, found: rootfs.Base, scratch: Path) -> Mapping[str, Path]:
    if arguments.wheelhouse:
        return packages.of_wheelhouse(arguments.wheelhouse, found.python, scratch)
    if arguments.environment:
        return packages.of_environment(arguments.environment, found.python)
    if requirements.of_its_own(folder):
        return packages.of_environment(interpreter(folder).parents[1], found.python)
    return packages.of_the_sdk(found.python)
