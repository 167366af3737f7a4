"""What a face does in every frame while it speaks: the mouth after the phones, lids and head after chance and voice."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from phones import Spoken
from puppet import Look

Track = NDArray[np.float64]

_SHAPES = {
    "AA": (0.85, 0.1, 0), "AE": (0.70, 0.4, 0), "AH": (0.50, 0.1, 0), "AO": (0.65, 0, 0.45), "AW": (0.70, 0, 0.3),
    "AY": (0.70, 0.3, 0), "EH": (0.50, 0.4, 0), "ER": (0.32, 0, 0.4), "EY": (0.42, 0.5, 0), "IH": (0.30, 0.4, 0),
    "IY": (0.22, 0.7, 0), "OW": (0.42, 0, 0.75), "OY": (0.45, 0, 0.6), "UH": (0.28, 0, 0.6), "UW": (0.20, 0, 0.95),
    "W": (0.14, 0, 1.0), "Y": (0.20, 0.5, 0), "R": (0.22, 0, 0.45), "L": (0.34, 0.1, 0), "N": (0.20, 0.1, 0),
    "NG": (0.22, 0.1, 0), "D": (0.18, 0.1, 0), "T": (0.18, 0.1, 0), "K": (0.24, 0.1, 0), "G": (0.24, 0.1, 0),
    "HH": (0.30, 0.1, 0), "S": (0.13, 0.35, 0), "Z": (0.13, 0.35, 0), "SH": (0.16, 0, 0.6), "ZH": (0.16, 0, 0.6),
    "CH": (0.16, 0, 0.5), "JH": (0.16, 0, 0.5), "TH": (0.18, 0.1, 0), "DH": (0.18, 0.1, 0), "F": (0.07, 0.1, 0),
    "V": (0.07, 0.1, 0),
}  # fmt: skip
"""Of each phone how open, wide and round the mouth is; M, B, P, silence and noise close it."""

CLOSED = ("M", "B", "P")
_LONG_ENOUGH_S = 0.03
_GLIDE_S = 0.11
_FINE = 8
_LOUD_AT = 92
_QUIET = 1e-4
_BLINK = (0.35, 0.9, 1.0, 0.75, 0.4, 0.12)
_BLINK_RATE = 25

ADHERENCE = {"loose": (1.5, 0.85), "natural": (1.0, 1.0), "tight": (0.75, 1.12)}
"""How long the mouth takes from one shape to the next, and how far it goes, against natural."""


def acted(spoken: Spoken, frames: int, rate: float, seed: int, adherence: str) -> list[Look]:
    """Return what the face does in every frame. `rate` in frames a second; the same seed acts the same way."""
    loud = _loudness(spoken.loud, frames, rate)
    slow, far = ADHERENCE[adherence]
    mouth = _mouth(spoken, loud, rate, slow)
    dice = np.random.default_rng(seed)
    head = _head(dice, loud, rate)
    lids = _blinks(dice, frames, rate)
    return [
        Look(
            open=float(np.clip(mouth[n, 0] * far, 0, 1.1)),
            wide=float(mouth[n, 1]),
            round=float(mouth[n, 2]),
            blink=float(lids[n]),
            brow=float(max(0.0, loud[n] - 0.75) * 1.2),
            **{name: float(values[n]) for name, values in head.items()},
        )
        for n in range(frames)
    ]


def _loudness(loud: NDArray[np.float32], frames: int, rate: float) -> Track:
    """Return the loudness of every frame; 1 is as loud as the voice mostly gets."""
    at = [int(100 * (n - 0.6) / rate) for n in range(frames)]
    until = [int(100 * (n + 0.6) / rate) + 1 for n in range(frames)]
    found = np.array(
        [
            float(loud[max(0, a) : b].mean()) if max(0, a) < min(len(loud), b) else 0.0
            for a, b in zip(at, until, strict=True)
        ]
    )
    most = float(np.percentile(found, _LOUD_AT)) if frames else 0.0
    return np.asarray(np.clip(found / most, 0, 1.2), dtype=float) if most > _QUIET else np.zeros(frames)


def _mouth(spoken: Spoken, loud: Track, rate: float, slow: float) -> Track:
    frames = len(loud)
    if not spoken.phones:
        opened = np.clip((loud - 0.12) / 0.88, 0, 1) ** 0.8 * 0.75
        return np.stack([opened, 0.15 * np.ones(frames), np.zeros(frames)], axis=1)
    times = np.arange(frames * _FINE) / (rate * _FINE)
    shapes = np.zeros((frames * _FINE, 3))
    for phone in spoken.phones:
        shapes[(times >= phone.begins) & (times < phone.ends)] = _SHAPES.get(phone.name, (0, 0, 0))
    window = np.hanning(max(3, int(_GLIDE_S * slow * rate * _FINE)) | 1)
    window /= window.sum()
    padded = np.pad(shapes, ((len(window) // 2,) * 2, (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(padded[:, axis], window, "valid") for axis in range(3)], axis=1)
    mouth = smooth.reshape(frames, _FINE, 3).mean(axis=1)
    mouth[:, 0] *= 0.55 + 0.45 * np.clip(loud, 0, 1)
    for phone in spoken.phones:  # lips that close between two open vowels would be smoothed away
        at = round((phone.begins + phone.ends) / 2 * rate - 0.5)
        if phone.name in CLOSED and phone.ends - phone.begins > _LONG_ENOUGH_S and 0 <= at < frames:
            mouth[at, 0] *= 0.1
    return np.asarray(mouth)


def _head(dice: np.random.Generator, loud: Track, rate: float) -> dict[str, Track]:
    """Return how the head goes: idly, and a little with the voice."""
    frames = len(loud)

    def idle(hertz: float) -> Track:
        reach = max(3, int(rate / hertz))
        window = np.hanning(4 * reach + 1)
        drawn = np.convolve(dice.standard_normal(frames + 8 * reach), window / window.sum(), "same")
        drawn = drawn[4 * reach : 4 * reach + frames]
        return np.asarray(drawn / (float(drawn.std()) + 1e-6))

    window = np.hanning(int(rate * 0.5) | 1)
    window = window / (window.sum() or 1)
    half = len(window) // 2
    voice = np.convolve(np.pad(loud, half, mode="edge"), window, "valid")
    voice = voice - voice.mean() if frames else voice
    return {
        "roll": 0.012 * idle(0.35),
        "yaw": 0.035 * idle(0.3),
        "pitch": 0.014 * idle(0.4) + 0.030 * voice,
        "across": 0.012 * idle(0.25),
        "down": 0.008 * idle(0.3) + 0.020 * voice,
        "near": 1 + 0.004 * idle(0.2),
    }


def _blinks(dice: np.random.Generator, frames: int, rate: float) -> Track:
    lids = np.zeros(frames)
    at = 0.8 * rate
    while at < frames:
        for step, shut in enumerate(_shutting(rate)):
            if int(at) + step < frames:
                lids[int(at) + step] = max(lids[int(at) + step], shut)
        at += rate * dice.uniform(2.2, 4.8)
    return lids


def _shutting(rate: float) -> Sequence[float]:
    """Return how far the lids are shut in each frame of a blink, which takes a quarter of a second."""
    count = max(2, round(len(_BLINK) * rate / _BLINK_RATE))
    return [float(shut) for shut in np.interp(np.linspace(0, len(_BLINK) - 1, count), range(len(_BLINK)), _BLINK)]
