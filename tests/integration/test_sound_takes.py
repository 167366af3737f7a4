"""Takes that are sound: landed with their wave as poster, given by wires, heard in a film, refused where wrong."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_sdk.wire import OutputRef
from studio_server.actions import assemble, canvas, generate, states, takes
from studio_server.domain.graph import Node, NodeSet
from studio_server.domain.jobs import Job, JobState
from studio_server.library import media
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def tone(path: Path, seconds: float = 2) -> Path:
    source = f"sine=frequency=440:sample_rate=48000:duration={seconds}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(path)], check=True)
    return path


def made(here: Stage, project_id: str, node_id: str, file: Path) -> Job:
    """Make a card's take of a file, as a runner would; return what became of the job."""
    job = str(generate.generate(here.studio, project_id, node_id).job_id)
    attempt = here.claim(job).attempt
    told = here.hand_in(job, attempt, file)
    mime = "audio/wav" if file.suffix == ".wav" else "video/mp4"
    here.end(job, attempt, OutputRef(**{**told.model_dump(), "mime": mime, "suffix": file.suffix}))
    return generate.find(here.studio, job)


def test_a_sound_is_a_take_like_any_other_and_heard_in_the_film(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(
        project,
        node("v", "speech", dialogue="Come in."),
        node("x", "mix"),
        shot("s"),
        node("film", "assembler"),
        wire("v", "audio", "x", "dialogue"),
        wire("s", "video", "film", "clips"),
        wire("x", "audio", "film", "voices"),
    )
    made(here, project, "v", tone(tmp_path / "v.wav"))
    made(here, project, "s", clip(tmp_path / "s.mp4", seconds=3))
    before = assemble.cut_list(here.studio, project, "film")
    assert before.sounds == []
    assert any("is not heard: it has no take yet" in note for note in before.notes)
    made(here, project, "x", tone(tmp_path / "x.wav", 2.5))
    folder = here.folder(project)
    take = takes.active(folder, on_board(here, project, "x"))
    assert take
    assert (take.media.mime, take.frames, take.duration_s, take.has_audio) == ("audio/wav", None, 2.5, True)
    assert take.poster
    assert media.probe(folder.root / take.poster.path).width == 1280
    assert take.recipe
    assert [one.socket for one in take.recipe.inputs] == ["dialogue"]
    heard = assemble.cut_list(here.studio, project, "film").sounds
    assert [(one.name, one.frames) for one in heard] == [(f"{take.name}.wav", 60)]


def test_a_dub_says_the_translation_and_is_out_of_date_when_that_changes(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(
        project,
        node("v", "speech", sound_language="fr", language="fr"),
        node("line", "dialogue", speaker="ANNA", value="Come in."),
        wire("line", "value", "v", "dialogue"),
    )
    with pytest.raises(StudioError, match=r"1 of 1 line has no French yet: “Come in\.") as refused:
        generate.generate(here.studio, project, "v")
    assert refused.value.code is Code.VALIDATION_ERROR
    here.apply(project, NodeSet(id="line", name="value:fr", value="Entrez."))
    job = made(here, project, "v", tone(tmp_path / "v.wav"))
    assert job.plan.params["dialogue"] == "ANNA: Entrez."

    def stands() -> str:
        told = states.states(here.studio, project).cards.get("v")
        return told.state if told else "clean"

    assert stands() == "clean"
    here.apply(project, NodeSet(id="line", name="value", value="Do come in."))
    assert stands() == "clean"
    here.apply(project, NodeSet(id="line", name="value:fr", value="Entrez donc."))
    assert stands() == "stale"


def test_a_voice_is_for_a_language_that_is_one(here: Stage) -> None:
    project = here.project()
    here.apply(project, node("v", "speech"))
    with pytest.raises(StudioError, match="“French” is no language that a voice can be heard in"):
        here.apply(project, NodeSet(id="v", name="sound_language", value="French"))


def on_board(here: Stage, project_id: str, node_id: str) -> Node:
    return canvas.graph_of(here.studio, project_id).nodes[node_id]


@pytest.mark.parametrize(("kind", "file"), [("mix", "clip.mp4"), ("shot", "tone.wav")])
def test_a_picture_is_no_sound_and_a_sound_no_picture(here: Stage, tmp_path: Path, kind: str, file: str) -> None:
    project = here.project()
    given = clip(tmp_path / file) if file.endswith("mp4") else tone(tmp_path / file)
    here.apply(project, shot("n") if kind == "shot" else node("n", kind))
    job = made(here, project, "n", given)
    assert job.state is JobState.FAILED
    assert job.error
    assert (job.error.error, "not a sound" in job.error.message) == (Code.OUTPUT_INVALID, kind == "mix")
    assert takes.active(here.folder(project), on_board(here, project, "n")) is None
