"""Inputs are kept by what they are, never trusted after a touch, and the longest unused go first."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from function_runner.cache import Cache
from studio_sdk.errors import Code, StudioError


def _fetch(content: bytes, calls: list[bytes]) -> object:
    def fetch(path: Path) -> None:
        calls.append(content)
        path.write_bytes(content)

    return fetch


def _get(cache: Cache, content: bytes, calls: list[bytes]) -> Path:
    return cache.get(hashlib.sha256(content).hexdigest(), len(content), _fetch(content, calls))  # type: ignore[arg-type]


def test_a_file_is_fetched_once(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path, 1000), []
    assert _get(cache, b"one", calls) == _get(cache, b"one", calls)
    assert calls == [b"one"]


def test_a_file_that_was_written_to_is_fetched_again(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path, 1000), []
    path = _get(cache, b"one", calls)
    path.chmod(0o644)
    path.write_bytes(b"two")
    assert _get(cache, b"one", calls).read_bytes() == b"one"
    assert len(calls) == 2


def test_wrong_bytes_are_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)
    with pytest.raises(StudioError) as raised:
        cache.get("0" * 64, 3, lambda path: path.write_bytes(b"one") and None)
    assert raised.value.code == Code.FILE_NOT_FOUND
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    cache, calls = Cache(tmp_path, 100), []
    paths = [_get(cache, bytes([number]) * 40, calls) for number in range(4)]
    for age, path in enumerate(paths):
        os.utime(path, ns=(age, path.stat().st_mtime_ns))
    _get(cache, bytes([0]) * 40, calls)
    cache.trim()
    assert [path.exists() for path in paths] == [True, False, False, True]
    assert len(calls) == 4


def test_workers_that_share_a_cache_keep_its_limit_and_get_every_file(tmp_path: Path) -> None:
    """Four processes fetch and trim against each other in a cache that holds a fifth of what they ask for."""
    limit = 20_000
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                SHARER,
                str(tmp_path / "cache"),
                str(limit),
                str(seed),
                str(tmp_path / f"job{seed}"),
            ],
            cwd=Path(__file__).parents[3],
        )
        for seed in range(4)
    ]
    assert [worker.wait(100) for worker in workers] == [0] * 4
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert 0 < sum(path.stat().st_size for path in kept) <= limit
    assert [path for path in kept if path.name.startswith(".")] == []
    for path in kept:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


SHARER = """
import hashlib, random, sys
from pathlib import Path
from function_runner.cache import Cache
folder, limit, seed, job = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
job.mkdir()
cache, chance = Cache(folder, limit), random.Random(seed)
for turn in range(250):
    data = bytes([chance.randrange(100)]) * 1000
    name = job / str(turn)
    cache.give(hashlib.sha256(data).hexdigest(), len(data), lambda into: into.write_bytes(data), name)
    assert name.read_bytes() == data
    cache.trim()
"""


def test_what_a_killed_worker_left_half_is_removed_and_what_grows_is_not(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 0)
    old, new = tmp_path / "ab" / ".old", tmp_path / "ab" / ".new"
    old.parent.mkdir()
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    cache.trim()
    assert (old.exists(), new.exists()) == (False, True)
