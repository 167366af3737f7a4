"""Editorial: the takes of a cut become masters that an editing system links by itself, packed with the edit lists."""

import zipfile
from pathlib import Path
from typing import Annotated, Literal

import master
import tape
from tape import Tape

from studio_sdk import Audio, Code, Edl, Fail, Field, Job, Variant, Video, main, pipeline

Codec = Literal["copy", "prores", "dnxhr"]
_THEN = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20


@pipeline(
    id="editorial",
    version="1.0.4",
    title="Editorial masters",
    task="deliver-cut",
    output="delivery",
    variants=tuple(Variant(quality, timeout_s=21600) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=("Pictures of ten bits: masters are made from eight", "More than two channels of sound"),
    output_mb=262144,
)
def editorial(
    job: Job,
    cut: Annotated[list[Edl], Field(title="Cut", help="The cut as OpenTimelineIO, and the lists that go with it")],
    clips: Annotated[list[Video], Field(title="Clips", help="Every take the cut names")],
    sounds: Annotated[list[Audio] | None, Field(title="Sounds", help="Every voice and music the cut names")] = None,
    codec: Annotated[
        Codec,
        Field(title="Coding", help="copy keeps the pictures as they are; ProRes 422 HQ and DNxHR HQ are larger"),
    ] = "copy",
) -> Edl:
    """Make a zip for editing systems: masters with reel and source timecode, and the edit lists that address them."""
    job.progress(0.01, "Reading the cut")
    tapes = tape.read(cut, job.format.rate)
    files: dict[str, Path] = {file.oid: file for file in [*clips, *(sounds or [])]}
    total = sum(one.frames for one in tapes)
    made = Edl(job.outputs / "delivery.zip")
    copied = done = 0
    with zipfile.ZipFile(made, "w") as out:
        for written in cut:
            _add(out, written.label or written.name, written, zipfile.ZIP_DEFLATED)
        for number, one in enumerate(tapes, 1):
            source = files.get(one.oid)
            if source is None:
                raise Fail(Code.FILE_NOT_FOUND, f"{one.label} is not among the files.", field="clips", detail=one.oid)
            half = job.outputs / f"half-made{Path(one.name).suffix}"
            tell = _teller(job, f"{number} of {len(tapes)}: {Path(one.name).name}", done, total)
            try:
                copied += _made(job, one, source, half, codec, tell)
                _add(out, one.name, half, zipfile.ZIP_STORED)
            finally:
                half.unlink(missing_ok=True)
            done += one.frames
    job.facts |= {"files": len(tapes), "copied": copied}
    return made


def _made(job: Job, one: Tape, source: Path, half: Path, codec: Codec, tell: master.Tell) -> bool:
    if one.is_sound:
        master.sound(one, Audio(source), half, job.format, tell)
        return False
    return master.picture(one, Video(source), half, job.format, codec, tell)


def _teller(job: Job, stage: str, done: int, total: int) -> master.Tell:
    return lambda frames: job.progress(0.02 + 0.97 * (done + frames) / max(1, total), stage)


def _add(out: zipfile.ZipFile, name: str, source: Path, kind: int) -> None:
    entry = zipfile.ZipInfo(name, _THEN)
    entry.compress_type = kind
    entry.external_attr = 0o100644 << 16
    with source.open("rb") as data, out.open(entry, "w", force_zip64=True) as into:
        while chunk := data.read(_CHUNK):
            into.write(chunk)


if __name__ == "__main__":
    main(editorial)
