"""What one job may see and do at a ComfyUI that it shares with others: the rules, without any network.

A job owns the prompts it sent, the files it uploaded, and what came of its prompts; of the nodes it may use those of
its manifest. ComfyUI's input folder looks to it as if it were its own: what it calls `studio/a.png` lies in a folder
that only this job knows, and answers name it as the job did.
"""

import contextlib
import json
import re
import struct
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from studio_sdk.comfy.states import JobState

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LIKE_A_FILE: Final = re.compile(r"[/\\]|\.[A-Za-z0-9]{1,8}$|^\.")
_WHERE: Final = re.compile(r" \[(input|output|temp)\]$")
_LOADERS: Final = ("Load", "VHS_Load")
_MODELS: Final = (".safetensors", ".sft", ".gguf", ".pth", ".pt", ".onnx", ".ckpt", ".bin")
_NO_FILES: Final = frozenset({"vae", "meta_batch"})
"""Inputs of loading nodes that take links: no link there gives a path."""

_OVER: Final = frozenset({"execution_success", "execution_error", "execution_interrupted"})
_KEPT_WORDS: Final = ("extra_pnginfo", "preview_method", "studio")
_PICTURE_WITH_FACTS: Final = 4
_HEAD: Final = struct.Struct(">II")
FOLDERS: Final = "studio-"
"""How the folder of every job in ComfyUI's input begins."""

File = tuple[str, str, str]
"""A file at ComfyUI: name, sub-folder, and where (input, output or temp)."""


class Refused(Exception):  # noqa: N818 - an answer
    """Something a job may not ask, with the status and the words that it is answered with."""

    def __init__(self, status: HTTPStatus, why: str, kind: str = "not_allowed") -> None:
        super().__init__(why)
        self.status, self.kind = status, kind


class Own:
    """What belongs to one job. `token` is known to no other job, `nodes` are the classes its graphs may use."""

    def __init__(self, token: str, nodes: Iterable[str]) -> None:
        self.folder = FOLDERS + token
        self.nodes = frozenset(nodes)
        self.prompts: set[str] = set()
        self._token = token
        self._files: set[File] = set()
        self._running = False

    def client(self, told: str) -> str:
        """Return the client id that ComfyUI is told: nobody else can have it, or take another's."""
        return f"{self._token}-{re.sub('[^A-Za-z0-9-]', '', told)[:100]}"

    def prompt(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is sent for a POST /prompt: no place in the line, no other keys. Raises `Refused`."""
        graph, prompt_id = said.get("prompt"), said.get("prompt_id")
        if not isinstance(graph, dict) or not isinstance(prompt_id, str) or not _UUID.fullmatch(prompt_id):
            raise Refused(HTTPStatus.BAD_REQUEST, "A prompt needs a graph and an id of its own, a UUID.")
        used = {node.get("class_type") if isinstance(node, dict) else None for node in graph.values()}
        if strange := sorted(str(one) for one in used if not isinstance(one, str) or one not in self.nodes):
            words = f"The pipeline's manifest does not name the nodes {', '.join(strange)}."
            raise Refused(HTTPStatus.BAD_REQUEST, words, "node_not_allowed")
        sent: dict[str, Any] = {"prompt": {number: self._node(number, node) for number, node in graph.items()}}
        told = said.get("extra_data")
        sent["extra_data"] = (
            {name: told[name] for name in _KEPT_WORDS if name in told} if isinstance(told, dict) else {}
        )
        if "partial_execution_targets" in said:
            sent["partial_execution_targets"] = said["partial_execution_targets"]
        self.prompts.add(prompt_id)  # before it is sent: the answer may be lost
        return sent | {"prompt_id": prompt_id, "client_id": self.client(str(said.get("client_id", "")))}

    def _node(self, number: str, node: dict[str, Any]) -> dict[str, Any]:
        """Return a node as it is sent: where it loads a file, that of this job."""
        given = node.get("inputs")
        if "load" not in node["class_type"].lower() or not isinstance(given, dict):
            return node
        media = node["class_type"].startswith(_LOADERS)
        return {**node, "inputs": {name: self._loaded(number, name, value, media) for name, value in given.items()}}

    def _loaded(self, number: str, name: str, value: object, media: bool) -> object:  # noqa: FBT001 - private
        """Return the value of an input of a loading node; `media`: it loads no models, which are everybody's."""
        if not media and isinstance(value, str) and value.endswith(_MODELS):
            return value
        if isinstance(value, str) and _LIKE_A_FILE.search(_WHERE.sub("", value)):
            found = _WHERE.search(value)
            where = found[1] if found else "input"
            folder, _, file = _WHERE.sub("", value).rpartition("/")
            with contextlib.suppress(Refused):
                folder = self.real_folder(folder, where)
                if self.sees(file, folder, where):
                    return f"{folder}/{file}".removeprefix("/") + (found[0] if found else "")
            words = f"Node {number} loads {value}, which this job neither sent nor made."
            raise Refused(HTTPStatus.BAD_REQUEST, words, "file_not_allowed")
        # A link or a wrapped value could bring the name of a file past this look.
        if isinstance(value, dict) or (media and isinstance(value, list) and name not in _NO_FILES):
            words = f"Node {number}, {name}: a loading node is told its file plainly, not by a link."
            raise Refused(HTTPStatus.BAD_REQUEST, words, "file_not_allowed")
        return value

    def real_folder(self, asked: str, where: str = "input") -> str:
        """Return where lies what the job calls a folder of the input. Raises `Refused` for one that leads upwards."""
        if where != "input":
            return asked
        parts = [part for part in asked.replace("\\", "/").split("/") if part not in {"", "."}]
        if ".." in parts:
            raise Refused(HTTPStatus.FORBIDDEN, "A folder cannot lead upwards.")
        return "/".join([self.folder, *(parts[1:] if parts[:1] == [self.folder] else parts)])

    def as_named(self, answer: str) -> str:
        """Return an answer of ComfyUI with the job's own names of its files."""
        return answer.replace(f"{self.folder}/", "")

    def uploaded(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Remember a file by what POST /upload/image answered; return that in the job's words."""
        name, folder = str(told.get("name", "")), str(told.get("subfolder", ""))
        self._files.add((name, folder, "input"))
        return {**told, "subfolder": folder.removeprefix(self.folder).removeprefix("/")}

    def made(self, state: JobState) -> None:
        """Remember the files of a prompt of this job."""
        self._files |= {(file.filename, file.subfolder, file.type) for _, file in state.files()}

    def sees(self, name: str, folder: str, where: str) -> bool:
        """Whether a file is this job's: uploaded by it, or come of its prompts."""
        return (name, folder, where) in self._files

    def queue(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return GET /queue without the rows of others."""
        return {name: [row for row in rows if row[1] in self.prompts] for name, rows in told.items()}

    def schemas(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return GET /object_info of the nodes it may use, without the files that others have uploaded."""
        return {kind: self._schema(kind, schema) for kind, schema in told.items() if kind in self.nodes}

    def _schema(self, kind: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        sides = {
            side: {name: self._cleared(kind, spec) for name, spec in inputs.items()}
            for side, inputs in schema["input"].items()
            if isinstance(inputs, dict)
        }
        return {**schema, "input": sides}

    def _cleared(self, kind: str, spec: Any) -> Any:
        if not isinstance(spec, list) or not spec:
            return spec
        facts = spec[1] if len(spec) > 1 and isinstance(spec[1], dict) else {}
        uploads = any(name.endswith("_upload") and value for name, value in facts.items())
        if not uploads and not kind.startswith(_LOADERS):
            return spec

        def kept(choices: list[Any]) -> list[Any]:
            if uploads:
                return []
            return [one for one in choices if not (isinstance(one, str) and self._of_others(one))]

        first = kept(spec[0]) if isinstance(spec[0], list) else spec[0]
        if isinstance(facts.get("options"), list):
            facts = {**facts, "options": kept(facts["options"])}
        return [first, *([facts] if len(spec) > 1 else []), *spec[2:]]

    def _of_others(self, choice: str) -> bool:
        return bool(_LIKE_A_FILE.search(choice)) or choice.startswith(FOLDERS)

    def hears(self, message: str | bytes) -> bool:
        """Whether a message of ComfyUI's WebSocket is for this job."""
        if isinstance(message, bytes):
            return self._hears_picture(message)
        try:
            said = json.loads(message)
            kind, data = said["type"], said.get("data") or {}
            prompt_id = data.get("prompt_id")
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        if prompt_id is None:
            return kind in {"status", "feature_flags"}
        if prompt_id not in self.prompts:
            return False
        self._running = kind not in _OVER
        return True

    def _hears_picture(self, frame: bytes) -> bool:
        """Pictures without a name are those of whatever runs, so they are for this job only while its own does."""
        if len(frame) < _HEAD.size:
            return False
        event, length = _HEAD.unpack_from(frame)
        if event != _PICTURE_WITH_FACTS:
            return self._running
        try:
            return json.loads(frame[_HEAD.size : _HEAD.size + length]).get("prompt_id") in self.prompts
        except (ValueError, AttributeError, TypeError):
            return False
