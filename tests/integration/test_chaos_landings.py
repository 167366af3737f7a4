"""The short form of `make chaos-landings`: eight writers, a person who commits, sixty kills; nothing is lost."""

from pathlib import Path

from tests.chaos.landings import storm


def test_takes_land_while_writers_are_killed_and_a_person_commits(tmp_path: Path) -> None:
    done = storm(tmp_path, writers=8, seconds=4, kills=60, seed=20_261_130)
    assert done.failures == []
    assert done.kills == 60
    assert done.landed > 0
    assert done.commits > 0
