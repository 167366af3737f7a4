"""`studio merge-canvas`: people's own git merges canvases card by card (its merge driver; docs/projects.md).

What is contested is told in words, and git is told that there is a conflict; the file is whole in either case.
"""

from pathlib import Path
from typing import Final

from studio_server.actions.catalog import Catalogue
from studio_server.domain.graph import EMPTY, Graph, Node
from studio_server.domain.threeway import Contested, three_way
from studio_server.library import formats
from studio_server.library.disk import write_whole

_LONGEST: Final = 120


def merge_canvas(pipelines: Path, base: Path, ours: Path, theirs: Path, name: str) -> list[str]:
    """Merge two canvas files into `ours` and return what a person should look at; `base` is empty for none.

    `name` is what the file is called in the film. Raises CANVAS_UNREADABLE for a file that is no canvas and OSError for
    one that cannot be read or written; then `ours` is as it was.
    """
    graphs = [_read(path, name) for path in (base, ours, theirs)]
    both = three_way(*graphs, kit=Catalogue(pipelines).kit())
    write_whole(ours, formats.dump_canvas(both.graph))
    return [_words(one, both.graph, graphs[2]) for one in both.contested]


def _read(path: Path, name: str) -> Graph:
    data = path.read_bytes()
    return formats.load_canvas(data, name) if data.strip() else EMPTY


def _words(one: Contested, graph: Graph, theirs: Graph) -> str:
    node = graph.nodes.get(one.node_id)
    card = _called(node) if node else one.node_id
    if one.what == "field":
        other = theirs.nodes[one.node_id].data.get(one.name) if one.node_id in theirs.nodes else None
        told = "nothing" if other is None else f"“{str(other)[:_LONGEST]}”"
        return f"{card}: both wrote {one.name}. Yours stayed; theirs was {told}."
    return {
        "card": f"{card}: both made it, differently. Yours stayed.",
        "removed": f"{card}: one of you removed it, the other worked on it. It stayed.",
        "wire": f"{card}: both wired {one.name}. One of the wires is gone.",
        "number": f"{card}: both gave a shot this number. Theirs has another one now; its takes have not.",
        "place": f"{card}: both put it somewhere. Yours stayed.",
    }[one.what]


def _called(node: Node) -> str:
    scene, code, title = (node.data.get(name) for name in ("scene", "code", "title"))
    named = f"Shot {scene}/{code}" if code else f"{node.type.capitalize()} {node.id}"
    return f"{named} ({title})" if isinstance(title, str) and title else named
