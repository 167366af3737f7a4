"""Subtitles in the picture: at its foot, on a dark band, in whatever script a font here can write."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import opentimelineio as otio
from effects import Overlay, face_of, laid
from lettering import SANS, Font, covering, font
from PIL import Image, ImageDraw

from studio_sdk import Code, Fail, Format

_HELD = "、。，．・：；？！」』）】〉》’”…ー,.!?;:)]}%"  # noqa: RUF001 - signs of those scripts
"""Signs that no line begins with."""
_MOST_LINES = 4


@dataclass(frozen=True)
class Caption:
    """Words from a frame of the film up to another."""

    first: int
    last: int
    words: str


def captions_in(timeline: otio.schema.Timeline) -> list[Caption]:
    """Return what the cut says is said. Raises `Fail` where that cannot be read."""
    told = timeline.metadata.get("production_canvas", {}).get("subtitles", [])
    try:
        found = [Caption(int(one["first"]), int(one["last"]), str(one["words"])) for one in told]
    except (KeyError, TypeError, ValueError) as why:
        raise Fail(Code.UNSUPPORTED_MEDIA, "The cut's subtitles cannot be read.", field="cut") from why
    return sorted(found, key=lambda one: one.first)


def check(captions: Sequence[Caption], titles: Sequence[str]) -> None:
    """Raise `Fail` before anything is made where no font of this machine has the signs of what is to be written."""
    lacking: set[str] = set()
    for words in {*(one.words for one in captions), *titles}:
        lacking |= set(covering(SANS, words)[1])
    if lacking:
        signs = " ".join(sorted(lacking)[:12])
        raise Fail(
            Code.VALIDATION_ERROR,
            f"No font on this worker writes {len(lacking)} of the signs in the film's words: {signs}. Install a "
            "font for the language there (fonts-noto-cjk, fonts-noto-core), or leave subtitles out of the picture.",
            field="subtitles",
        )


class Captions:
    """The subtitles of a film, each drawn once."""

    def __init__(self, captions: Sequence[Caption], form: Format) -> None:
        self._all, self._form = captions, form
        self._starts = [one.first for one in captions]
        self._drawn: tuple[str, Overlay] | None = None

    def touched(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return the parts of a piece of the film that have words, counted from its first frame."""
        spans = ((max(one.first, first) - first, min(one.last, last) - first) for one in self._all)
        return [(begin, end) for begin, end in spans if begin < end]

    def at(self, frame: int) -> Overlay | None:
        """Return what is written over a frame of the film."""
        words = self._words(frame)
        if not words:
            return None
        if self._drawn is None or self._drawn[0] != words:
            self._drawn = words, _drawn(words, self._form)
        return self._drawn[1]

    def said(self, first: int, last: int) -> list[object]:
        """Return all that decides what is written from a frame of the film up to another."""
        said: list[object] = []
        for words, run in groupby(range(first, last), key=self._words):
            said.append([words, face_of(words, SANS), len(list(run))])
        return said

    def _words(self, frame: int) -> str:
        place = bisect_right(self._starts, frame) - 1
        return self._all[place].words if place >= 0 and frame < self._all[place].last else ""


def _drawn(words: str, form: Format) -> Overlay:
    layer = Image.new("RGBA", (form.width, form.height))
    pen = ImageDraw.Draw(layer)
    short = min(form.width, form.height)
    path, _ = covering(SANS, words)
    size = max(9, round(short / 20))
    lines: list[str] = []
    for smaller in (1.0, 0.85, 0.7, 0.55):
        face = font(path, max(8, round(size * smaller)))
        lines = broken(words, face, form.width * 0.86)
        if len(lines) <= (2 if smaller > 0.6 else _MOST_LINES):  # noqa: PLR2004 - two lines read well
            break
    lines = lines[:_MOST_LINES]
    step, pad = face.size * 1.32, face.size * 0.3
    top = form.height * 0.94 - len(lines) * step
    for number, line in enumerate(lines):
        middle = form.width / 2, top + (number + 0.5) * step
        half = face.getlength(line) / 2 + pad
        band = (middle[0] - half, middle[1] - step / 2, middle[0] + half, middle[1] + step / 2)
        pen.rectangle(band, fill=(0, 0, 0, 168))
    for number, line in enumerate(lines):
        at = form.width / 2, top + (number + 0.5) * step
        pen.text(at, line, font=face, fill=(255, 255, 255, 255), anchor="mm")
    return laid(layer, form)


def broken(words: str, face: Font, width: float) -> list[str]:
    """Return words in lines no wider than `width` pixels.

    Scripts without spaces are broken between any two signs, but no line begins with a closing one. Long words of others
    are broken as well.
    """
    lines: list[str] = []
    for paragraph in (part for part in words.splitlines() if part.strip()):
        line = ""
        for piece in _pieces(paragraph):
            if line and face.getlength((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
            while face.getlength(line.rstrip()) > width and len(line) > 1:
                fits = bisect_right(range(1, len(line)), width, key=lambda count: face.getlength(line[:count]))
                lines.append(line[: max(1, fits)])
                line = line[max(1, fits) :]
        lines.append(line.rstrip())
    return [line for line in lines if line]


def _pieces(paragraph: str) -> list[str]:
    """Return a paragraph in pieces that stay together: words with the space after them, signs of wide scripts."""
    pieces: list[str] = []
    for sign in paragraph:
        before = pieces[-1] if pieces else ""
        starts = not before or (before[-1].isspace() and not sign.isspace()) or _is_wide(sign) or _is_wide(before[-1])
        if starts and not (before and (sign in _HELD or sign.isspace())):
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces


def _is_wide(sign: str) -> bool:
    return "\u2e80" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af" or "\uf900" <= sign <= "\ufaff"
