"""The line to the Docker daemon, opened for each thing to say: it does not matter that the daemon was away meanwhile.

`launcher` and `images` speak through it. What goes wrong on the way becomes a StudioError that names the daemon.
"""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from docker import DockerClient
from docker.errors import APIError, DockerException
from docker.models.containers import Container

from function_runner.containers.line import Client
from studio_sdk.errors import Code, StudioError

WORKER, JOB, ATTEMPT, DEADLINE = (f"studio.{name}" for name in ("worker", "job", "attempt", "deadline"))
"""The labels by which a container is known: whose it is, what it works on, and until when (seconds since 1970)."""

_ANSWER_S: Final = 120
_GONE: Final = 404
_NOT_RUNNING: Final = 409


class Engine:
    """One Docker daemon, by its address (`unix:///var/run/docker.sock`)."""

    def __init__(self, address: str) -> None:
        self.address = address

    def open(self) -> DockerClient:
        """Return a client, to be closed by the caller. Raises ENGINE_OFFLINE where the daemon does not answer."""
        with self.words():
            _knock(self.address)
            return Client(self.address, _ANSWER_S)

    @contextmanager
    def client(self) -> Iterator[DockerClient]:
        """Yield a client; raise ENGINE_OFFLINE where the daemon does not answer, INTERNAL where it refuses."""
        client = self.open()
        try:
            with self.words():
                yield client
        finally:
            client.close()

    def away(self, why: Exception) -> StudioError:
        """Return the error for a daemon that does not answer."""
        return StudioError(
            Code.ENGINE_OFFLINE,
            "Docker does not answer on this worker.",
            detail=f"Start it (`sudo systemctl start docker`), or see RUNNER_DOCKER_HOST: {self.address}: {why}",
        )

    @contextmanager
    def words(self) -> Iterator[None]:
        """Turn what Docker raises inside into errors of the studio."""
        try:
            yield
        except APIError as why:
            raise StudioError(Code.INTERNAL, "Docker refused.", detail=str(why)) from why
        except (DockerException, OSError) as why:
            if isinstance(why, OSError) and why.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise  # this machine's disk, not Docker
            raise self.away(why) from why


def _knock(address: str) -> None:
    """Raise OSError where nobody listens: docker-py would say it in many words."""
    scheme, _, path = address.partition("://")
    if scheme == "unix":
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(_ANSWER_S)
            door.connect(path)


def remove(container: Container) -> None:
    """End and remove a container, whatever state it is in. Raises DockerException."""
    try:
        container.remove(force=True, v=True)
    except APIError as why:
        if why.status_code not in {_GONE, _NOT_RUNNING}:  # gone, or being removed by somebody else
            raise


def hang_up(heard: Any) -> None:
    """Close what `attach_socket` gave, and the connection below it, which docker-py leaves open."""
    below = getattr(heard, "_sock", None)
    heard.close()
    if below is not None:
        below.close()


def signal(client: DockerClient, container_id: str, word: str) -> None:
    """Send a signal to a container; one that is over is left alone. Raises DockerException."""
    try:
        client.api.kill(container_id, word)
    except APIError as why:
        if why.status_code not in {_GONE, _NOT_RUNNING}:
            raise
