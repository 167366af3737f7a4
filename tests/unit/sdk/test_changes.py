"""What breaks a canvas is told from what does not, and the version must say it."""

import pytest

from studio_sdk import changes
from studio_sdk.manifest import Pipeline

_CHIN = {"name": "chin", "title": "Chin", "x": 0.5, "y": 0.7}

BEFORE = {
    "id": "film-grain",
    "version": "1.2.0",
    "title": "Film grain",
    "task": "add-grain",
    "engine": "cpu",
    "inputs": {
        "clip": {"type": "Video", "many": True},
        "amount": {"type": "Integer", "minimum": 0, "maximum": 10, "default": 3},
        "stock": {"type": "String", "choices": ["a", "b"], "max_length": 20},
        "frame": {"type": "Image"},
        "marks": {"type": "String", "points": {"of": "frame", "points": [_CHIN]}},
    },
    "outputs": {"video": {"type": "Video"}, "mask": {"type": "Mask"}},
    "variants": [{"quality": "low"}, {"quality": "high", "vram_gb": 12}],
}

BREAKS = {
    "the input `clip` is gone": {"inputs": {"clip": None}},
    "the input `seed` is new and needed": {"inputs": {"seed": {"type": "Integer", "required": True}}},
    "the input `clip` takes one file now, not several": {"inputs": {"clip": {"type": "Video"}}},
    "the input `clip` is needed now": {"inputs": {"clip": {"type": "Video", "many": True, "required": True}}},
    "the input `amount` takes nothing above 9 now": {"inputs": {"amount": {"maximum": 9}}},
    "the input `amount` takes nothing below 1 now": {"inputs": {"amount": {"minimum": 1}}},
    "the input `amount` was of the type Integer and is String": {"inputs": {"amount": {"type": "String"}}},
    "the input `stock` no longer takes b": {"inputs": {"stock": {"choices": ["a", "c"]}}},
    "the input `stock` takes 5 characters at most now": {"inputs": {"stock": {"max_length": 5}}},
    "the input `marks` asks for more points now: nose": {
        "inputs": {"marks": {"points": {"of": "frame", "points": [_CHIN, {**_CHIN, "name": "nose"}]}}}
    },
    "the output `mask` is gone": {"outputs": {"mask": None}},
    "the output `mask` was of the type Mask and is Image": {"outputs": {"mask": {"type": "Image"}}},
    "the quality high is gone": {"variants": [{"quality": "low"}]},
    "its task was add-grain and is spoil": {"task": "spoil"},
}

HARMLESS = {
    "the input `seed` is new": {"inputs": {"seed": {"type": "Integer"}}},
    "the output `sound` is new": {"outputs": {"sound": {"type": "Audio"}}},
    "the default of `amount` was 3 and is 4": {"inputs": {"amount": {"default": 4}}},
    "high needed 12 GB of VRAM and needs 24": {"variants": [{"quality": "low"}, {"quality": "high", "vram_gb": 24}]},
    "": {"inputs": {"amount": {"type": "Float", "minimum": -5, "maximum": None}, "stock": {"choices": []}}},
}


def after(change: dict[str, object]) -> Pipeline:
    merged: dict[str, object] = {**BEFORE, **{key: change[key] for key in ("task", "variants") if key in change}}
    for side in ("inputs", "outputs"):
        sockets = dict(BEFORE[side])
        for name, socket in change.get(side, {}).items():
            if socket is None:
                del sockets[name]
            else:
                keep = {} if "type" in socket and "minimum" not in socket else sockets.get(name, {})
                sockets[name] = {**keep, **socket}
        merged[side] = sockets
    return Pipeline.model_validate(merged)


@pytest.mark.parametrize("words", BREAKS)
def test_what_takes_something_away_breaks(words: str) -> None:
    assert words in changes.between(after({}), after(BREAKS[words])).breaking


@pytest.mark.parametrize("words", HARMLESS)
def test_what_adds_something_does_not(words: str) -> None:
    found = changes.between(after({}), after(HARMLESS[words]))
    assert found.breaking == ()
    assert found.other == ((words,) if words else ())


def test_nothing_changed_is_nothing() -> None:
    assert changes.between(after({}), after({})) == changes.Changes((), ())


@pytest.mark.parametrize(
    ("before", "then", "said", "following"),
    [
        ("1.2.0", "1.3.0", False, "2.0.0"),
        ("1.2.0", "2.0.0", True, "2.0.0"),
        ("0.2.0", "0.2.1", False, "0.3.0"),
        ("0.2.0", "0.3.0", True, "0.3.0"),
        ("0.9.0", "1.0.0", True, "0.10.0"),
        ("9.0.0", "10.0.0", True, "10.0.0"),
    ],
)
def test_the_number_says_so(before: str, then: str, said: bool, following: str) -> None:
    assert changes.says_so(before, then) is said
    assert changes.next_version(before) == following
