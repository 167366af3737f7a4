"""Carry out graphs for one job: submit, watch, survive what a server does, and stop it when the job is stopped.

The socket makes progress lively, HTTP says what is true. Only this module decides what a silence means.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar
from uuid import uuid4

from studio_sdk.comfy import faults, transfer
from studio_sdk.comfy.address import Address
from studio_sdk.comfy.api import Api, Away, Posted, Stats
from studio_sdk.comfy.ear import Ear, Heard, Preview
from studio_sdk.comfy.graph import Graph
from studio_sdk.comfy.ledger import Ledger, digest
from studio_sdk.comfy.meter import Meter
from studio_sdk.comfy.preflight import check, of_answer, refuse
from studio_sdk.comfy.schema import Schemas
from studio_sdk.comfy.states import File, JobState, State
from studio_sdk.fields import Fail
from studio_sdk.job import Job
from studio_sdk.names import Code

T = TypeVar("T")

_FAST_S, _FIRST_MINUTE_S = 2.0, 60.0
_SLOW_S: Final = (5.0, 15.0)
_SILENT_S: Final = 30.0
"""An open socket that says nothing for so long while the job runs is opened anew."""
_LOST_AFTER: Final = 3
"""So many times must a server say that it knows nothing of a job that it took."""
_LOSSES: Final = 2
_POSTS: Final = 3
_STOP_S: Final = 10.0


@dataclass(frozen=True)
class Patience:
    """Seconds: how long a server may be down (refused) or too busy to answer before a job is given up."""

    down_s: float = 180
    busy_s: float = 600


class Lost(Exception):  # noqa: N818 - the job is sent again
    """The server took a job and knows it no more: it was started anew."""


@dataclass(frozen=True)
class Made:
    """A graph that was carried out: what its nodes showed, and the id under which the server knows it."""

    prompt_id: str
    graph: Graph
    state: JobState

    def files(self, kind: str) -> list[File]:
        """Return the files of every node of a class, in the order of the graph."""
        by_node: dict[str, list[File]] = {}
        for node, file in self.state.files():
            by_node.setdefault(node, []).append(file)
        nodes = [node for node, told in self.graph.items() if told["class_type"] == kind]
        return [file for node in nodes for file in by_node.get(node, [])]

    def shown(self, kind: str) -> list[Mapping[str, Any]]:
        """Return what every node of a class showed, files or not."""
        nodes = [node for node, told in self.graph.items() if told["class_type"] == kind]
        return [self.state.outputs[node] for node in nodes if node in self.state.outputs]


class Comfy:
    """One job's line to one server. Open it with `Comfy.open(job)`.

    `on_preview` is called with small pictures of what is being made, only with the newest; the studio shows them.
    """

    def __init__(self, job: Job, api: Api, ear: Ear, *, patience: Patience = Patience()) -> None:
        self.api = api
        self.patience = patience
        self.on_preview: Callable[[Preview], None] = lambda shown: job.preview(shown.content, shown.mime)
        self.retries: list[str] = []
        self.prompts: list[str] = []
        self._job, self._ear, self._client_id = job, ear, ear.client_id
        self._ledger = Ledger(job.scratch / "comfyui-prompts.jsonl")
        self._sent: dict[str, Path] = {}
        self._schemas: Schemas | None = None
        self._most: int | None = None
        self._asked_most = False

    @classmethod
    @contextmanager
    def open(cls, job: Job, address: Address | None = None, *, patience: Patience = Patience()) -> Iterator[Self]:
        """Connect to the ComfyUI that the runner gave this job. Raises `Fail` where there is none or it is down."""
        address = address or Address.told()
        with Api(address) as api:
            ear = Ear(address, uuid4().hex)
            try:
                ear.ready(2)
                yield cls(job, api, ear, patience=patience)
            finally:
                ear.close()

    def stats(self) -> Stats:
        """Return the server's version and memory."""
        return self._reached(self.api.stats)

    def schemas(self) -> Schemas:
        """Return the server's nodes, asked for once."""
        if self._schemas is None:
            self._schemas = self._reached(self.api.schemas)
        return self._schemas

    def send(self, path: Path) -> str:
        """Send a file; return the value that a loading node is given for it."""
        if not self._asked_most:
            self._most, self._asked_most = self._reached(self.api.most_upload), True
        file = self._reached(lambda: transfer.send(self.api, path, "studio", self._most))
        value = transfer.loader_value(file)
        self._sent[value] = path
        self._job.heartbeat()
        return value

    def fetch(self, file: File, to: Path) -> Path:
        """Bring a file of the server here, whole or not at all."""
        return transfer.fetch(self.api, file, to, self._job.heartbeat)

    def run(
        self,
        graph: Graph,
        label: str,
        *,
        span: tuple[float, float] = (0.0, 1.0),
        packs: Mapping[str, str] | None = None,
    ) -> Made:
        """Carry a graph out and return what it made.

        `span` is the share of the job's progress that this is, `packs` says which node pack a class comes from. A
        server that was started anew is sent the job again, twice at most, one without memory once more, with its
        models unloaded. Raises `Fail` for everything else that can go wrong.
        """
        refuse(check(graph, self.schemas()), packs)
        meter = Meter(graph)
        for prompt_id in self._ledger.open_prompts(label, digest(graph)):
            if self._reached(lambda one=prompt_id: self.api.job(one)).state is not State.UNKNOWN:  # type: ignore[misc]
                self.prompts.append(prompt_id)
                self._log("found again, not sent twice")
                return self._carried(prompt_id, graph, label, meter, span)
        return self._attempts(graph, label, meter, span)

    def _attempts(self, graph: Graph, label: str, meter: Meter, span: tuple[float, float]) -> Made:
        losses, memory = 0, 0
        while True:
            prompt_id = str(uuid4())
            try:
                self._submit(prompt_id, graph, label)
                return self._carried(prompt_id, graph, label, meter, span)
            except Lost:
                losses += 1
                self._again("lost in a restart of ComfyUI", losses <= _LOSSES)
            except Fail as fail:
                if fail.code is not Code.OUT_OF_MEMORY or memory:
                    raise
                memory += 1
                self._again("out of memory", allowed=True)
                with suppress(Away):
                    self.api.free()

    def _again(self, why: str, allowed: bool) -> None:  # noqa: FBT001 - private, named at each call
        self._log(why, "warning")
        if not allowed:
            raise Fail(Code.ENGINE_OFFLINE, "ComfyUI was restarted again and again while it worked.", detail=why)
        self.retries.append(why)
        self._send_all_again()

    def _log(self, words: str, level: str = "info") -> None:
        """Leave a line that names the prompt it is about, which the runner's log puts beside the job."""
        self._job.log(f"[prompt {self.prompts[-1]}] {words}" if self.prompts else words, level)

    def _send_all_again(self) -> None:
        """Send every file that a server which was started anew may have lost."""
        for path in list(self._sent.values()):
            self.send(path)

    def _submit(self, prompt_id: str, graph: Graph, label: str) -> None:
        """Put a graph into the queue; return when the server is known to have it."""
        self.prompts.append(prompt_id)
        self._ledger.note(prompt_id, label, digest(graph), "minted")
        self._ear.attend(prompt_id)
        stamped = _stamped(graph, prompt_id)
        resent = False
        for _ in range(_POSTS):
            try:
                answer = self.api.post(stamped, prompt_id, self._client_id, {"job": self._job.id, "label": label})
            except Away as why:
                self._log(f"no answer to the submission: {why}", "warning")
                if self._settled(prompt_id) is not State.UNKNOWN:
                    break
                continue
            if isinstance(answer, Posted) and not answer.node_errors:
                break
            if isinstance(answer, Posted):
                self.stop(prompt_id)
            problems = of_answer(graph, {} if isinstance(answer, Posted) else answer.error, answer.node_errors)
            if resent or not any(one.what in self._sent or "Invalid" in one.message for one in problems):
                refuse(problems)
            resent = True
            self._send_all_again()
        else:
            raise Fail(Code.ENGINE_OFFLINE, "ComfyUI did not take the job.", detail=f"prompt {prompt_id}")
        self._ledger.note(prompt_id, label, digest(graph), "sent")
        self._log(f"{label}: sent to ComfyUI")

    def _settled(self, prompt_id: str) -> State:
        """Return where a job is whose submission was not answered; a slow server may still be about to take it."""
        state = self._reached(lambda: self.api.job(prompt_id)).state
        if state is State.UNKNOWN:
            time.sleep(1)
            state = self._reached(lambda: self.api.job(prompt_id)).state
        return state

    def _carried(self, prompt_id: str, graph: Graph, label: str, meter: Meter, span: tuple[float, float]) -> Made:
        """Watch a job to its end; stop it on the server where this job is stopped."""
        try:
            state = self._watch(prompt_id, meter, span)
        except (Fail, Lost):
            raise
        except BaseException:  # the studio's cancel, which is no Exception
            self.stop(prompt_id)
            raise
        self._ledger.note(prompt_id, label, digest(graph), "ended")
        if state.state is State.CANCELED:
            words = "Somebody stopped the job on the ComfyUI machine."
            raise Fail(Code.PIPELINE_FAILED, words, detail=f"prompt {prompt_id}")
        if state.state is State.FAILED:
            raise faults.fail(graph, state.error, prompt_id)
        self._job.progress(span[1], meter.stage)  # HTTP may say so before the socket's last words are here
        return Made(prompt_id, graph, state)

    def _watch(self, prompt_id: str, meter: Meter, span: tuple[float, float]) -> JobState:
        start = time.monotonic()
        look_at, unknown, hurried = start + _FAST_S, 0, 0
        while True:
            heard = self._ear.wait(max(0.0, min(1.0, look_at - time.monotonic())))
            self._tell(heard, meter, span)
            if not (heard.over or heard.gone or time.monotonic() >= look_at):
                continue
            state = self._reached(lambda: self.api.job(prompt_id))
            if state.state.over:
                return state
            now = time.monotonic()
            if state.state is State.UNKNOWN:
                unknown += 1
                if unknown >= _LOST_AFTER:
                    raise Lost
                look_at = now + 0.3 * unknown
                continue
            unknown = 0
            if heard.over:  # told before the server wrote it down
                hurried += 1
                look_at = now + min(_FAST_S, 0.02 * 2**hurried)
                continue
            look_at = now + (_FAST_S if now - start < _FIRST_MINUTE_S else random.uniform(*_SLOW_S))  # noqa: S311
            self._job.heartbeat()
            if state.state is State.RUNNING and now - self._ear.spoke_at > _SILENT_S:
                self._ear.renew()

    def _tell(self, heard: Heard, meter: Meter, span: tuple[float, float]) -> None:
        if heard.nodes or heard.cached or heard.node:
            share = meter.hear(heard)
            self._job.progress(span[0] + (span[1] - span[0]) * share, meter.stage)
        if heard.preview:
            self.on_preview(heard.preview)

    def _reached(self, ask: Callable[[], T]) -> T:
        """Ask until there is an answer, or the patience is over."""
        start, pause, told = time.monotonic(), 0.2, False
        while True:
            try:
                return ask()
            except Away as why:
                waited = time.monotonic() - start
                if waited > (self.patience.down_s if why.refused else self.patience.busy_s):
                    words = "ComfyUI does not answer." if why.refused else "ComfyUI is too busy to answer."
                    raise Fail(Code.ENGINE_OFFLINE, words, detail=f"{self.api.address}: {why}") from why
                if not told and waited > 1:
                    told = True
                    self._log(f"ComfyUI does not answer, waiting for it: {why}", "warning")
            self._job.heartbeat()
            time.sleep(pause)
            pause = min(pause * 1.6, 5.0)

    def stop(self, prompt_id: str) -> None:
        """Stop one job on the server and wait a while until it has: it acts on that between two steps of a node."""
        end = time.monotonic() + _STOP_S
        asked = False
        while time.monotonic() < end:
            with suppress(Away, Fail):
                if not asked:
                    self.api.cancel(prompt_id)
                    asked = True
                state = self.api.job(prompt_id).state
                if state.over or state is State.UNKNOWN:
                    return
            time.sleep(0.1)
        self._log("asked to stop; its node goes on to its end", "warning")


def _stamped(graph: Graph, prompt_id: str) -> Graph:
    """Return a graph whose results go where no other attempt's go: a cached one would name a file that may be gone."""
    stamped = deepcopy(graph)
    for told in stamped.values():
        prefix = told["inputs"].get("filename_prefix")
        if isinstance(prefix, str):
            told["inputs"]["filename_prefix"] = f"{prefix}-{prompt_id[:8]}"
    return stamped
