"""From the second start's command to the painted canvas of a film, and how many bytes of code that page fetches.

The first start has made the workspace, the database and a film of ten shots. Each round is a new start of the studio
and a new browser profile, so that nothing is warm but the disk.
"""

import gzip
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Response

from benchmarks.film import Film, new_film
from tests import stage

NAME = "first-paint"
ROUNDS = 5
AIM_S = 3.0
AIM_KB = 180.0

PAINTED = """
() => new Promise((done) => {
  const look = () => {
    if (!document.querySelector('.svelte-flow__node')) return requestAnimationFrame(look);
    requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
  };
  look();
})
"""


def measure() -> dict[str, object]:
    """Return seconds from the start command until the board's nodes are painted, median of five starts."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, stage.browser() as chromium:
        studio = stage.Studio(Path(folder))
        studio.start()
        film = new_film(studio, shots=10)
        studio.stop()
        rounds = [_round(studio, chromium, film) for _ in range(ROUNDS)]
    starts, paints, sizes = zip(*rounds, strict=True)
    print(f"  start command to address: {[round(start, 2) for start in starts]} s")
    print(f"  start command to painted canvas: {[round(paint, 2) for paint in paints]} s")
    return {
        "value": round(statistics.median(paints), 3),
        "unit": "s",
        "aim": AIM_S,
        "start_s": round(statistics.median(starts), 3),
        "code_gzip_kb": round(sizes[-1] / 1000, 1),
        "code_gzip_kb_aim": AIM_KB,
    }


def _round(studio: stage.Studio, chromium: Browser, film: Film) -> tuple[float, float, int]:
    """Start the studio, open the canvas; return seconds to the address, seconds to the paint, bytes of gzipped code."""
    began = time.time()
    started = studio.start()
    code: list[Response] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("response", lambda answer: code.append(answer) if is_code(answer) else None)
    page.goto(f"{studio.url}/p/{film.id}", wait_until="commit")
    painted = float(page.evaluate(PAINTED))
    size = needed(code, painted)
    context.close()
    studio.stop()
    return started, painted / 1000 - began, size


def needed(code: list[Response], painted: float) -> int:
    """Return the gzipped bytes of what was asked for until the board was painted (milliseconds since 1970)."""
    return sum(len(gzip.compress(answer.body(), 9)) for answer in list(code) if _asked(answer) <= painted)


def _asked(answer: Response) -> float:
    return float(answer.request.timing["startTime"])


def is_code(answer: Response) -> bool:
    """Return whether an answer is code of the page."""
    return answer.url.partition("?")[0].endswith((".js", ".css", ".mjs"))
