"""A crowd of pages on one project, as light as can be: raw Socket.IO frames over websockets, in one event loop.

Used by the load test and by benchmarks/hundred_sockets.py. Times are taken where a frame arrives; it is read later, so
that a hundred readers cost the measured machine little.
"""

import asyncio
import itertools
import json
import random
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class Member:
    """One page: what it heard and when."""

    def __init__(self, link: ClientConnection) -> None:
        self.heard: list[tuple[float, str]] = []
        self.acks: dict[int, asyncio.Future[Any]] = {}
        self._link = link
        self._ids = itertools.count(1)
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self._link:
                text = str(frame)
                if text == "2":
                    await self._link.send("3")
                elif text.startswith("43"):
                    number, _, rest = text[2:].partition("[")
                    self.acks.pop(int(number)).set_result(json.loads(f"[{rest}")[0])
                else:
                    self.heard.append((time.perf_counter(), text))

    async def call(self, name: str, data: object) -> Any:
        """Send a command and wait for its acknowledgement."""
        number = next(self._ids)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.acks[number] = answer
        await self._link.send(f"42{number}{json.dumps([name, data])}")
        return await asyncio.wait_for(answer, 30)

    async def say(self, name: str, data: object) -> None:
        """Send something that nobody acknowledges."""
        await self._link.send(f"42{json.dumps([name, data])}")

    def events(self, name: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what was heard under a name, with the time of its arrival."""
        start = f'42["{name}",'
        return [(at, json.loads(text[2:])[1]) for at, text in self.heard if text.startswith(start)]

    async def leave(self) -> None:
        """Close the page."""
        await self._link.close()
        await self._reader


async def enter(address: str, project: str, count: int) -> list[Member]:
    """Open so many pages on a project, each in step with it."""
    members = []
    url = f"{address.replace('http', 'ws', 1)}/ws/?EIO=4&transport=websocket"
    for _ in range(count):
        link = await connect(url, max_size=None, ping_interval=None, origin=None)
        assert str(await link.recv()).startswith("0")
        await link.send(f"40{json.dumps({'project_id': project})}")
        assert str(await link.recv()).startswith("40")
        members.append(Member(link))
    for member in members:
        assert (await member.call("client:sync_request", {}))["mode"] == "full"
    return members


class Told:
    """How an edit spread: milliseconds from sending it to each page that heard of it, and how many never did."""

    def __init__(self, delays: Sequence[float], lost: int, disordered: int) -> None:
        self.delays = sorted(delays)
        self.lost = lost
        self.disordered = disordered

    @property
    def p95(self) -> float:
        """Return the time within which 95 of 100 had heard."""
        return statistics.quantiles(self.delays, n=20)[-1]


async def edits(members: list[Member], nodes: Sequence[str], count: int, every_s: float) -> Told:
    """Let members of the crowd move cards in turn, and return when everybody heard of each."""
    sent: dict[int, float] = {}
    waiting: list[asyncio.Task[None]] = []
    chance = random.Random(7)
    for member in members:
        member.heard.clear()

    async def edit(number: int) -> None:
        move = {"op": "node.move", "id": chance.choice(nodes), "x": float(number), "y": 0.0}
        began = time.perf_counter()
        answer = await members[number % len(members)].call(
            "client:apply_operations", {"op_id": f"crowd-{began}-{number}", "operations": [move], "label": "Move"}
        )
        sent[int(answer["revision"])] = began

    for number in range(count):
        waiting.append(asyncio.create_task(edit(number)))
        await asyncio.sleep(every_s)
    await asyncio.gather(*waiting)
    for _ in range(50):
        if all(len(member.events("server:graph_patched")) >= count for member in members):
            break
        await asyncio.sleep(0.2)
    delays: list[float] = []
    lost = disordered = 0
    for member in members:
        heard = [(at, int(event["revision"])) for at, event in member.events("server:graph_patched")]
        revisions = [revision for _, revision in heard]
        lost += len(set(sent) - set(revisions))
        disordered += revisions != sorted(set(revisions))
        delays += [1000 * (at - sent[revision]) for at, revision in heard if revision in sent]
    return Told(delays, lost, disordered)


async def wander(members: list[Member], seconds: float, a_second: int) -> None:
    """Let everybody's pointer move for a while."""

    async def one(member: Member, number: int) -> None:
        for step in range(int(seconds * a_second)):
            cursor = {"x": step, "y": number}
            here = {"name": f"Guest {number}", "cursor": cursor, "editing": None, "selected": []}
            await member.say("client:presence", here)
            await asyncio.sleep(1 / a_second)

    await asyncio.gather(*(one(member, number) for number, member in enumerate(members)))


async def disperse(members: list[Member]) -> None:
    """Close all pages."""
    await asyncio.gather(*(member.leave() for member in members))
