"""What a mouth says and when: phones of a voice, by PocketSphinx (BSD) and the English model inside its package.

Where the words are known they are laid along the voice; else, and where that fails, whatever is heard is taken for
English sounds. Both close the lips where lips close.
"""

import re
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from studio_sdk import Audio

HERTZ = 16000
_MODEL = Path(pocketsphinx.__file__).parent / "model" / "en-us"
_SPEAKER = re.compile(r"^\s*[^:()]{1,40}?\s*(?:\([^)]*\))?\s*:\s*")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_STRESS = re.compile(r"\d")
_SILENT = 0.003
"""Root mean square below which nothing is said: -50 dBFS."""

_KNOWN = 0.6
"""Share of the words that the dictionary has to hold for the words to be laid along the voice."""


class Phone(NamedTuple):
    """A sound of speech in the letters of ARPA, and when it begins and ends, in seconds."""

    begins: float
    ends: float
    name: str


class Spoken(NamedTuple):
    """The phones of a voice, how loud it is in every hundredth of a second, and how the phones were found."""

    phones: list[Phone]
    loud: NDArray[np.float32]
    how: str


def spoken(voice: Audio, words: str) -> Spoken:
    """Return what is said in a voice; `words` are what is said where that is known, as lines of a script."""
    heard = _samples(voice)
    step = HERTZ // 100
    whole = np.pad(heard, (0, -len(heard) % step)).reshape(-1, step).astype(np.float32) / 32768
    loud = np.sqrt((whole**2).mean(axis=1))
    if not len(loud) or float(np.percentile(loud, 98)) < _SILENT:
        return Spoken([], loud, "nothing is heard")
    said = _WORD.findall(" ".join(_SPEAKER.sub("", line) for line in words.splitlines()).lower().replace("\u2019", "'"))
    phones = _laid(heard, said) if said else None
    if phones:
        return Spoken(phones, loud, "phones, laid along the words")
    phones = _heard(heard)
    return Spoken(phones, loud, "phones, as heard") if phones else Spoken([], loud, "loudness")


def _samples(voice: Audio) -> NDArray[np.int16]:
    pieces = []
    turn = av.AudioResampler("s16", "mono", HERTZ)
    with av.open(str(voice), metadata_errors="ignore") as source:
        for frame in source.decode(source.streams.audio[0]):
            frame.pts = None
            pieces += [piece.to_ndarray()[0] for piece in turn.resample(frame)]
        pieces += [piece.to_ndarray()[0] for piece in turn.resample(None)]
    return np.concatenate(pieces).astype(np.int16) if pieces else np.zeros(0, np.int16)


def _laid(heard: NDArray[np.int16], said: list[str]) -> list[Phone] | None:
    """Return the phones of known words along a voice, None where they do not fit it."""
    decoder = pocketsphinx.Decoder(samprate=HERTZ, loglevel="FATAL", bestpath=False)
    known = [word for word in said if decoder.lookup_word(word) is not None]
    if len(known) < _KNOWN * len(said):
        return None
    try:
        decoder.set_align_text(" ".join(known))
        _hear(decoder, heard)
        decoder.set_alignment()
        _hear(decoder, heard)
        found = decoder.get_alignment()
    except RuntimeError:  # PocketSphinx's only way to say that the words are not those of the voice
        return None
    return [
        Phone(phone.start / 100, (phone.start + phone.duration) / 100, _STRESS.sub("", phone.name))
        for word in found or ()
        for phone in word
    ] or None


def _heard(heard: NDArray[np.int16]) -> list[Phone]:
    """Return the phones that are heard in a voice, whatever it says."""
    decoder = pocketsphinx.Decoder(
        samprate=HERTZ,
        loglevel="FATAL",
        lm=None,
        allphone=str(_MODEL / "en-us-phone.lm.bin"),
        lw=2.0,
        pip=0.3,
        beam=1e-20,
        pbeam=1e-20,
    )
    _hear(decoder, heard)
    return [
        Phone(one.start_frame / 100, (one.end_frame + 1) / 100, one.word.replace("+", ""))
        for one in decoder.seg() or ()
    ]


def _hear(decoder: "pocketsphinx.Decoder", heard: NDArray[np.int16]) -> None:
    decoder.start_utt()
    decoder.process_raw(heard.tobytes(), full_utt=True)
    decoder.end_utt()
