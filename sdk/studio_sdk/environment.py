"""What a pipeline's process is started with: its program, and an environment without anything of who starts it.

The runner and the conformance kit both take it from here, so that what was tried is what runs. Standard library only.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_MORE_PROGRAMS: Final = "/usr/local/bin:/opt/homebrew/bin"


def command(entry: Sequence[str], folder: Path, python: Path | str) -> tuple[str, ...]:
    """Return a manifest's `entry` as a command with the full path of its program.

    `python` is the interpreter of the pipeline's environment, a word with a slash lies in the pipeline's folder, any
    other is looked up as whoever calls this would. Raises FileNotFoundError with the word where there is none.
    """
    word, *rest = entry
    if word == "python":
        word = str(python)
    elif "/" in word:
        word = str(folder / word)
    found = shutil.which(word)
    if found is None:
        raise FileNotFoundError(2, "not there", word)
    return (found, *rest)


def clean(program: str, job_dir: Path | None = None, threads: int = 1) -> dict[str, str]:
    """Return all that a pipeline sees of the environment; without a job's folder that of `describe` and `check`."""
    plain = {
        "PATH": f"{Path(program).parent}:{os.defpath}:{_MORE_PROGRAMS}",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
    }
    return plain if job_dir is None else plain | of_job(job_dir, f"{job_dir}/scratch")


def of_job(job_dir: Path | str, scratch: str) -> dict[str, str]:
    """Return the words that name a job's folders."""
    return {"JOB_DIR": str(job_dir), "HOME": scratch, "TMPDIR": scratch}


def of_cache(folder: Path | str, megabytes: int) -> dict[str, str]:
    """Return the words that name what a pipeline may keep, and how much."""
    return {"JOB_CACHE": str(folder), "JOB_CACHE_MB": str(megabytes)}
