"""Words in pictures: the two fonts that come with the pipeline, lines that fit, and signs the fonts do not have."""

import subprocess
from bisect import bisect_left, bisect_right
from functools import cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

SERIF = Path(__file__).parent / "fonts" / "EBGaramond12-Regular.otf"
SANS = Path(__file__).parent / "fonts" / "Inter-Medium.otf"

_LONGEST_LINE = 400
"""Letters; no line of a card holds more, and measuring them takes time."""

Font = ImageFont.FreeTypeFont


@cache
def font(path: Path, size: int) -> Font:
    """Return a font at a size in pixels."""
    return ImageFont.truetype(str(path), size)


def missing(path: Path, text: str) -> list[str]:
    """Return the signs of a text that a font has no picture for."""
    face = font(path, 32)
    nothing = bytes(face.getmask("\U0010fffe"))
    return [sign for sign in sorted(set(text)) if sign.isprintable() and bytes(face.getmask(sign)) == nothing]


def covering(path: Path, text: str) -> tuple[Path, list[str]]:
    """Return a font for a text, ours or one of this machine's, and the signs that even it has no picture for."""
    lacking = missing(path, text)
    for found in _installed(lacking) if lacking else []:
        still_lacking = missing(found, text)
        if len(still_lacking) < len(lacking):
            path, lacking = found, still_lacking
        if not lacking:
            break
    return path, lacking


def _installed(signs: list[str]) -> list[Path]:
    """Return the fonts of this machine that have all of some signs; none where fontconfig is not installed."""
    letters = [sign for sign in signs if sign.isalpha()] or signs
    wanted = ":charset=" + " ".join(f"{ord(sign):x}" for sign in letters[:200])
    try:
        found = subprocess.run(
            ["fc-list", wanted, "--format", "%{file}\n"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    files = [Path(line) for line in found.stdout.splitlines() if line.endswith((".ttf", ".otf", ".ttc"))]
    return sorted(files, key=lambda file: ("Regular" not in file.stem, "Serif" not in file.stem, file.as_posix()))


def wrap(text: str, face: Font, width: float) -> list[str]:
    """Return a text in lines no wider than `width` pixels; its own line ends are kept, long words are broken."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            if face.getlength(f"{line} {word}" if line else word) <= width:
                line = f"{line} {word}" if line else word
                continue
            if line:
                lines.append(line)
            *full, line = _broken(word, face, width)
            lines += full
        lines.append(line)
    return lines


def _broken(word: str, face: Font, width: float) -> list[str]:
    """Return a word in pieces no wider than `width`, one letter at least."""
    pieces = []
    while face.getlength(word[:_LONGEST_LINE]) > width:
        size = bisect_right(range(1, min(len(word), _LONGEST_LINE)), width, key=lambda n: face.getlength(word[:n]))
        pieces.append(word[: max(1, size)])
        word = word[max(1, size) :]
    while len(word) > _LONGEST_LINE:
        pieces.append(word[:_LONGEST_LINE])
        word = word[_LONGEST_LINE:]
    return [*pieces, word]


def fitted(text: str, path: Path, sizes: range, room: tuple[float, float], leading: float) -> tuple[Font, list[str]]:
    """Return the largest size at which a text fits a room of width x height pixels, and its lines.

    At the smallest size what does not fit is cut, with an ellipsis.
    """

    def spills(size: int) -> bool:
        return len(wrap(text, font(path, size), room[0])) * size * leading > room[1]

    size = sizes[max(0, bisect_left(sizes, 1, key=spills) - 1)]
    face = font(path, size)
    lines = wrap(text, face, room[0])
    if not spills(size):
        return face, _balanced(text, face, room[0], lines)
    kept = lines[: max(1, int(room[1] / (size * leading)))]
    while kept[-1] and face.getlength(kept[-1] + " …") > room[0]:
        kept[-1] = kept[-1][:-1]
    return face, [*kept[:-1], kept[-1].rstrip(" ,.;:") + " …"]


def _balanced(text: str, face: Font, width: float, lines: list[str]) -> list[str]:
    """Return the same number of lines as even as they get, so that no word stands alone on the last one."""
    if not 1 < len(lines) <= 6:  # noqa: PLR2004 - a page of text reads well as it is
        return lines
    for share in range(60, 100, 2):
        narrower = wrap(text, face, width * share / 100)
        if len(narrower) == len(lines):
            return narrower
    return lines


def spaced(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: Font, fill: tuple[int, ...] | int, gap: float
) -> float:
    """Draw a line with `gap` pixels between its letters and return its width; `at` is the left end of the baseline."""
    left = at[0]
    for sign in text:
        draw.text((left, at[1]), sign, font=face, fill=fill, anchor="ls")
        left += face.getlength(sign) + gap
    return left - gap - at[0]
