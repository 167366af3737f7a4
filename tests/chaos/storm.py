"""Several people at several pages of one project, while everything around them fails; then calm, and the verdict.

`python -m tests.chaos.storm --minutes 60 --seed 7`, or `make chaos`. The seed decides who does what and what breaks;
it is printed first, so that a bad hour can be had again.
"""

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests import stage
from tests.chaos import verdict
from tests.chaos.hands import FULL, WORDS, Hands, board_of, what_fits
from tests.chaos.network import Cable

CANVAS = Path("02_Source_Creative/Canvases/main_canvas.json")
CALM_EVERY_S = 45.0
CALM_WITHIN_S = 60.0
HAND_WAITS_MS = 30_000
"""So long a hand waits for a page: one that stands still because the machine is busy with other things is no fault."""
EXPECTED = (
    r"WebSocket|ERR_|Failed to load resource|net::|Failed to fetch dynamically|error loading dynamically imported"
)
"""What a browser says by itself when the network or the studio goes away."""


class Person:
    """One browser profile behind a cable of its own, with one or two tabs."""

    def __init__(self, name: str, browser: Browser, port: int, dice: random.Random, fits: set[tuple[str, str]]) -> None:
        self.name = name
        self.dice = dice
        self._fits = fits
        self.cable = Cable(port)
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="en-GB"
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.cable.url)
        self.context.set_default_timeout(HAND_WAITS_MS)
        self.tabs: list[Hands] = []
        self.watches: list[stage.Watch] = []
        self.acts: Counter[str] = Counter()

    def open(self, project: str) -> None:
        """Open the project in another tab."""
        page = self.context.new_page()
        watch = stage.Watch(page)
        watch.expect(EXPECTED)
        self.watches.append(watch)
        page.on("dialog", lambda dialog: dialog.accept())
        with contextlib.suppress(Error):  # the cable may be cut: the tab is opened again at the next calm
            page.goto(f"{self.cable.url}/p/{project}", wait_until="commit")
        self.tabs.append(Hands(page, self.dice, self._fits))

    def close_tab(self) -> None:
        """Close one of the tabs without a word."""
        gone = self.tabs.pop(self.dice.randrange(len(self.tabs)))
        self.acts.update(gone.done)
        gone.page.close(run_before_unload=False)

    def complaints(self) -> list[str]:
        """Return what the pages complained about, once."""
        return sorted({one for watch in self.watches for one in watch.unexpected()})


class Storm:
    """The hour: acts, faults, calms. `failures` says what went wrong, in words."""

    def __init__(self, browser: Browser, folder: Path, seed: int, *, people: int = 2, gentle: bool = False) -> None:
        self.seed = seed
        self.dice = random.Random(seed)
        self.gentle = gentle
        self.studio = stage.Studio(folder)
        self.studio.start()
        made = httpx.post(f"{self.studio.url}/api/v1/projects", json={"title": "Storm", "quality": "low"}, timeout=30)
        self.project = made.raise_for_status().json()["id"]
        self.folder = self.studio.workspaces / "local" / "Projects" / "storm"
        self.catalog = httpx.get(f"{self.studio.url}/api/v1/catalog", timeout=30).raise_for_status().json()
        self.people = [
            Person(
                f"person {n + 1}",
                browser,
                self.studio.port,
                random.Random(self.dice.random()),
                what_fits(self.catalog),
            )
            for n in range(people)
        ]
        for person in self.people:
            person.open(self.project)
        self.failures: list[str] = []
        self.faults: Counter[str] = Counter()
        self.calms = 0
        self.slowest_calm_s = 0.0
        self._mend_at: list[tuple[float, Callable[[], object]]] = []

    def run(self, seconds: float) -> None:
        """Let it rage, with a calm now and then and one at the end."""
        end = time.monotonic() + seconds
        self._calm()
        calm_at = time.monotonic() + min(CALM_EVERY_S, seconds / 2)
        while time.monotonic() < end and not self.failures:
            self._mend_due()
            person = self.dice.choice(self.people)
            if person.tabs:
                person.acts[self.dice.choice(person.tabs).act() or "missed"] += 1
            if self.dice.random() < (0.03 if self.gentle else 0.045):
                self._fault()
            if time.monotonic() > calm_at:
                self._calm()
                calm_at = time.monotonic() + CALM_EVERY_S
        if not self.failures:
            self._calm()

    def close(self) -> None:
        """Send everybody home."""
        for person in self.people:
            person.context.close()
            person.cable.close()
        self.studio.stop()

    def figures(self) -> dict[str, object]:
        """Return what happened, in numbers."""
        acts: Counter[str] = Counter()
        for person in self.people:
            acts += person.acts
        graph = verdict.of_studio(self.studio.url, self.project) if not self.failures else {"nodes": {}, "edges": {}}
        return {
            "seed": self.seed,
            "acts": sum(acts.values()) - acts["missed"],
            "missed": acts["missed"],
            "by_act": dict(acts.most_common()),
            "faults": dict(self.faults.most_common()),
            "calms": self.calms,
            "slowest_calm_s": round(self.slowest_calm_s, 1),
            "nodes": len(graph["nodes"]),
            "wires": len(graph["edges"]),
            "revision": _revision(self.studio.url, self.project),
            "failures": self.failures,
        }

    # --- what breaks

    def _fault(self) -> None:
        choices = ["cut", "stall", "reload", "close", "open", "outside", "commit", "script", "kill web"]
        name = self.dice.choice(choices if self.gentle else [*choices, "power cut"])
        person = self.dice.choice(self.people)
        if {
            "cut": self._cut,
            "stall": self._stall,
            "reload": self._reload,
            "close": self._close,
            "open": self._open,
            "outside": self._outside,
            "commit": self._commit,
            "script": self._script,
            "kill web": self._kill_web,
            "power cut": self._power_cut,
        }[name](person):
            self.faults[name] += 1

    def _later(self, seconds: float, mend: Callable[[], object]) -> None:
        self._mend_at.append((time.monotonic() + seconds, mend))

    def _mend_due(self, *, all_of_it: bool = False) -> None:
        due = [one for one in self._mend_at if all_of_it or one[0] < time.monotonic()]
        self._mend_at = [one for one in self._mend_at if one not in due]
        for _, mend in due:
            mend()

    def _cut(self, person: Person) -> bool:
        person.cable.cut()
        self._later(self.dice.choice([0.2, 2, 5, 12]), person.cable.mend)
        return True

    def _stall(self, person: Person) -> bool:
        person.cable.stall()
        self._later(self.dice.choice([1, 4, 9]), person.cable.mend)
        return True

    def _reload(self, person: Person) -> bool:
        if not person.tabs:
            return False
        with contextlib.suppress(Error):
            self.dice.choice(person.tabs).page.reload(wait_until="commit")
        return True

    def _close(self, person: Person) -> bool:
        if not person.tabs:
            return False
        person.close_tab()
        self._later(self.dice.choice([0.5, 3, 8]), lambda: person.open(self.project))
        return True

    def _open(self, person: Person) -> bool:
        if len(person.tabs) > 1:
            return False
        person.open(self.project)
        return True

    def _kill_web(self, _person: Person) -> bool:
        with contextlib.suppress(AssertionError, OSError):  # it may be dead already
            self.studio.kill_program("web")
        return True

    def _power_cut(self, _person: Person) -> bool:
        self.studio.kill()
        time.sleep(self.dice.choice([0.1, 1, 3]))
        self.studio.start()
        return True

    def _outside(self, _person: Person) -> bool:
        """Somebody edits the file with a text editor, or pulls: fields, places, a card gone, a card more."""
        file = self.folder / CANVAS
        try:
            canvas = json.loads(file.read_text())
        except (OSError, ValueError):
            return False
        nodes = canvas["nodes"]
        for name in self.dice.sample(sorted(nodes), min(len(nodes), self.dice.randint(0, 3))):
            nodes[name]["data"]["prompt"] = "outside " + self.dice.choice(WORDS)
            nodes[name]["x"] += self.dice.randint(-50, 50)
        if nodes and self.dice.random() < 0.3:
            gone = self.dice.choice(sorted(nodes))
            del nodes[gone]
            canvas["edges"] = {key: e for key, e in canvas["edges"].items() if gone not in (e["source"], e["target"])}
            for one in nodes.values():
                if one.get("parent") == gone:
                    one["parent"] = None
        if self.dice.random() < 0.3:
            name = f"out_{self.dice.randrange(10**9)}"
            nodes[name] = {"id": name, "type": "shot", "x": 40.0, "y": 40.0, "parent": None, "data": {"prompt": name}}
        written = file.with_name(".outside.json")
        written.write_text(json.dumps(canvas))
        written.replace(file)
        return True

    def _commit(self, _person: Person) -> bool:
        """Somebody commits in a shell, with the studio's own changes in between."""
        done = subprocess.run(
            ["git", "-c", "user.name=Shell", "-c", "user.email=shell@example.org", "commit", "-qam", "By hand"],
            cwd=self.folder,
            env=self.studio.environment,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def _script(self, _person: Person) -> bool:
        """A script talks to the studio beside the pages, also nonsense: that is refused."""
        try:
            nodes = verdict.of_studio(self.studio.url, self.project)["nodes"]
            ids = sorted(nodes) or ["none"]
            a, b = self.dice.choice(ids), self.dice.choice(ids)
            edge = {"source": a, "source_handle": "take", "target": b, "target_handle": "clips"}
            options: list[list[dict[str, object]]] = [
                [{"op": "node.set", "id": a, "name": "prompt", "value": "script " + self.dice.choice(WORDS)}],
                [{"op": "node.move", "id": a, "x": self.dice.randint(0, 900), "y": self.dice.randint(0, 600)}],
                [{"op": "node.move", "id": a, "x": 10, "y": 10, "parent": b}],
                [{"op": "node.remove", "id": a}],
                [{"op": "edge.add", "edge": edge | {"id": f"{a}.take>{b}.clips"}}],
                [{"op": "node.set", "id": a, "name": "code", "value": "010"}],
                [{"op": "node.add", "node": {"id": f"s_{self.dice.randrange(10**9)}", "type": "scene", "data": {}}}],
            ]
            httpx.post(
                f"{self.studio.url}/api/v1/projects/{self.project}/operations",
                json={"operations": self.dice.choice(options), "label": "Script"},
                timeout=10,
            )
        except httpx.HTTPError:
            return False
        return True

    # --- calm

    def _calm(self) -> None:
        """Mend everything, let everybody finish, write one more word each, and compare."""
        began = time.monotonic()
        self._mend_due(all_of_it=True)
        for person in self.people:
            person.cable.mend()
            if not person.tabs:
                person.open(self.project)
        pages = [hands.page for person in self.people for hands in person.tabs]
        try:
            for person in self.people:
                for hands in person.tabs:
                    self._settle(hands)
            last = self._agreed(pages)
        except Error as error:
            last = [f"a page is not usable: {error}"]
        took = time.monotonic() - began
        self.slowest_calm_s = max(self.slowest_calm_s, took)
        self.calms += 1
        for person in self.people:
            last += [f"{person.name}: {one}" for one in person.complaints()]
        if last:
            self.failures += last
            self._picture(pages)
        print(
            f"calm {self.calms}: {'; '.join(last) or 'all agree'} ({took:.1f} s, "
            f"revision {_revision(self.studio.url, self.project)})",
            flush=True,
        )

    def _picture(self, pages: list[Page]) -> None:
        folder = stage.ROOT / "test-results"
        folder.mkdir(exist_ok=True)
        for n, page in enumerate(pages):
            with contextlib.suppress(Error):
                page.screenshot(path=folder / f"chaos-{self.seed}-page{n + 1}.png")

    def _settle(self, hands: Hands) -> None:
        page = hands.page
        if not page.url.endswith(self.project):
            page.goto(page.url if "/p/" in page.url else f"{self.people[0].cable.url}/p/{self.project}")
        state = page.get_by_test_id("save-state")
        with contextlib.suppress(Error):
            state.wait_for(timeout=10_000)
        if state.count() == 0:
            # Opened while the cable was cut: the browser's own error page, which a person reloads.
            page.reload()
            state.wait_for(timeout=20_000)
        hands.leave_field()
        page.locator('[data-testid="save-state"][data-state="saved"]').wait_for(timeout=int(CALM_WITHIN_S * 1000))

    def _agreed(self, pages: list[Page]) -> list[str]:
        end = time.monotonic() + CALM_WITHIN_S
        found = ["never compared"]
        while found and time.monotonic() < end:
            try:
                here = verdict.of_studio(self.studio.url, self.project)
                found = [f"file: {one}" for one in verdict.differences(here, verdict.of_file(self.folder / CANVAS))]
            except (httpx.HTTPError, ValueError, OSError) as error:
                found = [f"the studio does not answer: {error}"]
                time.sleep(0.3)
                continue
            for person in self.people:
                for hands in person.tabs:
                    hands.full = len(here["nodes"]) > FULL
            for n, page in enumerate(pages):
                found += [f"page {n + 1}: {one}" for one in verdict.differences(here, board_of(page))]
            found += verdict.faults(here, self.catalog)
            if found:
                time.sleep(0.4)
        return found


def _revision(url: str, project: str) -> int:
    with contextlib.suppress(httpx.HTTPError):
        return int(httpx.get(f"{url}/api/v1/projects/{project}", timeout=20).json()["revision"])
    return -1


def main() -> int:
    """Have the hour, print its figures, and say by the exit code how it ended."""
    parser = argparse.ArgumentParser(description="An hour of random use with faults; all replicas must agree.")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None, help="have a printed hour again")
    parser.add_argument("--people", type=int, default=2)
    told = parser.parse_args()
    seed = told.seed if told.seed is not None else random.SystemRandom().randrange(1, 10**6)
    print(f"seed {seed}: `make chaos MINUTES={told.minutes:g} SEED={seed}` has this again", flush=True)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder, stage.browser() as chromium:
        storm = Storm(chromium, Path(folder), seed, people=told.people)
        try:
            storm.run(told.minutes * 60)
            print(json.dumps(storm.figures()), flush=True)
        finally:
            storm.close()
    return 1 if storm.failures else 0


if __name__ == "__main__":
    sys.exit(main())
