"""The short form of `make chaos-landings`: writers, a person who commits, thirty kills; nothing is lost."""

from pathlib import Path

import pytest

from tests.chaos.landings import storm


@pytest.mark.timeout(300)
def test_takes_land_while_writers_are_killed_and_a_person_commits(tmp_path: Path) -> None:
    done = storm(tmp_path, writers=4, seconds=3, kills=30, seed=20_261_130)
    assert done.failures == []
    assert done.kills == 30
    assert done.landed > 0
    assert done.commits > 0
