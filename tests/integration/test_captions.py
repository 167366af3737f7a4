"""Captions from a sound: ordered of a card, kept with it, the film's subtitles; what people corrected stays."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from studio_sdk import captions
from studio_sdk.captions import Caption
from studio_sdk.errors import Code, StudioError
from studio_sdk.wire import FinishAnswer, OutputRef
from studio_server.actions import assemble, canvas, generate, transcripts
from studio_server.domain.captions import as_field, captions_of, field_of
from studio_server.domain.graph import Node, NodeSet
from studio_server.domain.jobs import JobKind
from studio_server.settings import Settings
from tests.integration.pages import serving
from tests.integration.studios import Stage, clip, node, shot, stage, wire

SAID = (Caption(0, 500, "Out."), Caption(500, 900, "At the harbour."))


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def project(here: Stage, tmp_path: Path) -> str:
    """Return a project with a shot whose take has sound, in a film, and a Dialogue card that says something else."""
    made = here.project()
    here.apply(made, shot("s"), node("d", "dialogue", value="Where were you?"), node("f", "assembler"))
    here.apply(made, wire("d", "value", "s", "dialogue"), wire("s", "video", "f", "clips"))
    job = str(generate.generate(here.studio, made, "s").job_id)
    here.finish(job, here.claim(job).attempt, clip(tmp_path / "s.mp4", 2))
    return made


def card(here: Stage, project: str, name: str = "s") -> Node:
    return canvas.graph_of(here.studio, project).nodes[name]


def land(here: Stage, job: str, place: Path, content: bytes = captions.write(SAID)) -> FinishAnswer:
    attempt = here.claim(job).attempt
    (place / "captions.srt").write_bytes(content)
    handed = here.hand_in(job, attempt, place / "captions.srt").model_dump()
    output = OutputRef(**{**handed, "socket": "captions", "mime": "application/x-subrip", "suffix": ".srt"})
    return here.end(job, attempt, output)


def subtitles(here: Stage, project: str) -> list[tuple[int, int, str]]:
    found = assemble.cut_list(here.studio, project, "f")
    return [
        (one.record_in - found.start_frame, one.record_out - found.start_frame, one.words) for one in found.subtitles
    ]


def test_a_take_is_written_down_and_its_captions_are_the_films_subtitles(
    here: Stage, project: str, tmp_path: Path
) -> None:
    assert [words for _, _, words in subtitles(here, project)] == ["Where were you?"]
    job = str(transcripts.write(here.studio, project, "s", "once").job_id)
    assert transcripts.write(here.studio, project, "s", "once").job_id == job
    task = generate.find(here.studio, job)
    assert (task.plan.kind, task.plan.pipeline_id) == (JobKind.CAPTIONS, "listen")
    assert [(one.socket, one.mime) for one in task.plan.inputs] == [("picture", "video/mp4")]
    before = card(here, project).data["active_take"]
    assert land(here, job, tmp_path).result == "2 captions"
    oid = task.plan.inputs[0].oid
    assert captions_of(card(here, project), oid) == SAID
    assert card(here, project).data["active_take"] == before
    assert subtitles(here, project) == [(0, 12, "Out."), (12, 22, "At the harbour.")]
    written = assemble.export(here.studio, project, "f")
    srt = next(one for one in written.files if one.path.endswith(".srt"))
    lines = (here.folder(project).root / srt.path).read_bytes()
    assert b"00:00:00,500 --> 00:00:00,917\r\nAt the harbour." in lines
    here.apply(project, NodeSet(id="s", name=field_of(oid), value=None))
    assert [words for _, _, words in subtitles(here, project)] == ["Where were you?"]


def test_what_people_wrote_is_never_written_over(here: Stage, project: str, tmp_path: Path) -> None:
    job = str(transcripts.write(here.studio, project, "s").job_id)
    oid = generate.find(here.studio, job).plan.inputs[0].oid
    own = [Caption(100, 800, "Outside, by the harbour.")]
    here.apply(project, NodeSet(id="s", name=field_of(oid), value=as_field(own)))
    land(here, job, tmp_path)
    assert captions_of(card(here, project), oid) == tuple(own)
    with pytest.raises(StudioError, match="Remove them first") as refused:
        transcripts.write(here.studio, project, "s")
    assert refused.value.code is Code.VALIDATION_ERROR


@pytest.mark.parametrize("content", [b"words", captions.write([Caption(0, 9, "<script>")]), b""])
def test_what_is_no_captions_file_ends_the_job_and_changes_nothing(
    content: bytes, here: Stage, project: str, tmp_path: Path
) -> None:
    job = str(transcripts.write(here.studio, project, "s").job_id)
    before = card(here, project)
    assert land(here, job, tmp_path, content or b"\n").state == "failed"
    error = generate.find(here.studio, job).error
    assert error
    assert error.error is Code.OUTPUT_INVALID
    assert card(here, project) == before


def test_cards_without_a_sound_are_refused_in_words(here: Stage, project: str) -> None:
    here.apply(project, node("n", "note", text="x"), shot("empty"), node("a", "audio"))
    for name, why in (("n", "it has no sound"), ("empty", "it has no take yet"), ("a", "it has no sound")):
        with pytest.raises(StudioError, match=why):
            transcripts.write(here.studio, project, name)
    with pytest.raises(StudioError) as unknown:
        transcripts.write(here.studio, project, "gone")
    assert unknown.value.code is Code.NOT_FOUND


def test_the_address_queues_it(settings: Settings, here: Stage, project: str) -> None:
    with serving(settings) as url:
        answer = httpx.post(f"{url}/api/v1/projects/{project}/captions", json={"node_id": "s"})
        assert answer.status_code == 202
        task = httpx.get(f"{url}/api/v1/tasks/{answer.json()['task_id']}").json()
    assert (task["kind"], task["node_id"], task["take"]) == ("captions", "s", None)
