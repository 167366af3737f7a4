"""The design language as a page, read out of the page's own stylesheet so that neither can drift from the other.

`tools/docs.py` writes docs/design.md with it; tests/unit/test_design.py holds the contrasts to what they promise.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SHEET: Final = ROOT / "studio_web" / "src" / "app.css"

SURFACES: Final = ("floor", "board", "panel", "raised", "overlay", "well")
TEXTS: Final = ("ink", "muted", "faint", "accent-text", "ok", "warn", "danger", "info")
BOARDS: Final = ("board", "panel")
TEXT_CONTRAST: Final = 4.5
SHAPE_CONTRAST: Final = 3.0

Theme = Mapping[str, str]

_BLOCKS: Final = {"dark": r":root\s*\{(.*?)\n\}", "light": r"\[data-theme='light'\]\s*\{(.*?)\n\}"}
_TOKEN: Final = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_HEX: Final = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})")


def themes(sheet: str | None = None) -> dict[str, Theme]:
    """Return the tokens of the dark and of the light theme; the light one keeps what it does not change."""
    text = re.sub(r"/\*.*?\*/", "", sheet or SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    found: dict[str, Theme] = {}
    for name, block in _BLOCKS.items():
        hit = re.search(block, text, re.DOTALL)
        assert hit, f"app.css has no {name} theme"  # noqa: S101 - a page without it cannot be written
        found[name] = {**found.get("dark", {}), **dict(_TOKEN.findall(hit[1]))}
    return found


def contrast(theme: Theme, fore: str, back: str) -> float:
    """Return the WCAG contrast of one token on another; both must be plain colours."""
    light, dark = sorted((_luminance(theme[fore]), _luminance(theme[back])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def sockets(theme: Theme) -> list[str]:
    """Return the tokens of socket colours."""
    return [name for name in theme if name.startswith("socket-")]


def _luminance(colour: str) -> float:
    hit = _HEX.fullmatch(colour.strip())
    if not hit:
        message = f"{colour} is no plain colour"
        raise ValueError(message)
    digits = hit[1] if len(hit[1]) > 3 else "".join(sign * 2 for sign in hit[1])  # noqa: PLR2004 - #rgb
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]  # noqa: PLR2004 - sRGB
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _scale(prefix: str) -> list[tuple[str, str]]:
    """Return the tokens of a scale in the theme that Tailwind reads, without their line heights."""
    text = SHEET.read_text(encoding="utf-8")
    hit = re.search(r"@theme inline \{(.*?)\n\}", text, re.DOTALL)
    pairs = _TOKEN.findall(hit[1]) if hit else []
    return [(name, value) for name, value in pairs if name.startswith(prefix) and not name.endswith("--line-height")]


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return _line(head) + _line(tuple("---" for _ in head)) + "".join(map(_line, rows))


def page() -> str:
    """Return docs/design.md."""
    both = themes()
    dark = both["dark"]
    texts = [
        (f"`{text}`", theme, *(f"{contrast(both[theme], text, surface):.1f}" for surface in SURFACES))
        for text in TEXTS
        for theme in both
    ]
    wires = [
        (f"`{name}`", *(f"{contrast(both[theme], name, board):.1f}" for theme in both for board in BOARDS))
        for name in sockets(dark)
    ]
    letters = [(f"`{name}`", f"{float(value.removesuffix('rem')) * 16:g} px") for name, value in _scale("text-")]
    measures = [(f"`{name}`", f"`{dark[name]}`") for name in ("topbar", "control-small", "control", "control-large")]
    measures += [(f"`{name}`", f"`{value}`") for name, value in _scale("radius-")]
    motion = [(f"`{name}`", f"`{dark[name]}`") for name in ("fast", "calm", "slow", "ease")]
    return _PAGE.format(
        texts=_table(("Text", "Theme", *SURFACES), texts),
        wires=_table(("Socket", *(f"{theme}, {board}" for theme in both for board in BOARDS)), wires),
        letters=_table(("Token", "Size"), letters),
        measures=_table(("Token", "Value"), measures),
        motion=_table(("Token", "Value"), motion),
        text_contrast=TEXT_CONTRAST,
        shape_contrast=SHAPE_CONTRAST,
    )


_PAGE: Final = """\
# Design

Graphite, one amber, and pictures as the only other colour in the room. Everything has a name in
`studio_web/src/app.css`; components use the names and no values of their own. The tables are written by `make docs`
from that file.

**Surfaces**, from the floor up: `floor` (behind everything), `board`, `panel` (cards, docks, the bar), `raised`
(chosen things), `overlay` (menus), `well` (what is written in, and where pictures lie). A level up is a lighter
surface and one shadow more (`shadow-1` on what can be pressed, `shadow-2` on cards, `shadow-3` on what floats).
Hairlines: `line` between, `line-strong` around, `line-field` around what is written in.

**Text**: `ink` is read, `muted` labels, `faint` is for units and hints. Inter for words; Geist Mono for timecode,
takes and file names; digits that change are tabular (`figures`, `timecode`). 13 px (`text-sm`) is the base.

{letters}
**Amber** is for one thing at a time: the one button to press (never two side by side), what is selected, where the
focus is. States have colours (`ok`, `warn`, `danger`, `info`), always with a word or a shape; sockets have shapes
besides.

**Measures.** Spacing goes in steps of 4 px; a panel's edge is 16 px, a row of controls 8. Nothing that is pressed
is smaller than 24 px.

{measures}
**Motion** says where something went and is over before one waits. With reduced motion it is gone, and nothing is
lost.

{motion}
**Every panel has four states**, and each says what to do next: empty (what belongs here, one button), loading (the
shape of what comes), filled, and failed (what is wrong, the steps, the details to copy). Refusals stand where the
hand is. Words are those of film people; buttons are verbs; the same thing has the same name everywhere.

## Contrast

Text reaches {text_contrast}:1 on every surface, in both themes (WCAG AA); a test holds it.

{texts}
Sockets and wires reach {shape_contrast:g}:1 on the board and on cards.

{wires}"""
