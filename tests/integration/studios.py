"""A studio without its programs: real folders, real git, a real database; the test is the runner and the clock."""

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studio_sdk.types import Engine, Quality
from studio_sdk.wire import Claim, Finish, FinishAnswer, OutputRef, WorkerInfo
from studio_server.actions import canvas, projects, runs
from studio_server.actions.catalog import Catalogue
from studio_server.actions.studio import Passing, Studio
from studio_server.app import depot_of
from studio_server.domain.graph import Edge, EdgeAdd, Node, NodeAdd, Operation, edge_id
from studio_server.index import directory
from studio_server.index.session import Index, migrate, open_engine
from studio_server.library.folder import ProjectFolder
from studio_server.library.workspace import open_workspace
from studio_server.settings import Settings
from tests.stock import land


@dataclass
class Stage:
    """A studio with a clock that the test turns, and what it was told in passing."""

    studio: Studio
    clock: list[datetime]
    told: list[Passing] = field(default_factory=list)

    def later(self, seconds: float) -> None:
        self.clock[0] += timedelta(seconds=seconds)

    def worker(self, boot: str = "1") -> WorkerInfo:
        info = WorkerInfo(id="here:cpu", boot=boot, host="here", engines=[Engine.CPU], queues=["cpu"])
        runs.register(self.studio, info)
        return info

    def project(self, title: str = "The Salt Road") -> str:
        return projects.create(
            self.studio, title=title, description="", aspect_ratio="16:9", frame_rate="24/1", quality=Quality.LOW
        ).id

    def folder(self, project_id: str) -> ProjectFolder:
        return canvas.folder_of(self.studio, canvas.find(self.studio, project_id))

    def apply(self, project_id: str, *operations: Operation, op_id: str | None = None) -> int:
        return canvas.apply_operations(self.studio, project_id, op_id, list(operations)).revision

    def claim(self, job_id: str) -> Claim:
        return runs.claim(self.studio, job_id, "here:cpu")

    def hand_in(self, job_id: str, attempt: int, file: Path) -> OutputRef:
        data = file.read_bytes()
        oid = hashlib.sha256(data).hexdigest()
        runs.hand_in(self.studio, job_id, attempt, oid, [data[:1000], data[1000:]])
        return OutputRef(socket="video", oid=oid, size=len(data), mime="video/mp4", suffix=".mp4")

    def finish(self, job_id: str, attempt: int, file: Path) -> FinishAnswer:
        return self.end(job_id, attempt, self.hand_in(job_id, attempt, file))

    def end(self, job_id: str, attempt: int, output: OutputRef) -> FinishAnswer:
        end = Finish(attempt=attempt, status="succeeded", outputs=[output], elapsed_s=1.5, determinism="seeded")
        return runs.finish(self.studio, job_id, end)


@contextmanager
def stage(settings: Settings) -> Iterator[Stage]:
    """Open a studio on the settings' workspace."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    index = Index(engine, lambda: None)
    clock = [datetime(2026, 11, 20, 12, tzinfo=UTC)]
    with index.write() as session:
        person = directory.local_person(session, "local", clock[0])
    told: list[Passing] = []
    studio = Studio(
        settings=settings,
        workspace=open_workspace(
            settings.workspaces, settings.tenant, depot_of(settings), elsewhere=not settings.with_people
        ),
        index=index,
        catalogue=Catalogue(settings.pipelines_dir),
        person=person,
        now=lambda: clock[0],
        tell=told.append,
    )
    try:
        yield Stage(studio, clock, told)
    finally:
        engine.dispose()


def worked_on(here: Stage) -> str:
    """Make a project with a shot, a take of it and some history; return its id."""
    project = here.project()
    here.apply(project, shot("n_1"))
    land(here.folder(project), "j0")
    canvas.commit(here.studio, project)
    return project


def shot(node_id: str, **data: object) -> NodeAdd:
    return NodeAdd(node=Node(id=node_id, type="shot", data={"prompt": "Dawn over the harbour", **data}))


def node(node_id: str, kind: str, /, **data: object) -> NodeAdd:
    return NodeAdd(node=Node(id=node_id, type=kind, data=data))


def wire(source: str, source_handle: str, target: str, target_handle: str) -> EdgeAdd:
    found = edge_id(source, source_handle, target, target_handle)
    return EdgeAdd(
        edge=Edge(id=found, source=source, source_handle=source_handle, target=target, target_handle=target_handle)
    )


def clip(path: Path, seconds: int = 1, size: str = "128x72", colour: str = "red") -> Path:
    """Make a real little film with sound."""
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"color={colour}:s={size}:r=24:d={seconds}"),
            *("-f", "lavfi", "-i", f"sine=r=48000:d={seconds}", "-c:v", "libx264", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", "-shortest", str(path)),
        ],
        check=True,
    )
    return path
