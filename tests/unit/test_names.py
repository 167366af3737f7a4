"""Paths inside a project: what every file system and every git takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_sdk.errors import Code, StudioError
from studio_server.library.names import checked_path, safe_stem, wrong_with


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../x",
        "a/../b",
        "/etc/x",
        "a//b",
        ".git/hooks/x",
        ".GIT/x",
        ".g\u200cit/x",
        "git~1/x",
        "CON",
        "a/aux.mp4",
        "a:b",
        "x.",
        "x ",
        " x",
        "e\u0301.mp4",
        "a\\b",
        "x" * 300,
        "é" * 101,
        ".lfsconfig",
        "sub/.gitattributes",
        'a"b',
        "a\nb",
        "\ud800",
    ],
)
def test_paths_that_are_refused(path: str) -> None:
    assert wrong_with(path)
    with pytest.raises(StudioError) as refused:
        checked_path(path)
    assert refused.value.code is Code.VALIDATION_ERROR


@pytest.mark.parametrize("path", ["03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4", ".gitignore", "é/日本.png"])
def test_paths_that_are_taken(path: str) -> None:
    assert checked_path(path) == path


@pytest.mark.parametrize(
    ("original", "stem"),
    [
        ("My Photo (1).png", "My-Photo-1"),
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\clip.mov", "clip"),
        ("CON.png", "CON-media"),
        ("日本.png", "media"),
        (".png", "png"),
        ("a.tar.gz", "a-tar"),
        ("x" * 300 + ".png", "x" * 60),
    ],
)
def test_file_names_become_safe(original: str, stem: str) -> None:
    assert safe_stem(original) == stem


@given(st.text(max_size=300))
def test_any_file_name_becomes_a_path(original: str) -> None:
    assert wrong_with(f"01_Assets/Source_Media/{safe_stem(original)}.png") is None
