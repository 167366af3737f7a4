"""A hundred pages on one project: how long until everybody has heard of an edit, quiet and while all pointers move.

The studio runs as its own programs, the pages share one process. `value` is the 95th percentile over every edit and
every page, from sending to hearing; a figure with anything lost or out of order is refused. `measure()` is called by
benchmarks/run.py.
"""

import asyncio
import tempfile
from pathlib import Path

from benchmarks.film import new_film
from tests import stage
from tests.crowd import Told, disperse, edits, enter, wander

NAME = "hundred-sockets"
PAGES = 100
EDITS = 200
EVERY_S = 0.1
AIM_MS = 100


def measure() -> dict[str, object]:
    """Return milliseconds from an edit to the page that hears it, of two hundred edits, ten a second."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        studio = stage.Studio(Path(folder))
        studio.start()
        try:
            film = new_film(studio, shots=100)
            quiet, busy = asyncio.run(_crowd(studio.url, film.id, film.shots))
        finally:
            studio.stop()
    for told in (quiet, busy):
        assert (told.lost, told.disordered) == (0, 0), (told.lost, told.disordered)
    return {
        "value": round(quiet.p95, 1),
        "unit": "ms",
        "aim": AIM_MS,
        "median": round(quiet.delays[len(quiet.delays) // 2], 1),
        "slowest": round(quiet.delays[-1], 1),
        "p95_while_twenty_pointers_move": round(busy.p95, 1),
        "lost": quiet.lost + busy.lost,
    }


async def _crowd(address: str, project: str, nodes: tuple[str, ...]) -> tuple[Told, Told]:
    members = await enter(address, project, PAGES)
    await edits(members, nodes, 10, EVERY_S)  # the first ones warm everything
    quiet = await edits(members, nodes, EDITS, EVERY_S)
    moving = asyncio.create_task(wander(members[:20], EDITS * EVERY_S / 2, 10))
    busy = await edits(members, nodes, EDITS // 2, EVERY_S)
    await moving
    await disperse(members)
    return quiet, busy
