"""Text as lists for editing systems can hold it. Pure."""

import re
from typing import Final

LIMIT: Final = 70


def plain(text: str) -> str:
    """Return text as one plain line: other letters become `_`, so that a name never breaks a column."""
    signs = re.sub(r"[^\x20-\x7e]", "_", " ".join(text.split()))
    return signs[:LIMIT].strip() or "UNTITLED"


def printable(text: str) -> str:
    """Return text in any script without the signs that XML and AAF cannot hold."""
    return "".join(sign for sign in text if sign.isprintable())
