"""The command line: `python -m studio_server [serve | web | migrate | doctor | pipelines | models | make …]`.

It reads the settings once, calls one function, and turns every expected failure into words and an exit code:
0 done, 1 cannot (the reason and the remedy are printed), 2 wrong words or settings, 130 interrupted.
"""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from pydantic import ValidationError

from studio_sdk.errors import REMEDIES, Code, StudioError
from studio_server.remote import words as remote
from studio_server.settings import ROOT, Settings

WRONG_WORDS: Final = 2
INTERRUPTED: Final = 130


def main(words: Sequence[str] | None = None) -> int:
    """Run the command named in `words` (the command line when None) and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="studio", description="Production Canvas: a film made from shots on a canvas."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="start the studio: doorbell, web process and runner (this is the default)")
    commands.add_parser("web", help="run the web process alone").add_argument(
        "--fd", type=int, help="answer on this inherited socket instead of opening STUDIO_PORT"
    )
    commands.add_parser("migrate", help="bring the database to the newest form")
    commands.add_parser("doctor", help="look whether this machine has what the studio needs")
    pipelines = commands.add_parser("pipelines", help="put published pipelines into this studio, or take them away")
    verbs = pipelines.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("list", help="say which were installed, and from where")
    added = verbs.add_parser("add", help="install a pipeline, or another version of it")
    added.add_argument("registry", help="the registry's folder")
    added.add_argument("wanted", metavar="ID[@VERSION]")
    verbs.add_parser("remove", help="take an installed pipeline away").add_argument("wanted", metavar="ID")
    commands.add_parser("reindex", help="make the database anew from the project folders; the studio must not run")
    checked = commands.add_parser("fsck", help="look projects over: media, history, folder, settings")
    checked.add_argument("project", help="its id, or the name of its folder; all without it", nargs="?")
    checked.add_argument("--mend", action="store_true", help="mend what can be mended")
    checked.add_argument("--quick", action="store_true", help="do not read the bytes of media")
    imported = commands.add_parser("import", help="take a project in from a zip")
    imported.add_argument("file", type=Path, metavar="ZIP")
    imported.add_argument("--as-copy", action="store_true", help="with an identity of its own, beside the one here")
    placed = commands.add_parser("open", help="open a project folder where it lies; only where nobody signs in")
    placed.add_argument("folder", type=Path, metavar="FOLDER")
    archived = commands.add_parser("archive", help="write a project into a zip")
    archived.add_argument("project", help="its id, or the name of its folder")
    archived.add_argument("file", type=Path, metavar="ZIP", nargs="?")
    merged = commands.add_parser("merge-canvas", help="merge two canvas files into one: the merge driver for your git")
    for side, told in (("base", "%%O"), ("ours", "%%A, which is written"), ("theirs", "%%B")):
        merged.add_argument(side, type=Path, help=told)
    merged.add_argument("name", nargs="?", default="the canvas", help="%%P")
    models = commands.add_parser("models", help="look at the model files that pipelines need, or bring them")
    verbs = models.add_subparsers(dest="verb", metavar="VERB", required=True)
    looked = verbs.add_parser("check", help="say which are there, on a disk (--to) or in a running ComfyUI")
    looked.add_argument("--hash", action="store_true", help="read every byte and compare SHA-256 (minutes)")
    pulled = verbs.add_parser("pull", help="bring what is not there; nothing is overwritten")
    pulled.add_argument("--from", dest="source", metavar="ADDRESS", help="https://… or s3://BUCKET/PREFIX")
    for verb in (looked, pulled):
        verb.add_argument("pipelines", nargs="*", metavar="PIPELINE", help="default: all that use ComfyUI")
        verb.add_argument("--to", dest="models_dir", metavar="FOLDER", help="ComfyUI's models folder")
        verb.add_argument("--quality", action="append", default=[], choices=["low", "standard", "high"])
    remote.add(commands)
    commands.add_parser("openapi", help="write the API's description to studio_web/openapi.json")
    given = parser.parse_args(words)
    runs: dict[str, Callable[[Settings], int]] = {
        "serve": _serve,
        "web": lambda settings: _web(settings, given.fd),
        "migrate": _migrate,
        "doctor": _doctor,
        "pipelines": lambda settings: _pipelines(settings, given),
        "reindex": lambda settings: _offline().reindex(settings, _say),
        "fsck": lambda settings: _offline().check(
            settings, given.project, mend=given.mend, quick=given.quick, say=_say
        ),
        "import": lambda settings: _offline().bring_in(settings, given.file, as_copy=given.as_copy, say=_say),
        "open": lambda settings: _offline().open_in_place(settings, given.folder, _say),
        "archive": lambda settings: _offline().pack(settings, given.project, given.file, _say),
        "merge-canvas": lambda settings: _merge_canvas(settings, given),
        "models": lambda settings: _models(settings, given),
        "openapi": _openapi,
        **dict.fromkeys(remote.COMMANDS, lambda settings: remote.run(settings, given)),
    }
    try:
        return runs[given.command or "serve"](Settings())
    except ValidationError as error:
        return _wrong_settings(error)
    except StudioError as error:
        return _cannot(error)
    except KeyboardInterrupt:
        return INTERRUPTED


def _merge_canvas(settings: Settings, given: argparse.Namespace) -> int:
    from studio_server.actions.merging import merge_canvas  # noqa: PLC0415

    try:
        contested = merge_canvas(settings.pipelines_dir, given.base, given.ours, given.theirs, given.name)
    except OSError as error:
        _say(f"{given.name} could not be merged: {error}")
        return 1
    if contested:
        _say("\n  ".join([f"{given.name} is merged and can be opened. Look at this before you commit it:", *contested]))
    return 1 if contested else 0


def _serve(settings: Settings) -> int:
    from studio_server.supervisor.start import serve  # noqa: PLC0415 - each command loads only what it needs

    return serve(settings, _say)


def _web(settings: Settings, fd: int | None) -> int:
    import uvicorn  # noqa: PLC0415

    from studio_server import logs  # noqa: PLC0415
    from studio_server.app import create_app  # noqa: PLC0415

    logs.configure(settings.log_format)
    uvicorn.run(
        create_app(settings.with_secrets()),
        host=settings.host,
        port=settings.port,
        fd=fd,
        ws="websockets-sansio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return 0


def _migrate(settings: Settings) -> int:
    from studio_server.app import migrate  # noqa: PLC0415

    migrate(settings)
    _say("The database is in its newest form.")
    return 0


def _doctor(settings: Settings) -> int:
    from studio_server.doctor import bucket, checks, kept_apart  # noqa: PLC0415

    found = [*checks(settings), kept_apart(settings)]
    if settings.storage != "folder":
        from studio_server.app import depot_of  # noqa: PLC0415

        depot = depot_of(settings)
        assert depot is not None  # noqa: S101 - the settings name one
        found.append(bucket(settings.storage, depot.probe))
    for check in found:
        _say(f"{'ok' if check.ok else 'MISSING':8} {check.title}: {check.detail}")
        if check.remedy and not check.ok:
            _say(f"{'':8} -> {check.remedy}")
    return 0 if all(check.ok or not check.needed for check in found) else 1


def _pipelines(settings: Settings, given: argparse.Namespace) -> int:
    from studio_server.actions import pipelines  # noqa: PLC0415

    if given.verb == "add":
        lines = pipelines.add(settings.pipelines_dir, Path(given.registry), given.wanted)
    elif given.verb == "remove":
        lines = pipelines.remove(settings.pipelines_dir, given.wanted)
    else:
        lines = pipelines.listed(settings.pipelines_dir)
    for line in lines:
        _say(line)
    return 0


def _offline() -> ModuleType:
    from studio_server import offline  # noqa: PLC0415

    return offline


def _models(settings: Settings, given: argparse.Namespace) -> int:
    from studio_sdk.comfy.s3 import Account  # noqa: PLC0415
    from studio_server.actions import models  # noqa: PLC0415

    folder = Path(given.models_dir).absolute() if given.models_dir else settings.models_dir
    files = models.files_of(settings.pipelines_dir, given.pipelines, given.quality)
    if given.verb == "check" and (folder or settings.comfyui_url):
        rows = (
            models.on_disk(folder, files, hashed=given.hash)
            if folder
            else models.on_server(settings.comfyui_url, files)
        )
        well = True
        for fine, line in rows:
            well = well and fine
            _say(line)
        return 0 if well else 1
    if folder is None:
        raise StudioError(Code.VALIDATION_ERROR, "Name ComfyUI's models folder with --to, or STUDIO_MODELS_DIR.")
    secret = settings.s3_secret.get_secret_value()
    account = Account(settings.s3_endpoint, settings.s3_region, settings.s3_key, secret)
    models.bring(folder, files, given.source or settings.models_source, account, _say)
    _say("All model files are there.")
    return 0


def _openapi(_settings: Settings) -> int:
    from studio_server.app import openapi_document  # noqa: PLC0415

    path = ROOT / "studio_web" / "openapi.json"
    path.write_text(json.dumps(openapi_document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _say(f"Wrote {path}.")
    return 0


def _say(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)


def _cannot(error: StudioError) -> int:
    steps = REMEDIES[error.code].steps
    known = error.detail in error.message or error.detail in " ".join(steps)
    words = [
        f"\n{error.code}: {error.message}",
        *([] if known else [error.detail]),
        *(f"  -> {step}" for step in steps),
    ]
    print("\n".join(words), file=sys.stderr, flush=True)
    return 1


def _wrong_settings(error: ValidationError) -> int:
    print("These settings cannot be used:", file=sys.stderr)
    for fault in error.errors():
        # What only follows from another fault says nothing new.
        if fault["type"] != "default_factory_not_called":
            name = "".join(f"STUDIO_{part}: ".upper() for part in fault["loc"])
            print(f"  {name}{fault['msg'].removeprefix('Value error, ')}", file=sys.stderr)
    print("docs/settings.md lists every setting.", file=sys.stderr)
    return WRONG_WORDS


if __name__ == "__main__":
    code = main()
    # A reader that has gone away (`studio doctor | head -1`) must not turn the last flush into a traceback.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.exit(code)
    os._exit(code)
