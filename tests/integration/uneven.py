"""A shot whose take has another frame rate than its project, for the tests of pictures in between."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from studio_sdk.contract import Scalar
from studio_sdk.wire import Claim, Finish
from studio_server.actions import assemble, canvas, generate, projects, runs
from studio_server.actions.cut_view import CutView
from studio_server.domain.jobs import Job
from studio_server.domain.project import OtherRates
from studio_server.domain.shots import Take
from studio_server.index import jobs
from studio_server.settings import Settings
from tests import stock
from tests.integration.studios import Stage, node, shot, stage, wire


@cache
def rough(rate: str = "16", frames: int = 81) -> Path:
    """Return a take as Wan makes it: 81 pictures at 16 a second, with sound."""
    return stock.clip(Path(mkdtemp()) / "rough.mp4", frames=frames, rate=rate, audio=True)


@cache
def smooth(rate: str = "24", frames: int = 121) -> Path:
    return stock.clip(Path(mkdtemp()) / "smooth.mp4", frames=frames, rate=rate, audio=True)


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def project(here: Stage) -> str:
    """Return a project with a shot in a cut, in which nothing is conformed by itself."""
    made = here.project()
    here.apply(made, shot("s"), node("f", "assembler"), wire("s", "video", "f", "clips"))
    rates(here, made, "repeat")
    return made


def rates(here: Stage, project: str, wanted: OtherRates) -> None:
    version = here.folder(project).manifest().version
    projects.change(here.studio, project, version, other_rates=wanted)


def set_rate(here: Stage, project: str, rate: str) -> None:
    folder = here.folder(project)
    manifest = folder.manifest()
    settings = manifest.project_settings.model_copy(update={"frame_rate": rate})
    folder.write_manifest(manifest.model_copy(update={"project_settings": settings}))


def take(here: Stage, project: str, card: str = "s", file: Path | None = None) -> Take:
    """Have a take of a shot made and return it."""
    job = str(generate.generate(here.studio, project, card).job_id)
    return landed(here, project, job, file or rough())


def landed(here: Stage, project: str, job: str, file: Path, claim: Claim | None = None, **facts: Scalar) -> Take:
    claim = claim or here.claim(job)
    assert claim.job_id == job
    output = here.hand_in(job, claim.attempt, file)
    end = Finish(attempt=claim.attempt, status="succeeded", outputs=[output], elapsed_s=1.5, facts=facts)
    answer = runs.finish(here.studio, job, end)
    assert answer.state == "succeeded", generate.find(here.studio, job).error
    task = generate.find(here.studio, job)
    return next(one for one in here.folder(project).takes(task.plan.scene, task.plan.shot) if one.job_id == job)


def data(here: Stage, project: str, card: str = "s") -> dict[str, object]:
    return dict(canvas.graph_of(here.studio, project).nodes[card].data)


def waiting(here: Stage, project: str) -> list[Job]:
    with here.studio.index.read() as session:
        return [job for job in jobs.open_jobs(session, project) if job.plan.conforms]


def entry(here: Stage, project: str) -> CutView:
    (found,) = assemble.cut_list(here.studio, project, "f").cuts
    return found
