"""Linked scenes: what is changed inside one of them is changed in all that have the same link.

Called by `batch.complete` with the graph before and after a person's batch; returns what is to be added to it. Cards
that stand for each other have the same `link` within their scene. Compared is what came out, not what was asked for,
so that a batch that already holds what is added here gets nothing more. Pure.
"""

from collections.abc import Iterable, Sequence

from studio_sdk.errors import Code, StudioError
from studio_server.domain.graph import Graph, Node, NodeSet, Operation
from studio_server.domain.link_group import LINK, Group, HoldsOne, Member, link_of, touched_by
from studio_server.domain.scenes import SCENE, around, held


def linked_scenes(graph: Graph) -> dict[str, str]:
    """Return the link of every linked scene. One within a linked scene is a card of it like others."""
    found = (node for node in graph.nodes.values() if node.type == SCENE and link_of(node))
    return {node.id: link_of(node) or "" for node in found if not any(map(link_of, _scenes_around(graph, node)))}


def _scenes_around(graph: Graph, node: Node) -> Iterable[Node]:
    return (one for one in around(graph, node) if one.type == SCENE)


def _inside(children: dict[str, list[Node]], root: str) -> list[Node]:
    found: list[Node] = []
    seen = {root}
    waiting = [root]
    for here in waiting:
        for node in children.get(here, []):
            if node.id not in seen:
                seen.add(node.id)
                found.append(node)
                waiting.append(node.id)
    return found


def _member(graph: Graph, root: str, links: dict[str, str]) -> Member:
    wires = {
        (links[edge.source], edge.source_handle, links[edge.target], edge.target_handle)
        for edge in graph.edges.values()
        if edge.source in links and edge.target in links
    }
    return Member(root, {link: graph.nodes[node_id] for node_id, link in links.items()}, links, frozenset(wires))


def _as_it_was(graph: Graph, children: dict[str, list[Node]], root: str) -> Member:
    links: dict[str, str] = {}
    for node in _inside(children, root):
        link = link_of(node)
        if link and link not in links.values():
            links[node.id] = link
    return _member(graph, root, links)


def follow(before: Graph, batch: Sequence[Operation], after: Graph, holds_one: HoldsOne) -> list[Operation]:
    """Return the operations that make all scenes of a link alike again after a batch that changed one of them.

    Raises GRAPH_INVALID where a linked scene would lie in another.
    """
    was, now = linked_scenes(before), linked_scenes(after)
    if not was and not now:
        return []
    _refuse_nesting(was, after)
    was_held, now_held = held(before), held(after)
    more: list[Operation] = []
    for root in sorted(set(now) - set(was)):
        if root in before.nodes and link_of(before.nodes[root]) == now[root]:
            # It was a card of a linked scene and has left it: what it was linked by means nothing outside.
            left = [after.nodes[root], *(n for n in _inside(now_held, root) if n.type == SCENE and n.id not in was)]
            more += [NodeSet(id=scene.id, name=LINK, value=None) for scene in left if link_of(scene)]
            del now[root]
    touched = touched_by(batch, before)
    groups: dict[str, list[str]] = {}
    for root in sorted(now):
        groups.setdefault(now[root], []).append(root)
    for link, roots in sorted(groups.items()):
        earlier = {root: _as_it_was(before, was_held, root) for root in roots if was.get(root) == link}
        holds = {root: {root, *(node.id for node in _inside(now_held, root))} for root in roots}
        ids = {root: holds[root] | set(earlier[root].links if root in earlier else ()) for root in roots}
        if not any(ids[root] & touched for root in roots):
            continue
        members, keyed = _keyed(after, now_held, roots, earlier)
        more += keyed
        if len(roots) > 1:
            more += Group(before, after, batch, members, earlier, ids, holds_one).operations()
    return more


def _refuse_nesting(was: dict[str, str], after: Graph) -> None:
    for root, link in was.items():
        scene = after.nodes.get(root)
        if scene and link_of(scene) == link and any(map(link_of, _scenes_around(after, scene))):
            raise StudioError(
                Code.GRAPH_INVALID,
                "A linked scene cannot lie in another linked scene. Unlink one of them first.",
                node_id=root,
            )


def _keyed(
    after: Graph, children: dict[str, list[Node]], roots: Sequence[str], earlier: dict[str, Member]
) -> tuple[dict[str, Member], list[Operation]]:
    """Return the scenes with a link for every card of theirs, and the operations that give those that had none."""
    inside = {root: _inside(children, root) for root in roots}
    used = {link for root in roots for node in inside[root] if (link := link_of(node))}
    used |= {link for member in earlier.values() for link in member.cards}
    members: dict[str, Member] = {}
    given: list[Operation] = []
    for root in roots:
        old = earlier[root].links if root in earlier else {}
        links: dict[str, str] = {}
        taken: set[str] = set()
        for node in sorted(inside[root], key=lambda n: (old.get(n.id) != link_of(n), n.id)):
            link = link_of(node)
            if link is None or link in taken:
                link = _fresh(node.id, used)
                used.add(link)
                given.append(NodeSet(id=node.id, name=LINK, value=link))
            taken.add(link)
            links[node.id] = link
        members[root] = _member(after, root, links)
    return members, given


def _fresh(node_id: str, used: set[str]) -> str:
    link, count = node_id, 1
    while link in used:
        count += 1
        link = f"{node_id}-{count}"
    return link
