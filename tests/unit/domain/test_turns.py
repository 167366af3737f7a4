"""Turns are shared: nobody waits for somebody's fifth hundred, and what is forecast is what claims do."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from studio_server.domain.queue import Turn, starts
from studio_server.domain.turns import Shares, joins, next_of

DAWN = datetime(2026, 11, 20, tzinfo=UTC)


def turn(name: str, person: str, project: str, place: int, takes: float = 10.0) -> Turn:
    return Turn(name, project, "cpu", place, DAWN + timedelta(seconds=place), takes, person)


def order(turns: list[Turn], workers: int = 1) -> list[Turn]:
    """Return the turns as they start."""
    soon = starts(turns, {f"w{n}": ["cpu"] for n in range(workers)}, {})
    return sorted(turns, key=lambda one: soon[one.job_id] or 0)


def test_one_shot_of_somebody_starts_second_beside_five_hundred_of_another() -> None:
    many = [turn(f"a{n}", "Ann", "film", n) for n in range(500)]
    one = turn("b", "Bo", "other", 501)
    assert order([*many, one]).index(one) == 1


def test_ten_projects_give_no_more_than_one() -> None:
    many = [turn(f"a{p}.{n}", "Ann", f"film {p}", 20 * p + n) for p in range(10) for n in range(20)]
    own = [turn(f"b{n}", "Bo", "other", 1000 + n) for n in range(5)]
    ten = [one.person for one in order([*many, *own])[:10]]
    assert Counter(ten) == {"Ann": 5, "Bo": 5}


def test_who_has_a_worker_already_comes_after_who_has_none() -> None:
    shares = Shares()
    shares.begin("Ann", "film", 100)
    shares.begin("Bo", "other", 1)
    shares.end("Bo", "other")
    ann, bo = turn("a", "Ann", "film", 1), turn("b", "Bo", "other", 2)
    assert next_of([ann, bo], shares) is bo
    shares.end("Ann", "film")
    assert next_of([ann, bo], shares) is bo  # both have none: Ann had her turn last
    shares.begin("Bo", "other", 200)
    assert next_of([ann, bo], shares) is ann


LINES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.floats(0.5, 50)), min_size=1, max_size=40)


@given(LINES)
def test_with_one_worker_nobody_who_waits_is_passed_over_twice_by_one_person(
    jobs: list[tuple[str, int, float]],
) -> None:
    turns = [turn(f"t{n}", who, f"{who}{project}", n, takes) for n, (who, project, takes) in enumerate(jobs)]
    called = order(turns)
    left = Counter(one.person for one in turns)
    since: dict[str, Counter[str]] = {person: Counter() for person in left}
    for one in called:
        left[one.person] -= 1
        since[one.person] = Counter()
        for other in left:
            if other != one.person and left[other]:
                since[other][one.person] += 1
                assert since[other][one.person] <= 1


@given(LINES, st.integers(1, 4))
def test_what_is_forecast_is_what_claims_do(jobs: list[tuple[str, int, float]], workers: int) -> None:
    """A simulation that claims one by one, as workers do, starts every job when the forecast says."""
    turns = [turn(f"t{n}", who, f"{who}{project}", n, takes) for n, (who, project, takes) in enumerate(jobs)]
    lines: dict[str, list[Turn]] = {}
    for one in turns:
        lines.setdefault(one.project_id, []).append(one)
    shares, began, free, step = Shares(), dict[str, float](), [0.0] * workers, 0.0
    under_way: list[tuple[float, Turn]] = []
    while any(lines.values()):
        now = min(free)
        for done in [one for one in under_way if one[0] <= now]:
            under_way.remove(done)
            shares.end(done[1].person, done[1].project_id)
        firsts = sorted((line[0] for line in lines.values() if line), key=lambda one: one.created_at)
        chosen = next_of(firsts, shares)
        assert chosen is not None
        lines[chosen.project_id].remove(chosen)
        step += 1
        shares.begin(chosen.person, chosen.project_id, step)
        began[chosen.job_id] = now
        free[free.index(now)] = now + (chosen.takes_s or 0)
        under_way.append((now + (chosen.takes_s or 0), chosen))
    assert starts(turns, {f"w{n}": ["cpu"] for n in range(workers)}, {}) == began


@given(st.lists(st.sampled_from("abc"), max_size=60))
def test_in_one_project_nobodys_nth_waits_for_anothers_second_next(people: list[str]) -> None:
    line: list[tuple[str, int]] = []
    count: Counter[str] = Counter()
    for person in people:
        count[person] += 1
        line.insert(joins([who for who, _ in line], person), (person, count[person]))
    for who in "abc":
        assert [number for other, number in line if other == who] == list(range(1, count[who] + 1))
    for at, (who, number) in enumerate(line):
        ahead = Counter(other for other, _ in line[:at])
        assert all(ahead[other] <= number for other in "abc" if other != who)


@given(st.integers(0, 30))
def test_one_person_alone_stands_in_the_order_of_ordering(count: int) -> None:
    assert joins(["a"] * count, "a") == count
