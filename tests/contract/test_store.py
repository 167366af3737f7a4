"""One promise for both stores of media: what is put is there whole, once, by its SHA-256, and nothing else ever is."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.library import s3
from studio_server.library.store import FolderStore, Store
from tests.services.s3 import KEY, S3, SECRET
from tests.stock import new_project

BAG = "0" * 32
SMALL, LARGE = 3_000, 11_000_000


class Kit(NamedTuple):
    store: Store
    other: Store
    """The store of another project."""
    file: Callable[[int], tuple[str, int, Path]]
    damage: Callable[[str], None]


@pytest.fixture(params=["folder", "s3", "s3 with a role"])
def kit(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    monkeypatch.setattr(s3, "PART", 5 * 1024 * 1024)
    numbers = count(1)

    def file(size: int) -> tuple[str, int, Path]:
        data = hashlib.sha256(str(next(numbers)).encode()).digest() * (size // 32 + 1)
        path = tmp_path / f"new-{next(numbers)}"
        path.write_bytes(data[:size])
        return hashlib.sha256(data[:size]).hexdigest(), size, path

    if request.param == "folder":
        here, there = (new_project(tmp_path / name).root for name in ("a", "b"))
        store: Store = FolderStore(here)

        def damage(oid: str) -> None:
            path = FolderStore(here).path(oid)
            path.unlink()
            path.write_bytes(b"torn")

        yield Kit(store, FolderStore(there), file, damage)
        return
    server: S3 = request.getfixturevalue("s3_server")
    bucket = server.bucket()
    role = server.role(bucket) if "role" in request.param else ""
    depot = s3.Depot(s3.account_of(f"s3://{bucket}/x", endpoint=server.url, key=KEY, secret=SECRET, role=role))
    store = depot.of("local", "a")

    def torn(oid: str) -> None:
        server.client().put_object(Bucket=bucket, Key=depot.of("local", "a").key(oid), Body=b"torn")

    yield Kit(store, depot.of("local", "b"), file, torn)


@pytest.mark.parametrize("size", [0, SMALL, LARGE])
def test_what_is_put_is_there_whole_and_once(kit: Kit, size: int) -> None:
    oid, _, path = kit.file(size)
    assert kit.store.size(oid) is None
    kit.store.put(oid, size, path)
    kit.store.put(oid, size, path)
    assert path.is_file()
    assert kit.store.size(oid) == size
    assert hashlib.sha256(b"".join(kit.store.read(oid))).hexdigest() == oid
    assert [*kit.store.listed()] == [(oid, size)]
    if size:
        assert b"".join(kit.store.read(oid, 10, 20)) == path.read_bytes()[10:30]
        assert b"".join(kit.store.read(oid, size - 5)) == path.read_bytes()[-5:]


def test_a_damaged_object_gives_way_to_good_bytes(kit: Kit) -> None:
    oid, size, path = kit.file(SMALL)
    kit.store.put(oid, size, path)
    kit.damage(oid)
    kit.store.put(oid, size, path)
    assert b"".join(kit.store.read(oid)) == path.read_bytes()


def test_another_project_has_nothing_of_it(kit: Kit) -> None:
    oid, size, path = kit.file(SMALL)
    kit.store.put(oid, size, path)
    kit.store.put_away(BAG, oid)
    kit.other.take_back(BAG, oid)
    kit.store.take_back(BAG, oid)
    assert kit.other.size(oid) is None
    assert [*kit.other.listed()] == []
    with pytest.raises(StudioError) as refused:
        next(iter(kit.other.read(oid)))
    assert refused.value.code is Code.FILE_NOT_FOUND


def test_another_project_can_take_it_over_and_keeps_it(kit: Kit) -> None:
    oid, size, path = kit.file(SMALL)
    assert not kit.other.take_over(kit.store, oid)
    kit.store.put(oid, size, path)
    for _ in range(2):
        assert kit.other.take_over(kit.store, oid)
    kit.store.put_away(BAG, oid)
    assert b"".join(kit.other.read(oid)) == path.read_bytes()


def test_what_is_put_away_comes_back_or_goes_for_good(kit: Kit) -> None:
    oid, size, path = kit.file(SMALL)
    kit.store.put(oid, size, path)
    for _ in range(2):
        kit.store.put_away(BAG, oid)
    assert kit.store.size(oid) is None
    assert [*kit.store.listed()] == []
    for _ in range(2):
        kit.store.take_back(BAG, oid)
    assert b"".join(kit.store.read(oid)) == path.read_bytes()
    kit.store.put_away(BAG, oid)
    for _ in range(2):
        kit.store.forget(BAG)
    kit.store.take_back(BAG, oid)
    assert kit.store.size(oid) is None


@pytest.mark.parametrize("name", ["", "../../b/lfs/x", "a" * 63, "A" * 64, "a" * 64 + "\n", f"{'a' * 60}/../"])
def test_no_name_but_a_hash_leads_anywhere(kit: Kit, name: str, tmp_path: Path) -> None:
    calls: list[Callable[[], object]] = [
        lambda: kit.store.size(name),
        lambda: kit.store.put(name, 1, tmp_path),
        lambda: list(kit.store.read(name)),
        lambda: kit.store.put_away(BAG, name),
        lambda: kit.store.take_back(BAG, name),
        lambda: kit.store.forget(name),
    ]
    for call in calls:
        with pytest.raises(StudioError) as refused:
            call()
        assert refused.value.code is Code.NOT_FOUND
