"""From the click on Generate until the new take is painted on its node, less the pipeline's own time.

A real studio, a real browser, a film of one shot. The page itself stops the clock, at the first frame after the picture
of the new take has been loaded. The pipeline's own time is what the take's recipe says, from launch to exit.
"""

import statistics
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import Page

from benchmarks.film import Film, new_film
from tests import stage

NAME = "click-to-take"
ROUNDS = 20
AIM_MS = 300.0

CLICK = """
async ([label, take]) => {
  const buttons = [...document.querySelectorAll('.svelte-flow__node button')];
  const button = buttons.find((one) => one.textContent.trim() === label);
  const began = performance.now();
  button.click();
  return await new Promise((done) => {
    const look = () => {
      const picture = document.querySelector(`.svelte-flow__node img[alt$="${take}"]`);
      if (picture && picture.complete && picture.naturalWidth > 0) {
        requestAnimationFrame(() => done(performance.now() - began));
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
}
"""


def measure() -> dict[str, object]:
    """Return milliseconds, the median of twenty takes after one to warm up."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, stage.browser() as chromium:
        studio = stage.Studio(Path(folder))
        studio.start()
        try:
            film = new_film(studio, shots=1)
            page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.set_default_timeout(60_000)
            page.goto(f"{studio.url}/p/{film.id}")
            waited = [_round(studio, page, film, number) for number in range(1, ROUNDS + 2)][1:]
        finally:
            studio.stop()
    print(f"  between click and picture, less the pipeline: {[round(one) for one in sorted(waited)]} ms")
    return {
        "value": round(statistics.median(waited), 1),
        "unit": "ms",
        "aim": AIM_MS,
        "p90": round(statistics.quantiles(waited, n=10)[-1], 1),
    }


def _round(studio: stage.Studio, page: Page, film: Film, number: int) -> float:
    take = f"SHOT-010_v01_take{number:02}"
    page.get_by_role("button", name="Generate", exact=True).first.wait_for()
    whole = page.evaluate(CLICK, ["Generate", take])
    takes = httpx.get(f"{studio.url}/api/v1/projects/{film.id}/shots/{film.shots[0]}/takes", timeout=60).json()
    own = next(one["elapsed_s"] for one in takes if one["name"] == take)
    return float(whole) - float(own) * 1000
