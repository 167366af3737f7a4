"""The short form of `make chaos-workers`: jobs, and workers that are killed at random; every job ends exactly once."""

from pathlib import Path

import pytest

from tests.chaos.workers import Slaughter


@pytest.mark.timeout(420)
def test_every_job_ends_exactly_once_however_often_workers_are_killed(tmp_path: Path) -> None:
    slaughter = Slaughter(tmp_path, count=40, kills=6, seed=20_261_129)
    try:
        slaughter.run()
    finally:
        slaughter.close()
    assert slaughter.failures == [], slaughter.figures()
    assert len(slaughter.ended) == 40
    assert slaughter.killed.total() >= 6
