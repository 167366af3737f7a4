"""Which pipelines are installed, read from their manifests, and the catalogue the page draws nodes from."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.types import Frozen, Quality, SocketType
from studio_sdk.wire import WorkerInfo
from studio_server.domain.nodes import (
    NODE_TYPES,
    SHOT_TASK,
    SOCKET_LOOKS,
    Choice,
    NodeType,
    PipelineType,
    SocketLook,
    pipeline_type,
)
from studio_server.domain.project import ASPECT_RATIOS, FRAME_RATES


class Formats(Frozen):
    """What a project can be made in; a frame rate is written as an exact fraction."""

    aspect_ratios: dict[str, tuple[int, int]]
    frame_rates: tuple[Choice, ...]
    qualities: tuple[Quality, ...]


class Catalog(Frozen):
    """What the page needs to draw any node; `revision` changes when a pipeline does.

    `default_pipeline` is the one whose sockets and fields a shot has that names none.
    """

    revision: str
    default_pipeline: str | None
    sockets: dict[SocketType, SocketLook]
    nodes: tuple[NodeType, ...]
    pipelines: tuple[PipelineType, ...]
    formats: Formats


class Installed(Frozen):
    """A pipeline on disk and the SHA-256 over its folder."""

    pipeline: Pipeline
    digest: str


@dataclass
class Catalogue:
    """The pipelines folder, read again when a manifest in it has changed."""

    root: Path
    broken: dict[str, str] = field(default_factory=dict)
    _stamp: tuple[tuple[str, int], ...] = ()
    _installed: dict[str, Installed] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def installed(self) -> Mapping[str, Installed]:
        """Return the pipelines by id. A manifest that cannot be read is left out and named in `broken`."""
        with self._lock:
            stamp = tuple(
                (path.parent.name, path.stat().st_mtime_ns) for path in sorted(self.root.glob(f"*/{MANIFEST}"))
            )
            if stamp != self._stamp:
                self._read(stamp)
            return self._installed

    def pipelines(self) -> dict[str, Pipeline]:
        """Return the manifests by id."""
        return {name: entry.pipeline for name, entry in self.installed().items()}

    def default_shot_pipeline(self) -> str | None:
        """Return the pipeline whose sockets a shot shows while it names none."""
        serving = [p.id for p in self.pipelines().values() if p.task == SHOT_TASK]
        return min(serving, default=None)

    def _read(self, stamp: tuple[tuple[str, int], ...]) -> None:
        found: dict[str, Installed] = {}
        broken: dict[str, str] = {}
        for name, _ in stamp:
            folder = self.root / name
            try:
                pipeline = Pipeline.model_validate_json((folder / MANIFEST).read_bytes())
            except (OSError, ValidationError) as error:
                broken[name] = str(error)
                continue
            found[pipeline.id] = Installed(pipeline=pipeline, digest=folder_digest(folder))
        self._installed, self.broken, self._stamp = found, broken, stamp


def catalog(catalogue: Catalogue, workers: Sequence[WorkerInfo]) -> Catalog:
    """Return what the page draws from, with what can run right now."""
    installed = catalogue.installed()
    kinds = {engine for worker in workers for engine in worker.engines}
    return Catalog(
        default_pipeline=catalogue.default_shot_pipeline(),
        revision="-".join(f"{name}@{entry.digest[:8]}" for name, entry in sorted(installed.items())) or "none",
        sockets=SOCKET_LOOKS,
        nodes=NODE_TYPES,
        pipelines=tuple(
            pipeline_type(
                entry.pipeline,
                ""
                if entry.pipeline.engine in kinds
                else f"No worker with the engine “{entry.pipeline.engine}” is alive.",
            )
            for _, entry in sorted(installed.items())
        ),
        formats=Formats(
            aspect_ratios=dict(ASPECT_RATIOS),
            frame_rates=tuple(Choice(value=value, label=label) for value, label in FRAME_RATES.items()),
            qualities=tuple(Quality),
        ),
    )
