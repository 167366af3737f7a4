"""What the verbs share: how they are added to the command line, and how they stop with a sentence."""

import argparse
import sys
from typing import Never, TypeAlias

from studio_sdk.names import Exit

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no other name for it
"""Where a module of verbs adds its own; each sets `act`, a function from the parsed words to an exit status."""


def stop(message: str, status: Exit) -> Never:
    """End the program with a sentence and a status."""
    sys.stderr.write(message + "\n")
    sys.exit(status)
