"""The short form of `make chaos`: two people at random while network, studio and file fail; then all agree."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.chaos.storm import Storm


@pytest.mark.timeout(240)
def test_after_a_short_storm_all_pages_the_studio_and_the_file_agree(browser: Browser, tmp_path: Path) -> None:
    storm = Storm(browser, tmp_path, seed=20_261_120, gentle=True)
    try:
        storm.run(25)
        figures = storm.figures()
    finally:
        storm.close()
    assert storm.failures == [], figures
    assert storm.calms >= 3, figures
    assert storm.faults.total() > 0, figures
