"""bubblewrap: a process in a file system of its own, without a network, where the machine lets one make it.

`process` uses it for the label `sandboxed`. The pipeline sees /job as in a container, its own folder, its interpreter
and the system's programs, read-only but for what is its own; no other process, no network card, no socket of the
machine. Memory, processor time and the number of processes are not limited.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from function_runner.launchers import Launch

_PROGRAMS: Final = ("/usr", "/opt", "/sys/devices/system")
_LINKED: Final = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC: Final = (
    *("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "magic", "mime.types"),
    *("ssl/certs", "ca-certificates", "OpenCL", "vulkan", "ImageMagick-6", "ImageMagick-7"),
)
"""What of /etc programs want to read; the rest may hold a machine's secrets."""
_NOBODY: Final = "10001"
_TRIAL_S: Final = 10.0


@cache
def works() -> bool:
    """Whether a sandbox can really be started here: systems forbid user namespaces in many ways, so it is tried."""
    program = shutil.which("bwrap")
    if program is None or sys.platform != "linux":
        return False
    try:
        done = subprocess.run(
            [program, *_apart(), *_system(), "--", "/usr/bin/env", "true"],
            capture_output=True,
            check=False,
            timeout=_TRIAL_S,
            env={},
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def around(launch: Launch, command: tuple[str, ...], homes: list[Path]) -> list[str]:
    """Return the command that runs a pipeline's command in a sandbox."""
    program = shutil.which("bwrap") or "bwrap"
    own = [word for path in dict.fromkeys([*homes, launch.folder]) for word in _see(path, inside=path)]
    job = [*_see(launch.job_dir, inside=Path("/job"))]
    for name in ("outputs", "scratch", "events.jsonl"):
        job += ["--bind", str(launch.job_dir / name), f"/job/{name}"]
    if launch.kept:
        job += ["--bind", str(launch.kept.folder), "/job/cache"]
    for name, path in launch.sockets.items():
        job += ["--ro-bind", str(path), f"/job/services/{name}.sock"]
    return [program, *_apart(), *_system(), *own, *job, "--chdir", str(launch.folder), "--", *command]


def _apart() -> list[str]:
    words = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--hostname", "job"]
    return [*words, "--uid", _NOBODY, "--gid", _NOBODY] if os.geteuid() == 0 else words


def _system() -> list[str]:
    words = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 - the sandbox's own
    for path in map(Path, _PROGRAMS):
        words += _see(path, inside=path)
    for path in map(Path, _LINKED):
        words += ["--symlink", str(path.readlink()), str(path)] if path.is_symlink() else _see(path, inside=path)
    for name in _ETC:
        words += _see(Path("/etc", name), inside=Path("/etc", name))
    return words


def _see(path: Path, *, inside: Path) -> list[str]:
    return ["--ro-bind-try", str(path), str(inside)]
