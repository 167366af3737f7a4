"""How long it takes: learned from what ran, a guess until enough has, and right eight times in ten."""

import math
import random

import pytest

from studio_sdk.types import Format
from studio_server.domain.pace import ENOUGH, MANY, Load, Past, megapixels, pace

KIND = ("animatic", "low")


def test_a_promise_is_a_guess_until_enough_have_run() -> None:
    first = pace(KIND, [], Load(4), 30)
    assert first
    assert first.guess
    assert first.likely_s == pytest.approx(30)
    few = pace(KIND, [Past(2, 10), Past(4, 20)], Load(8), 30)
    assert few
    assert few.guess
    assert few.likely_s == pytest.approx(40), "what ran says more than the manifest"
    enough = pace(KIND, [Past(2, 10)] * ENOUGH, Load(8), 30)
    assert enough
    assert not enough.guess
    assert enough.likely_s == pytest.approx(40)
    assert pace(KIND, [], Load(4), None) is None


def test_longer_and_larger_takes_longer() -> None:
    past = [Past(2, 10, 1.0)] * ENOUGH
    small, long, large = (pace(KIND, past, load, None) for load in (Load(2), Load(6), Load(2, 4.0)))
    assert small
    assert long
    assert large
    assert [round(one.likely_s, 6) for one in (small, long, large)] == [10, 30, 40]
    assert megapixels(Format(width=1280, height=720, frame_rate="24/1")) == pytest.approx(0.9216)


def test_a_run_that_does_not_say_its_length_counts_by_the_picture() -> None:
    unknown = pace(KIND, [Past(None, 20)] * ENOUGH, Load(8), None)
    assert unknown
    assert unknown.likely_s == pytest.approx(20)
    asked_without = pace(KIND, [Past(2, 10), Past(4, 20), Past(None, 30), Past(1, 5), Past(1, 15)], Load(None), None)
    assert asked_without
    assert asked_without.likely_s == pytest.approx(15)


@pytest.mark.parametrize("runs", [ENOUGH, 8, MANY - 1, MANY, 50])
def test_eight_in_ten_end_in_the_range(runs: int) -> None:
    chance = random.Random(runs)
    within = 0
    tries = 3000
    for _ in range(tries):
        took = [math.exp(chance.gauss(3, 0.5)) for _ in range(runs + 1)]
        known = pace(KIND, [Past(1, one) for one in took[:-1]], Load(1), None)
        assert known
        found = known.range()
        assert found.low_s <= found.likely_s <= found.high_s
        within += found.low_s <= took[-1] <= found.high_s
    assert 0.77 <= within / tries <= 0.83, "three standard errors are 0.022"


def test_ranges_hold_also_where_runs_are_not_spread_as_supposed() -> None:
    chance = random.Random(1)
    within = 0
    tries = 3000
    for _ in range(tries):
        # Now and then a model is loaded first: two humps, no bell.
        took = [chance.uniform(18, 22) + (60 if chance.random() < 0.25 else 0) for _ in range(51)]
        known = pace(KIND, [Past(1, one) for one in took[:-1]], Load(1), None)
        assert known
        found = known.range()
        within += found.low_s <= took[-1] <= found.high_s
    assert 0.77 <= within / tries <= 0.83
