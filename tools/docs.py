"""Writes what can be derived from code: pages in docs/, the API description, a catalogue for the page's tests.

`python tools/docs.py` writes, `--check` only says which file is stale (exit code 1). `make docs` runs it, and the web
client's types after it; tests/test_house.py fails while a file is stale.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from function_runner.settings import RunnerSettings
from studio_sdk.errors import REMEDIES
from studio_sdk.manifest import Pipeline
from studio_server.app import openapi_document
from studio_server.domain.node_types import NODE_TYPES, SHOT_TASK
from studio_server.domain.nodes import pipeline_type
from studio_server.domain.qualities import table as qualities_table
from studio_server.domain.specs import SOCKET_LOOKS
from studio_server.settings import ROOT, Settings
from tools import design, qualities


def errors() -> str:
    """Return docs/errors.md."""
    rows = [
        (f"`{code}`", str(remedy.status), "yes" if remedy.retry else "no", " / ".join(remedy.steps))
        for code, remedy in REMEDIES.items()
    ]
    return (
        "# Errors\n\n"
        "Every failure a person can meet has a code, and the studio shows what to do about it. "
        "“Again” says whether the same\nthing may work when it is tried again. "
        "The wire form is in [protocol.md](protocol.md#5-errors).\n\n"
        f"{_table(('Code', 'HTTP', 'Again', 'What to do'), rows)}\n"
        "This page is written by `make docs` from `sdk/studio_sdk/errors.py`.\n"
    )


def settings() -> str:
    """Return docs/settings.md."""
    head = ("Variable", "Default", "Meaning")
    return (
        "# Settings\n\n"
        "Settings are environment variables, read once when a program starts. Without any, `make studio` gives a\n"
        "working studio. Example: `STUDIO_PORT=8001 STUDIO_WORKSPACES=~/films make studio`.\n\n"
        f"## The studio\n\n{_table(head, _fields(Settings))}\n"
        "## A runner\n\n"
        "`make studio` starts one runner and sets these itself. They matter for a runner on another machine.\n\n"
        f"{_table(head, _fields(RunnerSettings))}\n"
        "This page is written by `make docs` from the descriptions in the code.\n"
    )


def openapi() -> str:
    """Return studio_web/openapi.json, from which the web client's types are made."""
    return json.dumps(openapi_document(), indent=1, ensure_ascii=False) + "\n"


def judge_catalog() -> str:
    """Return the catalogue of tests/data/judge.json as the page would get it, for the page's half of that table."""
    table = json.loads((ROOT / "tests" / "data" / "judge.json").read_text(encoding="utf-8"))
    pipelines = [Pipeline.model_validate(manifest) for manifest in table["pipelines"]]
    catalog = {
        "revision": "judge",
        "default_pipeline": table["defaults"][SHOT_TASK],
        "default_pipelines": table["defaults"],
        "sockets": {kind: look.model_dump(mode="json") for kind, look in SOCKET_LOOKS.items()},
        "nodes": [kind.model_dump(mode="json") for kind in NODE_TYPES],
        "pipelines": [pipeline_type(pipeline).model_dump(mode="json") for pipeline in pipelines],
        "formats": {"aspect_ratios": {}, "frame_rates": [], "qualities": []},
        "served": [row.model_dump(mode="json") for row in qualities_table(pipelines)],
    }
    return json.dumps(catalog, indent=1, ensure_ascii=False) + "\n"


PAGES: Final[dict[Path, Callable[[], str]]] = {
    ROOT / "docs" / "errors.md": errors,
    ROOT / "docs" / "settings.md": settings,
    ROOT / "docs" / "design.md": design.page,
    ROOT / "docs" / "pipelines" / "qualities.md": lambda: qualities.page(ROOT / "pipelines"),
    ROOT / "studio_web" / "openapi.json": openapi,
    ROOT / "tests" / "data" / "judge-catalog.json": judge_catalog,
}


def stale() -> list[Path]:
    """Return the files that are not what the code says."""
    return [path for path, page in PAGES.items() if not path.exists() or path.read_text(encoding="utf-8") != page()]


def _fields(model: type[BaseSettings]) -> Iterable[tuple[str, str, str]]:
    prefix = model.model_config.get("env_prefix", "")
    for name, field in model.model_fields.items():
        yield (
            f"`{prefix}{name.upper()}`",
            _default(field.default, derived=field.default_factory is not None),
            str(field.description),
        )


def _default(value: Any, *, derived: bool) -> str:
    if derived:
        return "from the others"
    if value is PydanticUndefined:
        return "must be given"
    if isinstance(value, SecretStr) or value in ("", None):
        return "none"
    if isinstance(value, Path) and value.is_absolute():
        value = value.relative_to(ROOT) if value.is_relative_to(ROOT) else value
    return f"`{value}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    """Write the files, or say which are stale."""
    parser = argparse.ArgumentParser(description="Write the derived pages.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    old = stale()
    if parser.parse_args().check:
        for path in old:
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`.", file=sys.stderr)
        return 1 if old else 0
    for path in old:
        path.write_text(PAGES[path](), encoding="utf-8")
        print(f"Wrote {path.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
