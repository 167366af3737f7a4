"""The harness for pipelines: whatever ends the one who tries a pipeline ends the pipeline too."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.pipelines import Yard

HARNESS = "import sys, pathlib; from studio_sdk import testing; testing.carry_out(*map(pathlib.Path, sys.argv[1:]))"


@pytest.mark.parametrize("word", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_pipeline_does_not_outlive_the_test_that_runs_it(tmp_path: Path, word: signal.Signals) -> None:
    folder = Yard(tmp_path).plant("(job / 'scratch/pid').write_text(f'{os.getpid()}\\n'); time.sleep(60)")
    job = tmp_path / "job"
    for name in ("outputs", "inputs", "scratch"):
        (job / name).mkdir(parents=True)
    (job / "request.json").write_text("{}")
    harness = subprocess.Popen([sys.executable, "-c", HARNESS, str(folder), str(job)], stderr=subprocess.DEVNULL)
    told = job / "scratch/pid"
    _until(lambda: told.is_file() and told.read_text().endswith("\n"))
    pipeline = Path("/proc") / told.read_text().strip()
    assert pipeline.exists()
    harness.send_signal(word)
    harness.wait(10)
    _until(lambda: not pipeline.exists())


def _until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not done():
        assert time.monotonic() < until
        time.sleep(0.02)
