"""The line of a project: moves keep everybody in it, estimates come from what ran, shared workers are shared out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from studio_server.domain.queue import Turn, moved, starts

DAWN = datetime(2026, 11, 20, tzinfo=UTC)


@st.composite
def _moves(draw: st.DrawFn) -> tuple[list[str], str, str | None]:
    order = [f"t{number}" for number in range(draw(st.integers(1, 12)))]
    return order, draw(st.sampled_from(order)), draw(st.sampled_from([None, *order]))


@given(_moves())
def test_a_move_changes_the_place_of_one_and_the_order_of_no_others(move: tuple[list[str], str, str | None]) -> None:
    order, job, before = move
    after = moved(order, job, before)
    assert sorted(after) == sorted(order)
    assert [other for other in after if other != job] == [other for other in order if other != job]
    if before is None:
        assert after[-1] == job
    elif before != job:
        assert after.index(job) + 1 == after.index(before)
    else:
        assert after == order


def _turn(job: str, project: str, place: int, age: int, takes: float | None = 10, queue: str = "cpu") -> Turn:
    return Turn(job, project, queue, place, DAWN - timedelta(seconds=age), takes)


def test_turns_are_taken_in_the_projects_own_order() -> None:
    turns = [_turn("old", "a", 2, 30), _turn("other", "b", 1, 20, takes=1), _turn("moved-up", "a", 1, 10)]
    assert starts(turns, {"w": ["cpu"]}, {"w": 5.0}) == {"other": 5, "moved-up": 6, "old": 16}


def test_workers_share_and_what_nobody_knows_is_not_guessed() -> None:
    turns = [_turn("one", "a", 1, 3), _turn("two", "a", 2, 2, takes=None), _turn("three", "a", 3, 1)]
    assert starts(turns, {"v": ["cpu"], "w": ["cpu"]}, {}) == {"one": 0, "two": 0, "three": 10}
    assert starts(turns, {"w": ["cpu"]}, {}) == {"one": 0, "two": 10, "three": None}
    assert starts(turns, {"w": ["gpu.24"]}, {}) == {"one": None, "two": None, "three": None}
    assert starts(turns, {"w": ["cpu"]}, {"w": None})["one"] is None


def test_who_is_expected_is_served_when_they_come_and_it_is_their_turn() -> None:
    mine = [_turn(f"mine{number}", "a", number, 9) for number in range(3)]
    other = _turn("other", "b", 0, 0)._replace(person="they", comes_s=5.0)
    assert starts(mine, {"w": ["cpu"]}, {}, expected=iter([other])) == {"mine0": 0, "mine1": 20, "mine2": 30}
    late = other._replace(comes_s=100.0)
    assert starts(mine, {"w": ["cpu"]}, {}, expected=iter([late])) == {"mine0": 0, "mine1": 10, "mine2": 20}
    own = other._replace(project_id="a", person="")
    assert starts(mine, {"w": ["cpu"]}, {}, expected=iter([own])) == {"mine0": 0, "mine1": 10, "mine2": 20}
    gone = _turn("gone", "a", 0, 9, queue="gpu.24")
    assert starts([gone], {"w": ["cpu"]}, {}, expected=iter([late])) == {"gone": None}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 9), st.floats(0, 100)), max_size=12))
def test_nobody_starts_before_those_called_earlier_on_one_worker(jobs: list[tuple[str, int, float]]) -> None:
    turns = [_turn(f"t{n}", project, place, n, takes) for n, (project, place, takes) in enumerate(jobs)]
    soon = starts(turns, {"w": ["cpu"]}, {})
    assert set(soon) == {turn.job_id for turn in turns}
    for project in "ab":
        own = sorted((t for t in turns if t.project_id == project), key=lambda t: (t.place, t.created_at, t.job_id))
        times = [soon[turn.job_id] or 0 for turn in own]
        assert times == sorted(times)
