"""Write the folder of a pipeline that runs an imported graph: the graph as it was, its slots, its needs, its program.

graphs/NAME.json   the graph, byte for byte
slots.json         which inputs of the graph the pipeline sets
workflow.json      the graph's digest, the models and the node packs it needs
main.py            one typed function, to be read and changed
IMPORTED.md        what was proposed, and why
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from studio_sdk.importing.exported import Graph
from studio_sdk.importing.proposal import Proposal, Proposed, Saved
from studio_sdk.names import FILE_TYPES, SocketType

_TYPES: Final = {
    SocketType.STRING: "str",
    SocketType.INTEGER: "int",
    SocketType.FLOAT: "float",
    SocketType.BOOLEAN: "bool",
}

_PROGRAM: Final = '''"""{title}: a graph of ComfyUI, imported; IMPORTED.md says what became of it."""

{imports}

HERE = Path(__file__).parent
WORKFLOW = Workflow.load(HERE)
NAME = "{graph}"
GRAPH, SLOTS = WORKFLOW.graphs[NAME], WORKFLOW.slots[NAME]


def default(slot: str) -> Any:
    """Return what the graph was exported with."""
    node, into = SLOTS[slot][0]
    return GRAPH[node]["inputs"][into]

{dataclass}
@pipeline(
    id="{id}",
    version="1.0.0",
    title={quoted},
    task="{task}",
    engine="comfyui",
    environment="{environment}",
{output}    variants=tuple(Variant(one, vram_gb={vram_gb}, timeout_s=7200) for one in ("low", "standard", "high")),
    determinism="seeded",
    services=("comfyui",),
    requires=WORKFLOW.requires(),
    cancel_grace_s=30,
    silence_s=300,
)
def {function}(
    job: Job,
{parameters}) -> {gives}:
    """Run {title} on ComfyUI."""
{checks}    with Comfy.open(job) as comfy:
        version = comfy.stats().version
        WORKFLOW.refuse(version, "")
        values = {{
{values}        }}
        made = comfy.run(bind(GRAPH, SLOTS, values), {quoted}, packs=WORKFLOW.packs)
        job.facts["prompt_id"] = made.prompt_id
        job.made_with |= {{
            "comfyui": version,
            "workflows": {{NAME: WORKFLOW.facts["graphs"][NAME]}},
            "models": [{{"file": one["file"]}} for one in WORKFLOW.facts["required_models"]],
        }}
{returns}

{helpers}
if __name__ == "__main__":
    main({function})
'''

_READABLE: Final = '''
def readable(name: str, file: File) -> None:
    """Refuse a file that is not what its name says, before it travels."""
    if not looks_like(file.socket, file):
        raise Fail(Code.UNSUPPORTED_MEDIA, f"{file.label} is not what its name says.", field=name)

'''

_FETCHED: Final = '''
def fetched(comfy: Comfy, made: Made, node: str, to: Path) -> Path:
    """Bring here what a node saved: the first of it."""
    files = [file for at, file in made.state.files() if at == node]
    if not files:
        raise Fail(Code.OUTPUT_INVALID, f"ComfyUI saved nothing in node {node}.", detail=made.prompt_id)
    return comfy.fetch(files[0], to.with_suffix(Path(files[0].filename).suffix))

'''


def write(folder: Path, source: Path, graph: Graph, found: Proposal, facts: Mapping[str, Any]) -> list[Path]:
    """Write a pipeline's folder and return its files; `facts` are title, task, environment and vram_gb.

    Raises FileExistsError where the folder is there already and ValueError for a title that cannot stand in a program.
    `pipeline.json` is not written: the program gives it.
    """
    if not facts["title"].isprintable() or set(facts["title"]) & set('"\\'):
        raise ValueError("a title has no quotes, backslashes or line breaks")
    folder.mkdir(parents=True)
    (folder / "graphs").mkdir()
    name = f"{folder.name}.json"
    kept = folder / "graphs" / name
    if json.loads(source.read_bytes()) == graph:
        shutil.copyfile(source, kept)
    else:  # it was wrapped, as it is posted to a server
        kept.write_text(json.dumps(graph, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _json(folder / "slots.json", {name: _slots(found)})
    _json(folder / "workflow.json", _workflow(folder.name, name, kept, found))
    (folder / "main.py").write_text(_program(folder.name, name, found, facts), encoding="utf-8")
    (folder / "IMPORTED.md").write_text(report(found, facts["title"]), encoding="utf-8")
    return sorted(path for path in folder.rglob("*") if path.is_file())


def report(found: Proposal, title: str) -> str:
    """Return what was proposed and why, as a page."""
    lines = [f"# {title}: what became of the graph", "", "## A person sets", ""]
    lines += [f"* `{one.name}` ({one.type}): {one.why}" for one in found.inputs if one.shown]
    lines += ["", "## The job's seed goes into", ""]
    lines += [f"* node {node}, `{into}`" for node, into in found.seeds] or ["* nothing: every run gives the same"]
    lines += ["", "## Comes out", ""]
    lines += [f"* `{one.name}` ({one.type}): {one.why}" for one in found.outputs]
    lines += ["", "## Stays as it is in the graph", "", "`--accept NAME` makes it something that a person sets.", ""]
    lines += [f"* `{one.name}` ({one.type}): {one.why}" for one in found.inputs if not one.shown]
    lines += ["", "## Must be on ComfyUI's machine", ""]
    lines += [f"* model `{folder or '?'}/{file}`" for folder, file in found.models]
    lines += [
        f"* node pack `{pack}` for {', '.join(classes)}: pin its commit in workflow.json"
        for pack, classes in found.packs
    ]
    lines += [f"* nodes: {', '.join(found.classes)}"]
    if found.notes:
        lines += ["", "## To look at", "", *(f"* {words}" for words in found.notes)]
    return "\n".join([*lines, ""])


def _slots(found: Proposal) -> dict[str, list[list[str]]]:
    slots = {one.name: [list(place) for place in one.places] for one in found.inputs if one.shown}
    return slots | ({"seed": [list(place) for place in found.seeds]} if found.seeds else {})


def _workflow(pipeline_id: str, name: str, kept: Path, found: Proposal) -> dict[str, object]:
    return {
        "workflow_name": pipeline_id,
        "workflow_version": "1.0.0",
        "required_assets": [one.name for one in found.inputs if one.shown and one.type in FILE_TYPES],
        "compatible_backend_version": ">=0.8.0",
        "graphs": {name: hashlib.sha256(kept.read_bytes()).hexdigest()},
        "required_models": [{"file": file, "folder": folder} for folder, file in found.models],
        "custom_nodes": [{"name": pack, "nodes": list(classes)} for pack, classes in found.packs],
        "defects": [],
    }


def _program(pipeline_id: str, graph: str, found: Proposal, facts: Mapping[str, Any]) -> str:
    shown = [one for one in found.inputs if one.shown]
    files = [one for one in shown if one.type in FILE_TYPES]
    single = found.outputs[0] if len(found.outputs) == 1 else None
    return _PROGRAM.format(
        id=pipeline_id,
        graph=graph,
        function=pipeline_id.replace("-", "_"),
        title=facts["title"],
        quoted=json.dumps(facts["title"], ensure_ascii=False),
        task=facts["task"],
        environment=facts["environment"],
        vram_gb=facts["vram_gb"],
        imports=_imports(found, files=bool(files), single=single is not None),
        dataclass="" if single else _gives(found.outputs),
        output=f'    output="{single.name}",\n' if single else "",
        gives=single.type.value if single else "Outputs",
        parameters="".join(_parameter(one) for one in [*files, *(one for one in shown if one not in files)]),
        checks="".join(f'    readable("{one.name}", {one.name})\n' for one in files),
        values=_values(shown, seeded=bool(found.seeds)),
        returns=_returns(found.outputs, single=single is not None),
        helpers=(_READABLE if files else "") + _FETCHED,
    )


def _imports(found: Proposal, *, files: bool, single: bool) -> str:
    shown = [one for one in found.inputs if one.shown]
    media = {one.type.value for one in shown if one.type in FILE_TYPES} | {one.type.value for one in found.outputs}
    names = {"Code", "Fail", "Job", "Variant", "main", "pipeline"} | media
    names |= ({"Field"} if shown else set()) | ({"File"} if files else set())
    typing = "Annotated, Any" if shown else "Any"
    lines = [] if single else ["from dataclasses import dataclass"]
    lines += ["from pathlib import Path", f"from typing import {typing}", ""]
    lines += [f"from studio_sdk import {', '.join(sorted(names, key=lambda one: (one.islower(), one)))}"]
    lines += ["from studio_sdk.comfy import Comfy, Made, Workflow, bind"]
    lines += ["from studio_sdk.looks import looks_like"] if files else []
    return "\n".join(lines)


def _gives(outputs: tuple[Saved, ...]) -> str:
    fields = "".join(f"    {one.name}: {one.type.value}\n" for one in outputs)
    return f'\n@dataclass(frozen=True)\nclass Outputs:\n    """What comes out."""\n\n{fields}\n'


def _parameter(one: Proposed) -> str:
    words = [f'title="{one.title}"']
    words += [f"minimum={one.minimum:g}, maximum={one.maximum:g}"] if one.minimum is not None else []
    words += [f"step={one.step:g}"] if one.step is not None else []
    words += [f'unit="{one.unit}"'] if one.unit else []
    words += [f"max_length={one.max_length}, multiline=True"] if one.multiline else []
    kind = _TYPES.get(one.type, one.type.value)
    value = "" if one.type in FILE_TYPES else f' = default("{one.name}")'
    return f"    {one.name}: Annotated[{kind}, Field({', '.join(words)})]{value},\n"


def _values(shown: list[Proposed], *, seeded: bool) -> str:
    lines = [
        f'            "{one.name}": comfy.send({one.name}),\n'
        if one.type in FILE_TYPES
        else f'            "{one.name}": {one.name},\n'
        for one in shown
    ]
    return "".join([*lines, *(['            "seed": job.seed,\n'] if seeded else [])])


def _returns(outputs: tuple[Saved, ...], *, single: bool) -> str:
    made = [
        f'{one.type.value}(fetched(comfy, made, {json.dumps(one.node)}, job.outputs / "{one.name}"))' for one in outputs
    ]
    if single:
        return f"        return {made[0]}"
    named = ", ".join(f"{one.name}={words}" for one, words in zip(outputs, made, strict=True))
    return f"        return Outputs({named})"


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
