"""What this machine can do for the studio: its engines, and so the queues it listens to."""

import os
import socket
from importlib.metadata import PackageNotFoundError, version
from uuid import uuid4

from function_runner.settings import RunnerSettings
from studio_sdk.types import Engine
from studio_sdk.wire import WorkerInfo

BOOT = uuid4().hex
"""Names this process: a new one under the same worker id proves the old process dead."""


def describe(settings: RunnerSettings, sandbox: str) -> WorkerInfo:
    """Return what the studio is told at registration."""
    try:
        own = version("production-canvas")
    except PackageNotFoundError:
        own = "0"
    return WorkerInfo(
        id=settings.worker_id,
        boot=BOOT,
        host=socket.gethostname(),
        engines=[Engine(name) for name in settings.engines],
        queues=["cpu"],
        sandbox=sandbox,
        version=own,
    )


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
