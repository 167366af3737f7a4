"""Python packages that a pipeline brings of its own: pinned in its folder, installed once into an environment for them.

`requirements.in` says what its author wants, `requirements.txt` what exactly is installed, each file by its hash. Two
pipelines, or two versions of one, never meet in an environment. Nothing of a stranger's runs while one is made: wheels
only, from the index that this machine uses, and nothing is compiled, because that starts the new interpreter, which
reads what the packages put beside it.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

import studio_sdk

WISHES: Final = "requirements.in"
FILE: Final = "requirements.txt"

_PIN: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._, -]+\])?==[A-Za-z0-9.!+_-]+( *;[^\\]*?)?( +--hash=sha256:[0-9a-f]{64})+"
)
_LARGEST: Final = 4 * 1024 * 1024
_UNUSED_S: Final = 90 * 24 * 3600
_LOOK_S: Final = 0.2


def of_its_own(folder: Path) -> bool:
    """Whether a pipeline brings packages of its own."""
    return (folder / FILE).is_file()


def pinned(folder: Path) -> tuple[str, ...]:
    """Return the packages that a pipeline brings, `name==version` each, by name.

    Raises ValueError for a line that is not a version with its hashes: an address, a folder or an option for the
    installer could fetch from anywhere.
    """
    file = folder / FILE
    if file.stat().st_size > _LARGEST:
        raise ValueError(f"{FILE} is larger than {_LARGEST // 1024 // 1024} MB")
    text = file.read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        plain = re.sub(r"(^|\s)#.*", "", line).strip()
        if plain and not _PIN.fullmatch(re.sub(r"\s+", " ", plain)):
            raise ValueError(
                f"{FILE} holds “{plain[:80]}”, which is not one package of one version with its hashes: "
                "let `studio-sdk lock` write it"
            )
        if plain:
            found.append(plain.split()[0].split(";")[0])
    return tuple(sorted(found))


def environment(folder: Path, root: Path) -> Path:
    """Return where the environment of a pipeline's own packages lies below `root`, made or not.

    It goes by what is installed, by the Python it is for and by this SDK, so it is never changed once it is there.
    """
    made_of = f"{sys.version_info[:2]}\0{Path(sys.base_prefix)}\0{_sdk()}\0"
    return root / hashlib.sha256(made_of.encode() + (folder / FILE).read_bytes()).hexdigest()[:24]


def made(folder: Path, root: Path) -> bool:
    """Whether the environment of a pipeline's own packages is there."""
    return (environment(folder, root) / "bin" / "python").exists()


def make(
    folder: Path,
    root: Path,
    *,
    say: Callable[[str], None] = lambda _line: None,
    wanted: Callable[[], bool] = lambda: True,
) -> Path:
    """Return the environment of a pipeline's own packages, made first where it is not there; whole or not at all.

    `say` hears what the installer does, line by line; it is stopped once `wanted` says no. Two that want the same wait
    for each other. Raises ValueError for a file that `pinned` refuses, ConnectionError with the installer's words where
    it could not do it, and InterruptedError where it was stopped.
    """
    place = environment(folder, root)
    if not made(folder, root):
        pinned(folder)
        root.mkdir(parents=True, exist_ok=True)
        with (root / f"{place.name}.lock").open("w") as lock:
            while not _held(lock.fileno()):
                _go_on(wanted)
            if not made(folder, root):
                _forget_unused(root)
                _install(folder, place, say, wanted)
    place.touch()
    return place


def lock(folder: Path, packages: Sequence[str] = ()) -> tuple[str, ...]:
    """Pin what a pipeline wants, and `packages` besides, with all they need, and what this SDK needs; return the pins.

    Written for every machine with this Python or a newer one. Raises ValueError with the installer's words where there
    is no such package, or no set of versions that go together; then nothing is changed.
    """
    file, wishes = folder / FILE, folder / WISHES
    before = wishes.read_text(encoding="utf-8").splitlines() if wishes.exists() else []
    wanted = list(dict.fromkeys([*before, *packages]))
    needs = [need for need in metadata.requires("studio-sdk") or () if "extra ==" not in need]
    with tempfile.TemporaryDirectory(prefix="studio-lock-") as draft:
        (Path(draft) / WISHES).write_text("\n".join([*wanted, *needs]) + "\n", encoding="utf-8")
        python = f"3.{sys.version_info.minor}"
        words = ["pip", "compile", "--universal", "--python-version", python, "--generate-hashes", "--no-header"]
        done = subprocess.run(
            [installer(), *words, "--only-binary", ":all:", "--no-annotate", "--quiet", "-o", FILE, WISHES],
            cwd=draft,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ValueError(done.stderr.strip() or "the packages could not be pinned")
        text = (Path(draft) / FILE).read_text(encoding="utf-8")
    wishes.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    return pinned(folder)


def installer() -> str:
    """Return the path of `uv`. Raises FileNotFoundError where it is not here: `pip install 'studio-sdk[packages]'`."""
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise FileNotFoundError(2, "not there", "uv, which installs packages (`pip install uv`),")
    return found


def _sdk() -> Path:
    return Path(studio_sdk.__file__).resolve().parents[1]


def _held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_LOOK_S)
        return False
    return True


def _go_on(wanted: Callable[[], bool]) -> None:
    if not wanted():
        raise InterruptedError(4, "stopped")


def _install(folder: Path, place: Path, say: Callable[[str], None], wanted: Callable[[], bool]) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as scratch:
        draft = Path(scratch, place.name)
        uv = installer()
        _run([uv, "venv", "--quiet", "--no-project", "--relocatable", "--python", sys.executable, draft], say, wanted)
        options = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile-bytecode", "--no-config"]
        _run(
            [uv, "pip", "install", *options, "--python", draft / "bin" / "python", "-r", (folder / FILE).resolve()],
            say,
            wanted,
        )
        site = draft / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
        (site / "studio_sdk.pth").write_text(f"{_sdk()}\n", encoding="utf-8")
        draft.rename(place)


def _run(words: Sequence[object], say: Callable[[str], None], wanted: Callable[[], bool]) -> None:
    with subprocess.Popen(
        [str(word) for word in words],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        heard: list[str] = []

        def listen() -> None:
            for line in running.stdout or ():
                heard.append(line.strip())
                say(line.strip())

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            while running.poll() is None:
                _go_on(wanted)
                time.sleep(_LOOK_S)
        finally:
            if running.poll() is None:
                running.kill()
            listener.join()
    if running.returncode:
        raise ConnectionError("\n".join(heard[-12:]) or f"{words[0]} ended with {running.returncode}")


def _forget_unused(root: Path) -> None:
    """Remove environments that no run has used for a quarter of a year; one that is wanted again is made again."""
    for place in root.iterdir():
        if place.is_dir() and time.time() - place.stat().st_mtime > _UNUSED_S:
            shutil.rmtree(place, ignore_errors=True)
