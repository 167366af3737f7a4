"""The verbs of publishing: publish, and what is done with a registry afterwards."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from studio_sdk import bundle, install, push
from studio_sdk.names import Exit
from studio_sdk.registry import Registry, Release
from studio_sdk.verbs.words import Verbs, stop

REMOTE: Final = "oci://"


def add(verbs: Verbs) -> None:
    """Add the verbs to the command line."""
    publish = verbs.add_parser("publish", help="add a version to a registry, for good")
    publish.set_defaults(act=_publish)
    publish.add_argument("what", type=Path, metavar="FOLDER|IMAGE.tar")
    publish.add_argument("to", metavar="REGISTRY", help=f"a folder, or {REMOTE}host/repository")
    publish.add_argument("--insecure", action="store_true", help="speak http to an image registry")
    listed = _verb(verbs, "list", _list, "say what a registry holds")
    listed.add_argument("pipeline", nargs="?", default="", metavar="ID")
    deprecate = _verb(verbs, "deprecate", _deprecate, "say why a version should not be used any more")
    deprecate.add_argument("version", metavar="ID@VERSION")
    deprecate.add_argument("--because", default="", metavar="WORDS", help="without them it is taken back")
    pin = _verb(verbs, "pin", _pin, "go back to a version: it is what everybody gets who names none")
    pin.add_argument("version", metavar="ID@VERSION", help="ID alone takes the pin away")
    fetch = _verb(verbs, "fetch", _fetch, "write a published image to a tar that `docker load` takes")
    fetch.add_argument("version", metavar="ID[@VERSION]")
    fetch.add_argument("out", type=Path)
    put = _verb(verbs, "install", _install, "put a published pipeline into a folder of pipelines")
    put.add_argument("version", metavar="ID[@VERSION]")
    put.add_argument("pipelines", type=Path)
    put.add_argument("--overwrite", action="store_true", help="also what somebody changed there by hand")


def _verb(verbs: Verbs, name: str, act: Callable[[argparse.Namespace], Exit], words: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words)
    parser.set_defaults(act=act)
    parser.add_argument("registry", type=Path)
    return parser


def _publish(arguments: argparse.Namespace) -> Exit:
    with tempfile.TemporaryDirectory(prefix="studio-publish-") as scratch:
        what = arguments.what
        made = bundle.of_folder(what, Path(scratch)) if what.is_dir() else bundle.of_image(what)
        if arguments.to.startswith(REMOTE):
            return _push(made, arguments.to.removeprefix(REMOTE), insecure=arguments.insecure)
        release, changed = Registry(Path(arguments.to), create=True).publish(made)
    sys.stdout.write(f"{release.name}, {release.kind}, {release.size / 1e6:.1f} MB\n{release.digest}\n")
    for line in (*changed.breaking, *changed.other) if changed else ():
        sys.stdout.write(f"  since the version before, {line}\n")
    return Exit.OK


def _push(made: bundle.Bundle, to: str, *, insecure: bool) -> Exit:
    sent = push.push(made, to, insecure=insecure)
    sys.stdout.write(f"{to}:{made.facts.version}, {made.kind}, {sent.bytes / 1e6:.1f} MB sent\n{made.digest}\n")
    return Exit.OK


def _list(arguments: argparse.Namespace) -> Exit:
    for one in Registry(arguments.registry).releases(arguments.pipeline):
        sys.stdout.write(_line(one) + "\n")
    return Exit.OK


def _line(one: Release) -> str:
    words = f"deprecated: {one.deprecated}" if one.deprecated else "pinned" if one.pinned else ""
    size = f"{one.size / 1e6:8.1f} MB"
    return f"{one.name:40} {one.kind:7} {size}  {one.published[:10]}  {one.digest[:19]}  {words}".rstrip()


def _deprecate(arguments: argparse.Namespace) -> Exit:
    for one in Registry(arguments.registry).deprecate(arguments.version, arguments.because):
        sys.stdout.write(_line(one) + "\n")
    return Exit.OK


def _pin(arguments: argparse.Namespace) -> Exit:
    for one in Registry(arguments.registry).pin(arguments.version):
        sys.stdout.write(_line(one) + "\n")
    return Exit.OK


def _fetch(arguments: argparse.Namespace) -> Exit:
    registry = Registry(arguments.registry)
    identity = registry.archive(registry.find(arguments.version, "image"), arguments.out)
    sys.stdout.write(f"{arguments.out}: {identity}\n")
    return Exit.OK


def _install(arguments: argparse.Namespace) -> Exit:
    try:
        release = install.install(
            Registry(arguments.registry), arguments.version, arguments.pipelines, overwrite=arguments.overwrite
        )
    except FileExistsError as why:
        stop(f"{why.filename} is there and was not installed, or was changed since: --overwrite", Exit.INVALID)
    sys.stdout.write(f"{release.name} is in {arguments.pipelines / release.id}\n")
    if release.deprecated:
        sys.stdout.write(f"It is deprecated: {release.deprecated}\n")
    if hosts := install.calls(release.id, arguments.pipelines):
        sys.stdout.write(f"It calls {', '.join(hosts)}.\n")
    if words := install.lacking(release.id, arguments.pipelines):
        sys.stdout.write(f"{words}\n")
    return Exit.OK
