"""Text as edit lists can hold it: one line of plain letters. Pure."""

import re
from typing import Final

LIMIT: Final = 70


def plain(text: str) -> str:
    """Return text as one plain line: other letters become `_`, so that a name never breaks a column."""
    signs = re.sub(r"[^\x20-\x7e]", "_", " ".join(text.split()))
    return signs[:LIMIT].strip() or "UNTITLED"
