"""What the studio needs from this machine, looked at and put in words a person can act on.

Called by the supervisor before it starts, by `studio doctor` and by GET /health; they show the same rows.
It looks only: nothing is installed and nothing is left behind. Versions are asked every ten seconds at most.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Final

from pydantic import BaseModel, ConfigDict

from studio_sdk.errors import REMEDIES, Code, StudioError
from studio_sdk.fields import Fail
from studio_sdk.manifest import Pipeline
from studio_server.settings import ROOT, Settings, child_environment

FREE_BYTES: Final = 1_000_000_000
"""Below this much free space a take or a film may not fit; the studio says so but works on."""

REMEMBER_S: Final = 10.0

TRIAL_S: Final = 180.0
"""How long the smallest pipeline may take; a container's image may have to be made first."""


class Check(BaseModel):
    """One row: what is needed, whether it is there, what was found, and what to do when it is not.

    `code` is the error that a failed check stands for; `needed` is false where the studio can start without.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    ok: bool
    detail: str = ""
    remedy: str = ""
    code: Code = Code.DEPENDENCY_MISSING
    needed: bool = True


def checks(settings: Settings) -> list[Check]:
    """Look at everything; the order is the order to mend things in."""
    looks: Sequence[Callable[[], Check]] = (
        _python,
        _git,
        _git_lfs,
        lambda: _ffmpeg("ffmpeg"),
        lambda: _ffmpeg("ffprobe"),
        lambda: _workspace(settings.workspaces),
        lambda: _space(settings.workspaces),
        lambda: _web_client(settings.web_dir),
        lambda: _environments(settings.pipelines_dir),
    )
    if settings.comfyui_url:
        looks = (*looks, lambda: _comfyui(settings.comfyui_url, settings.pipelines_dir))
    with ThreadPoolExecutor(max_workers=4) as together:
        return list(together.map(lambda look: look(), looks))


def kept_apart(settings: Settings) -> Check:
    """Start the smallest pipeline as the studio's runner would, and say how it was kept; only `studio doctor` asks."""
    with TemporaryDirectory() as place:
        own = {
            "RUNNER_TOKEN": "trial",
            "RUNNER_BROKER_URL": "memory://",
            "RUNNER_WORKER_ID": f"trial:{os.getpid()}",
            "RUNNER_WORK_DIR": place,
            "RUNNER_LAUNCHER": settings.launcher,
            "RUNNER_DOCKER_HOST": settings.docker_host,
            "RUNNER_BASE_IMAGE": str(settings.base_image),
        }
        try:
            said = subprocess.run(
                [sys.executable, "-m", "function_runner", "trial"],
                capture_output=True,
                text=True,
                timeout=TRIAL_S,
                check=False,
                env=child_environment(own),
            )
            found = json.loads(said.stdout or "null") or {"ok": False, "label": "", "detail": said.stderr[-500:]}
        except (subprocess.TimeoutExpired, ValueError) as why:
            found = {"ok": False, "label": "", "detail": str(why)}
    return Check(
        id="kept_apart",
        title="Pipelines are kept",
        ok=bool(found["ok"]),
        detail=f"{found['label']} {found['detail']}".strip(),
        remedy="" if found["ok"] else "See docs/operators.md, “What pipelines may touch”.",
        needed=False,
    )


def _python() -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Check(
        id="python", title="Python", ok=sys.version_info >= (3, 11), detail=found, remedy="Install Python 3.11."
    )


def _git() -> Check:
    return _program(
        "git",
        "Git",
        ("git", "--version"),
        (2, 39),
        remedy="Install Git: `sudo apt-get install git` (macOS: `brew install git`).",
    )


def _git_lfs() -> Check:
    return _program(
        "git_lfs",
        "Git LFS",
        ("git", "lfs", "version"),
        (3, 0),
        remedy=REMEDIES[Code.LFS_MISSING].steps[0],
        code=Code.LFS_MISSING,
    )


def _ffmpeg(program: str) -> Check:
    return _program(
        program,
        program,
        (program, "-hide_banner", "-version"),
        (4, 0),
        remedy="Install FFmpeg: `sudo apt-get install ffmpeg` (macOS: `brew install ffmpeg`).",
    )


def _program(
    check: str,
    title: str,
    command: tuple[str, ...],
    oldest: tuple[int, int],
    *,
    remedy: str,
    code: Code = Code.DEPENDENCY_MISSING,
) -> Check:
    answer = _answer(command, int(time.monotonic() / REMEMBER_S))
    version = re.search(r"\d+\.\d+(\.\d+)?", answer)
    if version is None:
        return Check(id=check, title=title, ok=False, detail=answer or "not found", remedy=remedy, code=code)
    major, minor = (int(part) for part in version.group().split(".")[:2])
    found = (major, minor) >= oldest
    detail = version.group() if found else f"{version.group()} is too old, {oldest[0]}.{oldest[1]} is needed"
    return Check(id=check, title=title, ok=found, detail=detail, remedy="" if found else remedy, code=code)


@lru_cache(maxsize=16)
def _answer(command: tuple[str, ...], _moment: int) -> str:
    """Return the first line a program says about its version; empty or without a number when there is none."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        said = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "it does not answer"
    if said.returncode:
        return "not found"
    return next(iter(said.stdout.splitlines()), "")


def _workspace(workspaces: Path) -> Check:
    title = "Workspace"
    try:
        workspaces.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=workspaces):
            pass
    except OSError as error:
        return Check(
            id="workspace",
            title=title,
            ok=False,
            detail=f"{workspaces} cannot be written ({error.strerror or error})",
            remedy=" ".join(REMEDIES[Code.STORAGE_READONLY].steps),
            code=Code.STORAGE_READONLY,
        )
    return Check(id="workspace", title=title, ok=True, detail=str(workspaces), code=Code.STORAGE_READONLY)


def bucket(storage: str, probe: Callable[[], None]) -> Check:
    """Say whether the bucket of STUDIO_STORAGE can be reached, written and read; `probe` raises where it cannot."""
    ok, detail = True, f"{storage} can be written and read"
    try:
        probe()
    except StudioError as refused:
        ok, detail = False, f"{storage}: {refused.message} {refused.detail}"
    return Check(
        id="storage",
        title="Bucket for media",
        ok=ok,
        detail=detail,
        remedy="" if ok else "Mend the STUDIO_STORAGE_… settings, or the bucket. Nothing is lost meanwhile.",
        code=Code.STORAGE_UNREACHABLE,
        needed=False,
    )


def _space(workspaces: Path) -> Check:
    place = next(path for path in (workspaces, *workspaces.parents) if path.exists())
    free = shutil.disk_usage(place).free
    room = free >= FREE_BYTES
    return Check(
        id="space",
        title="Free disk space",
        ok=room,
        detail=f"{free / 1e9:.1f} GB free",
        remedy="" if room else REMEDIES[Code.STORAGE_FULL].steps[0],
        code=Code.STORAGE_FULL,
        needed=False,
    )


def _web_client(web_dir: Path) -> Check:
    built = any((web_dir / page).is_file() for page in ("200.html", "index.html"))
    return Check(
        id="web_client",
        title="Web client",
        ok=built,
        detail=str(web_dir) if built else f"not built: {web_dir} holds no page",
        remedy="" if built else "Run `make studio`, which builds it.",
    )


def _environments(pipelines_dir: Path) -> Check:
    """Look whether every pipeline environment that is described was also made."""
    described = sorted(lock.parent for lock in pipelines_dir.glob("environments/*/uv.lock"))
    missing = [place.name for place in described if not os.access(place / ".venv" / "bin" / "python", os.X_OK)]
    names = ", ".join(place.name for place in described)
    return Check(
        id="pipeline_environments",
        title="Pipeline environments",
        ok=not missing,
        detail=f"missing: {', '.join(missing)}" if missing else names or "none described",
        remedy=f"Run `make studio` in {ROOT}, which installs them." if missing else "",
    )


def _comfyui(url: str, pipelines_dir: Path) -> Check:
    """Look whether ComfyUI answers, and what it lacks of what the installed pipelines need, each file by name."""
    ok, detail, remedy = _surveyed(url, pipelines_dir, int(time.monotonic() / REMEMBER_S))
    return Check(
        id="comfyui", title="ComfyUI", ok=ok, detail=detail, remedy=remedy, code=Code.ENGINE_OFFLINE, needed=False
    )


@lru_cache(maxsize=4)
def _surveyed(url: str, pipelines_dir: Path, _moment: int) -> tuple[bool, str, str]:
    from studio_sdk import comfy  # noqa: PLC0415 - a studio without ComfyUI starts without its client

    manifests = [
        Pipeline.model_validate_json(path.read_bytes()) for path in sorted(pipelines_dir.glob("*/pipeline.json"))
    ]
    try:
        with comfy.Api(comfy.Address.of(url)) as api:
            seen = comfy.survey(api, manifests)
    except comfy.Away as why:
        return False, f"{url} does not answer ({why})", "Start ComfyUI there, or mend STUDIO_COMFYUI_URL."
    except (Fail, ValueError) as why:
        return False, f"{url}: {why}", "Mend STUDIO_COMFYUI_URL."
    cards = ", ".join(f"{name}, {total / 2**30:.0f} GB" for name, total, _ in seen.stats.devices)
    found = f"ComfyUI {seen.stats.version} at {url} ({cards})"
    if not seen.lacking:
        return True, found, ""
    told: set[str] = set()
    lacks = " ".join(one.words(told) for one in seen.lacking)
    remedy = (
        "On ComfyUI's machine: `studio models pull --to …/models`; docs/pipelines/comfyui.md says how, also to packs."
    )
    return False, f"{found}. {lacks}", remedy
