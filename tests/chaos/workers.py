"""`make chaos-workers`: many jobs, and workers that are killed at random; every job ends exactly once.

Real programs on a real Redis and PostgreSQL; a worker, the process that runs its job, or the whole host is ended by
SIGKILL. A seed makes the same choices again, at other moments. tests/integration/test_chaos_workers.py
is the short form.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests import jobs
from tests.services.postgres import Postgres
from tests.services.redis import Redis
from tests.stage import Studio

PROJECTS = 4
SHOTS = 5
QUIET_S = 240.0
"""With nobody killed any more, something must end within so long."""

BREATH_S = 2.0
"""From one kill to the next in a long run: a host that dies again and again right after its start is left alone for
ten seconds by its studio, and all that was measured then was that patience."""

WORKER = "-m\0function_runner"


class Slaughter:
    """The run: `failures` says what went wrong, in words."""

    def __init__(self, folder: Path, count: int, kills: int, seed: int, breath_s: float = 0.0) -> None:
        self.seed, self.count, self.kills, self._breath_s = seed, count, kills, breath_s
        self.killed: Counter[str] = Counter()
        self.blows: list[tuple[str, str]] = []
        self.failures: list[str] = []
        self._dice = random.Random(seed)
        self._folder = folder
        self._redis = Redis(folder / "redis")
        self._postgres = Postgres()
        pipelines = jobs.plant(folder / "pipelines", seconds=0.2)
        self.studio = Studio(
            folder,
            STUDIO_BROKER_URL=self._redis.url,
            STUDIO_DATABASE_URL=self._postgres.database(),
            STUDIO_PIPELINES_DIR=str(pipelines),
            STUDIO_LEASE_SECONDS="10",
            RUNNER_CPU_WORKERS="2",
            RUNNER_GPU="none",
        )
        self.studio.start()
        self._api = httpx.Client(base_url=f"{self.studio.url}/api/v1", timeout=60)
        self.tasks: dict[str, tuple[str, str]] = {}
        self.ended: dict[str, dict[str, Any]] = {}
        self.seconds = 0.0
        self._heard: Counter[str] = Counter()

    def run(self) -> None:
        """Order everything, kill while it is made, wait for the end, and look."""
        began = time.monotonic()
        places = [
            (project, node)
            for number in range(PROJECTS)
            for project, nodes in (jobs.shots_in(self._api, f"Project {number}", SHOTS),)
            for node in nodes
        ]
        for number in range(self.count):
            place = places[number % len(places)]
            self.tasks[jobs.order(self._api, *place)] = place
        self._work()
        self.seconds = time.monotonic() - began
        self._look()

    def _work(self) -> None:
        quiet_since = killed_at = time.monotonic()
        while len(self.ended) < self.count and not self.failures:
            # The kills are spread over the work, however fast this machine does it, and all are due by its half.
            due = min(self.kills, 1 + 2 * self.kills * len(self.ended) // self.count)
            if self.killed.total() < due and time.monotonic() - killed_at > self._breath_s:
                self._kill()
                quiet_since = killed_at = time.monotonic()
            before = len(self.ended)
            self._ask()
            if len(self.ended) > before:
                quiet_since = time.monotonic()
            if time.monotonic() - quiet_since > QUIET_S:
                self.failures.append(f"nothing ends any more: {len(self.ended)} of {self.count} have")
            time.sleep(self._dice.random() / 2)

    def _ask(self) -> None:
        for project in {project for project, _ in self.tasks.values()}:
            heard = self._api.get(f"/projects/{project}/events", params={"since": self._heard[project]}).json()
            for event in heard["events"]:
                self._heard[project] = event["revision"]
                if event["event"] in {"server:task_success", "server:task_failed"}:
                    self._note(event)

    def _note(self, event: dict[str, Any]) -> None:
        task = event["task_id"]
        other = self.ended.setdefault(task, event)
        if other["revision"] != event["revision"]:
            self.failures.append(f"{task} ended twice: {other['revision']} and {event['revision']}")

    def _kill(self) -> None:
        """End one of the runner's processes: mostly a worker or what runs its job, sometimes the host."""
        found = _processes(str(self.studio.workspaces), WORKER)
        hosts = [pid for pid in found if _parent(pid) not in found]
        others = [pid for pid in found if pid not in hosts]
        kind = self._dice.choices(["worker", "host"], [9, 1])[0]
        pids = sorted(hosts if kind == "host" else others)
        if pids:
            pid = self._dice.choice(pids)
            whose = f"{_command(pid)} of {_parent(pid)}".replace("\0", " ")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.killed[kind] += 1
                self.blows.append((datetime.now(UTC).isoformat(), f"{pid} {whose}"))

    def _look(self) -> None:
        if self.failures:
            return
        self.failures += [
            f"{task} ended with {json.dumps(one['error'])}; killed until then: {self.blows}"
            for task, one in self.ended.items()
            if one["event"] != "server:task_success" and one["error"]["error"] != "WORKER_LOST"
        ]
        for project, node in sorted(set(self.tasks.values())):
            takes = self._api.get(f"/projects/{project}/shots/{node}/takes").json()
            made = Counter(take["task_id"] for take in takes)
            wanted = {
                task
                for task, place in self.tasks.items()
                if place == (project, node) and self.ended[task]["event"] == "server:task_success"
            }
            self.failures += [f"{task} has {count} takes" for task, count in made.items() if count != 1]
            self.failures += [f"{task} has no take" for task in wanted - set(made)]
            self.failures += [f"{task} has a take and did not succeed" for task in set(made) - wanted]
            numbers = sorted(take["number"] for take in takes)
            if numbers != list(range(1, len(numbers) + 1)):
                self.failures.append(f"the takes of {node} are numbered {numbers}")

    def close(self) -> None:
        """Stop everything, then look for what was left behind."""
        self._api.close()
        under_way = self.studio.workspaces / ".studio" / "runner"
        patience = time.monotonic() + 60  # a killed worker's next start clears what it left
        while any(_whole(path) for path in under_way.glob("*/jobs/*")) and time.monotonic() < patience:
            time.sleep(0.2)
        self.studio.stop()
        left = _processes(str(self.studio.workspaces), "")
        self.failures += [f"a process was left: {_command(pid)}" for pid in left]
        projects = self.studio.workspaces / "local" / "Projects"
        self.failures += [f"a file was left: {path}" for path in _files(projects.glob("*/05_Cache/incoming/*"))]
        self.failures += [f"a job's folder was left: {path}" for path in under_way.glob("*/jobs/*") if _whole(path)]
        for folder in projects.iterdir():
            words = ["git", "-C", str(folder), "fsck", "--strict", "--no-dangling"]
            done = subprocess.run(words, capture_output=True, text=True, check=False, env=self.studio.environment)
            if done.returncode or done.stdout:
                self.failures.append(f"{folder.name}: {done.stdout}{done.stderr}")
        self._redis.kill()
        self._postgres.close()

    def figures(self) -> dict[str, object]:
        """Return what happened, in numbers."""
        states = Counter(one["event"].removeprefix("server:") for one in self.ended.values())
        return {
            "seed": self.seed,
            "jobs": self.count,
            "kills": dict(self.killed),
            "ended": dict(states),
            "seconds": round(self.seconds, 1),
            "failures": self.failures,
        }


def _whole(folder: Path) -> bool:
    """Whether a job's folder is neither a failure kept for people nor already being removed."""
    return (folder / ".under-way").exists()


def _files(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.is_file()]


def _processes(mark: str, words: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                ours = mark.encode() in (entry / "environ").read_bytes() or mark in _command(int(entry.name))
                if ours and words in _command(int(entry.name)):
                    found.append(int(entry.name))
    return found


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    return 0


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    return ""


def main() -> int:
    """Do it, print its figures, and say by the exit code how it ended."""
    parser = argparse.ArgumentParser(description="Many jobs, and workers killed at random.")
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    told = parser.parse_args()
    seed = told.seed if told.seed is not None else random.SystemRandom().randrange(1, 10**6)
    with tempfile.TemporaryDirectory(prefix="slaughter-") as folder:
        slaughter = Slaughter(Path(folder), told.jobs, told.kills, seed, BREATH_S)
        try:
            slaughter.run()
        finally:
            slaughter.close()
    print(json.dumps(slaughter.figures()), flush=True)
    return 1 if slaughter.failures else 0


if __name__ == "__main__":
    sys.exit(main())
