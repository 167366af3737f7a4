"""Read an exported graph and propose what a person sets, what they get and what must be there; with a reason for each.

Nothing is guessed in silence: what is proposed, what is only offered and what stays fixed is all told. `writing` makes
the pipeline of it.
"""

import json
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from studio_sdk.importing import nodes
from studio_sdk.importing.exported import Graph, is_link
from studio_sdk.names import SocketType

Place = tuple[str, str]
"""A node's id and one of its inputs."""

_SCALARS: Final = {bool: SocketType.BOOLEAN, int: SocketType.INTEGER, float: SocketType.FLOAT, str: SocketType.STRING}
_TAKEN: Final = frozenset({"job", "seed", "comfy", *keyword.kwlist})
_PACK: Final = "custom_nodes."
_TEXT_MOST: Final = 4000
_SIZE_FACTS: Final = {
    "width": ("width", 16.0, 16384.0, 16.0, "pixels"),
    "height": ("height", 16.0, 16384.0, 16.0, "pixels"),
    "length": ("frames", 1.0, 16384.0, None, "frames"),
}


@dataclass(frozen=True)
class Proposed:
    """One thing that a person may set: where it goes in the graph, and why it is proposed or only offered."""

    name: str
    type: SocketType
    places: tuple[Place, ...]
    why: str
    shown: bool = True
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    multiline: bool = False
    max_length: int | None = None

    @property
    def title(self) -> str:
        """Return its name for people."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Saved:
    """One thing that comes out: what the node `node` saves."""

    name: str
    type: SocketType
    node: str
    why: str


@dataclass(frozen=True)
class Proposal:
    """All of it. `seeds` are set from the job's seed, `models` are (folder, file), `classes` are the graph's nodes."""

    inputs: tuple[Proposed, ...]
    outputs: tuple[Saved, ...]
    seeds: tuple[Place, ...]
    models: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    notes: tuple[str, ...] = ()
    packs: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def chosen(self, accept: Iterable[str] = (), leave_out: Iterable[str] = ()) -> "Proposal":
        """Return it with what is only offered accepted, and what is proposed left out.

        Raises ValueError for a name that is neither, with those that are.
        """
        known = {one.name for one in self.inputs}
        if unknown := sorted({*accept, *leave_out} - known):
            raise ValueError(f"{', '.join(unknown)} is not among what can be set: {', '.join(sorted(known))}")
        wanted = {one.name for one in self.inputs if one.shown} | set(accept)
        wanted -= set(leave_out)
        return replace(self, inputs=tuple(replace(one, shown=one.name in wanted) for one in self.inputs))

    def looked_up(self, told: Mapping[str, Any]) -> "Proposal":
        """Return it with what a server's `object_info` says: which packs classes come from, and which are not there."""
        packs: dict[str, list[str]] = {}
        for name in self.classes:
            module = str((told.get(name) or {}).get("python_module", ""))
            if module.startswith(_PACK):
                packs.setdefault(module.removeprefix(_PACK).split(".")[0], []).append(name)
        lost = [f"the node {name} is not on the server that was asked" for name in self.classes if name not in told]
        known = tuple((pack, tuple(classes)) for pack, classes in sorted(packs.items()))
        return replace(self, packs=known, notes=(*self.notes[:-1], *lost))


def propose(graph: Graph) -> Proposal:
    """Return what a graph can be as a pipeline. Raises ValueError where it saves nothing."""
    reader = _Reader(graph)
    outputs = tuple(reader.outputs())
    if not outputs:
        raise ValueError(
            "the graph saves nothing that the studio can take: end it in SaveImage, SaveVideo or SaveAudio"
            f" (it has {', '.join(sorted({facts['class_type'] for facts in graph.values()}))})"
        )
    reader.shown = (*reader.files(), *reader.texts(), *reader.sizes())
    noted = tuple(reader.notes())
    inputs = (*reader.shown, *reader.offered())
    notes = (*noted, "which packs the nodes come from was not looked up: --server tells it")
    return Proposal(inputs, outputs, reader.seeds(), reader.models(), reader.classes(), notes)


@dataclass
class _Reader:
    graph: Graph
    names: set[str] = field(default_factory=lambda: set(_TAKEN))
    used: set[Place] = field(default_factory=set)
    shown: tuple[Proposed, ...] = ()

    def files(self) -> Iterator[Proposed]:
        for node, name, value in self._literals():
            kind = nodes.LOADERS.get((self._class(node), name))
            if kind is None:
                continue
            told, why = self._purpose(node)
            told = "" if told in nodes.NOT_OF_A_FILE else told
            called = self._free(self._titled(node) or told or kind.value.lower())
            words = f"node {node} ({self._class(node)}) loads the file {value!r}{why}"
            yield self._take(Proposed(called, kind, ((node, name),), words))

    def texts(self) -> Iterator[Proposed]:
        found: dict[tuple[str, str], list[Place]] = {}
        for node, name, value in self._literals():
            source = self._class(node) in nodes.TEXT_SOURCES and name == "value"
            if isinstance(value, str) and (name in nodes.TEXTS or source):
                told, _ = self._purpose(node)
                side = "negative" if "negative" in f"{told} {name}" else "prompt"
                found.setdefault((side, value), []).append((node, name))
        for (side, value), places in found.items():
            at = ", ".join(f"{node} ({self._class(node)})" for node, _ in places)
            why = f"words to the model in node {at}" + (", wired to a negative input" if side == "negative" else "")
            called = self._free(self._titled(places[0][0]) or side)
            known = Proposed(called, SocketType.STRING, tuple(places), why)
            yield self._take(replace(known, multiline=True, max_length=max(_TEXT_MOST, len(value))))

    def sizes(self) -> Iterator[Proposed]:
        makers = [
            node
            for node, facts in self.graph.items()
            if {"width", "height"} <= set(facts["inputs"]) and {"batch_size", "length"} & set(facts["inputs"])
        ]
        for of in nodes.SIZES:
            values: dict[int, list[Place]] = {}
            for node in makers:
                value = self.graph[node]["inputs"].get(of)
                if isinstance(value, int) and not isinstance(value, bool):
                    values.setdefault(value, []).append((node, of))
            called, low, high, step, unit = _SIZE_FACTS[of]
            for value, places in values.items():
                at = ", ".join(f"{node} ({self._class(node)})" for node, _ in places)
                words = f"the {called} of what is made in node {at}, {value} in the graph"
                known = Proposed(self._free(called), SocketType.INTEGER, tuple(places), words)
                yield self._take(replace(known, minimum=low, maximum=high, step=step, unit=unit))

    def offered(self) -> Iterator[Proposed]:
        found: dict[tuple[str, str], list[Place]] = {}
        for node, name, value in self._literals():
            if (node, name) in self.used or type(value) not in _SCALARS or self._is_fixed(name, value):
                continue
            key = (name, json.dumps(value)) if name in nodes.HIDDEN else (f"{node}.{name}", "")
            found.setdefault(key, []).append((node, name))
        for (name, _), places in found.items():
            node, into = places[0]
            value = self.graph[node]["inputs"][into]
            at = ", ".join(f"{one} ({self._class(one)})" for one, _ in places)
            called = self._free(into if name in nodes.HIDDEN else f"{self._class(node)}_{into}")
            words = f"{value!r} in node {at}; a setting of the model, not of the shot"
            yield self._take(Proposed(called, _SCALARS[type(value)], tuple(places), words, shown=False))

    def seeds(self) -> tuple[Place, ...]:
        return tuple(
            (node, name) for node, name, value in self._literals() if name in nodes.SEEDS and isinstance(value, int)
        )

    def models(self) -> tuple[tuple[str, str], ...]:
        found = []
        for node, name, value in self._literals():
            if isinstance(value, str) and value.lower().endswith(nodes.MODEL_ENDINGS):
                known = nodes.MODEL_FOLDERS_BY_CLASS.get((self._class(node), name), nodes.MODEL_FOLDERS.get(name, ""))
                if (known, value) not in found:
                    found.append((known, value))
        return tuple(found)

    def classes(self) -> tuple[str, ...]:
        return tuple(sorted({facts["class_type"] for facts in self.graph.values()}))

    def outputs(self) -> Iterator[Saved]:
        names: set[str] = set()
        for node in self.graph:
            kind = nodes.SAVERS.get(self._class(node))
            if kind is not None:
                called = _unlike(self._titled(node) or kind.value.lower(), names)
                names.add(called)
                yield Saved(called, kind, node, f"node {node} ({self._class(node)}) saves it")

    def notes(self) -> Iterator[str]:
        for node in self.graph:
            if self._class(node) in nodes.PREVIEWS:
                yield f"node {node} ({self._class(node)}) shows something to who sits at ComfyUI; nobody sees it here"
        for node, name, value in self._literals():
            same = [one.name for one in self.shown if value in {self._value(place) for place in one.places}]
            if name in nodes.SIZES and same and (node, name) not in self.used:
                yield f"node {node} ({self._class(node)}) has {value} for `{name}` too, and keeps it: see `{same[0]}`"
        for folder, file in self.models():
            if not folder:
                yield f"the folder of the model {file} is not known: write it into workflow.json"

    def _is_fixed(self, name: str, value: object) -> bool:
        model = isinstance(value, str) and value.lower().endswith(nodes.MODEL_ENDINGS)
        return model or name in nodes.SEEDS or name == "filename_prefix"

    def _value(self, place: Place) -> Any:
        return self.graph[place[0]]["inputs"][place[1]]

    def _class(self, node: str) -> str:
        return str(self.graph[node]["class_type"])

    def _literals(self) -> Iterator[tuple[str, str, Any]]:
        for node, facts in self.graph.items():
            for name, value in facts["inputs"].items():
                if not is_link(value):
                    yield node, name, value

    def _titled(self, node: str) -> str:
        """Return the name that somebody gave a node, or nothing where it has the one it came with."""
        title = str((self.graph[node].get("_meta") or {}).get("title") or "")
        plain = re.sub(r"\(prompt\)|[^a-z0-9]", "", title.lower())
        if not plain or plain == re.sub(r"[^a-z0-9]", "", self._class(node).lower()):
            return ""
        return title

    def _purpose(self, node: str) -> tuple[str, str]:
        """Return the first input down the wires whose name says what it is for, and that in words."""
        at, seen = [node], {node}
        while at:
            following = []
            for one in at:
                for other, facts in self.graph.items():
                    into = [name for name, value in facts["inputs"].items() if is_link(value) and value[0] == one]
                    telling = [name for name in into if name not in nodes.PASSED_THROUGH]
                    if telling:
                        return telling[0], f" for the input {telling[0]} of node {other} ({facts['class_type']})"
                    if into and other not in seen:
                        seen.add(other)
                        following.append(other)
            at = following
        return "", ""

    def _free(self, words: str) -> str:
        called = _unlike(words, self.names)
        self.names.add(called)
        return called

    def _take(self, one: Proposed) -> Proposed:
        self.used |= set(one.places)
        return one


def _unlike(words: str, names: set[str]) -> str:
    """Return words as a name in small letters that is not among `names`."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", words)
    plain = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or "value"
    plain = plain if plain[0].isalpha() else f"n{plain}"
    called, number = plain[:40], 1
    while called in names:
        number += 1
        called = f"{plain[:37]}_{number}"
    return called
