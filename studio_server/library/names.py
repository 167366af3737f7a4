"""Which paths may exist in a project: names that every file system and every git accepts.

Checked before a path is made, served or committed; git itself checks next to nothing.
"""

import re
import unicodedata
from typing import Final

from studio_sdk.errors import Code, StudioError

PATH_LIMIT: Final = 180
"""Longest path inside a project, in characters."""

_COMPONENT_LIMIT = 200
_STEM_LIMIT = 60
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$", re.IGNORECASE)
_BAD = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')
_GIT_NAMES = frozenset({".git", ".gitmodules", ".gitattributes", ".gitignore", ".lfsconfig"})
_AT_TOP = frozenset({".gitattributes", ".gitignore"})


def checked_path(path: str) -> str:
    """Return a path inside a project unchanged; raise VALIDATION_ERROR when it is not a safe one."""
    wrong = wrong_with(path)
    if wrong:
        raise StudioError(Code.VALIDATION_ERROR, "This file name cannot be used.", detail=f"{path!r}: {wrong}")
    return path


def wrong_with(path: str) -> str | None:
    """Return why a path inside a project cannot be used, or None when it can."""
    if not path or len(path) > PATH_LIMIT:
        return "empty or longer than 180 characters"
    if unicodedata.normalize("NFC", path) != path:
        return "not in composed Unicode form"
    return next((w for w in (_wrong_component(c, path) for c in path.split("/")) if w), None)


def _wrong_component(name: str, path: str) -> str | None:
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if unicodedata.category(c) != "Cf").casefold()
    checks = (
        (name in {"", ".", ".."}, "empty or dotted part"),
        (bool(_BAD.search(name)), "character that Windows refuses"),
        (any(unicodedata.category(c) == "Cs" for c in name), "half a character"),
        (name != name.strip(" ").rstrip("."), "outer space or dot at the end"),
        (bool(_RESERVED.match(name)), "name that Windows reserves"),
        (plain in _GIT_NAMES and path not in _AT_TOP, "name that belongs to git"),
        (bool(re.match(r"^git~\d+$", plain)), "name that belongs to git"),
    )
    found = next((why for wrong, why in checks if wrong), None)
    if found:
        return found
    return "longer than 200 bytes" if len(name.encode()) > _COMPONENT_LIMIT else None


def safe_stem(original: str) -> str:
    """Return a file name's stem made safe: Latin letters, digits, `-` and `_`, 1-60 characters.

    The name people gave is kept as the title beside it; this is only what the file is called on disk.
    """
    last = re.split(r"[/\\]", original)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last.lstrip(".") else last
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii")
    clean = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-_")[:_STEM_LIMIT].strip("-_")
    if not clean:
        return "media"
    return f"{clean}-media" if _RESERVED.match(clean) else clean
