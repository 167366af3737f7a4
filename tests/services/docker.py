"""A Docker daemon of the tests' own, in a folder of its own and without a network; and the base its images stand on.

The base is made of Debian's packages once for a machine and kept outside the checkout, named by what it is made of.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from docker import DockerClient

from studio_sdk import rootfs
from tests.services.needed import end_with_the_tests, program

START_S = 60


class Docker:
    """A daemon. `address` is where it answers, `base` the tar for `RUNNER_BASE_IMAGE`."""

    def __init__(self) -> None:
        dockerd = program("dockerd", "docker.io")
        if os.geteuid() != 0:
            pytest.skip("a Docker daemon of the tests' own can only be started as root")
        program("mmdebstrap", "mmdebstrap")
        self.base = base()
        self.root = Path(tempfile.mkdtemp(prefix="dockerd-"))  # short: its sockets' paths may have 107 bytes
        self.address = f"unix://{self.root}/sock"
        # In namespaces of its own everything it starts and mounts ends with it, even when the tests are killed.
        self._words = [
            *("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", dockerd),
            *("--data-root", f"{self.root}/data", "--exec-root", f"{self.root}/exec", "--pidfile", f"{self.root}/pid"),
            *("-H", self.address, "--bridge=none", "--iptables=false", "--ip6tables=false"),
        ]
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.root / "log").open("ab") as log:
            self._daemon = subprocess.Popen(
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.defpath + ":/usr/sbin:/sbin", "HOME": str(self.root)},
                start_new_session=True,
                preexec_fn=end_with_the_tests,  # noqa: PLW1509 - one system call, loaded before the fork
            )
        end = time.monotonic() + START_S
        while not self._answers():
            said = (self.root / "log").read_text(errors="replace")[-4000:]
            assert self._daemon.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.05)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as door:
            door.settimeout(5)
            door.connect(f"{self.root}/sock")
            door.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 " in door.recv(64)
        return False

    def client(self) -> DockerClient:
        return DockerClient(base_url=self.address, timeout=120)

    def containers(self) -> list[str]:
        """Return the ids of all containers, whatever state they are in."""
        client = self.client()
        try:
            return [str(one["Id"]) for one in client.api.containers(all=True)]
        finally:
            client.close()

    def kill(self) -> None:
        """End it and its containers as a power cut would; what it knows stays on disk."""
        self._daemon.kill()
        self._daemon.wait(timeout=60)
        shutil.rmtree(self.root / "exec", ignore_errors=True)
        (self.root / "pid").unlink(missing_ok=True)

    def close(self) -> None:
        """End it and forget everything."""
        self.kill()
        shutil.rmtree(self.root, ignore_errors=True)


def base() -> Path:
    """Return where the base with Python is kept; `make_base` puts it there."""
    key = hashlib.sha256(Path(rootfs.__file__).read_bytes()).hexdigest()[:12]
    return Path(pwd.getpwuid(os.getuid()).pw_dir, ".cache", "production-canvas", f"base-{key}.tar")


def make_base() -> None:
    """Make the base where it is not there yet and can be made: half a minute, once for a machine."""
    kept = base()
    if kept.exists() or os.geteuid() != 0 or not (shutil.which("dockerd") and shutil.which("mmdebstrap")):
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of tests that run side by side the others wait
        if kept.exists():
            return
        draft = kept.with_name(f"{os.getpid()}-{kept.name}")
        try:
            rootfs.make(draft)
            draft.replace(kept)
        finally:
            draft.unlink(missing_ok=True)
