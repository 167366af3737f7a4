"""When a sound begins and how loud it is: what people write as cues, a line each.

    door.wav 12.5         from twelve and a half seconds on
    rain.mp3 0 -18        from the start, 18 dB softer than it was recorded

A file is named as on its card; its ending may be left out.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from studio_sdk import Code, Fail

_LINE = re.compile(
    r"(?P<name>.*\S)\s+(?P<at>\d+(?:[.,]\d+)?)\s*s?(?:\s+(?P<gain>[+-]?\d+(?:[.,]\d+)?)\s*(?:dB)?)?", re.IGNORECASE
)
LATEST_S = 3 * 3600
SOFTEST_DB, LOUDEST_DB = -60.0, 12.0


class Cue(NamedTuple):
    """When a file is heard, in seconds from the start, and by how many decibels it is changed (0: as recorded)."""

    at: float
    gain: float = 0.0


def read(words: str, names: Sequence[str]) -> dict[str, list[Cue]]:
    """Return the cues of each file by its name, several where it is heard several times.

    Raises `Fail` for a line that cannot be read, for a file that is not there, and for numbers beyond all bounds.
    """
    known = {_plain(name): name for name in names}
    known |= {_plain(PurePath(name).stem): name for name in names if _alone(name, names)}
    found: dict[str, list[Cue]] = {}
    for number, line in enumerate(words.splitlines(), 1):
        if not line.strip():
            continue
        told = _LINE.fullmatch(line.strip())
        if told is None:
            raise _wrong(
                f"Line {number} is no cue: “{line.strip()[:60]}”. Write a file, a second and, if wanted, decibels"
            )
        name = known.get(_plain(told["name"]))
        if name is None:
            there = ", ".join(names) or "none"
            raise _wrong(f"Line {number}: no file here is called “{told['name'][:60]}”. There is {there}")
        cue = Cue(_number(told["at"]), _number(told["gain"] or "0"))
        if cue.at > LATEST_S or not SOFTEST_DB <= cue.gain <= LOUDEST_DB:
            raise _wrong(f"Line {number}: at most {LATEST_S} s, and {SOFTEST_DB:.0f} to {LOUDEST_DB:.0f} dB")
        found.setdefault(name, []).append(cue)
    return found


def _plain(name: str) -> str:
    return name.strip().strip("“”\"'").casefold()


def _alone(name: str, names: Sequence[str]) -> bool:
    stem = _plain(PurePath(name).stem)
    return sum(_plain(PurePath(other).stem) == stem for other in names) == 1


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _wrong(message: str) -> Fail:
    return Fail(Code.VALIDATION_ERROR, f"{message}.", field="cue_list")
