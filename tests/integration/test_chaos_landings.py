"""The short form of `make chaos-landings`: writers, a person who commits, thirty kills; nothing is lost.

It runs as a program of its own, because it forks writers, and what runs tests has threads.
"""

import re
import subprocess
import sys

import pytest

from tests.stage import ROOT


@pytest.mark.timeout(300)
@pytest.mark.parametrize("storage", ["folder", "s3"])
def test_takes_land_while_writers_are_killed_and_a_person_commits(storage: str) -> None:
    words = ["--writers", "4", "--minutes", "0.1", "--kills", "30", "--seed", "20261130", "--storage", storage]
    command = [sys.executable, "-m", "tests.chaos.landings", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.search(r"(\d+) landed, (\d+) writers killed, (\d+) commits of a person, 0 failures", done.stdout)
    assert told, done.stdout
    landed, kills, commits = map(int, told.groups())
    assert (landed > 0, kills, commits > 0) == (True, 30, True)
