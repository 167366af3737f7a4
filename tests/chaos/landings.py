"""`make chaos-landings`: many writers land takes in one project while a person commits with git and writers are killed.

A writer is a process of its own. One that is killed is followed by another, which first carries on what was begun and
then hands in the same take again, as a runner does that has heard no answer. In the end each take that was begun is
there once and whole, and git and git-lfs find nothing wrong. Its short form: tests/integration/test_chaos_landings.py.
With `--storage s3` media go to a bucket besides, and it must have all that the history names (tests/chaos/bucket.py).
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from studio_sdk.errors import StudioError
from studio_server.library.folder import ProjectFolder
from studio_server.library.takes import land_take, recover
from tests.chaos.bucket import Bucket, begin
from tests.stock import ANN, arrive, draft, new_project

SHOTS = ("010", "020", "030")
LONGEST_LANDING_S = 0.1
"""So long after it has begun a take a writer is killed at the latest: most die in the midst of landing it."""
BYTES = 40_000
LARGE_BYTES = 11_000_000
AT_ONCE = 0.1
"""This share of the writers is killed while it carries on what was begun before it."""

PERSON = """
while :; do
  echo x >> notes.txt
  git add notes.txt && git -c user.name=U -c user.email=u@x commit -qm note && echo ok >> ../person.ok
  git status --porcelain > /dev/null
done 2>> ../person.err
"""


@dataclass
class Outcome:
    """What came of it; `failures` is in words and empty where all is well."""

    begun: int = 0
    landed: int = 0
    kills: int = 0
    commits: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


@dataclass
class _Life:
    """How long a writer lives: until a moment after it has begun a take, or after it was started."""

    number: int
    diary: Path
    size: int
    lasts: float
    at_once: bool
    since: float = 0.0

    def is_over(self) -> bool:
        if not self.since and (self.at_once or _size(self.diary) > self.size):
            self.since = time.monotonic()
        return bool(self.since) and time.monotonic() - self.since > self.lasts


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def storm(place: Path, *, writers: int, seconds: float, kills: int, seed: int, bucket: Bucket | None = None) -> Outcome:
    """Let it rage until the time is over and so many writers were killed; return what came of it."""
    longest = bucket.longest_landing_s if bucket else LONGEST_LANDING_S
    chance = random.Random(seed)
    folder = new_project(place / "workspaces")
    diary = place / "diary"
    diary.mkdir()
    (folder.root.parent / "person.err").touch()
    person = subprocess.Popen(["sh", "-c", PERSON], cwd=folder.root, start_new_session=True)
    outcome = Outcome()
    began = time.monotonic()
    alive: dict[int, _Life] = {}
    free = list(range(writers))
    try:
        while time.monotonic() - began < seconds or outcome.kills < kills:
            while free:
                number = free.pop()
                own = diary / f"{number}"
                life = _Life(number, own, _size(own), chance.uniform(0, longest), chance.random() < AT_ONCE)
                alive[_writer(folder, diary, number, chance.randrange(2**31), bucket)] = life
            for pid, life in list(alive.items()):
                number = life.number
                if outcome.kills < kills and life.is_over():
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                    outcome.kills += 1
                elif os.waitpid(pid, os.WNOHANG)[0]:
                    outcome.failures.append(f"writer {number} ended by itself: {_last(diary / f'{number}.err')}")
                else:
                    continue
                del alive[pid]
                free.append(number)
            time.sleep(0.002)
        for pid in alive:
            os.kill(pid, signal.SIGTERM)
        for pid, life in alive.items():
            number = life.number
            if os.waitpid(pid, 0)[1]:
                outcome.failures.append(f"writer {number} failed: {_last(diary / f'{number}.err')}")
    finally:
        os.killpg(person.pid, signal.SIGKILL)
        person.wait()
    outcome.seconds = time.monotonic() - began
    ok = folder.root.parent / "person.ok"
    outcome.commits = len(ok.read_text().splitlines()) if ok.exists() else 0
    _judge(bucket.folder(folder) if bucket else folder, diary, outcome)
    if bucket:
        outcome.failures += bucket.wrong(folder)
    return outcome


def _writer(folder: ProjectFolder, diary: Path, number: int, seed: int, bucket: Bucket | None) -> int:
    """Start a writer and return its process id. It ends when it is asked to, and keeps a diary of what it does."""
    pid = os.fork()
    if pid:
        return pid
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
    code = 1
    try:
        folder = bucket.folder(folder) if bucket else folder
        chance = random.Random(seed)
        own = diary / f"{number}"
        lines = own.read_text().splitlines() if own.exists() else []
        done = {line.split()[1] for line in lines if line.startswith("landed")}
        open_ones = [line.split()[1:] for line in lines if line.startswith("began") and line.split()[1] not in done]
        recover(folder)
        with own.open("a", buffering=1) as note:
            for job, shot, text in open_ones:
                _land(folder, note, job, shot, int(text))
            while not asked:
                job = f"w{number}-{chance.randrange(2**62):x}"
                shot, own_seed = chance.choice(SHOTS), chance.randrange(2**31)
                note.write(f"began {job} {shot} {own_seed}\n")
                _land(folder, note, job, shot, own_seed)
        code = 0
    except (StudioError, OSError, ValueError) as error:
        told = "".join(traceback.format_exception(error))
        (diary / f"{number}.err").write_text(f"{told[-1500:]} {getattr(error, 'detail', '')}")
    finally:
        os._exit(code)
    return 0


def _land(folder: ProjectFolder, note: TextIO, job: str, shot: str, seed: int) -> None:
    data = handed_in(seed, large=folder.far is not None)
    take = land_take(folder, arrive(folder, data), None, draft(job, code=shot), ANN)
    note.write(f"landed {job} {take.media.path}\n")


def _judge(folder: ProjectFolder, diary: Path, outcome: Outcome) -> None:
    recover(folder)
    deadline = time.monotonic() + 60
    while not folder.settle(ANN) and time.monotonic() < deadline:
        time.sleep(0.2)
    begun, landed = _told(diary, large=folder.far is not None)
    outcome.begun, outcome.landed = len(begun), len(landed)
    by_job: dict[str, list[str]] = {}
    committed = set(_git(folder, "ls-tree", "-r", "--name-only", "main").split())
    for take in (take for shot in SHOTS for take in folder.takes("01", shot)):
        job = take.job_id or ""
        by_job.setdefault(job, []).append(take.media.path)
        if hashlib.sha256((folder.root / take.media.path).read_bytes()).hexdigest() != begun.get(job):
            outcome.failures.append(f"{take.name} holds other bytes than were handed in")
        if take.media.path not in committed:
            outcome.failures.append(f"{take.name} is not in the history")
    outcome.failures += [f"{job} is there {len(paths)} times" for job, paths in by_job.items() if len(paths) > 1]
    outcome.failures += [f"{job} was told as landed and is lost" for job in landed if job not in by_job]
    for words in (("fsck", "--strict", "--no-dangling"), ("lfs", "fsck")):
        done = subprocess.run(["git", *words], cwd=folder.root, capture_output=True, text=True, check=False)
        if done.returncode:
            outcome.failures.append(f"git {' '.join(words)}: {(done.stdout + done.stderr)[-500:]}")
    if told := _git(folder, "status", "--porcelain", "--", "03_Renders"):
        outcome.failures.append(f"git status: {told[:300]}")


def handed_in(seed: int, *, large: bool) -> bytes:
    """Return the bytes of a take; where some are `large`, each eighth goes to the bucket in parts."""
    return random.Random(seed).randbytes(LARGE_BYTES if large and seed % 8 == 0 else BYTES)


def _told(diary: Path, *, large: bool) -> tuple[dict[str, str], set[str]]:
    """Return what the diaries say: the SHA-256 of what was begun, by job, and the jobs that were told as landed."""
    words = [line.split() for own in diary.iterdir() if not own.suffix for line in own.read_text().splitlines()]
    begun = {
        line[1]: hashlib.sha256(handed_in(int(line[3]), large=large)).hexdigest()
        for line in words
        if line[0] == "began" and len(line) == 4
    }
    return begun, {line[1] for line in words if line[0] == "landed"}


def _git(folder: ProjectFolder, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder.root, capture_output=True, text=True, check=True).stdout


def _last(path: Path) -> str:
    return path.read_text() if path.exists() else "(without a word)"


def main() -> int:
    """Run it as asked on the command line."""
    parser = argparse.ArgumentParser(description="Land takes while everything goes wrong.")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--storage", choices=("folder", "s3"), default="folder")
    wish = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="chaos-landings-"))
    print(f"seed {wish.seed}, in {place}", flush=True)
    bucket = begin(place / "s3") if wish.storage == "s3" else None
    try:
        rages = {"writers": wish.writers, "kills": wish.kills, "seed": wish.seed}
        done = storm(place, seconds=wish.minutes * 60, bucket=bucket, **rages)
    finally:
        if bucket:
            bucket.server.end()
    print(
        f"{done.seconds:.0f} s, {done.begun} takes begun, {done.landed} landed, {done.kills} writers killed,"
        f" {done.commits} commits of a person, {len(done.failures)} failures"
    )
    for failure in done.failures[:40]:
        print(f"  {failure}")
    if not done.failures:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if done.failures else 0


if __name__ == "__main__":
    sys.exit(main())
