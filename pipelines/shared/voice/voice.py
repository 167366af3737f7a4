"""What is said in a shot, spoken by eSpeak NG: a robot's voice, the same for a name in every shot, with its times.

eSpeak NG (GPL-3.0) and its voices come inside the package espeakng-loader; nothing is fetched.
"""

import ctypes
import re
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

import espeakng_loader
import numpy as np

from studio_sdk import Code, Fail

LANGUAGES = ("en-us", "en-gb", "de", "es", "fr", "it", "nl", "pl", "pt-br", "sv")
MOST_LINES = 60

_LEAD_S, _PAUSE_S, _TAIL_S = 0.4, 0.35, 0.5
_LOUD = 0.09
"""Root mean square that every line is brought to: about -21 dBFS, so that no robot shouts over another."""
_PEAK = 0.8
_LINE = re.compile(r"\s*([^:()]{1,40}?)\s*(?:\(([^)]*)\))?\s*:\s*(\S.*)", re.DOTALL)
_WOMEN, _MEN = ("f1", "f2", "f3", "f4", "f5"), ("m1", "m2", "m3", "m4", "m5", "m6", "m7")
_SYNCHRONOUS, _UTF8, _END_PAUSE = 2, 1, 0x1000
_RATE, _PITCH, _RANGE = 1, 3, 4


@dataclass(frozen=True)
class Line:
    """A spoken line: who (empty where nobody is named), the words, and when it begins and ends, in seconds."""

    speaker: str
    words: str
    begins: float = 0.0
    ends: float = 0.0


def lines_of(dialogue: str) -> list[Line]:
    """Return the lines of a dialogue: `ANNA (softly): Where were you?`, one a line; without a name nobody is named."""
    found = []
    for text in dialogue.splitlines():
        if not text.strip():
            continue
        named = _LINE.fullmatch(text)
        found.append(Line(named[1].strip(), named[3].strip()) if named else Line("", text.strip()))
    if len(found) > MOST_LINES:
        raise Fail(Code.VALIDATION_ERROR, f"A shot has at most {MOST_LINES} lines.", field="dialogue")
    return found


def speak(lines: Sequence[Line], language: str, women: frozenset[str], path: Path) -> tuple[list[Line], np.ndarray]:
    """Write the lines as one sound and return them with their times, and the loudness of every hundredth of a second.

    `women` are the names, in small letters, that get a woman's voice; `path` becomes a WAV file.
    """
    pieces: list[np.ndarray] = []
    timed: list[Line] = []
    rate = _engine()[1]
    at = _LEAD_S
    pieces.append(np.zeros(round(at * rate), np.float32))
    for line in lines:
        said = _levelled(_said(line, language, female=line.speaker.lower() in women))
        timed.append(Line(line.speaker, line.words, at, at + len(said) / rate))
        pause = np.zeros(round(_PAUSE_S * rate), np.float32)
        pieces += [said, pause]
        at += len(said) / rate + len(pause) / rate
    pieces.append(np.zeros(round((_TAIL_S - _PAUSE_S) * rate), np.float32))
    whole = np.concatenate(pieces)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((whole * 32767).astype("<i2").tobytes())
    step = rate // 100
    short = whole[: len(whole) // step * step].reshape(-1, step)
    return timed, np.sqrt((short**2).mean(axis=1))


def _levelled(said: np.ndarray) -> np.ndarray:
    loud = float(np.sqrt((said**2).mean())) if len(said) else 0.0
    if not loud:
        return said
    return said * min(_LOUD / loud, _PEAK / float(np.abs(said).max()))


def _said(line: Line, language: str, *, female: bool) -> np.ndarray:
    library, _, heard = _engine()
    dice = Random(sha256(line.speaker.lower().encode()).hexdigest())  # noqa: S311 - which voice, no secret
    voice = f"{language}+{dice.choice(_WOMEN if female else _MEN)}"
    if library.espeak_SetVoiceByName(voice.encode()):
        raise Fail(Code.INTERNAL, f"eSpeak NG has no voice {voice}.")
    library.espeak_SetParameter(_RATE, 158 + dice.randrange(18), 0)
    library.espeak_SetParameter(_PITCH, 42 + dice.randrange(18), 0)
    library.espeak_SetParameter(_RANGE, 58, 0)
    heard.clear()
    words = line.words.encode()
    library.espeak_Synth(words, len(words) + 1, 0, 1, 0, _UTF8 | _END_PAUSE, None, None)
    return np.frombuffer(b"".join(heard), "<i2").astype(np.float32) / 32768


_CALLED: list[object] = []
"""A callback that nobody holds is collected while it is still called."""


@cache
def _engine() -> tuple[ctypes.CDLL, int, list[bytes]]:
    """Return the library, its samples a second, and the list into which it speaks."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0:
        raise Fail(Code.INTERNAL, "eSpeak NG does not start.", detail=f"espeak_Initialize answered {rate}")
    heard: list[bytes] = []
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def listen(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if samples and count > 0:
            heard.append(ctypes.string_at(samples, count * 2))
        return 0

    _CALLED.append(kind(listen))
    library.espeak_SetSynthCallback(_CALLED[-1])
    return library, rate, heard
