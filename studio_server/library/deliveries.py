"""Deliveries to editing systems: the stretches of source timecode they were given, and their zips in 06_Exports."""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import MediaRef
from studio_server.domain.assets import Delivery, DeliveryDraft
from studio_server.domain.project import EXPORTS, TAPES
from studio_server.domain.shots import SIDECAR_SUFFIX
from studio_server.domain.tapes import Tape, allotted
from studio_server.library import formats, git, objects
from studio_server.library.disk import guarded, link_new, read_text_file, sync_all, write_new
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import Arrived

SUFFIX: Final = ".zip"
_COLUMNS: Final = ["sha256", "reel", "start_s", "length_s"]
_TRIES: Final = 1000


def tapes(root: Path) -> dict[str, Tape]:
    """Return the stretch of source timecode of every file that was ever delivered, by its SHA-256.

    Lines that say nothing that can be understood (the marks of a merge, a hand's remark) are passed over.
    """
    try:
        text = read_text_file(root / TAPES).decode("utf-8", "replace")
    except FileNotFoundError:
        return {}
    found: dict[str, Tape] = {}
    for row in csv.reader(io.StringIO(text)):
        if len(row) == len(_COLUMNS) and re.fullmatch(r"[0-9a-f]{64}", row[0]):
            with suppress(ValueError):
                found[row[0]] = Tape(row[1][:8], int(row[2]), int(row[3]))
    return found


def keep_tapes(folder: ProjectFolder, wanted: Mapping[str, tuple[str, int]], author: git.Author) -> dict[str, Tape]:
    """Return the stretches of files, with those that had none written down and committed first."""
    with folder.lock():
        known = tapes(folder.root)
        fresh = allotted(known, wanted)
        known |= fresh
        if fresh:
            text = io.StringIO(newline="")
            sheet = csv.writer(text, lineterminator="\n")
            sheet.writerow(_COLUMNS)
            sheet.writerows([oid, *tape] for oid, tape in known.items())
            folder.save_files({TAPES: text.getvalue().encode()}, "Source timecode for a delivery", author)
    return known


def free(root: Path) -> int:
    """Return how many bytes the disk of a project has left."""
    return shutil.disk_usage(root).free


def land(folder: ProjectFolder, arrived: Arrived, stem: str, draft: DeliveryDraft) -> Delivery:
    """Put a staged zip into 06_Exports as `{stem}_NLE_v01.zip`, `_v02` and so on, with its sidecar.

    The same job twice gives the same delivery. Raises OUTPUT_INVALID for what is no zip, STORAGE_FULL,
    STORAGE_READONLY or FILE_NOT_FOUND (never staged).
    """
    root = folder.root
    with folder.lock(), guarded(root):
        known = next((one for one in folder.deliveries() if one.job_id == draft.job_id), None)
        if known:
            return known
        source = objects.staged(root, arrived.oid, arrived.size)
        if source is None:
            raise StudioError(Code.FILE_NOT_FOUND, "The delivery was never received.", detail=f"sha256 {arrived.oid}")
        files = _held(source)
        (root / EXPORTS).mkdir(exist_ok=True)
        for number in range(1, _TRIES):
            name = f"{stem}_NLE_v{number:02d}"
            if any((root / EXPORTS).glob(f"{name}.*")):
                continue
            ref = MediaRef(path=f"{EXPORTS}/{name}{SUFFIX}", oid=arrived.oid, size=arrived.size, mime="application/zip")
            told = draft.model_dump(by_alias=False) | {"files": files}
            landed = Delivery(**told, name=name, media=ref)
            _placed(root, landed, source)
            return landed
    raise StudioError(Code.VERSION_CONFLICT, "There are too many deliveries of this name.", detail=stem)


def _held(source: Path) -> tuple[str, ...]:
    """Return the names of the files in a zip."""
    try:
        with zipfile.ZipFile(source) as file:
            return tuple(one.filename for one in file.infolist() if not one.is_dir())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as why:
        raise StudioError(Code.OUTPUT_INVALID, "The pipeline gave a zip that cannot be read.", detail=str(why)) from why


def _placed(root: Path, landed: Delivery, source: Path) -> None:
    sidecar = root / (landed.media.path + SIDECAR_SUFFIX)
    try:
        write_new(sidecar, formats.dump(landed))
        link_new(source, root / landed.media.path)
        sync_all([source, sidecar, root / EXPORTS])
    except OSError:
        sidecar.unlink(missing_ok=True)
        raise
    if source.parent == root / objects.INCOMING:
        source.unlink(missing_ok=True)
