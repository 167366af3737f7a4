"""The model files that installed pipelines need on a ComfyUI's machine: look at them, and bring them.

The command line calls it, on the machine whose disk it is.
"""

import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from studio_sdk.comfy import Address, Api, Away
from studio_sdk.comfy.pull import RESERVE, Puller
from studio_sdk.comfy.s3 import Account
from studio_sdk.comfy.survey import files_in
from studio_sdk.comfy.weights import State, Wanted, look, wanted
from studio_sdk.errors import Code, StudioError
from studio_sdk.fields import Fail
from studio_sdk.manifest import Pipeline
from studio_sdk.types import Engine, Quality
from studio_server.actions.catalog import Catalogue

_LISTED = "is listed; only --to, on its machine, tells whether it is whole"


def files_of(pipelines_dir: Path, names: Collection[str], qualities: Collection[str]) -> list[Wanted]:
    """Return the model files of some pipelines (all of ComfyUI's where none is named). Errors: PIPELINE_UNKNOWN."""
    installed = {
        name: one for name, one in Catalogue(pipelines_dir).pipelines().items() if one.engine is Engine.COMFYUI
    }
    if unknown := sorted(set(names) - set(installed)):
        known = ", ".join(sorted(installed))
        raise StudioError(
            Code.PIPELINE_UNKNOWN, f"No pipeline “{unknown[0]}” loads models.", detail=f"There are {known}."
        )
    chosen: list[Pipeline] = [pipeline for name, pipeline in installed.items() if not names or name in names]
    try:
        return wanted(chosen, [Quality(quality) for quality in qualities])
    except Fail as fail:
        raise StudioError(fail.code, fail.message, detail=fail.detail) from fail


def on_disk(models_dir: Path, files: Collection[Wanted], *, hashed: bool) -> Iterator[tuple[bool, str]]:
    """Yield whether each file is well, and a line about it."""
    try:
        for found in look(models_dir, files, hashed=hashed):
            line = f"{found.state.upper() if found.state in {State.MISSING, State.WRONG} else found.state:8} "
            yield found.state in {State.RIGHT, State.UNKNOWN}, f"{line}{found.wanted.place} {found.words}"
    except Fail as fail:
        raise StudioError(fail.code, fail.message, detail=fail.detail) from fail


def on_server(url: str, files: Collection[Wanted]) -> Iterator[tuple[bool, str]]:
    """Yield the same of a running ComfyUI, which tells names and nothing else. Errors: ENGINE_OFFLINE."""
    try:
        with Api(Address.of(url)) as api:
            schemas = api.schemas()
    except Away as why:
        raise StudioError(Code.ENGINE_OFFLINE, f"ComfyUI at {url} does not answer.", detail=str(why)) from why
    except (Fail, ValueError) as why:
        raise StudioError(Code.ENGINE_OFFLINE, f"At {url} is no ComfyUI.", detail=str(why)) from why
    for one in files:
        there = one.model.file in files_in(one.model.folder, schemas)
        yield there, f"{'unknown' if there else 'MISSING':8} {one.place} {_LISTED if there else 'is not listed'}"


def bring(
    models_dir: Path, files: Collection[Wanted], prefix: str, account: Account, say: Callable[[str], None]
) -> None:
    """Pull every file that is not there; where one cannot be, the others are tried all the same.

    Errors: STORAGE_FULL before anything is pulled where all will not fit, and what a single pull can meet.
    """
    puller = Puller(models_dir, say, prefix, account)
    lacking = [one for one in files if not (models_dir / one.place).exists()]
    room(models_dir, lacking)
    failed: list[Fail] = []
    for one in files:
        try:
            puller.pull(one)
        except Fail as fail:
            say(f"  {fail.code}: {fail.message} {fail.detail}".rstrip())
            failed.append(fail)
    if failed:
        rest = f" {len(failed) - 1} more failed." if len(failed) > 1 else ""
        raise StudioError(failed[0].code, failed[0].message + rest, detail=failed[0].detail)


def room(models_dir: Path, lacking: Collection[Wanted]) -> None:
    """Raise STORAGE_FULL where the disk has no room for the sizes that are known."""
    if not models_dir.is_dir():
        raise StudioError(Code.FILE_NOT_FOUND, f"There is no models folder {models_dir}.")
    needed = int(sum((one.model.gb or 0) * 1e9 for one in lacking))
    free = shutil.disk_usage(models_dir).free
    if needed and needed + RESERVE > free:
        words = f"The model files need {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free on {models_dir}."
        raise StudioError(Code.STORAGE_FULL, words, detail="Name fewer pipelines, or one --quality.")
