"""One typed function becomes a manifest, a form and a run: what an author writes is all there is."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_sdk import Audio, Code, Edl, Fail, Field, Image, Job, Reference, Variant, Video, pipeline
from studio_sdk.fields import accept_all, accept_files
from studio_sdk.manifest import Pipeline

WORDS: dict[str, Any] = {"id": "test", "version": "1.0.0", "title": "Test", "task": "test"}


@pipeline(
    **WORDS,
    variants=(Variant("low"), Variant("high", vram_gb=24, timeout_s=900, estimate_s=40, params={"steps": 30})),
    determinism="seeded",
    cannot=("Fly",),
)
def full(
    job: Job,
    prompt: Annotated[str, Field(title="Prompt", max_length=20, multiline=True, help="What is seen")],
    clips: list[Video],
    still: Image | None = None,
    voices: list[Audio] | None = None,
    cut: Edl | None = None,
    steps: Annotated[int, Field(minimum=1, maximum=60)] = 24,
    strength: Annotated[float, Field(minimum=0, maximum=1, step=0.1, unit="x")] = 1,
    look: Literal["film", "clay"] = "film",
    loud: bool = False,
    note: str = "",
) -> Video:
    """Do everything at once,
    in two lines.

    This part is for readers of the code.
    """
    made = Video(job.outputs / "made.mp4")
    made.write_text(
        repr((prompt, [clip.label for clip in clips], still, voices, cut, steps, strength, look, loud, note))
    )
    return made


def test_the_manifest_says_what_the_signature_says() -> None:
    manifest = Pipeline.model_validate(full.manifest())
    assert manifest.description == "Do everything at once, in two lines."
    assert list(manifest.inputs) == [
        "prompt", "clips", "still", "voices", "cut", "steps", "strength", "look", "loud", "note",
    ]  # fmt: skip
    kinds = {name: (port.type.value, port.required, port.many, port.default) for name, port in manifest.inputs.items()}
    assert kinds["prompt"] == ("String", True, False, None)
    assert kinds["clips"] == ("Video", True, True, None)
    assert kinds["still"] == ("Image", False, False, None)
    assert kinds["voices"] == ("Audio", False, True, None)
    assert kinds["cut"] == ("EDL", False, False, None)
    assert kinds["steps"] == ("Integer", False, False, 24)
    assert kinds["strength"] == ("Float", False, False, 1.0)
    assert kinds["loud"] == ("Boolean", False, False, False)
    assert manifest.inputs["look"].choices == ("film", "clay")
    assert (manifest.inputs["strength"].step, manifest.inputs["strength"].unit) == (0.1, "x")
    assert manifest.outputs["video"].type == "Video"
    assert manifest.variants[1].params == {"steps": 30}
    assert (manifest.determinism, manifest.cannot) == ("seeded", ("Fly",))
    assert json.loads(json.dumps(full.manifest())) == full.manifest()


def test_several_outputs_are_a_dataclass_and_a_single_one_can_be_named() -> None:
    @dataclass
    class Both:
        picture: Image
        sound: Audio

    def split(clip: Video) -> Both:
        """Split."""
        raise NotImplementedError

    split.__annotations__["return"] = Both
    assert {name: port.kind.value for name, port in pipeline(**WORDS)(split).outputs.items()} == {
        "picture": "Image",
        "sound": "Audio",
    }
    assert list(full.outputs) == ["video"]
    assert list(pipeline(**WORDS, output="film")(full.function).outputs) == ["film"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pipeline(**WORDS)(_no_type),
        lambda: pipeline(**WORDS)(_two_types),
        lambda: pipeline(**WORDS)(_no_output),
        lambda: pipeline(**WORDS)(_star),
        lambda: pipeline(**WORDS)(_list_of_numbers),
    ],
)
def test_a_signature_that_is_no_pipeline_is_refused_where_it_is_written(wrong: Any) -> None:
    with pytest.raises(TypeError):
        wrong()


def _no_type(a, still: Image) -> Image: ...  # type: ignore[no-untyped-def,empty-body]
def _two_types(a: str | int) -> Image: ...  # type: ignore[empty-body]
def _no_output(a: str) -> None: ...
def _star(*a: str) -> Image: ...  # type: ignore[empty-body]
def _list_of_numbers(a: list[int]) -> Image: ...  # type: ignore[empty-body]


def test_a_default_outside_its_own_bounds_is_refused_where_it_is_written() -> None:
    def wrong(seconds: Annotated[float, Field(maximum=3)] = 4) -> Image: ...  # type: ignore[empty-body]

    with pytest.raises(Fail, match="at most 3"):
        pipeline(**WORDS)(wrong)


@pytest.mark.parametrize("nonsense", [{"id": "Bad Id"}, {"version": "1"}, {"engine": "steam"}, {"tier": "gold"}])
def test_nonsense_in_the_decorator_shows_when_the_manifest_is_made(nonsense: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(nonsense))):
        pipeline(**(WORDS | nonsense))(full.function).manifest()


GOOD = {"prompt": "x"}


@pytest.mark.parametrize(
    ("params", "field", "words"),
    [
        ({}, "prompt", "is needed"),
        ({"prompt": None}, "prompt", "is needed"),
        ({"prompt": ""}, "prompt", "is needed"),
        ({"prompt": 3}, "prompt", "must be text"),
        ({"prompt": "x" * 21}, "prompt", "longer than 20"),
        (GOOD | {"steps": 0}, "steps", "at least 1"),
        (GOOD | {"steps": 61}, "steps", "at most 60"),
        (GOOD | {"steps": 1.5}, "steps", "whole number"),
        (GOOD | {"steps": True}, "steps", "must be a number"),
        (GOOD | {"steps": "24"}, "steps", "must be a number"),
        (GOOD | {"strength": float("nan")}, "strength", "must be a number"),
        (GOOD | {"strength": float("inf")}, "strength", "must be a number"),
        (GOOD | {"look": "noir"}, "look", "one of film, clay"),
        (GOOD | {"look": ""}, "look", "one of film, clay"),
        (GOOD | {"strength": ""}, "strength", "must be a number"),
        (GOOD | {"loud": 1}, "loud", "true or false"),
        (GOOD | {"speed": 1}, "speed", "no setting called speed"),
        (GOOD | {"still": "x.png"}, "still", "no setting called still"),
    ],
)
def test_a_wrong_parameter_is_named(params: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(Fail, match=words) as raised:
        accept_all(full.inputs, params)
    assert (raised.value.code, raised.value.field) == (Code.VALIDATION_ERROR, field)


def test_what_is_not_given_has_its_default_and_its_type() -> None:
    taken = accept_all(full.inputs, GOOD | {"strength": 0, "steps": 3.0, "note": None})
    assert taken == {
        "prompt": "x", "steps": 3, "strength": 0.0, "look": "film", "loud": False, "note": "",
    }  # fmt: skip
    assert (type(taken["strength"]), type(taken["steps"])) == (float, int)


@given(st.dictionaries(st.sampled_from([*full.inputs, "other"]), st.one_of(st.none(), st.booleans(), st.integers(),
       st.floats(), st.text(max_size=30)), max_size=8))  # fmt: skip
def test_any_parameters_are_taken_in_the_right_types_or_refused_with_a_field(params: dict[str, Any]) -> None:
    refused: str | None = None
    try:
        taken = accept_all(full.inputs, params)
    except Fail as fail:
        refused = fail.field or "nothing"
    if refused:
        assert refused in {*full.inputs, "other"}
        return
    assert isinstance(taken["prompt"], str)
    assert isinstance(taken["steps"], int)
    assert 1 <= taken["steps"] <= 60
    assert 0 <= float(str(taken["strength"])) <= 1
    assert taken["look"] in {"film", "clay"}
    assert isinstance(taken["loud"], bool)


def test_files_come_alone_in_order_or_not_at_all() -> None:
    one, two = Video("a.mp4"), Video("b.mp4")
    taken = accept_files(full.inputs, {"clips": [two, one], "still": [Image("c.png")]})
    assert taken == {"clips": [two, one], "still": Image("c.png"), "voices": None, "cut": None}
    with pytest.raises(Fail, match="clips is needed"):
        accept_files(full.inputs, {})
    with pytest.raises(Fail, match="takes one file, not 2"):
        accept_files(full.inputs, {"clips": [one], "still": [Image("c"), Image("d")]})
    with pytest.raises(Fail, match="no input called mask"):
        accept_files(full.inputs, {"clips": [one], "mask": [Image("c")]})


def test_an_input_says_what_it_is_to_the_composer_and_references_come_as_files() -> None:
    @pipeline(**WORDS, modes=("animate", "audio"))
    def look(
        job: Job,
        character: Reference | None = None,
        voice: Annotated[Audio | None, Field(role="audio")] = None,
    ) -> Video:
        """Look."""
        return Video(job.outputs / "x.mp4")

    manifest = Pipeline.model_validate(look.manifest())
    assert manifest.modes == ("animate", "audio")
    assert (manifest.inputs["character"].type, manifest.inputs["character"].is_file) == ("AssetReference", True)
    assert (manifest.inputs["character"].role, manifest.inputs["voice"].role) == (None, "audio")
    with pytest.raises(ValueError, match="role"):
        Pipeline.model_validate(manifest.model_dump() | {"inputs": {"x": {"type": "Audio", "role": "hero"}}})
