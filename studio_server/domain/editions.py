"""Several versions of one pipeline side by side, and which of them a name means. Pure.

The one in use goes by its id; every other by `id@version`. Cards that were set up with another version keep it for as
long as it is there; cards that name none get the one in use.
"""

from collections.abc import Mapping

from studio_sdk.manifest import Pipeline
from studio_server.domain.graph import Node

SEEN = "pipeline_seen"
"""What a card remembers of the pipeline that it names, its version among it."""


def edition_name(pipeline_id: str, version: str = "") -> str:
    """Return what a version of a pipeline is called; without a version the one in use is meant."""
    return f"{pipeline_id}@{version}" if version else pipeline_id


def parts(name: str) -> tuple[str, str]:
    """Return the id and the version, empty where none is told, of a name."""
    pipeline_id, _, version = name.partition("@")
    return pipeline_id, version


def meant(pipelines: Mapping[str, Pipeline], name: str) -> str:
    """Return the key of what a name means: that version where it is installed, else the one in use."""
    return name if name in pipelines else parts(name)[0]


def named_by(node: Node) -> str | None:
    """Return the name of the pipeline that a card asks for, with the version it was set up with."""
    told = node.data.get("pipeline")
    if not isinstance(told, str) or not told:
        return None
    seen = node.data.get(SEEN)
    if "@" in told or not isinstance(seen, dict) or seen.get("id", told) != told:
        return told
    version = seen.get("version")
    return edition_name(told, version) if isinstance(version, str) else told
