"""What an AI model says of the way between two pictures: RIFE, in ONNX Runtime, on this machine's processor.

It sees pictures of 960 pixels in width at most, whatever the film's size: so much memory and no more. What it says are
ways and shares, not pictures; the pictures are moved at their own size by whoever asks.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

import cv2
import network
import numpy as np
import weights
from av.video.reformatter import Colorspace, Interpolation
from clip import Planes, framed
from numpy.typing import NDArray

from studio_sdk import Code, Fail

Field = NDArray[np.float32]

SAID: Final = f"{weights.NAME}; AI model, runs here; {weights.LICENCE}"
"""What a take says of it."""

_WIDEST: Final = 960
_FAR: Final = 32
"""Pixels that the second block still had to correct both ways: then the model looks again, twice as far."""
_KEPT: Final = 2


@dataclass(frozen=True)
class Guess:
    """For each point of the picture between: by how much to look for it in either picture, and the first one's share.

    Offsets are in pixels of a picture of the size of the fields.
    """

    early: Field
    late: Field
    share: Field


class Model:
    """RIFE, made ready when it is first asked. Two threads; the same pictures give the same answer."""

    def __init__(self) -> None:
        self._weights: dict[str, weights.Tensor] = {}
        self._sessions: OrderedDict[tuple[int, int, int], Any] = OrderedDict()

    def __call__(self, first: Planes, second: Planes, part: float) -> Guess:
        """Return what it takes to make the picture at a part of the way. Raises `Fail` where the model is not there."""
        one, two = _seen(first), _seen(second)
        height, width = one.shape[:2]
        grain = network.GRAIN * 2
        across, down = -(-width // grain) * grain, -(-height // grain) * grain
        given = {name: _tensor(picture, across, down) for name, picture in (("first", one), ("second", two))}
        given["part"] = np.array([part], np.float32)
        for wider in (1, 2):
            flow, share, reach = self._session(across, down, wider).run(None, given)
            if not (reach > _FAR).all():
                break
        ways = flow[0, :, :height, :width].transpose(1, 2, 0)
        early, late = np.ascontiguousarray(ways[..., :2]), np.ascontiguousarray(ways[..., 2:])
        return Guess(early, late, np.ascontiguousarray(share[0, 0, :height, :width]))

    def _session(self, width: int, height: int, wider: int) -> Any:
        key = (width, height, wider)
        if key not in self._sessions:
            runtime = _runtime()
            self._weights = self._weights or weights.read()
            options = runtime.SessionOptions()
            options.intra_op_num_threads, options.inter_op_num_threads = 2, 1
            options.log_severity_level = 3
            graph = network.build(self._weights, width, height, wider)
            self._sessions[key] = runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
            while len(self._sessions) > _KEPT:
                self._sessions.popitem(last=False)
        return self._sessions[key]


def _runtime() -> Any:
    try:
        import onnxruntime  # noqa: PLC0415 - half a second, and there is none for every machine
    except ImportError as why:
        words = "ONNX Runtime, which the AI model for pictures in between needs, is not to be had for this machine."
        remedy = f"{why}; choose motion, blend or repeat"
        raise Fail(Code.DEPENDENCY_MISSING, words, field="method", detail=remedy) from why
    return onnxruntime


def _seen(three: Planes) -> NDArray[np.uint8]:
    """Return red, green and blue of a picture, as wide as the model looks at."""
    height, width = three[0].shape
    scale = min(1.0, _WIDEST / width)
    size = (round(width * scale), max(16, round(height * scale)))
    shown = framed(three).reformat(
        *size, format="rgb24", src_colorspace=Colorspace.ITU709, interpolation=Interpolation.AREA
    )
    return np.asarray(shown.to_ndarray(), np.uint8)


def _tensor(picture: NDArray[np.uint8], across: int, down: int) -> Field:
    height, width = picture.shape[:2]
    whole = cv2.copyMakeBorder(picture, 0, down - height, 0, across - width, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(whole.transpose(2, 0, 1)[None].astype(np.float32) / 255)
