"""How fluid the board is at a size: the real page of a real studio, against the same cards on React Flow.

Called by board_1000, board_3000 and board_10000. Every shot has a take with its picture, its sockets, a prompt, a
choice and a button, and a wire to the next; React Flow has the same cards with its culling on (board_peer/).
Milliseconds are processor time of the page's main thread for each frame, by Chromium's own count (`TaskDuration`,
thread ticks), so that a busy machine disturbs the ratio little; frames a second are wall time.
"""

import hashlib
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from math import ceil, pi, sin, sqrt
from pathlib import Path
from threading import Thread
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, Page, ViewportSize

from studio_server.library.objects import stage as keep
from studio_server.library.takes import land_take
from studio_server.library.workspace import open_workspace
from tests import stage, stock

PEER = Path(__file__).parent / "board_peer"
SCREEN: ViewportSize = {"width": 1600, "height": 900}
NEAR = {"x": 20, "y": 20, "zoom": 0.8}
GESTURE_S = 2.5
STEP_S = 0.008
BATCH = 4000
CALM_S = 6.0

AIM_RATIO = 0.1
AIM_NEAR_MS = 4.0
AIM_READY_S = 0.4
AIM_ZOOM_FPS = 55
MANY = 10_000
"""From here on the board may need longer to be there, and has to be fluid everywhere."""
AIM_READY_MANY_S = 1.0
AIM_FPS_MANY = 30

COUNT = """
() => {
  window.__frames = 0;
  window.__counting = true;
  const mine = (window.__count = (window.__count ?? 0) + 1);
  // A count that was ended just now has one frame left in which it would find this one's word and go on beside it.
  const loop = () => {
    if (!window.__counting || window.__count !== mine) return;
    window.__frames++;
    requestAnimationFrame(loop);
  };
  requestAnimationFrame(loop);
}
"""
COUNTED = "() => { window.__counting = false; return window.__frames; }"
READY = """
() => new Promise((done) => {
  const look = () => {
    if (!document.querySelector('.svelte-flow__node .card, [data-overview][aria-busy="false"]'))
      return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() / 1000)));
  };
  look();
})
"""


@dataclass(frozen=True)
class Felt:
    """A gesture: processor milliseconds of the main thread for each frame, and frames a second."""

    ms: float
    fps: float


def measure(shots: int) -> dict[str, object]:
    """Return the figures of a board of so many shots, ours and the peer's, one after the other in one browser."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, stage.browser() as chromium:
        studio = stage.Studio(Path(folder))
        studio.start()
        try:
            project = _film(studio, shots)
            _calm(studio, project)
            ours = _ours(chromium, f"{studio.url}/p/{project}", project)
        finally:
            studio.stop()
        peer = _peer(chromium, shots)
    for name, felt in [*ours.gestures.items(), *((f"peer, {name}", felt) for name, felt in peer.items())]:
        print(f"  {name}: {felt.ms:.1f} ms a frame, {felt.fps:.0f} frames a second", flush=True)
    near = max(ours.gestures[name].ms for name in ("pan near", "drag near"))
    return {
        "value": round(ours.gestures["pan all"].ms, 2),
        "unit": "ms",
        "peer_value": round(peer["pan all"].ms, 2),
        "aim": AIM_RATIO,
        "fps_pan_all": round(ours.gestures["pan all"].fps, 1),
        "near_ms": round(near, 2),
        "near_ms_aim": AIM_NEAR_MS,
        "peer_near_ms": round(max(peer[name].ms for name in ("pan near", "drag near")), 2),
        "ready_s": round(ours.ready_s, 3),
        "ready_s_aim": AIM_READY_MANY_S if shots >= MANY else AIM_READY_S,
        "zoom_fps": round(ours.gestures["zoom"].fps, 1),
        "zoom_fps_aim": AIM_ZOOM_FPS,
        "peer_zoom_fps": round(peer["zoom"].fps, 1),
        "elements": ours.elements,
        "fps_least": round(min(felt.fps for felt in ours.gestures.values()), 1),
        **({"fps_least_aim": AIM_FPS_MANY} if shots >= MANY else {}),
    }


@dataclass(frozen=True)
class Board:
    """What was felt on the studio's own board."""

    gestures: dict[str, Felt]
    ready_s: float
    elements: int


def _ours(chromium: Browser, address: str, project: str) -> Board:
    context = chromium.new_context(viewport=SCREEN)
    page = context.new_page()
    page.goto(address)
    page.evaluate(READY)  # everything is in the browser's cache from here on
    _settle(page)
    all_in_sight = {"pan all": _felt(page, partial(_pan, page))}
    page.goto(address.rpartition("/p/")[0])  # the board keeps its own view when it is left
    page.evaluate("([key, view]) => localStorage.setItem(key, view)", [f"studio.view.{project}", json.dumps(NEAR)])
    ready = [_ready(page, address) for _ in range(5)]
    _settle(page)
    elements = page.locator("*").count()
    near = _near(page)
    context.close()
    return Board(all_in_sight | near, statistics.median(ready), elements)


def _peer(chromium: Browser, shots: int) -> dict[str, Felt]:
    _build_peer()
    handler = partial(_Quiet, directory=str(PEER / "build"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/?n={shots}&columns={_columns(shots)}"
    context = chromium.new_context(viewport=SCREEN)
    try:
        page = context.new_page()
        page.goto(f"{base}&fit=1")
        page.locator(".react-flow__node").first.wait_for(timeout=120_000)
        _settle(page)
        all_in_sight = {"pan all": _felt(page, partial(_pan, page))}
        page.goto(base)
        page.locator(".react-flow__node").first.wait_for(timeout=120_000)
        _settle(page)
        return all_in_sight | _near(page)
    finally:
        context.close()
        server.shutdown()


def _ready(page: Page, address: str) -> float:
    """Return the seconds from a navigation to the painted board.

    Asked by the protocol and not by `page.evaluate`, which first has the page compile a library of its own: 35 ms of
    the very time that is measured.
    """
    cdp = page.context.new_cdp_session(page)
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    asked = {"expression": f"({READY})()", "awaitPromise": True, "returnByValue": True}
    told = cdp.send("Runtime.evaluate", asked)
    cdp.detach()
    return float(told["result"]["value"])


def _near(page: Page) -> dict[str, Felt]:
    pan = _felt(page, partial(_pan, page))
    card = page.locator(".svelte-flow__node header, .react-flow__node header").nth(3)
    box = card.bounding_box()
    assert box is not None
    drag = _felt(page, partial(_drag, page, box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2))
    return {"pan near": pan, "drag near": drag, "zoom": _felt(page, partial(_zoom, page))}


def _felt(page: Page, gesture: Callable[[], None]) -> Felt:
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(COUNT)
    before, began = _busy(cdp.send("Performance.getMetrics")), time.monotonic()
    gesture()
    took, after = time.monotonic() - began, _busy(cdp.send("Performance.getMetrics"))
    frames = max(1, int(page.evaluate(COUNTED)))
    cdp.detach()
    return Felt((after - before) / frames * 1000, frames / took)


def _busy(answer: dict[str, list[dict[str, object]]]) -> float:
    return next(float(str(one["value"])) for one in answer["metrics"] if one["name"] == "TaskDuration")


def _follow(page: Page, path: Callable[[float], tuple[float, float]]) -> None:
    began = time.monotonic()
    while (part := (time.monotonic() - began) / GESTURE_S) < 1:
        page.mouse.move(*path(part))
        time.sleep(STEP_S)


def _pan(page: Page) -> None:
    page.mouse.move(800, 450)
    page.mouse.down(button="middle")
    _follow(page, lambda part: (800 + 300 * sin(part * 2 * pi), 450 + 100 * sin(part * 2 * pi)))
    page.mouse.up(button="middle")


def _drag(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    _follow(page, lambda part: (x - 200 * sin(part * 2 * pi), y + 150 * sin(part * 4 * pi) * part))
    page.mouse.up()


def _zoom(page: Page) -> None:
    page.mouse.move(800, 450)
    began = time.monotonic()
    while (part := (time.monotonic() - began) / (2 * GESTURE_S)) < 1:
        page.mouse.wheel(0, 60 if part < 0.5 else -60)
        time.sleep(2 * STEP_S)


def _settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)


def _columns(shots: int) -> int:
    return ceil(sqrt(shots * 1.6 * 720 / 340))


def _code(number: int) -> str:
    return f"{(number + 1) * 10:03}"


def _film(studio: stage.Studio, shots: int) -> str:
    """Make the project through the studio's interface and give each shot a take in its folder."""
    columns = _columns(shots)
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=300) as api:
        made = api.post("/projects", json={"title": f"Board of {shots}"}).raise_for_status().json()
        project = str(made["id"])
        _takes(studio.workspaces, shots)
        operations: list[dict[str, object]] = []
        for at in range(shots):
            data = {"scene": "01", "code": _code(at), "prompt": f"The ship leaves the harbour, part {at + 1}"}
            node = {"id": f"shot{at}", "type": "shot", "x": 340.0 * (at % columns), "y": 720.0 * (at // columns)}
            operations.append({"op": "node.add", "node": {**node, "parent": None, "data": data}})
        for at in range(shots):
            if at % columns:
                wire = {"source": f"shot{at - 1}", "source_handle": "video", "target": f"shot{at}"}
                edge = {"id": f"shot{at - 1}.video>shot{at}.motion", **wire, "target_handle": "motion"}
                operations.append({"op": "edge.add", "edge": edge})
        for first in range(0, len(operations), BATCH):
            batch = {"op_id": str(uuid4()), "operations": operations[first : first + BATCH]}
            api.post(f"/projects/{project}/operations", json=batch).raise_for_status()
    return project


def _calm(studio: stage.Studio, project: str) -> None:
    """Wait until the studio has told of all takes: the board is to be measured, not the taking in of its takes.

    It looks at a project only while a page has it open or it has unsaved changes, which the film just made has.
    """
    address = f"{studio.url}/api/v1/projects/{project}"
    seen = int(httpx.get(address, timeout=300).raise_for_status().json()["revision"])
    since = time.monotonic()
    while time.monotonic() - since < CALM_S:
        time.sleep(0.5)
        events = httpx.get(f"{address}/events", params={"since": seen}, timeout=300).raise_for_status().json()["events"]
        if events:
            seen, since = int(events[-1]["revision"]), time.monotonic()


def _takes(workspaces: Path, shots: int) -> None:
    """Land one real take, then lay its file and its sidecar, with their own names, beside every other shot."""
    folder = open_workspace(workspaces, "local").projects()[0]
    with tempfile.TemporaryDirectory() as place:
        clip = stock.clip(Path(place) / "clip.mp4", size="640x360")
        data = clip.read_bytes()
        frame = folder.root / "05_Cache" / "bench.jpg"
        still = ["ffmpeg", "-v", "error", "-y", "-i", str(clip), "-frames:v", "1", str(frame)]
        subprocess.run(still, check=True)
    oid = hashlib.sha256(data).hexdigest()
    keep(folder.root, [data], oid, len(data))
    land_take(folder, stock.arrive(folder, data), frame, stock.draft("bench", code=_code(0)), stock.ANN)
    renders = folder.root / "03_Renders" / "SCENE_01"
    first = _code(0)
    files = list((renders / f"SHOT_{first}").iterdir())
    for at in range(1, shots):
        code = _code(at)
        beside = renders / f"SHOT_{code}"
        beside.mkdir()
        for file in files:
            target = beside / file.name.replace(f"SHOT-{first}", f"SHOT-{code}")
            if file.suffix == ".json":
                target.write_text(
                    file.read_text().replace(f"SHOT-{first}", f"SHOT-{code}").replace(f'"{first}"', f'"{code}"')
                )
            else:
                target.hardlink_to(file)


def _build_peer() -> None:
    """Install and build the peer's page with the Node of the environment."""
    npm = [str(stage.NODE), str(stage.NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    if not (PEER / "node_modules").is_dir():
        subprocess.run([*npm, "ci", "--silent"], cwd=PEER, check=True)
    subprocess.run([*npm, "run", "--silent", "build"], cwd=PEER, check=True, capture_output=True)
    picture = PEER / "build" / "picture.webp"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=size=320x180", "-frames:v", "1", str(picture)],
        check=True,
    )


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the peer's page and says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep the terminal for the figures."""
