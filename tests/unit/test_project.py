"""Titles, slugs and formats: what a person may type, and the folder name that comes of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Quality, rate
from studio_server.domain import project
from studio_server.domain.project import checked_description, checked_title, new_manifest, settings_for, slug_for
from studio_server.library.names import wrong_with

UUID = "257d8655-417d-4481-8003-83e6b29b51b5"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The Harbour", "the-harbour"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-project"),
        ("aux", "aux-project"),
        ("Com1", "com1-project"),
        ("🎬🎬", "clapper-clapper"),
        ("日本の夜", "ribennoye"),
        ("Übergröße", "ubergrosse"),
        ("!?", "project"),
        ("..", "project"),
        ("a" * 300, "a" * 60),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_slug(title: str, slug: str) -> None:
    assert slug_for(title) == slug


@given(st.text(max_size=300))
def test_every_slug_is_a_safe_folder_name(title: str) -> None:
    slug = slug_for(title)
    assert 1 <= len(slug) <= 68
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert wrong_with(slug) is None


@given(st.text(max_size=200))
def test_a_title_is_kept_or_refused_by_name(title: str) -> None:
    clean = unicodedata.normalize("NFC", title).strip()
    odd = {"Cc", "Cs", "Zl", "Zp"}
    fine = 1 <= len(clean) <= 120 and not any(unicodedata.category(c) in odd for c in clean)
    if fine and not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"):
        assert checked_title(title) == clean
        return
    with pytest.raises(StudioError) as refused:
        checked_title(title)
    assert refused.value.code is Code.VALIDATION_ERROR
    assert refused.value.context.field == "title"


@pytest.mark.parametrize("title", ["", "   ", "a" * 121, "a\x00b", "a\nb", "a\u202eb", "\ud800"])
def test_titles_that_are_refused(title: str) -> None:
    with pytest.raises(StudioError) as refused:
        checked_title(title)
    assert refused.value.context.field == "title"


@pytest.mark.parametrize("title", ["../", "CON", "🎬 family 👩‍👩‍👧", "a" * 120])
def test_titles_that_are_taken_as_they_are(title: str) -> None:
    assert checked_title(title) == title


def test_description_keeps_lines_and_refuses_what_is_too_long() -> None:
    assert checked_description("one\r\ntwo\n") == "one\ntwo"
    for bad in ("a" * 4001, "a\x07"):
        with pytest.raises(StudioError) as refused:
            checked_description(bad)
        assert refused.value.context.field == "description"


@pytest.mark.parametrize(("ratio", "size"), project.ASPECT_RATIOS.items())
@pytest.mark.parametrize("frame_rate", project.FRAME_RATES)
def test_every_offered_format_can_be_made(ratio: str, size: tuple[int, int], frame_rate: str) -> None:
    settings = settings_for(ratio, frame_rate, Quality.LOW)
    assert (settings.format.width, settings.format.height) == size
    assert settings.rate == rate(frame_rate) == rate(settings.format.frame_rate)


@pytest.mark.parametrize(
    ("ratio", "frame_rate", "field"), [("3:2", "24/1", "aspect_ratio"), ("1:1", "24", "frame_rate")]
)
def test_formats_that_are_not_on_offer(ratio: str, frame_rate: str, field: str) -> None:
    with pytest.raises(StudioError) as refused:
        settings_for(ratio, frame_rate, Quality.LOW)
    assert refused.value.context.field == field


@pytest.mark.parametrize("path", ["../x.json", "/etc/x.json", "02_Source_Creative/Canvases/../x.json", "project.json"])
def test_the_canvas_cannot_lie_elsewhere(path: str) -> None:
    manifest = new_manifest(uuid=UUID, title="T", created_at="2026-01-01T00:00:00Z")
    with pytest.raises(ValueError, match="canvas_path"):
        type(manifest).model_validate(manifest.model_dump() | {"canvas_path": path})
