"""What a pipeline keeps: it comes back byte for byte or not at all, within its limit, and never at a run's cost."""

import os
from pathlib import Path
from threading import Thread

import pytest

from studio_sdk import kept
from studio_sdk.kept import Kept

KEY = {"take": "a" * 64, "part": [0, 24]}


def there(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_what_was_put_in_comes_out_in_a_later_run(tmp_path: Path) -> None:
    Kept(tmp_path, 1000).put(KEY, b"a span")
    assert Kept(tmp_path, 1000).get({"part": [0, 24], "take": "a" * 64}) == b"a span"
    assert Kept(tmp_path, 1000).get(KEY | {"part": [0, 25]}) is None
    assert Kept(tmp_path, 1000, "another edition").get(KEY) is None


def test_without_a_place_nothing_is_kept() -> None:
    nothing = Kept()
    nothing.put(KEY, b"a span")
    assert nothing.get(KEY) is None
    assert nothing.of(KEY, lambda: b"made") == b"made"


@pytest.mark.parametrize("harm", ["flipped", "cut", "longer", "empty", "another's", "a folder", "a link", "a pipe"])
def test_a_damaged_entry_is_thrown_away_and_made_anew(harm: str, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    Kept(folder, 9000).put(KEY, b"a span" * 9)
    (path,) = there(folder)
    whole = path.read_bytes()
    path.unlink()
    if harm == "a folder":
        path.mkdir()
    elif harm == "a link":
        (tmp_path / "elsewhere").write_bytes(whole)
        path.symlink_to(tmp_path / "elsewhere")
    elif harm == "a pipe":
        os.mkfifo(path)
    elif harm == "another's":
        Kept(folder, 9000).put("another", b"a poisoned span")
        there(folder)[0].rename(path)
    else:
        flipped = whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:]
        path.write_bytes({"flipped": flipped, "cut": whole[:-3], "longer": whole + b"x", "empty": b""}[harm])
    assert Kept(folder, 9000).get(KEY) is None
    assert Kept(folder, 9000).of(KEY, lambda: b"made anew") == b"made anew"
    if harm != "a folder":  # what cannot be replaced is the runner's to remove
        assert Kept(folder, 9000).get(KEY) == b"made anew"


def test_the_longest_unused_goes_first_and_nothing_that_this_run_used(tmp_path: Path) -> None:
    room = 3 * (65 + 100)
    early = Kept(tmp_path, room)
    for number in range(3):
        early.put(number, bytes(100))
        os.utime(tmp_path / early._name(number), (number, number))
    late = Kept(tmp_path, room)
    assert late.get(0) == bytes(100)
    late.put(3, bytes(100))
    assert [late.get(number) is not None for number in range(4)] == [True, False, True, True]
    late.put(4, bytes(100))
    assert late.get(4) is None, "all that is there is of this run"
    assert sum(path.stat().st_size for path in there(tmp_path)) <= room


def test_a_full_disk_keeps_nothing_and_fails_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SPARE_BYTES", 1 << 62)
    Kept(tmp_path, 1000).put(KEY, b"a span")
    assert there(tmp_path) == []


def test_a_write_that_fails_in_its_midst_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    Kept(tmp_path, 1000).put(KEY, b"a span")
    assert there(tmp_path) == []


@pytest.mark.parametrize("gone", [True, False])
def test_a_place_that_cannot_be_used_keeps_nothing(gone: bool, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    if not gone:
        place.write_text("a file")
    Kept(place, 1000).put(KEY, b"a span")
    assert Kept(place, 1000).get(KEY) is None


def test_jobs_side_by_side_see_whole_entries(tmp_path: Path) -> None:
    content = {number: bytes([number]) * 50_000 for number in range(8)}
    wrong: list[int] = []

    def work() -> None:
        for again in range(40):
            number = again % 8
            mine = Kept(tmp_path, 300_000)  # six of eight fit: they are put in and thrown out all the time
            if mine.of(number, lambda number=number: content[number]) != content[number]:
                wrong.append(number)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert not [path for path in there(tmp_path) if path.name.startswith(".")]
