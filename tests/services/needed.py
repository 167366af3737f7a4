"""Servers that tests start for themselves: where their programs are, and what happens where they are not.

A machine without one skips the tests that need it and says so; where the environment says CI=true it must be there.
"""

import ctypes
import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

_PR_SET_PDEATHSIG = 1


def program(name: str, package: str, folders: Sequence[Path] = ()) -> str:
    """Return the path of a program, or skip the test that asks; a machine of CI fails it."""
    found = next((str(folder / name) for folder in folders if (folder / name).is_file()), None) or shutil.which(name)
    if found is None:
        missing(f"{name} is missing: `apt-get install {package}` brings it")
    return found


def missing(words: str) -> NoReturn:
    """Skip the test that asks, in words; a machine of CI fails it."""
    if os.environ.get("CI") == "true":  # noqa: TID251 - the tests' own edge
        pytest.fail(words)
    pytest.skip(words)


def end_with_the_tests(word: signal.Signals = signal.SIGKILL) -> None:
    """Let this process be told this word when the one that started it is killed. For `preexec_fn` of servers."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, word, 0, 0, 0)
