"""Lines of events.jsonl come whole, once, in order, whatever else is written there."""

import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from function_runner.events import EventFile
from studio_sdk.contract import Progress


def _line(seq: int, fraction: float) -> bytes:
    return json.dumps({"v": 1, "seq": seq, "ts": 0, "t": "progress", "f": fraction}).encode() + b"\n"


def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.touch()
    events = EventFile(path)
    line = _line(1, 0.5)
    with path.open("ab", buffering=0) as log:
        log.write(line[:20])
        assert list(events.new()) == []
        log.write(line[20:] + _line(2, 0.6)[:5])
        assert [event.seq for event in events.new()] == [1]
    assert (events.bad, events.alive) == (0, len(line) + 5)
    events.close()


def test_a_line_that_is_too_long_is_left_out_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"x" * 3_000_000 + b"\n" + _line(1, 0.1) + b'{"t":"other"}\n' + _line(2, 2.0) + _line(3, 0.2))
    events = EventFile(path)
    assert [event.seq for event in events.new()] == [1, 3]
    assert events.bad >= 3
    events.close()


@given(st.lists(st.one_of(st.binary(max_size=60), st.floats(0, 1).map(lambda f: _line(1, f))), max_size=20))
def test_anything_at_all_is_read_without_a_fault(pieces: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        path.touch()
        events = EventFile(path)
        found = []
        for piece in pieces:
            with path.open("ab") as log:
                log.write(piece)
            found += list(events.new())
        assert all(isinstance(event, Progress) for event in found)
        events.close()


def test_a_pipeline_that_never_stops_talking_does_not_hold_its_watch_up(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.touch()
    events = EventFile(path)
    with path.open("ab", buffering=0) as log:
        log.write(_line(1, 0.5))
        heard = 0
        for event in events.new():
            log.write(_line(event.seq + 1, 0.5))
            heard += 1
            assert heard < 100
    assert heard == 1
    assert [event.seq for event in events.new()] == [2]
    events.close()


def test_a_pipeline_that_writes_a_disk_full_of_events_only_counts_as_alive(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.touch()
    events = EventFile(path)
    with path.open("ab", buffering=0) as log:
        log.write(_line(1, 0.5))
        log.truncate(1024**3)
        assert list(events.new()) == []
        assert events.alive == 1024**3
    events.close()
