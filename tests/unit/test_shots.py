"""The file-name grammar, take numbers and reels."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_sdk.errors import StudioError
from studio_server.domain.shots import (
    Numbered,
    TakeInput,
    TakeName,
    fingerprint,
    next_number,
    parse_file,
    parse_folder,
    parse_path,
    plain_reel,
    reel_name,
    shot_folder,
)
from tests.stock import recipe

WORDS = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)
NAMES = st.builds(TakeName, scene=WORDS, code=WORDS, version=st.integers(1, 999_999), number=st.integers(1, 999_999))


def test_the_path_of_the_first_take() -> None:
    name = TakeName("01", "010", 1, 1)
    assert name.path(".mp4") == "03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4"
    assert name.shot == "SHOT-010"


@given(NAMES, st.from_regex(r"\.[a-z0-9]{1,8}", fullmatch=True))
def test_what_is_written_is_read_back(name: TakeName, suffix: str) -> None:
    path = name.path(suffix)
    assert parse_path(path) == (name, suffix)
    assert parse_path(path.removeprefix("03_Renders/")) == (name, suffix)
    assert parse_folder(name.folder) == (name.scene, name.code)


@given(st.text(max_size=60) | st.from_regex(r"SHOT-\w{1,9}_v\d{1,4}_take\d{1,4}\.\w{1,9}", fullmatch=True))
def test_only_the_one_spelling_is_a_take(filename: str) -> None:
    parsed = parse_file("01", filename)
    if parsed:
        name, suffix = parsed
        assert name.stem + suffix == filename
        assert filename.isascii()


@pytest.mark.parametrize(
    "filename",
    [
        "SHOT-010_v1_take01.mp4",
        "SHOT-010_v001_take01.mp4",
        "SHOT-010_v00_take01.mp4",
        "SHOT-010_v01_take01.poster.jpg",
        "SHOT-010_v01_take01",
        "SHOT-010_v01_take01.MP4",
        "SHOT-../_v01_take01.mp4",
        "SHOT-010_v01_take\u0660\u0661.mp4",
        "shot-010_v01_take01.mp4",
    ],
)
def test_files_that_are_no_takes(filename: str) -> None:
    assert parse_file("01", filename) is None


@pytest.mark.parametrize("path", ["SCENE_01/SHOT_020/SHOT-010_v01_take01.mp4", "SHOT-010_v01_take01.mp4", ""])
def test_a_take_lies_in_its_own_shots_folder(path: str) -> None:
    assert parse_path(path) is None


@pytest.mark.parametrize(
    ("scene", "code", "field"), [("..", "010", "scene"), ("01", "a/b", "code"), ("", "1", "scene")]
)
def test_folders_are_never_made_from_anything_else(scene: str, code: str, field: str) -> None:
    with pytest.raises(StudioError) as refused:
        shot_folder(scene, code)
    assert refused.value.context.field == field


def test_the_seed_is_not_part_of_the_fingerprint_and_everything_else_is() -> None:
    first = recipe()
    mark = fingerprint(first)
    assert fingerprint(first.model_copy(update={"seed": 99, "sandbox": "bwrap"})) == mark
    assert fingerprint(first.model_copy(update={"params": {"prompt": "a ship", "seconds": 2.0}})) == mark
    oid = "a" * 64
    changed = [
        {"pipeline": "other"},
        {"pipeline_version": "1.0.1"},
        {"digest": "e" * 64},
        {"params": {"prompt": "a ship", "seconds": 3}},
        {"quality": "high"},
        {"inputs": (TakeInput(socket="still", oid=oid),)},
    ]
    marks = {fingerprint(first.model_validate(first.model_dump() | change)) for change in changed}
    assert len(marks | {mark}) == len(changed) + 1
    named = [first.model_copy(update={"inputs": (TakeInput(socket="still", name=n, oid=oid),)}) for n in "ab"]
    assert fingerprint(named[0]) == fingerprint(named[1])


def test_versions_are_generations_of_the_recipe() -> None:
    a, b = "a" * 64, "b" * 64
    taken: list[Numbered] = []
    got = []
    for mark in (a, a, b, a, b, a):
        version, number = next_number(taken, mark)
        got.append((version, number))
        taken.append(Numbered(version, number, mark))
    assert got == [(1, 1), (1, 2), (2, 1), (1, 3), (2, 2), (1, 4)]


@given(
    st.lists(st.builds(Numbered, st.integers(1, 5), st.integers(1, 5), st.sampled_from([None, "a", "b"]))),
    st.sampled_from(["a", "b", "c"]),
)
def test_a_number_is_never_given_twice(taken: list[Numbered], mark: str) -> None:
    version, number = next_number(taken, mark)
    assert (version, number) not in {(t.version, t.number) for t in taken}


def test_the_readable_reel() -> None:
    assert plain_reel(TakeName("01", "010", 1, 1)) == "A0100101"
    assert plain_reel(TakeName("26", "999", 99, 99)) == "Z9999999"
    for name in (
        TakeName("1", "010", 1, 1),
        TakeName("27", "010", 1, 1),
        TakeName("00", "010", 1, 1),
        TakeName("01", "10", 1, 1),
        TakeName("01", "010", 100, 1),
        TakeName("01", "01A", 1, 1),
    ):
        assert plain_reel(name) is None


@given(st.lists(NAMES, unique=True, max_size=30))
def test_reels_are_eight_plain_characters_and_never_shared(names: list[TakeName]) -> None:
    taken: set[str] = set()
    for name in names:
        reel = reel_name(name, f"{name}", taken)
        assert re.fullmatch(r"[A-Z0-9]{8}", reel)
        assert reel not in taken
        taken.add(reel)


def test_a_reel_that_is_taken_gives_way() -> None:
    name = TakeName("X", "010", 1, 1)
    first = reel_name(name, "id", ())
    assert first.startswith("T")
    assert not first[1:].isdigit()
    assert reel_name(name, "id", {first}) != first
    assert reel_name(TakeName("20", "010", 1, 1), "id", {"T0100101"}) != "T0100101"
