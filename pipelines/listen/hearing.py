"""Moonshine tiny (MIT, English): samples in, words out. The model comes inside the package moonshine-voice.

Its files are checked by SHA-256 whenever they are loaded. Of the package nothing else is used: ONNX Runtime runs it.
"""

import hashlib
import importlib.util
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_sdk import Code, Fail

HERTZ: Final = 16000
"""Samples a second that the model hears."""

Samples = NDArray[np.float32]

MODEL: Final = {
    "encoder_model.ort": "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    "decoder_model_merged.ort": "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    "tokenizer.bin": "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
}
"""The files of the model and their SHA-256."""

SHORTEST: Final = HERTZ // 4
"""Fewest samples that it is asked about; shorter ones are filled up with silence."""

_BEGIN, _END = 1, 2
_HEADS, _WIDTH = 8, 36
_A_SECOND: Final = 6.5
"""Most tokens in a second of speech (Moonshine's own figure): more is the model talking to itself."""
_SPACE: Final = "▁"


@dataclass(frozen=True)
class Heard:
    """What was heard: the words, how sure the model is (mean log probability of a token), whether it came to an end."""

    words: str
    sure: float
    ended: bool


class Ear:
    """The model, loaded. Raises `Fail` with DEPENDENCY_MISSING where it is not here or not the one that was tried."""

    def __init__(self) -> None:
        import onnxruntime  # noqa: PLC0415 - half of the start, and `describe` and `check` have no use for it

        folder = _folder()
        held = {name: (folder / name).read_bytes() for name in MODEL}
        for name, wanted in MODEL.items():
            if hashlib.sha256(held[name]).hexdigest() != wanted:
                raise _missing(f"{folder / name} is not the file that was tried")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(4, os.cpu_count() or 1)
        options.log_severity_level = 3
        self._encoder = onnxruntime.InferenceSession(held["encoder_model.ort"], options)
        self._decoder = onnxruntime.InferenceSession(held["decoder_model_merged.ort"], options)
        self._tokens = _tokens(held["tokenizer.bin"])
        self._past = [one.name for one in self._decoder.get_inputs() if one.name.startswith("past_key_values")]
        self._present = [one.name.replace("present", "past_key_values") for one in self._decoder.get_outputs()[1:]]

    def hear(self, samples: Samples) -> Heard:
        """Return what is said in up to some ten seconds; the likeliest token each time, so that it is repeatable."""
        if len(samples) < SHORTEST:
            samples = np.pad(samples, (0, SHORTEST - len(samples)))
        mask = np.ones((1, len(samples)), np.int64)
        (hidden,) = self._encoder.run(None, {"input_values": samples[None], "attention_mask": mask})
        state = {name: np.zeros((1, _HEADS, 0, _WIDTH), np.float32) for name in self._past}
        given: dict[str, object] = {"encoder_hidden_states": hidden, "encoder_attention_mask": mask}
        said: list[int] = []
        sure, token = 0.0, _BEGIN
        for step in range(int(len(samples) / HERTZ * _A_SECOND) + 4):
            asked = {"input_ids": np.array([[token]], np.int64), "use_cache_branch": np.array([step > 0])}
            logits, *present = self._decoder.run(None, given | asked | state)
            # What it knows of the sound stays as the first step left it; only what was said grows.
            state |= {n: v for n, v in zip(self._present, present, strict=True) if not step or ".decoder." in n}
            last = logits[0, -1].astype(np.float64)
            token = int(last.argmax())
            sure -= float(np.log(np.exp(last - last[token]).sum()))
            if token == _END:
                return Heard(self._words(said), sure / (step + 1), ended=True)
            said.append(token)
        return Heard(self._words(said), sure / max(1, len(said)), ended=False)

    def _words(self, said: list[int]) -> str:
        pieces = (self._tokens[token] for token in said)
        text = b"".join(one for one in pieces if not one.startswith(b"<")).decode("utf-8", errors="ignore")
        shown = (sign for sign in text.replace(_SPACE, " ") if sign.isprintable() and sign not in "<>{}")
        return re.sub(r"([,;:])\1+", r"\1", " ".join("".join(shown).split()))


@cache
def _folder() -> Path:
    package = importlib.util.find_spec("moonshine_voice")  # finds it and starts nothing of it
    if package is None or package.origin is None:
        raise _missing("there is no package moonshine-voice for this machine")
    folder = Path(package.origin).parent / "assets" / "tiny-en"
    if lacking := [name for name in MODEL if not (folder / name).is_file()]:
        raise _missing(f"{', '.join(lacking)} not in {folder}")
    return folder


def _missing(why: str) -> Fail:
    words = "The model that hears speech is not installed on this worker."
    return Fail(Code.DEPENDENCY_MISSING, words, detail=f"{why}; pipelines/environments/hearing")


def ready() -> None:
    """Raise `Fail` where the model is not installed."""
    _folder()


def _tokens(content: bytes) -> list[bytes]:
    """Return the pieces of words by number: each is written as its length (one byte, or two from 128 on) and bytes."""
    found, at = [], 0
    while at < len(content):
        length = content[at]
        at += 1
        if length >= 0x80:  # noqa: PLR2004 - the low seven bits are in the first byte
            length += content[at] * 0x80 - 0x80
            at += 1
        found.append(content[at : at + length])
        at += length
    return found
