"""The colours of the page keep what docs/design.md promises, in the dark and in the light."""

import pytest

from tools import design

THEMES = design.themes()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("surface", design.SURFACES)
def test_text_can_be_read_on_every_surface(theme: str, surface: str) -> None:
    weak = {
        text: round(found, 2)
        for text in design.TEXTS
        if (found := design.contrast(THEMES[theme], text, surface)) < design.TEXT_CONTRAST
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_wires_can_be_told_from_what_they_lie_on(theme: str) -> None:
    weak = {
        f"{name} on {board}": round(found, 2)
        for name in design.sockets(THEMES[theme])
        for board in design.BOARDS
        if (found := design.contrast(THEMES[theme], name, board)) < design.SHAPE_CONTRAST
    }
    assert weak == {}
    assert len(design.sockets(THEMES[theme])) == 12


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("fill", ["accent", "accent-hover", "accent-pressed"])
def test_the_one_button_can_be_read(theme: str, fill: str) -> None:
    assert design.contrast(THEMES[theme], "accent-ink", fill) >= design.TEXT_CONTRAST


def test_a_theme_that_is_too_faint_is_noticed() -> None:
    sheet = ":root {\n\t--ink: #777;\n\t--board: #666666;\n}\n[data-theme='light'] {\n\t--ink: #fff;\n}\n"
    themes = design.themes(sheet)
    assert design.contrast(themes["dark"], "ink", "board") < 1.5
    assert design.contrast(themes["light"], "ink", "board") == pytest.approx(5.74, abs=0.01)
    with pytest.raises(ValueError, match="no plain colour"):
        design.contrast({"a": "rgb(0 0 0 / 0.1)", "b": "#fff"}, "a", "b")
