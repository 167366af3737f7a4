"""A new project's git repository: made, set up for Git LFS by writing its settings, and given its first commit.

`git lfs install` is not run: it takes longer than everything else here together and writes the same lines.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from studio_server.domain.project import LOCAL_FOLDERS
from studio_server.library import git, gitcommand
from studio_server.library.disk import guarded

_CONFIG = """\
[core]
\tautocrlf = false
\tcheckStat = minimal
\ttrustctime = false
\tlongpaths = true
\tsymlinks = false
[lfs]
\trepositoryformatversion = 0
[filter "lfs"]
\tclean = git-lfs clean -- %f
\tsmudge = git-lfs smudge -- %f
\tprocess = git-lfs filter-process
\trequired = true
"""
# Byte for byte git-lfs's own hook: without it a plain `git push` would publish pointers without their media.
_PRE_PUSH = """\
#!/bin/sh
command -v git-lfs >/dev/null 2>&1 || { echo >&2 "\\nThis repository is configured for Git LFS but 'git-lfs' was \
not found on your path. If you no longer wish to use Git LFS, remove this hook by deleting \
'.git/hooks/pre-push'.\\n"; exit 2; }
git lfs pre-push "$@"
"""


def scaffold(root: Path, files: Mapping[str, bytes], message: str, author: git.Author) -> str:
    """Make a project folder a git repository with Git LFS set up, and commit `files`; return the commit's id.

    The files must already lie in the folder.
    """
    begin(root)
    return git.commit_files(root, files, message, author)


def begin(root: Path) -> None:
    """Make a folder a git repository with Git LFS set up and no commit yet."""
    with guarded(root):
        try:
            subprocess.run(
                [gitcommand.program(), "init", "--quiet", "--template=", f"--initial-branch={git.BRANCH}", str(root)],
                capture_output=True,
                env=gitcommand.environment(),
                timeout=gitcommand.TIMEOUT_S,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
            raise gitcommand.explained(root, failed) from failed
        _set_up(root)
        (root / ".git" / git.OWN).mkdir()


def equip(root: Path) -> None:
    """Give a project that came from elsewhere (a clone, an archive) what only a checkout has: settings and caches."""
    with guarded(root):
        for folder in LOCAL_FOLDERS:
            (root / folder).mkdir(exist_ok=True)
        if not is_equipped(root):
            _set_up(root)


def is_equipped(root: Path) -> bool:
    """Whether Git LFS is set up in a project."""
    config = root / ".git" / "config"
    return config.is_file() and '[filter "lfs"]' in config.read_text(encoding="utf-8", errors="replace")


def set_up_anew(root: Path, aside: Path) -> None:
    """Set git's settings and hooks of a project aside and write those that it needs."""
    folder = root / ".git"
    with guarded(root):
        aside.mkdir(parents=True)
        for name in ("config", "hooks", "config.worktree", "commondir", "info", "objects/info/alternates"):
            if (folder / name).exists() or (folder / name).is_symlink():
                (folder / name).rename(aside / name.replace("/", "-"))
        text = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"
        (folder / "config").write_text(text, encoding="utf-8")
        _set_up(root)


def _set_up(root: Path) -> None:
    with (root / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(_CONFIG)
    hook = root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    if not hook.exists():
        hook.write_text(_PRE_PUSH, encoding="utf-8")
        hook.chmod(0o755)
