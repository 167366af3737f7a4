"""Takes that are a picture: drawn from words, landed with a poster, given by a wire to the shot that begins with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk.errors import Code
from studio_sdk.wire import OutputRef
from studio_server.actions import canvas, generate, takes
from studio_server.domain.jobs import Job, JobState
from studio_server.library import media
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def made(here: Stage, project_id: str, node_id: str, file: Path, mime: str) -> Job:
    """Make a card's take of a file, as a runner would; return what became of the job."""
    job = str(generate.generate(here.studio, project_id, node_id).job_id)
    told = here.hand_in(job, here.claim(job).attempt, file)
    here.end(job, 1, OutputRef(**{**told.model_dump(), "mime": mime, "suffix": file.suffix}))
    return generate.find(here.studio, job)


def test_a_drawn_still_is_a_take_and_what_a_shot_begins_with(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    drawn = tmp_path / "frame.png"
    Image.new("RGB", (1280, 720), "teal").save(drawn)
    here.apply(project, node("f", "still", prompt="A pier at dawn"), shot("s"), wire("f", "image", "s", "still"))
    assert made(here, project, "f", drawn, "image/png").state is JobState.SUCCEEDED
    folder = here.folder(project)
    take = takes.active(folder, canvas.graph_of(here.studio, project).nodes["f"])
    assert take
    assert (take.shot, take.media.mime, take.has_audio) == ("SHOT-F010", "image/png", False)
    assert take.poster
    assert media.probe(folder.root / take.poster.path).width == 1280
    job = str(generate.generate(here.studio, project, "s").job_id)
    wired = generate.find(here.studio, job).plan.inputs
    assert [(one.socket, one.oid) for one in wired] == [("still", take.media.oid)]


def test_a_clip_is_no_still(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, node("f", "still", prompt="A pier"))
    job = made(here, project, "f", clip(tmp_path / "clip.mp4"), "video/mp4")
    assert job.state is JobState.FAILED
    assert job.error
    assert (job.error.error, "not a picture" in job.error.message) == (Code.OUTPUT_INVALID, True)
