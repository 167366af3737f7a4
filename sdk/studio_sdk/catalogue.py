"""The page that lists a folder's pipelines, written from their manifests and from nothing else.

`studio-sdk catalogue` prints it; a test fails when the page in docs/pipelines is stale.
"""

from pathlib import Path

from studio_sdk.folder import MANIFEST
from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.types import FILE_TYPES, Tier

_HEAD = """# The pipelines

Written from the manifests by `studio-sdk catalogue pipelines > docs/pipelines/README.md`; do not edit.
What a pipeline is and how it is run: [contract.md](contract.md). How to write one:
[tutorial.md](tutorial.md).
"""


def page(folder: Path) -> str:
    """Return the page of all pipelines in a folder, in Markdown. Raises ValidationError for a bad manifest."""
    found = [Pipeline.model_validate_json(path.read_bytes()) for path in sorted(folder.glob(f"*/{MANIFEST}"))]
    rows = [_row(one) for one in found]
    table = ["| Pipeline | Id, version | Task | Engine | Use | VRAM |", "|---|---|---|---|---|---|", *rows]
    return "\n".join([_HEAD, *table, "", *(_section(one) for one in found)])


def _row(one: Pipeline) -> str:
    cells = [f"[{one.title}](#{one.id})", f"`{one.id}` {one.version}", one.task, one.engine, _use(one), _memory(one)]
    return f"| {' | '.join(cells)} |"


def _use(one: Pipeline) -> str:
    return "draft, marked as such" if one.tier is Tier.PREVIZ else "production"


def _memory(one: Pipeline) -> str:
    needed = sorted({variant.vram_gb for variant in one.variants})
    return "none" if needed == [0] else ", ".join(f"{gigabytes} GB" for gigabytes in needed)


def _section(one: Pipeline) -> str:
    lines = [f"## {one.id}", "", one.description, ""]
    lines += ["| Input | Type | Default | Bounds | |", "|---|---|---|---|---|"]
    for name, port in one.inputs.items():
        lines.append(f"| `{name}` | {_type(port)} | {_default(port)} | {_bounds(port)} | {port.help} |")
    lines += ["", "Gives " + ", ".join(f"`{name}` ({port.type})" for name, port in one.outputs.items()) + ".", ""]
    if one.cannot:
        lines += ["It cannot:", "", *(f"- {words}" for words in one.cannot), ""]
    deadlines = ", ".join(f"{variant.quality} {variant.timeout_s} s" for variant in one.variants)
    lines += [f"Deadlines: {deadlines}. Repeatability: {one.determinism}. Licence: {one.license or 'not stated'}.", ""]
    return "\n".join(lines)


def _type(port: Socket) -> str:
    many = ", several" if port.many else ""
    needed = ", needed" if port.required else ""
    return f"{port.type}{many}{needed}"


def _default(port: Socket) -> str:
    if port.default is None or port.type in FILE_TYPES:
        return ""
    return f"`{port.default}`" if port.default != "" else "empty"


def _bounds(port: Socket) -> str:
    if port.choices:
        return ", ".join(port.choices)
    if port.minimum is not None and port.maximum is not None:
        return f"{port.minimum:g} to {port.maximum:g} {port.unit}".strip()
    if port.points:
        return f"{len(port.points.points)} points on `{port.points.of}`"
    return f"{port.max_length} characters" if port.max_length else ""
