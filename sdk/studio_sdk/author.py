"""Turn one typed function into a pipeline: its manifest, its checks and its run in a job folder.

Authors use `pipeline` and `main`. It starts in a few dozen milliseconds because nothing outside the standard library
is loaded until `describe` asks for the checked manifest.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from inspect import getdoc
from pathlib import Path
from typing import Any, NoReturn

from studio_sdk.box import Box, Companion, Variant
from studio_sdk.fields import Fail, inputs_of, outputs_of
from studio_sdk.job import Job
from studio_sdk.names import Exit
from studio_sdk.outside import open_way
from studio_sdk.run import EXITS, run


def pipeline(
    *,
    id: str,  # noqa: A002 - the manifest's own word
    version: str,
    title: str,
    task: str,
    engine: str = "cpu",
    tier: str = "production",
    environment: str = "media",
    output: str = "",
    companions: Mapping[str, Companion] | None = None,
    variants: tuple[Variant, ...] = (Variant("low"), Variant("standard"), Variant("high")),
    determinism: str = "none",
    license: str = "",  # noqa: A002 - as id
    cannot: tuple[str, ...] = (),
    modes: tuple[str, ...] = (),
    by_name: bool = False,
    output_mb: int = 4096,
    cancel_grace_s: float = 10,
    silence_s: float = 120,
    memory_mb: int = 4096,
    pids: int = 512,
    cpus: float | None = None,
    scratch_mb: int = 1024,
    cache_mb: int = 0,
    services: tuple[str, ...] = (),
    egress: tuple[str, ...] = (),
    gpu: str = "none",
    image: str = "",
    requires: Mapping[str, object] | None = None,
    ready: Callable[[], None] | None = None,
) -> Callable[[Callable[..., Any]], Box]:
    """Make a pipeline of a typed function; every word is explained in `manifest.Pipeline`.

    `output` names a single output (else it is called after its type). `ready` raises `Fail` where this machine cannot
    run the pipeline; the verb `check` calls it. `companions` are what `Job.beside` may keep beside the take,
    `cache_mb` is how much `Job.kept` may hold from one run to the next.
    """

    def decorate(function: Callable[..., Any]) -> Box:
        inputs, job_name = inputs_of(function, leave_out=Job)
        facts: dict[str, object] = {
            "id": id,
            "version": version,
            "title": title,
            "description": " ".join((getdoc(function) or "").split("\n\n")[0].split()),
            "task": task,
            "engine": engine,
            "tier": tier,
            "environment": environment,
            "variants": [{k: v for k, v in vars(variant).items() if v is not None} for variant in variants],
            "determinism": determinism,
            "license": license,
            "cannot": cannot,
            "modes": modes,
            "by_name": by_name,
            "limits": {
                "output_mb": output_mb,
                "cancel_grace_s": cancel_grace_s,
                "silence_s": silence_s,
                "memory_mb": memory_mb,
                "pids": pids,
                "cpus": cpus,
                "scratch_mb": scratch_mb,
                "cache_mb": cache_mb,
            },
            "services": services,
            "egress": egress,
            "gpu": gpu,
            "image": image,
            "requires": dict(requires or {}),
        }
        return Box(function, facts, inputs, outputs_of(function, output), job_name, ready, companions or {})

    return decorate


def main(box: Box) -> NoReturn:
    """Run the verb on the command line and exit: `run` (the default), `describe` or `check`."""
    verb = sys.argv[1] if len(sys.argv) > 1 else "run"
    if verb == "describe":
        sys.stdout.write(json.dumps(box.manifest(), indent=2, ensure_ascii=False) + "\n")
        sys.exit(Exit.OK)
    if verb == "check":
        sys.exit(_check(box))
    if verb == "run":
        open_way()
        root = os.environ.get("JOB_DIR", "/job")  # noqa: TID251 - the job folder is the one thing a runner must tell
        sys.exit(run(box, Path(root)))
    sys.stderr.write(f"{verb}: not one of run, describe, check\n")
    sys.exit(Exit.INVALID)


def _check(box: Box) -> Exit:
    try:
        box.manifest()
        if box.ready:
            box.ready()
    except Fail as fail:
        why = {"ok": False, "code": fail.code, "message": fail.message, "detail": fail.detail}
        sys.stdout.write(json.dumps(why) + "\n")
        return EXITS.get(fail.code, Exit.BUG)
    sys.stdout.write('{"ok": true}\n')
    return Exit.OK
