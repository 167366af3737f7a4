"""Cards with takes, marks, mutes and bypasses through the real studio: planned, landed, cut and exported."""

import json
from collections.abc import Iterator
from pathlib import Path

import opentimelineio as otio
import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, canvas, generate, projects, runs, takes
from studio_server.domain.graph import NodeSet
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip(tmp_path_factory.mktemp("media") / "take.mp4")


def made(here: Stage, project: str, film: Path, node_id: str, **more: object) -> str:
    job_id = generate.generate(here.studio, project, node_id, **more).job_id  # type: ignore[arg-type]
    assert job_id
    answer = here.finish(job_id, here.claim(job_id).attempt, film)
    assert answer.result
    return answer.result


def data(here: Stage, project: str, node_id: str) -> dict[str, object]:
    return dict(canvas.graph_of(here.studio, project).nodes[node_id].data)


def test_every_card_with_takes_has_its_own_numbers_folder_and_takes(here: Stage, film: Path) -> None:
    project = here.project()
    here.apply(
        project, shot("s"), node("m", "motion"), node("u", "upscale"), node("r", "restore"), node("u2", "upscale")
    )
    here.apply(
        project, wire("s", "video", "u", "clip"), wire("u", "video", "r", "clip"), wire("s", "video", "m", "clip")
    )
    codes = [data(here, project, name)["code"] for name in ("s", "m", "u", "r", "u2")]
    assert codes == ["010", "M010", "U010", "R010", "U020"]
    assert made(here, project, film, "s") == "SHOT-010_v01_take01"
    assert made(here, project, film, "u") == "SHOT-U010_v01_take01"
    assert made(here, project, film, "r") == "SHOT-R010_v01_take01"
    assert made(here, project, film, "m") == "SHOT-M010_v01_take01"
    folder = here.folder(project).root / "03_Renders/SCENE_01/SHOT_M010"
    recipe = json.loads((folder / "SHOT-M010_v01_take01.json").read_text())["recipe"]
    assert (recipe["pipeline"], [given["socket"] for given in recipe["inputs"]]) == ("motion-edges", ["clip"])
    assert [take.name for take in takes.of_shot(here.studio, project, "u")] == ["SHOT-U010_v01_take01"]
    told = projects.full_state(here.studio, project).project
    assert (told.shot_count, told.take_count) == (1, 4)


def test_a_pipeline_of_another_task_is_refused_in_words(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("s", pipeline="enlarge"))
    with pytest.raises(StudioError, match="Enlarge is for something else") as refused:
        generate.generate(here.studio, project, "s")
    assert refused.value.context.field == "pipeline"


def test_a_muted_card_is_not_made(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("s", muted=True), node("hall", "scene", muted=True, title="Hall"))
    with pytest.raises(StudioError, match=r"Shot 010 is muted\. Unmute it first") as refused:
        generate.generate(here.studio, project, "s")
    assert (refused.value.code, refused.value.context.node_id) == (Code.VALIDATION_ERROR, "s")


def test_overrides_are_for_one_take_and_in_its_recipe(here: Stage, film: Path) -> None:
    project = here.project()
    here.apply(
        project, shot("s", seconds=2), node("words", "text", value="Rain"), wire("words", "value", "s", "prompt")
    )
    first = made(here, project, film, "s")
    over = {"seed": 77, "seconds": 3, "prompt": "Snow"}
    second = made(here, project, film, "s", overrides=over, keep_active=True)
    recipes = {take.name: take.recipe for take in takes.of_shot(here.studio, project, "s")}
    assert recipes[first] is not None
    assert (recipes[first].params["prompt"], recipes[first].params["seconds"]) == ("Rain", 2)  # type: ignore[union-attr]
    told = recipes[second]
    assert told is not None
    assert (told.params["prompt"], told.params["seconds"], told.seed) == ("Snow", 3, 77)
    assert data(here, project, "s")["active_take"] == first
    assert data(here, project, "s")["seconds"] == 2
    assert data(here, project, "s").get("seed") is None


def test_keep_active_shows_the_first_take_all_the_same(here: Stage, film: Path) -> None:
    project = here.project()
    here.apply(project, shot("s"))
    first = made(here, project, film, "s", keep_active=True)
    assert data(here, project, "s")["active_take"] == first


def cut(here: Stage, project: str, film: Path) -> None:
    here.apply(project, *(shot(name) for name in "abc"), node("f", "assembler"))
    here.apply(project, *(wire(name, "video", "f", "clips") for name in "abc"))
    for name in "abc":
        made(here, project, film, name)


def test_the_cut_honours_marks_to_the_frame_in_every_list(here: Stage, film: Path) -> None:
    project = here.project()
    cut(here, project, film)
    here.apply(project, NodeSet(id="b", name="in:SHOT-020_v01_take01", value=5))
    here.apply(project, NodeSet(id="b", name="out:SHOT-020_v01_take01", value=15))
    here.apply(project, NodeSet(id="c", name="in:SHOT-030_v01_take09", value=3))  # marks of a take that is not shown
    cuts = assemble.cut_list(here.studio, project, "f").cuts
    assert [(one.source_in, one.source_out) for one in cuts] == [(0, 24), (5, 15), (0, 24)]
    assert [(one.record_in - 86400, one.record_out - 86400) for one in cuts] == [(0, 24), (24, 34), (34, 58)]
    exported = assemble.export(here.studio, project, "f")
    root = here.folder(project).root
    edl = (root / exported.edl.path).read_text()
    assert "00:00:00:05 00:00:00:15 01:00:01:00 01:00:01:10" in edl
    timeline = otio.adapters.read_from_file(str(root / exported.otio.path))
    ranges = [piece.trimmed_range() for piece in timeline.video_tracks()[0]]
    assert [(int(part.start_time.value), int(part.duration.value)) for part in ranges] == [(0, 24), (5, 10), (0, 24)]
    job = assemble.render(here.studio, project, "f").job_id
    assert job
    given = here.claim(job)
    handed = next(entry for entry in given.inputs if entry.socket == "cut")
    told = otio.adapters.read_from_file(str(root / f"05_Cache/cuts/{handed.oid}.otio"))
    assert [int(piece.trimmed_range().start_time.value) for piece in told.video_tracks()[0]] == [0, 5, 0]


def test_what_is_muted_is_left_out_with_a_note_and_is_no_hole(here: Stage, film: Path) -> None:
    project = here.project()
    cut(here, project, film)
    here.apply(project, NodeSet(id="b", name="muted", value=True))
    told = assemble.cut_list(here.studio, project, "f")
    assert [one.node_id for one in told.cuts] == ["a", "c"]
    assert [one.edge_id for one in told.cuts] == ["a.video>f.clips", "c.video>f.clips"]
    assert told.notes[0] == "Shot 020 is left out: it is muted."
    assert assemble.render(here.studio, project, "f").job_id
    here.apply(project, NodeSet(id="f", name="muted", value=True))
    with pytest.raises(StudioError, match="Assembler is muted"):
        assemble.export(here.studio, project, "f")


def test_a_bypassed_card_is_cut_as_what_it_hands_on(here: Stage, film: Path) -> None:
    project = here.project()
    here.apply(project, shot("s"), node("u", "upscale"), node("dot", "reroute"), node("f", "assembler"))
    here.apply(
        project, wire("s", "video", "u", "clip"), wire("u", "video", "dot", "in"), wire("dot", "out", "f", "clips")
    )
    made(here, project, film, "s")
    assert assemble.cut_list(here.studio, project, "f").cuts[0].missing == "has no take yet"
    here.apply(project, NodeSet(id="u", name="bypassed", value=True))
    only = assemble.cut_list(here.studio, project, "f").cuts[0]
    assert (only.node_id, only.edge_id, only.take) == ("s", "dot.out>f.clips", "SHOT-010_v01_take01")


def test_an_assembler_uses_the_cut_of_another(here: Stage, film: Path) -> None:
    project = here.project()
    cut(here, project, film)
    here.apply(project, shot("d"), node("g", "assembler", title="Festival"), wire("d", "video", "g", "clips"))
    here.apply(project, wire("f", "edl", "g", "edl"))
    told = assemble.cut_list(here.studio, project, "g")
    assert (told.title, [one.node_id for one in told.cuts]) == ("Festival", ["a", "b", "c"])
    here.apply(project, NodeSet(id="f", name="muted", value=True))
    assert [one.node_id for one in assemble.cut_list(here.studio, project, "g").cuts] == ["d"]


def test_an_assembler_s_newest_film_goes_into_other_cards(here: Stage, film: Path) -> None:
    project = here.project()
    cut(here, project, film)
    here.apply(project, node("u", "upscale"), wire("f", "film", "u", "clip"))
    with pytest.raises(StudioError, match="Assembler has no file yet"):
        generate.generate(here.studio, project, "u")
    job_id = assemble.render(here.studio, project, "f").job_id
    assert job_id
    here.finish(job_id, here.claim(job_id).attempt, film)
    enlarge = generate.generate(here.studio, project, "u").job_id
    assert enlarge
    claim = here.claim(enlarge)
    assert runs.input_file(here.studio, enlarge, claim.attempt, claim.inputs[0].oid).read_bytes() == film.read_bytes()
