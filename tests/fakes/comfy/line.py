"""The queue and the one thread that carries prompts out, telling of it in the order of the real server."""

import hashlib
import heapq
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.fakes.comfy import media, shapes
from tests.fakes.comfy.schemas import DATA
from tests.fakes.comfy.shapes import Film, NodeError, Pictures
from tests.fakes.comfy.trouble import Trouble

Send = Callable[[str, Any, str | None], None]

STEPPED: Final = frozenset({"KSampler", "KSamplerAdvanced"})
JPEG: Final = (DATA / "preview_frame_event1.bin").read_bytes()[8:]
"""The picture of a recorded preview."""


class Interrupted(Exception):  # noqa: N818 - no error: somebody asked for it
    """The running prompt is to stop."""


@dataclass
class Item:
    """One prompt in the line. `number` orders it, lowest first."""

    number: float
    id: str
    graph: dict[str, Any]
    extra: dict[str, Any]
    outputs: list[str]
    created: int = 0
    started: int = 0

    @property
    def client(self) -> str | None:
        return self.extra.get("client_id")

    def row(self) -> list[Any]:
        return [self.number, self.id, self.graph, self.extra, self.outputs]

    def __lt__(self, other: "Item") -> bool:
        return self.number < other.number


@dataclass
class Done:
    """What the history keeps."""

    item: Item
    outputs: dict[str, Any]
    status: str
    messages: list[list[Any]]
    ended: int

    def entry(self) -> dict[str, Any]:
        status = {"status_str": self.status, "completed": self.status == "success", "messages": self.messages}
        return {"prompt": self.item.row(), "outputs": self.outputs, "status": status, "meta": {}}


def now() -> int:
    return int(time.time() * 1000)


@dataclass
class Line:
    """All that is lost when the server dies."""

    root: Path
    trouble: Trouble
    send: Send
    steps: dict[str, int]
    schemas: Callable[[], dict[str, Any]]
    pending: list[Item] = field(default_factory=list)
    running: Item | None = None
    history: dict[str, Done] = field(default_factory=dict)
    stopping: set[str] = field(default_factory=set)
    dead: bool = False
    freed: int = 0
    last_node: str | None = None
    cache: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lock = threading.Condition()
        self.number = 0
        self.ran: list[str] = []
        threading.Thread(target=self._work, daemon=True).start()

    def remaining(self) -> dict[str, Any]:
        with self.lock:
            left = len(self.pending) + (self.running is not None)
        return {"exec_info": {"queue_remaining": left}}

    def put(self, item: Item) -> None:
        with self.lock:
            item.created = now()
            heapq.heappush(self.pending, item)
            self.lock.notify_all()
        self.tell_status()

    def tell_status(self) -> None:
        self.send("status", {"status": self.remaining()}, None)

    def cancel(self, prompt_id: str) -> bool:
        with self.lock:
            for item in self.pending:
                if item.id == prompt_id:
                    self.pending.remove(item)
                    heapq.heapify(self.pending)
                    break
            else:
                if self.running is None or self.running.id != prompt_id or prompt_id in self.stopping:
                    return False
                self.stopping.add(prompt_id)
                return True
        self.tell_status()
        return True

    def interrupt(self, prompt_id: str | None) -> None:
        with self.lock:
            if self.running and prompt_id in {None, self.running.id}:
                self.stopping.add(self.running.id)

    def die(self) -> None:
        with self.lock:
            self.dead = True
            self.lock.notify_all()

    def _work(self) -> None:
        while True:
            with self.lock:
                while not self.pending and not self.dead:
                    self.lock.wait()
                if self.dead:
                    return
                item = self.running = heapq.heappop(self.pending)
            self.tell_status()
            item.started = now()
            done = _Run(self, item).carry_out()
            if self.dead:
                return
            time.sleep(self.trouble.history_lag_s)
            with self.lock:
                self.history[item.id] = done
                self.running, self.last_node = None, None
                self.stopping.discard(item.id)
            self.tell_status()
            self.send("executing", {"node": None, "prompt_id": item.id}, item.client)


class _Run:
    """One prompt on its way."""

    def __init__(self, line: Line, item: Item) -> None:
        self.line, self.item, self.trouble = line, item, line.trouble
        self.values: dict[str, Any] = {}
        self.shown: dict[str, Any] = {}
        self.states: dict[str, Any] = {}
        self.messages: list[list[Any]] = []
        self.executed: list[str] = []
        self.schemas = line.schemas()
        self.at: tuple[str, str] = ("", "")

    def carry_out(self) -> Done:
        self._note("execution_start", {})
        order = self._order()
        keys: dict[str, str] = {}
        for number in order:
            keys[number] = self._key(number, keys)
        cached = [number for number in order if keys[number] in self.line.cache]
        self._note("execution_cached", {"nodes": cached})
        self.line.ran.append(self.item.id)
        kept = {key: value for key, value in self.line.cache.items() if key in keys.values()}
        status = "success"
        try:
            for number in order:
                if number in cached:
                    self._recall(number, keys[number])
                else:
                    self._execute(number)
                    kept[keys[number]] = (self.values[number], self.shown.get(number))
            self._note("execution_success", {})
        except Interrupted:
            status = "error"
            where = {"node_id": self.at[0], "node_type": self.at[1], "executed": self.executed}
            self._note("execution_interrupted", where)
        except NodeError as why:
            status = "error"
            told = {
                "node_id": self.at[0],
                "node_type": self.at[1],
                "executed": self.executed,
                "exception_message": str(why),
                "exception_type": why.kind,
                "traceback": ['  File "/opt/ComfyUI/execution.py", line 545, in execute\n'],
                "current_inputs": self.item.graph[self.at[0]]["inputs"],
                "current_outputs": list(self.values),
            }
            self._note("execution_error", told)
        self.line.cache = kept
        return Done(self.item, self.shown if status == "success" else {}, status, self.messages, now())

    def _note(self, kind: str, data: dict[str, Any]) -> None:
        data = {"prompt_id": self.item.id, **data, "timestamp": now()}
        self.messages.append([kind, data])
        if self.item.client:
            self.line.send(kind, data, self.item.client)

    def _order(self) -> list[str]:
        order: list[str] = []

        def visit(number: str) -> None:
            if number in order:
                return
            for value in self.item.graph[number]["inputs"].values():
                if isinstance(value, list):
                    visit(value[0])
            order.append(number)

        for output in self.item.outputs:
            visit(output)
        return order

    def _key(self, number: str, keys: dict[str, str]) -> str:
        """Name what a node makes by its settings and inputs, each looked at once, however long the chain of parts."""
        node = self.item.graph[number]
        parts: list[Any] = [node["class_type"]]
        for name, value in sorted(node["inputs"].items()):
            parts.append((name, (keys[value[0]], value[1]) if isinstance(value, list) else value))
        if node["class_type"] in shapes.WITH_FILES:
            path = self._file(next(value for value in node["inputs"].values() if isinstance(value, str)))
            parts.append(path.stat().st_mtime_ns if path.exists() else 0)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _file(self, name: str) -> Path:
        return self.line.root / "input" / name.removesuffix(" [input]")

    def _recall(self, number: str, key: Any) -> None:
        self.values[number], shown = self.line.cache[key]
        if shown is not None:
            self._show(number, shown)
            self._state(number, 1, 1, "finished")

    def _show(self, number: str, shown: Any) -> None:
        self.shown[number] = shown
        if self.item.client:
            data = {"node": number, "display_node": number, "output": shown, "prompt_id": self.item.id}
            self.line.send("executed", data, self.item.client)

    def _state(self, number: str, value: float, most: float, state: str) -> None:
        ids = {"node_id": number, "prompt_id": self.item.id, "display_node_id": number}
        more = {"parent_node_id": None, "real_node_id": number}
        self.states[number] = {"value": value, "max": most, "state": state, **ids, **more}
        self.line.send("progress_state", {"prompt_id": self.item.id, "nodes": dict(self.states)}, self.item.client)

    def _execute(self, number: str) -> None:
        node = self.item.graph[number]
        kind = node["class_type"]
        self.at = (number, kind)
        self._look(kind)
        self._state(number, 0.0, 1.0, "running")
        self.line.last_node = number
        if self.item.client:
            data = {"node": number, "display_node": number, "prompt_id": self.item.id}
            self.line.send("executing", data, self.item.client)
        self._wait(kind)
        if waiting := self.trouble.raises.get(kind):
            raised = waiting.pop(0)
            raise NodeError(raised.kind, raised.words)
        given = {
            name: self.values[value[0]][value[1]] if isinstance(value, list) else value
            for name, value in node["inputs"].items()
        }
        most = self._steps(number, kind, given)
        self.values[number] = shapes.run(kind, given, self.schemas[kind]["output"], self._file)
        if kind == "DWPreprocessor":
            self._show(number, {"openpose_json": [shapes.keypoints(self.values[number][0], given)]})
        if self.schemas[kind]["output_node"]:
            self._show(number, self._save(kind, given))
        self.executed.append(number)
        self._state(number, most, most, "finished")

    def _steps(self, number: str, kind: str, given: dict[str, Any]) -> float:
        steps = self.line.steps.get(kind) or (given["steps"] if kind in STEPPED else 0)
        for step in range(1, steps + 1):
            self._look(kind)
            self._state(number, step, steps, "running")
            ids = {"node_id": number, "prompt_id": self.item.id, "display_node_id": number}
            more = {"parent_node_id": None, "real_node_id": number, "image_type": "image/jpeg"}
            self.line.send("preview", (ids | more, JPEG), self.item.client)
            data = {"value": step, "max": steps, "prompt_id": self.item.id, "node": number}
            self.line.send("progress", data, self.item.client)
        return float(steps or 1.0)

    def _look(self, kind: str) -> None:
        if self.line.dead or (self.item.id in self.line.stopping and kind not in self.trouble.deaf):
            raise Interrupted

    def _wait(self, kind: str) -> None:
        gate = self.trouble.gates.get(kind)
        if gate is None:
            return
        gate.reached.set()
        while not gate.open.wait(0.01):
            self._look(kind)

    def _save(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        if self.trouble.disk_full:
            raise NodeError("OSError", "[Errno 28] No space left on device")
        temporary = kind == "PreviewImage"
        prefix = "ComfyUI_temp" if temporary else given["filename_prefix"]
        folder, name = prefix.rsplit("/", 1) if "/" in prefix else ("", prefix)
        where = self.line.root / ("temp" if temporary else "output") / folder
        where.mkdir(parents=True, exist_ok=True)
        number = len(list(where.glob(f"{name}_*"))) + 1
        film = given.get("video")
        suffix = "mp4" if isinstance(film, Film) else "png"
        file = where / f"{name}_{number:05d}_.{suffix}"
        told = {"filename": file.name, "subfolder": folder, "type": "temp" if temporary else "output"}
        if isinstance(film, Film):
            size = (film.pictures.width, film.pictures.height)
            media.write_film(file, film.pictures.count, size, film.rate, film.sound.path if film.sound else None)
            return {"images": [told], "animated": [True]}
        pictures: Pictures = given["images"]
        file.write_bytes(media.png((pictures.width, pictures.height)))
        return {"images": [told]}
