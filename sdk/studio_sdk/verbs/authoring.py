"""The verbs of an author at work: new, describe, check, run, test, and the page of all pipelines."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from studio_sdk import catalogue, conformance, requirements, scaffold, testing
from studio_sdk.container import ContainerPlace
from studio_sdk.contract import Progress
from studio_sdk.folder import MANIFEST
from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.names import Exit, SocketType
from studio_sdk.places import Place, ProcessPlace
from studio_sdk.sample import picture
from studio_sdk.types import Quality
from studio_sdk.verbs import images
from studio_sdk.verbs.words import Verbs, interpreter, stop


def add(verbs: Verbs) -> None:
    """Add the verbs to the command line."""
    describe = verbs.add_parser("describe", help="print the manifest that the pipeline's code gives")
    describe.set_defaults(act=_describe)
    describe.add_argument("folder", type=Path)
    describe.add_argument("--write", action="store_true", help=f"write it to the folder's {MANIFEST}")
    check = verbs.add_parser("check", help=f"compare {MANIFEST} with the code, and ask whether it can run here")
    check.set_defaults(act=_check)
    check.add_argument("folder", type=Path)
    run = verbs.add_parser("run", help="run it once and hold it against the contract")
    run.set_defaults(act=_run)
    run.add_argument("folder", type=Path)
    run.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter")
    run.add_argument("--file", action="append", default=[], metavar="NAME=PATH", help="an input file; may be repeated")
    run.add_argument("--format", default="1280x720@24/1", metavar="WxH@FRAMES/SECONDS")
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--quality", type=Quality, choices=list(Quality), default=Quality.LOW)
    run.add_argument("--comfyui", default="", metavar="URL", help="a ComfyUI to put at its side")
    run.add_argument("--job-dir", type=Path, help="a new folder for the run; kept afterwards")
    run.add_argument("--cache", type=Path, help="a folder for what it keeps from one run to the next (`cache_mb`)")
    test = verbs.add_parser("test", help="try every promise of the contract, and say what to mend")
    test.set_defaults(act=_test)
    test.add_argument("what", type=Path, metavar="FOLDER|IMAGE.tar")
    test.add_argument("--backend", choices=("process", "docker"), help="process for a folder, docker for an image")
    test.add_argument("--base", type=Path, help="what a folder's image stands on, for `--backend docker`")
    images.packages_of(test)
    test.add_argument("--comfyui", default="", metavar="URL", help="a ComfyUI to put at its side")
    test.add_argument("--record", action="store_true", help="keep what comes out of the sample as what is expected")
    locked = verbs.add_parser("lock", help="give it Python packages of its own, each version and file pinned")
    locked.set_defaults(act=_lock)
    locked.add_argument("folder", type=Path)
    locked.add_argument("packages", nargs="*", metavar="PACKAGE", help="as for pip, 'numpy>=2'; without, pin anew")
    new = verbs.add_parser("new", help="start a pipeline from a small one that works")
    new.set_defaults(act=_new)
    new.add_argument("folder", type=Path, help="its last part becomes the pipeline's name")
    new.add_argument("--language", choices=scaffold.languages(), default="python")
    listed = verbs.add_parser("catalogue", help="print the page that lists a folder's pipelines")
    listed.set_defaults(act=_catalogue)
    listed.add_argument("folder", type=Path)


def _describe(arguments: argparse.Namespace) -> Exit:
    text = testing.described(arguments.folder, interpreter(arguments.folder))
    if arguments.write:
        (arguments.folder / MANIFEST).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return Exit.OK


def _catalogue(arguments: argparse.Namespace) -> Exit:
    sys.stdout.write(catalogue.page(arguments.folder))
    return Exit.OK


def _check(arguments: argparse.Namespace) -> Exit:
    testing.manifest(arguments.folder)
    python = interpreter(arguments.folder)
    told = json.loads(testing.described(arguments.folder, python))
    if told != json.loads((arguments.folder / MANIFEST).read_bytes()):
        stop(f"{MANIFEST} is stale: studio-sdk describe {arguments.folder} --write", Exit.INVALID)
    answer = testing.ready(arguments.folder, python)
    sys.stdout.write(answer.stdout)
    sys.stderr.write(answer.stderr)
    return Exit.OK if answer.returncode == 0 else Exit.MISSING


def _run(arguments: argparse.Namespace) -> Exit:
    facts = testing.manifest(arguments.folder)
    params = {}
    for given in arguments.set:
        name, _, text = given.partition("=")
        if name not in facts.inputs:
            stop(f"there is no input called {name}", Exit.INVALID)
        params[name] = _value(facts.inputs[name], text)
    files: dict[str, list[Path]] = {}
    for given in arguments.file:
        name, _, path = given.partition("=")
        files.setdefault(name, []).append(Path(path))
    job_dir = (arguments.job_dir or Path(tempfile.mkdtemp(prefix="studio-job-")) / "job").resolve()
    size = picture(arguments.format)
    testing.prepare(
        arguments.folder, job_dir, params, files, picture=size, seed=arguments.seed, quality=arguments.quality
    )
    cache = arguments.cache.resolve() if arguments.cache else None
    if cache:
        cache.mkdir(parents=True, exist_ok=True)
    python = interpreter(arguments.folder)
    return _told(facts, testing.carry_out(arguments.folder, job_dir, python, comfyui=arguments.comfyui, cache=cache))


def _test(arguments: argparse.Namespace) -> Exit:
    what = arguments.what
    backend = arguments.backend or ("process" if what.is_dir() else "docker")
    if backend == "process" and not what.is_dir():
        stop("An image is tried in Docker; as a process its folder is.", Exit.INVALID)
    if backend == "docker" and what.is_dir() and not arguments.base:
        stop("A folder needs --base to become an image: studio-sdk base base.tar", Exit.INVALID)
    with tempfile.TemporaryDirectory(prefix="studio-test-") as root:
        if backend == "docker":
            path = images.built(arguments, what, Path(root, "image.tar")).path if what.is_dir() else what
            return _found(ContainerPlace(path, Path(root, "image")), Path(root, "runs"))
        place = ProcessPlace(what, interpreter(what), comfyui=arguments.comfyui)
        if arguments.record:
            sys.stdout.write(f"  recorded in {conformance.record(place, Path(root, 'record'))}\n")
        return _found(place, Path(root, "runs"))


def _found(place: Place, root: Path) -> Exit:
    facts = testing.manifest(place.folder)
    sys.stdout.write(f"{facts.title} {facts.version}: {facts.task}, {facts.engine}, in a {place.label}\n")
    counts = {"ok": 0, "FAULT": 0, "left": 0}
    root.mkdir()
    for finding in conformance.trials(place, root):
        word = "FAULT" if finding.faults else "left" if finding.left else "ok"
        counts[word] += 1
        sys.stdout.write(f"  {word:5}  {finding.promise}\n")
        for line in (*finding.faults, *([finding.left] if finding.left else [])):
            sys.stdout.write(f"         {line}\n")
        if finding.faults:
            sys.stdout.write(f"         mend: {finding.mend}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{counts['ok']} promises kept, {counts['FAULT']} broken, {counts['left']} not tried\n")
    return Exit.BUG if counts["FAULT"] else Exit.OK


def _lock(arguments: argparse.Namespace) -> Exit:
    testing.manifest(arguments.folder)
    for pin in requirements.lock(arguments.folder, arguments.packages):
        sys.stdout.write(f"{pin}\n")
    return Exit.OK


def _new(arguments: argparse.Namespace) -> Exit:
    for path in scaffold.new(arguments.folder, arguments.language):
        sys.stdout.write(f"{path}\n")
    sys.stdout.write(f"Try it: studio-sdk test {arguments.folder}\n")
    return Exit.OK


def _value(socket: Socket, text: str) -> str | int | float | bool:
    """Return a parameter in its type; other text goes through, so that the pipeline's own words are seen."""
    if socket.type is SocketType.BOOLEAN and text in {"true", "false"}:
        return text == "true"
    try:
        if socket.type is SocketType.INTEGER:
            return int(text)
        return float(text) if socket.type is SocketType.FLOAT else text
    except ValueError:
        return text


def _told(facts: Pipeline, done: testing.Outcome) -> Exit:
    sys.stdout.write(done.printed.decode("utf-8", errors="replace"))
    stages = [event.stage for event in done.events if isinstance(event, Progress)]
    sys.stdout.write(f"{len(done.events)} events, last stage: {stages[-1] if stages else 'none'}\n")
    if done.result and done.result.error:
        error = done.result.error
        sys.stdout.write(f"{error.code}: {error.message} {f'({error.field})' if error.field else ''}\n{error.detail}\n")
    for entry in done.result.outputs if done.result else []:
        sys.stdout.write(f"{entry.name}: {done.folder / entry.path} ({entry.bytes} bytes, {entry.mime})\n")
    broken = testing.breaches(facts, done)
    for breach in broken:
        sys.stdout.write(f"breach of the contract: {breach}\n")
    sys.stdout.write(f"exit status {done.status} after {done.elapsed_s:.2f} s\n")
    if broken:
        return Exit.BUG
    return Exit(done.status) if done.status in list(Exit) else Exit.BUG
