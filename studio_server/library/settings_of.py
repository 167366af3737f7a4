"""What git's settings in a project's folder would do: a project from elsewhere may hold some that start programs.

Read as text, by an allow-list; git is not asked, because asking it may already run them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_HARMLESS: Final = (
    re.compile(r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|autocrlf|checkstat|trustctime)"),
    re.compile(r"core\.(longpaths|symlinks|ignorecase|precomposeunicode|untrackedcache|splitindex|eol|safecrlf)"),
    re.compile(r"(lfs|index|gc|fetch|pull|push|merge|rebase|user|commit|branch|status|diff|log|color|feature)\..*"),
    re.compile(r"(lfs|branch|remote) .*\.(url|fetch|remote|merge|rebase|pushurl|access|locksverify|vscode-merge-base)"),
    re.compile(r"remote\..*|maintenance\..*|extensions\.(objectformat|partialclone|worktreeconfig)|http\.postbuffer"),
)
_RUNS: Final = re.compile(
    r".*\.(gpgsign|gpg|program|tool|driver|external|command|textconv|hookspath|helper|[a-z]*hook)$"
)
_LFS: Final = {
    "clean": "git-lfs clean -- %f",
    "smudge": "git-lfs smudge -- %f",
    "process": "git-lfs filter-process",
    "required": "true",
}
_OWN_DRIVER: Final = re.compile(r"python -m studio_server merge-canvas .*|studio merge-canvas .*")
_LFS_HOOK: Final = re.compile(rb"git lfs (pre-push|post-checkout|post-commit|post-merge) \"\$@\"\s*\Z")
_HEADER: Final = re.compile(r'\[([A-Za-z0-9.-]+)(?: "([^"\\]*)")?\]')
_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_LONGEST = 200_000


def dangers(root: Path) -> Iterator[str]:
    """Yield what in a project's `.git` could start a program, or lead git elsewhere, in somebody's terminal."""
    folder = root / ".git"
    config = folder / "config"
    for name in ("config.worktree", "commondir", "objects/info/alternates", "info/attributes"):
        if (folder / name).exists():
            yield f"there is a .git/{name}"
    if (root / ".lfsconfig").exists():
        yield "there is a .lfsconfig, which may send what you push elsewhere"
    for hook in sorted((folder / "hooks").iterdir()) if (folder / "hooks").is_dir() else ():
        if not hook.name.endswith(".sample") and not _is_of_lfs(hook):
            yield f"there is a hook, {hook.name}"
    if config.is_symlink() or not config.is_file() or config.stat().st_size > _LONGEST:
        yield "its settings are no file of their own"
        return
    yield from _in_config(config.read_text(encoding="utf-8", errors="replace"))


def _is_of_lfs(hook: Path) -> bool:
    return hook.is_file() and not hook.is_symlink() and bool(_LFS_HOOK.search(hook.read_bytes()[-400:]))


def _in_config(text: str) -> Iterator[str]:
    section = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            header = _HEADER.fullmatch(line)
            if header is None:
                yield f"a line that nobody writes: {line[:80]}"
                return
            section = f"{header[1].lower()} {header[2]}" if header[2] is not None else header[1].lower()
            continue
        key, _, value = (part.strip() for part in line.partition("="))
        if not _KEY.fullmatch(key) or value.endswith("\\"):
            yield f"a line that nobody writes: {line[:80]}"
            return
        if not _is_harmless(section, key.lower(), value):
            yield f"{section}.{key.lower()} = {value[:80]}"


def _is_harmless(section: str, key: str, value: str) -> bool:
    said = f"{section}.{key}"
    if section == "filter lfs":
        return _LFS.get(key) == value
    if section == "merge canvas":
        return key in {"name", "recursive"} or bool(_OWN_DRIVER.fullmatch(value))
    if section.startswith("remote ") and key in {"url", "pushurl"} and ("::" in value or value.startswith("-")):
        return False
    return not _RUNS.fullmatch(said) and any(one.fullmatch(said) for one in _HARMLESS)
