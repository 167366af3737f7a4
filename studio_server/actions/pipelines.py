"""Published pipelines in this studio: install one or another version of it, take it away. The command line calls it.

A running studio sees the change at once; a runner elsewhere needs the same (`studio-sdk install`), and refuses a job
whose pipeline it has in another edition.
"""

from pathlib import Path

from studio_sdk import install
from studio_sdk.errors import Code, StudioError
from studio_sdk.registry import Registry


def add(pipelines_dir: Path, registry: Path, wanted: str) -> list[str]:
    """Install `id` or `id@version` and return what to tell the person.

    Errors: PIPELINE_UNKNOWN where the registry has none, VALIDATION_ERROR where the folder is none or damaged, or where
    something is in the way that somebody wrote.
    """
    try:
        release = install.install(Registry(registry), wanted, pipelines_dir)
    except LookupError as why:
        raise StudioError(Code.PIPELINE_UNKNOWN, "The registry has no such pipeline.", detail=str(why)) from why
    except FileExistsError as why:
        message = f"{why.filename} is in the way: it was not installed from a registry, or was changed since."
        detail = f"Move it away, or: studio-sdk install {registry} {wanted} {pipelines_dir} --overwrite"
        raise StudioError(Code.VALIDATION_ERROR, message, detail=detail) from why
    except ValueError as why:
        raise StudioError(Code.VALIDATION_ERROR, "The pipeline cannot be installed.", detail=str(why)) from why
    lines = [f"{release.name} is installed; cards use it from now on, but for those that were set up with another."]
    lines += [f"It is deprecated: {release.deprecated}"] if release.deprecated else []
    missing = install.lacking(release.id, pipelines_dir)
    return [*lines, missing] if missing else lines


def remove(pipelines_dir: Path, wanted: str) -> list[str]:
    """Take an installed pipeline away, all its versions or `id@version`. Errors: PIPELINE_UNKNOWN."""
    try:
        gone = install.remove(wanted, pipelines_dir)
    except LookupError as why:
        raise StudioError(Code.PIPELINE_UNKNOWN, str(why.args[0])) from why
    return [f"{name} is gone; takes that it made stay." for name in gone]


def listed(pipelines_dir: Path) -> list[str]:
    """Return a line for every version of a pipeline that was installed from a registry."""
    found = install.installed(pipelines_dir)
    return [
        f"{name.partition('@')[0]} {entry['version']} from {entry['registry']}"
        + (", kept for the cards that were set up with it" if "@" in name else "")
        for name, entry in sorted(found.items())
    ]
