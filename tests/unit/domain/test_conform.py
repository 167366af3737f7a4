"""Which frame rates do not fit, and marks that show the same frames of the film in a take of another rate."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_sdk.types import MediaRef, rate
from studio_server.domain.conform import can_be_smoother, is_uneven, shown_instead
from studio_server.domain.cut import marks_of
from studio_server.domain.graph import Node, NodeSet, Operation
from studio_server.domain.marks import conformed_frames, marked_range
from studio_server.domain.shots import Take

RATES = ("24000/1001", "24/1", "25/1", "30000/1001", "30/1", "50/1", "60000/1001")


@pytest.mark.parametrize(
    ("native", "project", "uneven", "smoother"),
    [
        ("16/1", "24/1", True, True),
        ("16/1", "24000/1001", True, True),
        ("24/1", "24000/1001", False, False),
        ("30/1", "60000/1001", False, True),
        ("12/1", "24/1", False, True),
        ("48/1", "24/1", False, False),
        ("30/1", "24/1", True, True),
        ("60/1", "24/1", True, True),
        ("25/2", "25/1", False, True),
    ],
)
def test_which_rates_do_not_fit(native: str, project: str, uneven: bool, smoother: bool) -> None:
    assert (is_uneven(native, project), can_be_smoother(native, project)) == (uneven, smoother)


def take(number: int, frames: int, frame_rate: str) -> Take:
    told: dict[str, Any] = {"id": f"t{number}", "scene": "01", "code": "010", "created_at": "2026-12-01T00:00:00Z"}
    media = MediaRef(path=f"{number}.mp4", oid=f"{number}" * 64, size=1, mime="video/mp4")
    return Take(
        **told, version=1, number=number, media=media, reel=f"A010010{number}", frames=frames, frame_rate=frame_rate
    )


def done(node: Node, operations: list[Operation]) -> Node:
    sets = {one.name: one.value for one in operations if isinstance(one, NodeSet)}
    return node.model_copy(update={"data": node.data | sets})


@given(
    st.integers(1, 400),
    st.sampled_from(["16/1", "12/1", "15/1", "60/1"]),
    st.sampled_from(RATES),
    st.integers(-3, 420) | st.none(),
    st.integers(-3, 420) | st.none(),
)
def test_the_same_frames_of_the_film_are_shown(
    frames: int, native: str, project: str, into: int | None, out: int | None
) -> None:
    film: Fraction = rate(project)
    was = take(1, frames, native)
    now = take(2, conformed_frames(frames, rate(native), film), project)
    marks = {f"in:{was.name}": into, f"out:{was.name}": out}
    node = Node(id="s", type="shot", data={"active_take": was.name, **marks})
    after = done(node, shown_instead(node, was, now))
    assert after.data["active_take"] == now.name
    before = marked_range(marks_of(node, was), frames, rate(native), film)
    assert marked_range(marks_of(after, now), now.frames or 0, film, film) == before


def test_marks_that_somebody_set_in_the_new_take_stay() -> None:
    was, now = take(1, 81, "16/1"), take(2, 121, "24/1")
    node = Node(id="s", type="shot", data={f"in:{was.name}": 16, f"in:{now.name}": 5})
    assert done(node, shown_instead(node, was, now)).data[f"in:{now.name}"] == 5
