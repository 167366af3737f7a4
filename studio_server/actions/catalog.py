"""Which pipelines are installed, read from their manifests, and the catalogue the page draws nodes from."""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from studio_sdk.changes import number
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline
from studio_sdk.types import Frozen, Quality, SocketType
from studio_sdk.wire import WorkerInfo
from studio_server.domain.editions import edition_name, parts
from studio_server.domain.node_types import NODE_TYPES, SHOT_TASK
from studio_server.domain.nodes import Kit, pipeline_type
from studio_server.domain.project import ASPECT_RATIOS, FRAME_RATES
from studio_server.domain.qualities import Served, table
from studio_server.domain.specs import SOCKET_LOOKS, Choice, NodeType, PipelineType, SocketLook

_log = logging.getLogger(__name__)


class Formats(Frozen):
    """What a project can be made in; a frame rate is written as an exact fraction."""

    aspect_ratios: dict[str, tuple[int, int]]
    frame_rates: tuple[Choice, ...]
    qualities: tuple[Quality, ...]


class Catalog(Frozen):
    """What the page needs to draw any node; `revision` changes when a pipeline does.

    `default_pipelines` has, for each task, the one whose sockets and fields a card has that names none;
    `default_pipeline` is that of shots. `served` says what makes each task at each quality, whoever is there.
    """

    revision: str
    default_pipeline: str | None
    default_pipelines: dict[str, str]
    sockets: dict[SocketType, SocketLook]
    nodes: tuple[NodeType, ...]
    pipelines: tuple[PipelineType, ...]
    formats: Formats
    served: tuple[Served, ...]


class Installed(Frozen):
    """A pipeline on disk and the SHA-256 over its folder."""

    pipeline: Pipeline
    digest: str


@dataclass
class Catalogue:
    """The pipelines folder: its manifests, read again when one has changed, and what each pipeline's code is now.

    Of several versions of a pipeline the one in the folder of its name is in use, else the highest; the others stand
    beside it for the cards that were set up with them. Names are those of `domain/editions.py`.
    """

    root: Path
    broken: dict[str, str] = field(default_factory=dict)
    _stamp: tuple[tuple[str, int, int], ...] = ()
    _found: dict[str, tuple[Path, Pipeline]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: threading.local = field(default_factory=threading.local)

    @contextmanager
    def looked_at_once(self) -> Iterator[None]:
        """Have this thread look at the folder once for all that it asks while this is open.

        For plans of thousands of jobs, which else look at every file of their pipeline each.
        """
        before = getattr(self._seen, "found", None)
        self._seen.found = {} if before is None else before
        try:
            yield
        finally:
            self._seen.found = before

    def pipelines(self) -> dict[str, Pipeline]:
        """Return the manifests by name, the version in use before the others. What cannot be read is in `broken`."""
        return {name: pipeline for name, (_, pipeline) in self._manifests().items()}

    def installed(self) -> Mapping[str, Installed]:
        """Return the pipelines by name, each with the digest of its folder as it is now."""
        found = {name: self.find(name) for name in self._manifests()}
        return {name: entry for name, entry in found.items() if entry}

    def find(self, name: str) -> Installed | None:
        """Return what a name means, with the digest of its folder as it is now, or None where it is not installed."""
        seen: dict[str, Installed] | None = getattr(self._seen, "found", None)
        if seen and name in seen:
            return seen[name]
        known = self._manifests()
        there = known.get(name) or known.get(parts(name)[0])
        if there is None:
            return None
        folder, pipeline = there
        try:
            found = Installed(pipeline=pipeline, digest=folder_digest(folder))
        except FileNotFoundError:  # it is being removed or replaced
            return None
        if seen is not None:
            seen[name] = found
        return found

    def kit(self, quality: Quality | None = None) -> Kit:
        """Return what cards are resolved with: the pipelines, the usual one of each task, and the project's quality."""
        pipelines = self.pipelines()
        defaults: dict[str, str] = {}
        for name in sorted(name for name, pipeline in pipelines.items() if name == pipeline.id):
            defaults.setdefault(pipelines[name].task, name)
        return Kit(pipelines, defaults, quality)

    def _manifests(self) -> Mapping[str, tuple[Path, Pipeline]]:
        if getattr(self._seen, "found", None):
            return self._found
        with self._lock:
            facts = ((path.parent.name, path.stat()) for path in sorted(self.root.glob(f"*/{MANIFEST}")))
            stamp = tuple((name, there.st_mtime_ns, there.st_size) for name, there in facts)
            if stamp != self._stamp:
                self._read(stamp)
            return self._found

    def _read(self, stamp: tuple[tuple[str, int, int], ...]) -> None:
        found: dict[str, list[tuple[Path, Pipeline]]] = {}
        broken: dict[str, str] = {}
        for name, _, _ in stamp:
            folder = self.root / name
            try:
                pipeline = Pipeline.model_validate_json((folder / MANIFEST).read_bytes())
            except (OSError, ValidationError) as error:
                broken[name] = str(error)
                continue
            found.setdefault(pipeline.id, []).append((folder, pipeline))
        named: dict[str, tuple[Path, Pipeline]] = {}
        for pipeline_id, versions in sorted(found.items()):
            for folder, pipeline in sorted(versions, key=_in_use_first):
                if pipeline_id not in named:
                    named[pipeline_id] = folder, pipeline
                    continue
                other = next(
                    (
                        there
                        for there, one in named.values()
                        if one.id == pipeline_id and one.version == pipeline.version
                    ),
                    None,
                )
                if other:
                    broken[folder.name] = f"{pipeline_id} {pipeline.version} is the pipeline in {other.name}"
                else:
                    named[edition_name(pipeline_id, pipeline.version)] = folder, pipeline
        for name, why in broken.items():
            _log.warning("The pipeline in %s is left out: %s", self.root / name, why)
        self._found, self.broken, self._stamp = named, broken, stamp


def _in_use_first(there: tuple[Path, Pipeline]) -> tuple[bool, tuple[int, ...], str]:
    folder, pipeline = there
    return folder.name != pipeline.id, tuple(-part for part in number(pipeline.version)), folder.name


def catalog(catalogue: Catalogue, workers: Sequence[WorkerInfo]) -> Catalog:
    """Return what the page draws from, with what can run right now."""
    installed = catalogue.installed()
    kinds = {engine for worker in workers for engine in worker.engines}
    defaults = dict(catalogue.kit().defaults)
    return Catalog(
        default_pipeline=defaults.get(SHOT_TASK),
        default_pipelines=defaults,
        revision="-".join(f"{name}@{entry.digest[:8]}" for name, entry in sorted(installed.items())) or "none",
        sockets=SOCKET_LOOKS,
        nodes=NODE_TYPES,
        pipelines=tuple(
            pipeline_type(
                entry.pipeline,
                ""
                if entry.pipeline.engine in kinds
                else f"No worker with the engine “{entry.pipeline.engine}” is alive.",
                in_use=name == entry.pipeline.id,
            )
            for name, entry in sorted(installed.items())
        ),
        formats=Formats(
            aspect_ratios=dict(ASPECT_RATIOS),
            frame_rates=tuple(Choice(value=value, label=label) for value, label in FRAME_RATES.items()),
            qualities=tuple(Quality),
        ),
        served=tuple(table([entry.pipeline for name, entry in installed.items() if name == entry.pipeline.id])),
    )
