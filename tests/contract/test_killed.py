"""What is killed from outside is not told as the pipeline's fault, and what it leaves keeps nobody from starting."""

import subprocess
import sys
import time
from pathlib import Path

from function_runner import stage
from function_runner.job import carry_out
from tests.fakes.pipelines import Yard
from tests.fakes.studio import FakeStudio


def test_a_guard_that_is_killed_is_no_fault_of_its_pipeline(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant("os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)")
    with FakeStudio() as studio:
        studio.offer("job", folder)
        place = yard.workplace(studio)
        carry_out(place, "job")
        place.line.close()
        assert studio.finished == [], "the lease ends, and it is done again"
    assert not list((yard.root / "work" / "jobs").iterdir())


def test_a_worker_starts_though_something_still_writes_into_what_it_clears(tmp_path: Path) -> None:
    outputs = tmp_path / "jobs" / "job-1" / "outputs"
    outputs.mkdir(parents=True)
    (outputs.parent / ".under-way").touch()
    words = "import pathlib, sys\nfor n in range(10**9): pathlib.Path(sys.argv[1], str(n % 500)).mkdir(exist_ok=True)"
    with subprocess.Popen([sys.executable, "-c", words, outputs], stderr=subprocess.DEVNULL) as pipeline:
        try:
            while len(list(outputs.iterdir())) < 100:
                time.sleep(0.01)
            stage.clear(tmp_path)
        finally:
            pipeline.kill()
    stage.clear(tmp_path)
    assert not outputs.parent.exists()
