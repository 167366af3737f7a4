"""A cut goes to an editing system and its list comes back: the timecode of a take is its own for good."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import aaf2
import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import rate
from studio_sdk.wire import Claim
from studio_server.actions import deliver, generate, recut, runs
from studio_server.domain.graph import NodeSet
from studio_server.domain.project import EXPORTS, TAPES
from studio_server.domain.tapes import Tape, allotted, in_take
from studio_server.library import deliveries
from studio_server.settings import Settings
from tests.films import carry_out
from tests.integration.studios import Stage, clip, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def project(here: Stage, tmp_path: Path) -> str:
    """Return a project with two shots that have takes, and one that waits."""
    made = here.project()
    here.apply(made, *(shot(name) for name in "abc"), node("f", "assembler"))
    here.apply(made, *(wire(name, "video", "f", "clips") for name in "abc"))
    for name, colour in (("a", "red"), ("b", "blue")):
        job = str(generate.generate(here.studio, made, name).job_id)
        here.finish(job, here.claim(job).attempt, clip(tmp_path / f"{name}.mp4", 2, colour=colour))
    here.apply(made, NodeSet(id="b", name="in:SHOT-020_v01_take01", value=5))
    return made


def _made(here: Stage, job: str, claim: Claim, place: Path) -> Path:
    """Run the pipeline of a delivery as a worker would, and return its zip."""
    files: dict[str, list[Path]] = {}
    for number, one in enumerate(claim.inputs):
        copy = place / f"{number}" / one.name
        copy.parent.mkdir(parents=True)
        shutil.copyfile(runs.input_file(here.studio, job, claim.attempt, one.oid), copy)
        files.setdefault(one.socket, []).append(copy)
    done = carry_out("editorial", place / "job", dict(claim.params), files, picture=claim.format)
    assert done.status == 0, done.printed
    return done.output("delivery")


def test_a_delivery_lands_whole_and_its_list_comes_back_unchanged(here: Stage, project: str, tmp_path: Path) -> None:
    about = deliver.estimate(here.studio, project, "f", "copy")
    assert (about.masters, about.copied, about.sounds) == (2, 2, 0)
    assert about.bytes < deliver.estimate(here.studio, project, "f", "dnxhr").bytes
    job = str(deliver.deliver(here.studio, project, "f", "copy", "once").job_id)
    assert deliver.deliver(here.studio, project, "f", "copy", "once").job_id == job
    claim = here.claim(job)
    packed = _made(here, job, claim, tmp_path / "worker")
    given = here.hand_in(job, claim.attempt, packed)
    output = given.model_copy(update={"socket": "delivery", "mime": "application/zip", "suffix": ".zip"})
    assert here.end(job, claim.attempt, output).result == "the-salt-road_NLE_v01"
    task = generate.find(here.studio, job)
    assert task.result == "the-salt-road_NLE_v01"
    landed = deliver.deliveries_of(here.studio, project)[0]
    root = here.folder(project).root
    assert about.bytes * 0.5 < landed.size < about.bytes * 1.5
    assert [name for name in landed.files if name.startswith("Media/")] == [
        "Media/SC01_SHOT-010_v01_take01.mov",
        "Media/SC01_SHOT-020_v01_take01.mov",
    ]
    with zipfile.ZipFile(root / landed.path) as out:
        lists = {
            name.rpartition("_24")[2]: out.read(name).decode()
            for name in out.namelist()
            if "/" not in name and not name.endswith(".aaf")
        }
        (tmp_path / "cut.aaf").write_bytes(out.read(next(name for name in out.namelist() if name.endswith("_24.aaf"))))
    with aaf2.open(str(tmp_path / "cut.aaf")) as sequence:
        masters = [mob.name for mob in sequence.content.mastermobs()]
    assert [f"Media/{name}" for name in masters] == [name for name in landed.files if name.startswith("Media/")]
    assert "01:00:10:05 01:00:12:00 01:00:02:00 01:00:03:19" in lists[".edl"]
    assert "DaVinci Resolve" in lists["READ_ME.txt"]
    for ending in (".edl", ".otio", ".fcpxml", "_FCP7.xml"):
        seen = recut.look(here.studio, project, "f", lists[ending])
        assert [row.kind for row in seen.rows][:2] == ["same", "same"], (ending, seen.rows)
        assert not [note for note in seen.notes if "sound" in note], (ending, seen.notes)
    moved = lists[".edl"].replace("01:00:10:05 01:00:12:00 01:00:02:00", "01:00:10:09 01:00:12:00 01:00:02:04")
    assert recut.look(here.studio, project, "f", moved).rows[1].text == "starts 4 frames later"
    assert [path.name for path in sorted((root / EXPORTS).iterdir()) if not path.name.startswith(".")] == [
        "the-salt-road_NLE_v01.zip",
        "the-salt-road_NLE_v01.zip.json",
    ]


def test_a_take_keeps_its_timecode_for_good(here: Stage, project: str) -> None:
    folder = here.folder(project)
    first = generate.find(here.studio, str(deliver.deliver(here.studio, project, "f", "copy").job_id)).plan
    before = deliveries.tapes(folder.root)
    assert sorted(tape.start_s for tape in before.values()) == [3600, 3610]
    again = generate.find(here.studio, str(deliver.deliver(here.studio, project, "f", "prores").job_id)).plan
    assert deliveries.tapes(folder.root) == before
    assert [one.oid for one in first.inputs] == [one.oid for one in again.inputs], "the lists are the same ones"
    text = (folder.root / TAPES).read_text()
    (folder.root / TAPES).write_text(
        text + "<<<<<<< ours\nno,line\n" + text.splitlines()[1].replace("3600", "x") + "\n"
    )
    assert deliveries.tapes(folder.root) == before


def test_what_cannot_be_delivered(here: Stage, project: str) -> None:
    here.apply(project, node("g", "assembler"), wire("c", "video", "g", "clips"))
    with pytest.raises(StudioError, match="no take in this cut yet"):
        deliver.deliver(here.studio, project, "g", "copy")
    job = str(deliver.deliver(here.studio, project, "f", "copy").job_id)
    claim = here.claim(job)
    film = here.folder(project).root / "not.zip"
    film.write_bytes(b"PK\x03\x04 and no more")
    given = here.hand_in(job, claim.attempt, film).model_copy(update={"suffix": ".zip"})
    assert here.end(job, claim.attempt, given).state == "failed"
    error = generate.find(here.studio, job).error
    assert error
    assert error.error == Code.OUTPUT_INVALID
    assert deliver.deliveries_of(here.studio, project) == []


def test_stretches_of_timecode_never_meet() -> None:
    known = {"a": Tape("A", 3600, 10), "b": Tape("B", 3600, 10), "c": Tape("C", 3620, 30)}
    fresh = allotted(known, {"a": ("A", 10), "b": ("B", 10), "c": ("C", 40), "d": ("D", 20)})
    assert fresh == {"b": Tape("B", 3650, 10), "c": Tape("C", 3660, 40), "d": Tape("D", 3700, 20)}
    assert allotted({"z": Tape("Z", 86380, 20)}, {"n": ("N", 10)}) == {"n": Tape("N", 3600, 10)}
    assert in_take(3700 * 24 + 7, fresh["d"], rate("24000/1001")) == 7
    assert in_take(7, fresh["d"], rate("24/1")) == 7
