"""A script as cards: scenes read like text on a page as wide as a screen is, shots in rows, what is said under them.

Pure; `actions.script` gives it ids and a place and puts the operations on the board as one step.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from studio_server.domain.graph import Edge, EdgeAdd, Node, NodeAdd, Operation, edge_id
from studio_server.domain.script import UNTITLED, Script, ScriptScene, ScriptShot

_IN_ROW: Final = 6
_ACROSS, _DOWN = 344, 620
_SPOKEN_DOWN: Final = 268
_EDGE, _HEAD = 40, 72
_BETWEEN: Final = 96
_ASSEMBLER_AWAY: Final = 120
_PAGE: Final = 16 / 9
_SENTENCE: Final = re.compile(r"(?<=[.!?])(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)\s+", re.IGNORECASE)
_SHOWN, _CAST = 160, 4000
"""Most characters of what is said of one person, and of all."""


def cards(script: Script, stem: str, at: tuple[float, float] = (0, 0), voice: str = "") -> list[Operation]:
    """Return the operations that put a script on the board.

    `stem` begins the id of every card (letters and digits, at most 24); `at` is the upper left corner in board pixels.
    Shots carry `prompt`, `seconds`, the `voice` that speaks their lines where it is not the usual one, and how they are
    entered and left; the server numbers them within their scene.
    """
    operations: list[Operation] = []
    order: list[Edge] = []
    seen = _Seen(_cast(script))
    scenes = [_scene(scene, f"{stem}_{number}", seen, voice) for number, scene in enumerate(script.scenes)]
    places, widest = _page([(width, height) for width, height, _ in scenes])
    for number, (scene, (width, height, inside)) in enumerate(zip(script.scenes, scenes, strict=True)):
        name = f"{stem}_{number}"
        x, y = at[0] + places[number][0], at[1] + places[number][1]
        frame = {"scene": scene.number, "title": scene.heading[:120], "width": width, "height": height}
        operations.append(NodeAdd(node=Node(id=name, type="scene", x=x, y=y, data=dict(frame))))
        operations += inside
        order += [_wire(f"{name}_{shot}", "video", f"{stem}_cut", "clips") for shot in range(len(scene.shots))]
    named = {} if script.title == UNTITLED else {"title": script.title[:120]}
    data = named | {"order": [wire.id for wire in order]}
    cut = Node(id=f"{stem}_cut", type="assembler", x=at[0] + widest + _ASSEMBLER_AWAY, y=at[1], data=dict(data))
    return [*operations, NodeAdd(node=cut), *(EdgeAdd(edge=wire) for wire in order)]


def _page(sizes: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], int]:
    """Return where frames of these sizes stand, in rows on a page of the shape of a screen, and how wide they are."""
    area = sum((width + _BETWEEN) * (height + _BETWEEN) for width, height in sizes)
    page = max([round((area * _PAGE) ** 0.5), *(width for width, _ in sizes)])
    places: list[tuple[int, int]] = []
    x = y = tall = widest = 0
    for width, height in sizes:
        if x and x + width > page:
            x, y, tall = 0, y + tall + _BETWEEN, 0
        places.append((x, y))
        widest = max(widest, x + width)
        x += width + _BETWEEN
        tall = max(tall, height)
    return places, widest


def _cast(script: Script) -> dict[str, str]:
    """Return who speaks, each with the sentence that introduces them: one that says more than the name if there is one.

    So a pipeline that draws can give somebody the same looks in every shot. Headings introduce nobody.
    """
    shown = [
        shot.picture.removeprefix(f"{scene.heading.rstrip('.')}. ") for scene in script.scenes for shot in scene.shots
    ]
    sentences = [" ".join(said.split()) for picture in shown for said in _SENTENCE.split(picture)]
    found = {}
    for speaker in script.speakers:
        named = re.compile(rf"\b{re.escape(speaker)}\b(?!['\u2019])", re.IGNORECASE)
        told = [said for said in sentences if named.search(said)]
        introduced = re.compile(rf"\b{re.escape(speaker)}\s*[,(]")
        first = next((said for said in told if introduced.search(said)), next(iter(told), ""))
        if first:
            found[speaker] = f"{speaker}: {first[:_SHOWN]}"
    return found


class _Seen:
    """Who was in the shots so far: `she` of a shot is whoever was seen last, so they stand first in its cast."""

    def __init__(self, cast: dict[str, str]) -> None:
        self._lines = cast
        self._order = list(cast)

    def before(self, shot: ScriptShot) -> str:
        """Return the cast as a shot's card has it, and take in whom the shot shows."""
        told = "\n".join(self._lines[name] for name in self._order)[:_CAST]
        speaking = {one.speaker for one in shot.speeches}
        here = [
            name
            for name in self._order
            if name in speaking or re.search(rf"\b{re.escape(name)}\b(?!['\u2019])", shot.picture, re.IGNORECASE)
        ]
        self._order = [*here, *(name for name in self._order if name not in here)]
        return told


def _scene(scene: ScriptScene, name: str, seen: _Seen, voice: str) -> tuple[int, int, list[Operation]]:
    """Return width and height of a scene's frame in board pixels and the operations of the cards in it."""
    operations: list[Operation] = []
    top = _HEAD
    for begin in range(0, len(scene.shots), _IN_ROW):
        row = scene.shots[begin : begin + _IN_ROW]
        for place, shot in enumerate(row):
            at = (_EDGE + place * _ACROSS, top)
            told = {"characters": seen.before(shot), "language": voice if shot.speeches else ""}
            operations += _shot(shot, f"{name}_{begin + place}", name, scene, at, told)
        top += _DOWN + max(len(shot.speeches) for shot in row) * _SPOKEN_DOWN
    width = min(len(scene.shots), _IN_ROW) * _ACROSS + _EDGE
    return width, top + _EDGE, operations


def _shot(
    shot: ScriptShot, name: str, scene_id: str, scene: ScriptScene, at: tuple[int, int], told: dict[str, str]
) -> Iterator[Operation]:
    x, y = at
    data: dict[str, str | float | int] = {"scene": scene.number, "prompt": shot.picture, "seconds": shot.seconds}
    data["setting"] = scene.heading[:200]
    data |= {field: words for field, words in told.items() if words}
    if shot.enter != "cut":
        data["enter"] = shot.enter
    if shot.leave != "cut":
        data["leave"] = shot.leave
    yield NodeAdd(node=Node(id=name, type="shot", x=x, y=y, parent=scene_id, data=dict(data)))
    for number, speech in enumerate(shot.speeches):
        said = {
            "title": speech.speaker,
            "value": speech.words,
            "speaker": speech.speaker,
            "direction": speech.direction,
        }
        node = Node(
            id=f"{name}_{number}",
            type="dialogue",
            x=x + 28,
            y=y + _DOWN - 24 + number * _SPOKEN_DOWN,
            parent=scene_id,
            data={field: value for field, value in said.items() if value},
        )
        yield NodeAdd(node=node)
        yield EdgeAdd(edge=_wire(node.id, "value", name, "dialogue"))


def _wire(source: str, output: str, target: str, socket: str) -> Edge:
    return Edge(
        id=edge_id(source, output, target, socket),
        source=source,
        source_handle=output,
        target=target,
        target_handle=socket,
    )
