# ruff: noqa: RUF001 - letters of other scripts are what this is about
"""How scripts of many languages say where a scene is: `INT.`, `INTÉRIEUR`, `INNEN`, `داخلي`, `○`.

Pure; for `fountain`.
"""

import re
import unicodedata
from typing import Final, NamedTuple


class Found(NamedTuple):
    """A heading's words as they are kept, and the scene's own number (empty where it has none)."""

    words: str
    number: str = ""


_ENGLISH = re.compile(r"(?:INT\.?/EXT|EXT\.?/INT|INT|EXT|EST|I/E)[. ]", re.IGNORECASE)
_INSIDE_OUT: Final = (
    "INTÉRIEUR|EXTÉRIEUR|INTERIEUR|EXTERIEUR|INNEN|AUSSEN|AUßEN|INTERIOR|EXTERIOR|INTERNO|ESTERNO|BINNEN|BUITEN"
    "|INTERIÖR|EXTERIÖR|INTERIÉR|EXTERIÉR|WNĘTRZE|PLENER|ИНТЕРЬЕР|НАТУРА|ИНТ|ЭКСТ|НАТ"
)
_OTHERS = re.compile(rf"(?:{_INSIDE_OUT}|I/A|A/I)(?:\s?[/-]\s?(?:{_INSIDE_OUT}))?(?P<after>[.:,]|\s|$)")
_WRITTEN_SMALL = re.compile(rf"(?:{_INSIDE_OUT})\.", re.IGNORECASE)
"""A sentence may begin with one of these words; a full stop right after it makes it a heading."""

_ARABIC = re.compile(
    r"(?:ليلي?\s*[/-]\s*|نهاري?\s*[/-]\s*)?(?:داخلي|خارجي)(?:\s*/\s*(?:داخلي|خارجي))?\s*[-\u2013\u2014:./،].*"
)
_EAST = re.compile(
    r"(?:[○◯〇■●]\s*\S|[【〔].{1,40}[】〕]\s*$|(?:内景|外景|內景|内外景|(?:内|外|內)(?=[\s.:：・/-]))).*"
)
_BULLET = re.compile(r"[○◯〇■●]\s*")
_SCENE = re.compile(
    r"(?:scene|szene|scène|séquence|sequence|escena|secuencia|scena|cena|scén|scen|scène|сцена|المشهد|مشهد|シーン"
    r"|场景|場景|씬|장면|S)(?:\s+|\s*[:#]\s*|(?=\d))([0-9A-Za-z]{1,8}|\d{1,4})\b\s*[^\w\s]?\s*(.*)",
    re.IGNORECASE,
)
_NTH = re.compile(r"第\s*([0-9]{1,4}|[一二三四五六七八九十百]{1,5})\s*[场場]\s*[^\w\s]?\s*(.*)")
_LED = re.compile(r"(\d{1,4}[A-Z]?)\s*[.):]?\s+(?=\S)")
_OWN = re.compile(r"\s*#([0-9A-Za-z.-]{1,12})#\s*$")
_LONGEST_NAMED: Final = 80
"""A line that begins with the word scene and is longer is a sentence."""


def heading(line: str) -> Found | None:
    """Return what a line says of where a scene is; None where it is no heading."""
    if line.startswith(".") and not line.startswith("..") and len(line) > 1:
        return _numbered(line.removeprefix("."))
    if len(line) < _LONGEST_NAMED and (named := _SCENE.fullmatch(line) or _NTH.fullmatch(line)):
        return Found(named[2] or line, digits(named[1]))
    if _says_where(line):
        return _numbered(_BULLET.sub("", line))
    led = _LED.match(line)
    if led and _says_where(line[led.end() :]):
        # a shooting script has the number in both margins
        return Found(re.sub(rf"\s+{re.escape(led[1])}\s*$", "", line[led.end() :]), led[1])
    return None


def _says_where(line: str) -> bool:
    if _ENGLISH.match(line) or _WRITTEN_SMALL.match(line) or _ARABIC.fullmatch(line) or _EAST.fullmatch(line):
        return True
    other = _OTHERS.match(line)  # after a mere space all of it is in capitals, or it is the first word of a sentence
    return other is not None and (other["after"].strip() != "" or line.replace("ß", "SS") == line.upper())


def _numbered(line: str) -> Found:
    own = _OWN.search(line)
    return Found(_OWN.sub("", line), own[1] if own else "")


def digits(text: str) -> str:
    """Return a number in the digits that file names have, whatever script it was written in."""
    return "".join(str(unicodedata.digit(sign, sign)) if sign.isdigit() else sign for sign in text)
