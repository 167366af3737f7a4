"""What the verbs share: how they are added to the command line, and how they stop with a sentence."""

import argparse
import sys
from pathlib import Path
from typing import Final, Never, TypeAlias

from studio_sdk import requirements
from studio_sdk.names import Exit

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no other name for it
"""Where a module of verbs adds its own; each sets `act`, a function from the parsed words to an exit status."""


ENVIRONMENTS: Final = Path.home() / ".cache" / "studio-sdk" / "environments"
"""Where the packages of pipelines are installed that an author tries; the folder may be removed at any time."""


def interpreter(folder: Path) -> Path:
    """Return the Python that a pipeline runs with: of its own packages, installed first where they are not, or ours."""
    if not requirements.of_its_own(folder):
        return Path(sys.executable)
    if not requirements.made(folder, ENVIRONMENTS):
        sys.stderr.write(f"Installing the packages of {folder}, once\n")
    return requirements.make(folder, ENVIRONMENTS) / "bin" / "python"


def stop(message: str, status: Exit) -> Never:
    """End the program with a sentence and a status."""
    sys.stderr.write(message + "\n")
    sys.exit(status)
