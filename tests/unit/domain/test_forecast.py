"""The forecast: each state is told for what it is, chains wait for what they are made of, sums are sums."""

from datetime import UTC, datetime, timedelta

import pytest

from studio_sdk.types import Engine, Quality
from studio_sdk.wire import WorkerInfo
from studio_server.domain.forecast import Ask, Forecast, JobForecast, Line, Running, forecast
from studio_server.domain.pace import Load, Pace, Past, pace
from studio_server.domain.placement import Placement, Wish, place
from studio_server.domain.queue import Turn
from tests.unit.domain.test_placement import ANIMATIC, LAPTOP, MIDDLE, TASK, WAN, gpu

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BIG = gpu(24, Engine.COMFYUI, name="big")


def paced(seconds: float, runs: int = 30) -> Pace:
    known = pace(("wan", "high"), [Past(1, seconds * (0.9 if n % 2 else 1.1)) for n in range(runs)], Load(1), seconds)
    assert known
    return known


def ask(
    alive: list[WorkerInfo],
    name: str = "n_1",
    when_full: str = "fallback",
    *,
    takes: Pace | None = None,
    after: tuple[str, ...] = (),
) -> Ask:
    wish = Wish.model_validate({"task": TASK, "quality": "high", "when_full": when_full})
    answer = place(wish, [ANIMATIC, WAN], alive)
    assert isinstance(answer, Placement)
    return Ask(name, answer, takes or paced(60), after)


def waiting(count: int, queue: str = "gpu.24", takes: float = 60, project: str = "p") -> list[Turn]:
    return [Turn(f"t{n}", project, queue, n, NOW - timedelta(minutes=9, seconds=-n), takes) for n in range(count)]


def told(
    asks: list[Ask],
    alive: list[WorkerInfo],
    turns: list[Turn] | None = None,
    running: dict[str, Running] | None = None,
    *,
    paused: bool = False,
) -> Forecast:
    line = Line(turns or [], {turn.job_id: paced(60) for turn in turns or []}, alive, running or {})
    return forecast(asks, {one.id: Quality.HIGH for one in asks}, "p", line, paused=paused, now=NOW)


def only(found: Forecast) -> JobForecast:
    assert len(found.jobs) == 1
    return found.jobs[0]


def test_a_free_machine_fits() -> None:
    one = only(told([ask([BIG])], [BIG]))
    assert (one.state, one.ahead, one.why, one.full) == ("fits", 0, "", "")
    assert one.where == "the 24 GB card of h"
    assert one.starts
    assert one.starts.high_s == 0
    assert one.takes
    assert one.takes.low_s < 60 < one.takes.high_s
    assert not one.guess


def test_those_before_it_are_counted_and_their_time_too() -> None:
    one = only(told([ask([BIG])], [BIG], waiting(3), {"big": Running(paced(60), 0.5, 30)}))
    assert (one.state, one.ahead) == ("waits", 3)
    assert one.starts
    assert one.starts.low_s < 3.5 * 60 < one.starts.high_s
    assert one.starts.high_s - one.starts.low_s < 120


def test_another_projects_long_line_puts_it_off_by_one_turn_only() -> None:
    one = only(told([ask([BIG])], [BIG], waiting(9, project="other"), {"big": Running(paced(60), 0.5, 30)}))
    assert (one.state, one.ahead) == ("waits", 1)
    assert one.starts
    assert one.starts.low_s < 1.5 * 60 < one.starts.high_s


def test_two_machines_halve_the_wait() -> None:
    both = [BIG, BIG.model_copy(update={"id": "big2"})]
    one = only(told([ask(both)], both, waiting(6)))
    assert one.starts
    assert 2.5 * 60 < one.starts.likely_s < 3.5 * 60
    assert one.where == "one of 2 24 GB cards of h"


def test_a_lower_quality_says_why() -> None:
    one = only(told([ask([MIDDLE])], [MIDDLE]))
    assert one.state == "falls_back"
    assert (one.quality, one.quality_wished) == ("standard", "high")
    assert "24 GB card" in one.why
    assert one.where == "the 16 GB card of h"


def test_nobody_there_says_what_is_needed() -> None:
    one = only(told([ask([MIDDLE], when_full="queue")], [MIDDLE]))
    assert (one.state, one.starts) == ("no_machine", None)
    assert "24 GB card" in one.why
    assert one.where == "a 24 GB card"
    assert one.takes, "how long it takes does not hang on when it starts"


def test_a_held_queue_starts_nothing() -> None:
    one = only(told([ask([BIG])], [BIG], paused=True))
    assert (one.state, one.starts) == ("held", None)


@pytest.mark.parametrize(("count", "full"), [(3, False), (4, True)])
def test_a_full_queue_is_said_before_anything_is_sent(count: int, full: bool) -> None:
    one = only(told([ask([BIG], takes=paced(1))], [BIG], waiting(count), {"big": Running(None, 0.5, 1)}))
    assert bool(one.full) == full
    if full:
        assert one.full == "The queue is full: 4 wait for the one machine with a 24 GB card already."


def test_a_chain_waits_for_what_it_is_made_of() -> None:
    both = [BIG, BIG.model_copy(update={"id": "big2"})]
    free = told([ask(both, "a"), ask(both, "b")], both)
    chained = told([ask(both, "a"), ask(both, "b", after=("a",))], both)
    assert free.jobs[1].starts
    assert free.jobs[1].starts.high_s == 0
    assert chained.jobs[1].starts
    assert chained.jobs[1].starts.likely_s == pytest.approx(60, rel=0.2)
    assert chained.total.ends
    assert chained.total.ends.likely_s == pytest.approx(120, rel=0.15)
    assert chained.total.work
    assert free.total.work
    assert chained.total.work == free.total.work


def test_a_total_of_many_is_surer_than_one() -> None:
    asks = [ask([BIG], f"n{n}", takes=paced(60)) for n in range(16)]
    found = told(asks, [BIG]).total
    assert found.ends
    assert found.ends.likely_s == pytest.approx(16 * 60, rel=0.05)
    assert (found.ends.high_s - found.ends.low_s) / found.ends.likely_s < 0.2
    assert found.unknown == 0


def test_what_nobody_can_know_is_not_guessed() -> None:
    one = Ask("n_1", ask([BIG]).placement, None)
    found = told([one, ask([BIG], "n_2")], [BIG])
    assert (found.jobs[0].takes, found.jobs[1].starts) == (None, None)
    assert found.total.unknown == 2
    stuck = told([ask([BIG])], [BIG], running={"big": Running(None, 0.0, 5)})
    assert (only(stuck).starts, only(stuck).state) == (None, "waits")


def test_the_same_question_gets_the_same_answer() -> None:
    turns = waiting(5)
    assert told([ask([BIG])], [BIG], turns) == told([ask([BIG])], [BIG], turns)


def test_a_draft_on_the_processor_is_told_as_one() -> None:
    one = only(told([ask([LAPTOP])], [LAPTOP]))
    assert (one.state, one.tier, one.where) == ("falls_back", "previz", "the processor of h")
