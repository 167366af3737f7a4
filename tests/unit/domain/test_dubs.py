"""Voices in another language that speak longer than their place, and the pace with which they fit."""

from fractions import Fraction

import pytest
from pydantic import JsonValue

from studio_sdk.contract import Scalar
from studio_sdk.manifest import Pipeline
from studio_sdk.types import MediaRef, Quality
from studio_server.domain.dubs import Spoken, note_of, overruns
from studio_server.domain.graph import Node
from studio_server.domain.shots import Recipe, Take
from studio_server.domain.soundtrack import placing
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline


def speech(name: str, **data: JsonValue) -> Node:
    return Node(id=name, type="speech", data={"scene": "01", "code": name, **data})


def film(rate: str = "24/1") -> tuple[Timeline, list[Node]]:
    """Return a film of two shots without takes, 4 s each."""
    cards = [
        Node(id=one, type="shot", data={"scene": "01", "code": code}) for one, code in (("s", "010"), ("t", "020"))
    ]
    shots = [ShotInOrder(card.id, "01", str(card.data["code"]), None, seconds=Fraction(4)) for card in cards]
    return compile_timeline("Fog", rate, shots), cards


def spoken_by(name: str = "speak", **inputs: dict[str, object]) -> Pipeline:
    return Pipeline.model_validate(
        {
            "contract": 1,
            "id": name,
            "version": "1.0.0",
            "title": name,
            "task": "make-sound",
            "engine": "cpu",
            "inputs": inputs,
            "outputs": {"audio": {"type": "Audio", "required": True}},
            "variants": [{"quality": "low", "estimate_s": 1}],
        }
    )


def said(card: Node, seconds: float, pipeline: Pipeline | None = None, **params: Scalar) -> Spoken:
    recipe = Recipe(
        pipeline="speak",
        pipeline_version="1",
        seed=0,
        quality=Quality.LOW,
        quality_requested=Quality.LOW,
        params=params,
    )
    take = Take(
        id=card.id,
        scene="01",
        code="900",
        version=1,
        number=1,
        reel="A9000101",
        created_at="",
        recipe=recipe,
        duration_s=seconds,
        media=MediaRef(path=f"{card.id}.wav", oid=f"{ord(card.id[0]):064x}", size=1, mime="audio/wav"),
    )
    return Spoken(card, placing(card, "voice"), take, pipeline)


FRENCH: dict[str, JsonValue] = {"sound_language": "fr"}
PACE: dict[str, object] = {"type": "Float", "default": 1.0, "minimum": 0.5, "maximum": 2.0, "step": 0.1}


def test_a_voice_in_place_of_a_shot_is_held_against_it() -> None:
    timeline, cards = film()
    dub = speech("d", sound_instead="t", sound_shot="t", **FRENCH)
    found = overruns(timeline, [said(dub, 5.8)], cards)
    assert (found["d"].seconds, found["d"].of, found["d"].field, found["d"].pace) == (1.8, "Shot 020", "", None)
    assert (
        note_of(dub, found["d"]) == "Speech d speaks 1.8 s longer than Shot 020: shorten its lines, or let it run on."
    )


@pytest.mark.parametrize("seconds", [3.0, 4.0, 4.05])
def test_one_that_fits_is_not_told(seconds: float) -> None:
    timeline, cards = film()
    dub = speech("d", sound_instead="s", sound_shot="s", **FRENCH)
    assert overruns(timeline, [said(dub, seconds)], cards) == {}


def test_what_is_cut_away_of_it_is_not_too_long() -> None:
    timeline, cards = film()
    trimmed = speech("d", sound_instead="s", sound_shot="s", sound_length=90, **FRENCH)
    later = speech("e", sound_instead="s", sound_shot="s", sound_at=48, **FRENCH)
    found = overruns(timeline, [said(trimmed, 9), said(later, 3)], cards)
    assert {name: one.seconds for name, one in found.items()} == {"e": 1.0}


def test_a_voice_in_place_of_a_voice_is_held_against_what_of_that_is_heard() -> None:
    timeline, cards = film()
    written = speech("v", sound_shot="s", sound_at=24)
    dub = speech("d", sound_instead="v", **FRENCH)
    found = overruns(timeline, [said(written, 2), said(dub, 3.5)], cards)
    assert {name: (one.seconds, one.of) for name, one in found.items()} == {"d": (1.5, "Speech v")}


def test_one_in_place_of_nothing_or_of_what_is_gone_has_no_place() -> None:
    timeline, cards = film()
    loose, lost = speech("d", **FRENCH), speech("e", sound_instead="gone", sound_shot="s", **FRENCH)
    assert overruns(timeline, [said(loose, 99), said(lost, 99), said(speech("w"), 99)], cards) == {}


@pytest.mark.parametrize(
    ("name", "pace", "seconds", "was", "wanted"),
    [
        ("pace", PACE, 5.0, None, 1.3),
        ("speed", PACE, 5.0, None, 1.3),
        ("pace", PACE, 5.0, 1.2, 1.5),
        ("pace", PACE | {"step": None}, 5.0, None, 1.25),
        ("pace", PACE, 9.0, None, None),
    ],
)
def test_the_pace_with_which_it_fits(
    name: str, pace: dict[str, object], seconds: float, was: float | None, wanted: float | None
) -> None:
    timeline, cards = film()
    dub = speech("d", sound_instead="s", sound_shot="s", **FRENCH)
    params: dict[str, Scalar] = {} if was is None else {name: was}
    found = overruns(timeline, [said(dub, seconds, spoken_by(**{name: pace}), **params)], cards)["d"]
    assert (found.field, found.pace) == (name, wanted)
    assert ("let it speak faster" in note_of(dub, found)) == (wanted is not None)


def test_a_pace_in_words_is_none() -> None:
    timeline, cards = film()
    dub = speech("d", sound_instead="s", sound_shot="s", **FRENCH)
    slow = spoken_by(pace={"type": "String", "default": "slow", "choices": ["slow", "fast"]})
    assert overruns(timeline, [said(dub, 5, slow)], cards)["d"].field == ""
