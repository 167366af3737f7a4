"""A fake studio that makes the whole film by a fake pipeline: the oracle of what is stale.

It shares no code with what it judges: it reads nodes and wires itself, "runs" every card in order and knows nothing of
reasons, of wires that hand on, or of what an edit can reach.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from studio_sdk.manifest import Pipeline, Socket, Variant
from studio_sdk.types import Engine, Format, MediaRef, Quality, SocketType
from studio_server.domain.assets import Asset, AssetKind, Film, FilmCut, FilmRecipe
from studio_server.domain.fingerprint import Facts
from studio_server.domain.graph import (
    EMPTY,
    Graph,
    Node,
    NodeAdd,
    apply,
)
from studio_server.domain.nodes import Kit
from studio_server.domain.shots import Recipe, Take, TakeInput

SHOTS = [f"s{n}" for n in range(5)]
TEXTS = ["t0", "t1"]
ASSETS = ["a0", "a1"]
CARDS = [*SHOTS, "u0", *TEXTS, *ASSETS, "r0", "r1", "pl", "film"]


def oid(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def pipeline(name: str, version: int = 0, task: str = "generate-video") -> Pipeline:
    return Pipeline(
        id=name,
        version=f"1.{version}.0",
        title=name.upper(),
        task=task,
        engine=Engine.CPU,
        inputs={
            "prompt": Socket(type=SocketType.STRING, default=""),
            "seconds": Socket(type=SocketType.FLOAT, default=4),
            "still": Socket(type=SocketType.IMAGE),
            "clip": Socket(type=SocketType.VIDEO),
            "more": Socket(type=SocketType.IMAGE, many=True),
        },
        outputs={"video": Socket(type=SocketType.VIDEO)},
        variants=(Variant(quality=Quality.LOW), Variant(quality=Quality.HIGH)),
    )


@dataclass
class World:
    graph: Graph = EMPTY
    versions: dict[str, int] = field(default_factory=lambda: {"p": 0, "q": 0, "up": 0, "cut": 0})
    code: str = "c0"
    quality: Quality = Quality.LOW
    rate: str = "24/1"
    takes: dict[tuple[str, str], list[Take]] = field(default_factory=dict)
    films: dict[str, Film] = field(default_factory=dict)
    made: dict[str, object] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=lambda: {"x": oid("x"), "y": oid("y")})
    count: int = 0

    @property
    def format(self) -> Format:
        return Format(width=64, height=64, frame_rate=self.rate)

    def pipelines(self) -> dict[str, Pipeline]:
        tasks = {"up": "upscale-video", "cut": "assemble-film"}
        return {name: pipeline(name, v, tasks.get(name, "generate-video")) for name, v in self.versions.items()}

    def facts(self) -> Facts:
        found = self.pipelines()
        return Facts(
            graph=self.graph,
            kit=Kit(found, {"generate-video": "p", "upscale-video": "up", "assemble-film": "cut"}, self.quality),
            digests={name: oid(name, version, self.code) for name, version in self.versions.items()},
            quality=self.quality,
            format=self.format,
            takes=lambda key: self.takes.get(key, []),
            assets={
                name: Asset(
                    id=name,
                    title=name,
                    kind=AssetKind.IMAGE,
                    media=MediaRef(path=f"01/{name}.png", oid=content, size=1, mime="image/png"),
                    created_at="",
                    created_by="",
                )
                for name, content in self.assets.items()
            },
            films=dict(self.films),
        )

    def fresh(self) -> str:
        self.count += 1
        return oid("fresh", self.count)


@dataclass
class Oracle:
    """Makes the whole film anew. What comes out new where something was, is stale."""

    world: World
    outputs: dict[str, str | None] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    @property
    def nodes(self) -> dict[str, Node]:
        return self.world.graph.nodes

    def muted(self, card: str) -> bool:
        node = self.nodes[card]
        held = node.parent and node.parent in self.nodes and self.nodes[node.parent].data.get("muted")
        return bool(node.data.get("muted") or held)

    def into(self, card: str, socket: str) -> list[str]:
        wires = [e for e in self.world.graph.edges.values() if e.target == card and e.target_handle == socket]
        return [edge.source for edge in sorted(wires, key=lambda e: e.id)]

    def giver(self, card: str, *, bypass: bool = True) -> str | None:
        node = self.nodes.get(card)
        if node is None or self.muted(card):
            return None
        if node.type == "reroute":
            before = self.into(card, "in")
            return self.giver(before[0], bypass=bypass) if before else None
        if bypass and self.aside(card):
            before = self.into(card, "clip")
            return self.giver(before[0]) if before else None
        return card

    def aside(self, card: str) -> bool:
        node = self.nodes[card]
        low = node.type == "upscale" and node.data.get("min_quality") == "high" and self.world.quality == "low"
        return node.type in ("shot", "upscale") and (node.data.get("bypassed") is True or low)

    def givers(self, card: str, socket: str) -> list[str]:
        return [giver for source in self.into(card, socket) if (giver := self.giver(source))]

    def takes(self, card: str) -> list[Take]:
        data = self.nodes[card].data
        return self.world.takes.get((str(data["scene"]), str(data["code"])), [])

    def shown(self, card: str) -> Take | None:
        takes = self.takes(card)
        named = [take for take in takes if take.name == self.nodes[card].data.get("active_take")]
        return (named or takes[-1:] or [None])[0]

    def pipeline(self, card: str) -> str:
        node = self.nodes[card]
        for source in self.into(card, "pipeline"):
            giver = self.giver(source, bypass=False)
            named = self.nodes[giver].data.get("pipeline") if giver else None
            if named:
                return str(named)
        if node.data.get("pipeline"):
            return str(node.data["pipeline"])
        take = self.shown(card)
        if take and take.recipe:
            return take.recipe.pipeline
        return "up" if node.type == "upscale" else "p"

    def told(self, card: str) -> dict[str, Any]:
        data = self.nodes[card].data
        values = {"prompt": data.get("prompt", ""), "seconds": data.get("seconds", 4)}
        if self.nodes[card].type == "shot":
            for giver in self.givers(card, "prompt"):
                values["prompt"] = self.nodes[giver].data["value"]
        return values

    def run(self, card: str) -> str | None:
        """Return the bytes that a card gives once everything before it is made."""
        if card in self.outputs:
            return self.outputs[card]
        node = self.nodes[card]
        if node.type == "asset":
            return self.world.assets.get(str(node.data.get("asset")))
        take = self.world.films.get(card) if node.type == "assembler" else self.shown(card)
        if take and (node.data.get("locked") or (isinstance(take, Take) and take.recipe is None)):
            self.outputs[card] = take.media.oid
            return take.media.oid
        if take and self.world.made[take.media.oid] == self.fingerprint(card):
            self.outputs[card] = take.media.oid
        else:
            self.new.add(card)
            self.outputs[card] = oid("new", card)
        return self.outputs[card]

    def fingerprint(self, card: str) -> object:
        world, node = self.world, self.nodes[card]
        project = [Quality(node.data.get("min_quality") or world.quality), world.rate]
        if node.type == "assembler":
            shots = self.givers(card, "clips")
            shots.sort(key=lambda one: str(self.nodes[one].data["code"]))
            # The order is that of codes, scenes being one; ties are broken by the wire.
            cut = [[one, self.run(one), self.marks(one)] for one in shots if self.run(one)]
            return ["film", cut, oid("cut", world.versions["cut"], world.code), project]
        name = self.pipeline(card)
        files = [[s, [self.run(one) for one in self.givers(card, s)]] for s in FILES]
        code = oid(name, world.versions[name], world.code)
        seed = node.data["seed"] if node.data.get("seed_locked") else self.seed(card)
        return [name, code, self.told(card), files, seed, project]

    def marks(self, card: str) -> object:
        take = self.shown(card)
        return self.nodes[card].data.get(f"in:{take.name}") if take else None

    def seed(self, card: str) -> object:
        take = self.shown(card)
        return take.recipe.seed if take and take.recipe else 0

    def states(self) -> dict[str, str]:
        found = {}
        for card, node in self.nodes.items():
            if node.type not in ("shot", "upscale", "assembler") or self.muted(card):
                continue
            if self.aside(card):
                continue
            self.run(card)
            there = self.world.films.get(card) if node.type == "assembler" else self.shown(card)
            if there is None:
                found[card] = "missing"
            elif node.data.get("locked"):
                found[card] = "locked"
            else:
                found[card] = "stale" if card in self.new else "clean"
        return found


def start() -> World:
    world = World()
    nodes = [
        Node(id=name, type="shot", data={"scene": "01", "code": f"{n:03d}", "prompt": "fog"})
        for n, name in enumerate(SHOTS, start=1)
    ]
    nodes.append(Node(id="u0", type="upscale", data={"scene": "01", "code": "U010"}))
    nodes += [Node(id=name, type="text", data={"value": name}) for name in TEXTS]
    nodes += [Node(id=name, type="asset", data={"asset": "x", "kind": "image"}) for name in ASSETS]
    nodes += [Node(id=name, type="reroute", data={}) for name in ("r0", "r1")]
    nodes += [Node(id="pl", type="pipeline", data={"pipeline": "q"}), Node(id="film", type="assembler", data={})]
    nodes += [Node(id="scene", type="scene", data={"scene": "01"})]
    world.graph = apply(EMPTY, [NodeAdd(node=node) for node in nodes])
    return world


def make_take(world: World, card: str, *, by_hand: bool = False) -> list[str]:
    """Make a card's next take from what is there now, as a runner would."""
    oracle = Oracle(world)
    if card not in world.graph.nodes:
        return []
    # What it is made from is what others show now, not what they will be.
    for name, node in world.graph.nodes.items():
        if node.type in ("shot", "upscale"):
            take = oracle.shown(name)
            oracle.outputs[name] = take.media.oid if take else None
    node = world.graph.nodes[card]
    if node.type == "assembler":
        return make_film(world, oracle, card)
    if node.type not in ("shot", "upscale"):
        return []
    files = [(s, file_of(oracle, one), oracle.run(one)) for s in FILES for one in oracle.givers(card, s)]
    if any(content is None for _, _, content in files):
        return []
    key = (str(node.data["scene"]), str(node.data["code"]))
    number = len(world.takes.get(key, [])) + 1
    content = world.fresh()
    pipe = oracle.pipeline(card)
    seed = int(node.data["seed"]) if node.data.get("seed_locked") else world.count
    recipe = Recipe(
        pipeline=pipe,
        pipeline_version=f"1.{world.versions[pipe]}.0",
        digest=oid(pipe, world.versions[pipe], world.code),
        params=oracle.told(card),
        inputs=tuple(TakeInput(socket=s, name=name, oid=str(content)) for s, name, content in files),
        seed=seed,
        quality=world.quality,
        quality_requested=Quality(node.data.get("min_quality") or world.quality),
        format=world.format,
    )
    take = Take(
        id=f"{card}-{number}",
        scene=key[0],
        code=key[1],
        created_at="",
        version=1,
        number=number,
        reel="A0100101",
        recipe=None if by_hand else recipe,
        media=MediaRef(path=f"03/SHOT-{key[1]}_v01_take{number:02d}.mp4", oid=content, size=1, mime="video/mp4"),
    )
    fingerprint = oracle.fingerprint(card)
    assert isinstance(fingerprint, list)
    fingerprint[4] = seed
    world.made[content] = fingerprint
    world.takes[key] = [*world.takes.get(key, []), take]
    return [card]


FILES = ("still", "clip", "more")


def file_of(oracle: Oracle, card: str) -> str:
    take = oracle.shown(card) if oracle.nodes[card].type in ("shot", "upscale") else None
    return take.media.path.split("/")[-1] if take else f"{card}.png"


def make_film(world: World, oracle: Oracle, card: str) -> list[str]:
    shots = [(one, oracle.shown(one)) for one in oracle.givers(card, "clips")]
    if not shots or any(take is None for _, take in shots):
        return []
    shots.sort(key=lambda one: str(world.graph.nodes[one[0]].data["code"]))
    content = world.fresh()
    world.made[content] = oracle.fingerprint(card)
    world.films = {
        **world.films,
        card: Film(
            id=content[:8],
            width=64,
            height=64,
            frame_rate="24/1",
            frames=1,
            duration_s=1,
            created_at="",
            name="film",
            media=MediaRef(path="06/film.mp4", oid=content, size=1, mime="video/mp4"),
            recipe=FilmRecipe(
                pipeline="cut",
                pipeline_version=f"1.{world.versions['cut']}.0",
                digest=oid("cut", world.versions["cut"], world.code),
                quality=world.quality,
                quality_requested=world.quality,
                format=world.format,
                cut=tuple(
                    FilmCut(
                        node_id=one,
                        shot=f"SHOT-{world.graph.nodes[one].data['code']}",
                        take=take.name,
                        oid=take.media.oid,
                        into=oracle.marks(one),
                    )
                    for one, take in shots
                    if take
                ),
            ),
        ),
    }
    return [card]
