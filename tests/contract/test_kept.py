"""The place that a runner gives a pipeline to keep things in: on every launcher, for one edition in one project."""

import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from function_runner import kept
from function_runner.job import carry_out
from function_runner.kept import Kept
from studio_sdk.wire import Finish
from tests.fakes.pipelines import Yard
from tests.fakes.studio import FakeStudio
from tests.fakes.yards import LABELS, yard_of

KEEPS = """
place = os.environ.get("JOB_CACHE")
told = {"place": place or "", "megabytes": os.environ.get("JOB_CACHE_MB", ""), "there": "", "wrote": False}
if place:
    told["there"] = " ".join(sorted(os.listdir(place)))
    try:
        pathlib.Path(place, request["params"]["text"]).write_text("kept")
        told["wrote"] = True
    except OSError:
        pass
picture()
result(facts=told)
"""


@pytest.fixture(params=LABELS)
def yard(request: pytest.FixtureRequest, tmp_path: Path) -> Yard:
    return yard_of(request.param, tmp_path / "yard", request)


def do(
    yard: Yard, folder: Path, text: str, *, project: str = "a project", limit: int | None = None, url: str = ""
) -> Finish:
    """Run a planted pipeline once, as a runner that was started anew."""
    with FakeStudio() as studio:
        studio.offer("job", folder, {"text": text}, timeout_s=90, kept_for=project)
        place = yard.workplace(studio)
        settings = place.settings.model_copy(update={"studio_url": url or "http://studio"})
        place = replace(place, settings=settings)
        if limit is not None:
            place = replace(place, kept=Kept(place.kept.folder, limit))
        carry_out(place, "job")
        place.line.close()
        return studio.finished[0]


def facts(finish: Finish) -> dict[str, object]:
    assert (finish.status, finish.error) == ("succeeded", None)
    return dict(finish.facts)


def test_what_is_kept_is_there_at_the_next_job_and_for_nobody_else(yard: Yard) -> None:
    folder = yard.plant(KEEPS, cache_mb=8)
    first = facts(do(yard, folder, "one"))
    assert (first["there"], first["wrote"], first["megabytes"]) == ("", True, "8")
    assert facts(do(yard, folder, "two"))["there"] == "one", "a runner that was started anew gives the same place"
    assert facts(do(yard, folder, "x", project="another project"))["there"] == ""
    assert facts(do(yard, folder, "x", url="http://another-studio"))["there"] == ""
    (folder / "main.py").write_text((folder / "main.py").read_text() + "# another edition\n")
    assert facts(do(yard, folder, "x"))["there"] == ""
    if yard.label in {"sandboxed", "container"}:
        assert first["place"] == "/job/cache"


def test_who_does_not_ask_is_given_none(yard: Yard) -> None:
    assert facts(do(yard, yard.plant(KEEPS), "one"))["place"] == ""


REACH = """
place = pathlib.Path(os.environ["JOB_CACHE"])
tried = {}
def attempt(name, act):
    try:
        act()
    except OSError:
        tried[name] = "refused"
    else:
        tried[name] = "done"
attempt("another's", lambda: open(request["params"]["text"] + "/entry", "w"))
attempt("read another's", lambda: os.listdir(request["params"]["text"]))
attempt("beside", lambda: (place.parent / "beside").touch())
picture()
result(facts=tried)
"""


def test_no_other_place_is_reached(yard: Yard) -> None:
    if yard.label == "process":
        pytest.skip("the label promises nothing")
    other = yard.plant(KEEPS, "other", cache_mb=8)
    do(yard, other, "one")
    (place,) = (yard.root / "kept").iterdir()
    done = facts(do(yard, yard.plant(REACH, cache_mb=8), str(place)))
    assert set(done.values()) == {"refused"}
    assert [path.name for path in place.iterdir()] == ["one"]


LITTER = """
place = pathlib.Path(os.environ["JOB_CACHE"])
(place / "folder/deep").mkdir(parents=True)
(place / "folder/deep/file").write_bytes(bytes(100))
(place / "folder/deep").chmod(0)
(place / "link").symlink_to(request["params"]["text"])
os.mkfifo(place / "pipe")
for number in range(12):
    (place / f"{number:02}").write_bytes(bytes(500_000))
    os.utime(place / f"{number:02}", (time.time() - 100 + number,) * 2)
picture()
result()
"""


def test_what_is_no_entry_goes_and_the_rest_is_kept_to_its_limit(yard: Yard, tmp_path: Path) -> None:
    (tmp_path / "film").mkdir()
    (tmp_path / "film" / "take.mp4").write_text("precious")
    folder = yard.plant(LITTER, cache_mb=8)
    assert do(yard, folder, str(tmp_path / "film"), limit=4_500_000).status == "succeeded"
    (place,) = (yard.root / "kept").iterdir()
    assert sorted(path.name for path in place.iterdir()) == [f"{number:02}" for number in range(4, 12)]
    assert (tmp_path / "film" / "take.mp4").read_text() == "precious"


HOARD = """
place = pathlib.Path(os.environ["JOB_CACHE"])
for number in range(3):
    (place / f"{number}").write_bytes(bytes(1_000_000))
if request["params"]["text"] == "hide":
    place.chmod(0)
event(t="started")
time.sleep(60)
"""


@pytest.mark.parametrize("how", ["openly", "hide"])
def test_one_that_hoards_is_stopped(yard: Yard, how: str) -> None:
    if how == "hide" and os.geteuid() == 0:
        pytest.skip("nothing is hidden from root")
    finish = do(yard, yard.plant(HOARD, cache_mb=1), how)
    assert finish.error is not None
    assert finish.error.message == "Planted was stopped: it keeps more for later than the 1 MB it declares."
    kept_now = [path for path in (yard.root / "kept").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in kept_now) <= 3_000_000


def test_a_place_that_cannot_be_made_costs_no_job(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "yard")
    yard.root.mkdir()
    (yard.root / "kept").write_text("a file where the folder should be")
    assert facts(do(yard, yard.plant(KEEPS, cache_mb=8), "one"))["place"] == ""


def test_a_runner_that_keeps_nothing_gives_no_place(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "yard")
    assert facts(do(yard, yard.plant(KEEPS, cache_mb=8), "one", limit=0))["place"] == ""
    assert not (yard.root / "kept").exists()


def test_what_nobody_used_for_long_goes_with_its_folder_but_not_under_a_running_job(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "yard")
    folder = yard.plant(KEEPS, cache_mb=8)
    do(yard, folder, "one")
    (place,) = (yard.root / "kept").iterdir()
    month_ago = time.time() - 31 * 86400
    os.utime(place / "one", (month_ago, month_ago))
    all_kept = Kept(yard.root / "kept", 10**9)
    held = kept._held(place)
    all_kept.trim()
    assert list(place.iterdir()) == []
    os.close(held)
    all_kept.trim()
    assert not place.exists()


def test_a_place_is_never_removed_from_under_the_job_that_was_given_it(tmp_path: Path) -> None:
    all_kept, place = Kept(tmp_path / "kept", 10**9), tmp_path / "kept" / "p-1"
    over = threading.Event()

    def sweep() -> None:
        while not over.is_set():
            all_kept.trim()

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(200):
            held = kept._held(place)
            (place / "entry").write_text("x")
            (place / "entry").unlink()
            os.close(held)
    finally:
        over.set()
        sweeper.join()


def test_a_full_disk_lets_go_of_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "kept" / "p-1"
    place.mkdir(parents=True)
    (place / "entry").write_bytes(bytes(9000))
    monkeypatch.setattr(kept, "SPARE_BYTES", 1 << 62)
    Kept(tmp_path / "kept", 10**9).trim()
    assert not place.exists()


def test_a_runner_from_before_is_told_nothing_that_it_refuses(tmp_path: Path) -> None:
    """Its models forbid fields they do not know, so none may be in the answer to a claim that does not ask for them."""
    yard = Yard(tmp_path / "yard")
    with FakeStudio() as studio:
        claim = studio.offer("job", yard.plant(KEEPS, cache_mb=8), {"text": "one"})
    old = json.loads(claim.without_cache().model_dump_json(exclude_defaults=True))
    assert "kept_for" not in old
    assert "cache_mb" not in old["pipeline"].get("limits", {})
