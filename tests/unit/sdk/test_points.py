"""Points on a picture: what an author asks for, how places are written, and what is refused by the point's name."""

import json
import re
from typing import Annotated

import pytest
from pydantic import ValidationError

from studio_sdk import Code, Fail, Field, Image, Point, Points, pipeline
from studio_sdk.catalogue import _bounds
from studio_sdk.fields import accept_all
from studio_sdk.manifest import Pipeline
from studio_sdk.points import placed_on, read, write
from studio_sdk.sample import made_up
from studio_sdk.wrong import _bad_values

ASKED = Points(
    of="still",
    points=(Point("left", "Left ear", 0.3, 0.4), Point("right", "Right ear", 0.7, 0.4, help="It may be hidden")),
    lines=(("left", "right"),),
)
GOOD = {"left": (0.25, 0.5), "right": (1.0, 0.0)}


@pipeline(id="ears", version="1.0.0", title="Ears", task="test")
def ears(still: Image, marks: Annotated[str, Field(title="Ears", points=ASKED)] = "") -> Image:
    """Wiggle the ears."""
    raise NotImplementedError(still, marks)


def test_the_manifest_says_which_points_and_where_they_begin() -> None:
    facts = Pipeline.model_validate_json(json.dumps(ears.manifest()))
    asked = facts.inputs["marks"].points
    assert asked
    assert (asked.of, asked.lines) == ("still", (("left", "right"),))
    assert [(one.name, one.title, one.x) for one in asked.points] == [
        ("left", "Left ear", 0.3),
        ("right", "Right ear", 0.7),
    ]
    assert _bounds(facts.inputs["marks"]) == "2 points on `still`"
    assert made_up(facts.inputs["marks"].model_copy(update={"default": None})) == write(
        {"left": (0.3, 0.4), "right": (0.7, 0.4)}
    )


def test_places_come_back_as_they_were_written_and_say_on_which_picture() -> None:
    text = write(GOOD, on="ab" * 32)
    assert read(text, ASKED.points) == GOOD
    assert placed_on(text) == "ab" * 32
    assert read("  ", ASKED.points) == {}
    assert [placed_on(other) for other in ("", "[]", '{"on": 3}', "no")] == [""] * 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("left", "It must be"),
        ("[1, 2]", "It must be"),
        ("[" * 100_000, "It must be"),
        ('{"at": [0.5, 0.5]}', "It must be"),
        (write({"left": (0.2, 0.2)}), "“Right ear” (right) is missing"),
        (write(GOOD | {"tail": (0.1, 0.1)}), "no point called “tail”; there are left, right"),
        (write(GOOD | {"left": (0.2, 1.01)}), "“Left ear” (left) must be two numbers from 0 to 1"),
        ('{"at": {"left": [0.1], "right": [0, 0]}}', "“Left ear” (left) must be"),
        ('{"at": {"left": [true, 0], "right": [0, 0]}}', "“Left ear” (left) must be"),
        ('{"at": {"left": [NaN, 0], "right": [0, 0]}}', "“Left ear” (left) must be"),
    ],
)
def test_what_is_wrong_names_its_point(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        read(text, ASKED.points)
    with pytest.raises(Fail) as failed:
        accept_all(ears.inputs, {"marks": text})
    assert (failed.value.code, failed.value.field) == (Code.VALIDATION_ERROR, "marks")
    assert said in failed.value.message


def test_the_conformance_kit_tries_points_that_are_wrong() -> None:
    socket = Pipeline.model_validate(ears.manifest()).inputs["marks"]
    tried = dict(_bad_values(socket))
    for what in ("without the point left", "whose point left lies outside the picture"):
        with pytest.raises(Fail):
            accept_all(ears.inputs, {"marks": tried[what]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"of": "nothing"}, "placed on an input that is an Image"),
        ({"lines": [["left", "tail"]]}, "tail: a line goes to no point"),
        ({"points": []}, "at least 1"),
        ({"points": [{"name": "a", "title": "A", "x": 0, "y": 0}] * 2, "lines": []}, "two points have the same name"),
        ({"points": [{"name": "a", "title": "A", "x": 2, "y": 0}], "lines": []}, "less than or equal to 1"),
    ],
)
def test_a_manifest_that_asks_for_nonsense_is_refused(change: dict[str, object], said: str) -> None:
    told = json.loads(json.dumps(ears.manifest()))
    told["inputs"]["marks"]["points"] |= change
    with pytest.raises(ValidationError, match=said):
        Pipeline.model_validate(told)
