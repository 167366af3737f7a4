"""What a job made is handed in while the next one runs: one may be behind, no more, and none is lost."""

import threading
from pathlib import Path

from function_runner.desk import Desk
from function_runner.job import begin
from tests.fakes.pipelines import Yard
from tests.fakes.studio import FakeStudio


def test_the_next_one_runs_while_the_last_is_handed_in(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    folder = yard.plant("picture(); result(facts={'job': request['job']['id']})")
    opened = threading.Event()
    with FakeStudio() as studio:
        for name in ("first", "second", "lost"):
            studio.offer(name, folder)
        place, desk = yard.workplace(studio), Desk()
        first = begin(place, "first")
        assert first

        def late() -> None:
            opened.wait(60)
            first()

        desk.take(late)
        second = begin(place, "second")
        assert second, "its pipeline has run"
        assert not studio.finished
        assert len(list((yard.root / "work/jobs").iterdir())) == 2
        waiting = threading.Thread(target=desk.take, args=(second,))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive(), "no more than one is behind"
        opened.set()
        waiting.join()
        desk.wait()
        assert [finish.facts["job"] for finish in studio.finished] == ["first", "second"]
        lost = begin(place, "lost")
        studio.fence = True
        assert lost
        desk.take(lost)
        desk.take(lambda: None)
        desk.wait()
        place.line.close()
    assert len(studio.finished) == 2
    assert not list((yard.root / "work/jobs").iterdir())
