"""Inputs are kept by what they are, never trusted after a touch, and the longest unused go first."""

import hashlib
import os
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
