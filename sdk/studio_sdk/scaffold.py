"""Start a pipeline from one of the shipped examples: a small one that works, in the language of its author."""

import json
import re
import shutil
from pathlib import Path
from typing import Final

from studio_sdk.folder import MANIFEST
from studio_sdk.manifest import Pipeline

EXAMPLES: Final = Path(__file__).parent / "examples"
_NAME: Final = re.compile(r"^[a-z][a-z0-9-]{0,59}$")


def languages() -> list[str]:
    """Return the languages that there is an example in."""
    return sorted(path.name for path in EXAMPLES.iterdir() if (path / MANIFEST).exists())


def checked(name: str) -> str:
    """Return a word that can be a pipeline's name. Raises ValueError."""
    if not _NAME.match(name):
        raise ValueError(f"{name!r}: a pipeline's name is small letters, digits and hyphens, for example film-grain")
    return name


def new(folder: Path, language: str) -> list[Path]:
    """Make a pipeline's folder and return its files; the folder's name becomes the pipeline's.

    Raises ValueError for a name that no pipeline can have and FileExistsError where the folder is.
    """
    name = checked(folder.name)
    example = EXAMPLES / language
    facts = Pipeline.model_validate_json((example / MANIFEST).read_bytes())
    title = name.replace("-", " ").capitalize()
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("__pycache__"))
    made = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in made:
        if path.suffix in {".json", ".py", ".mjs", ".sh"}:
            text = path.read_text(encoding="utf-8")
            text = text.replace(facts.id, name).replace(facts.id.replace("-", "_"), name.replace("-", "_"))
            text = text.replace(json.dumps(facts.title), json.dumps(title))
            path.write_text(text, encoding="utf-8")
    return made
