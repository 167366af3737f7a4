"""A version of a cut in another shape: it follows the cut, shows each shot's framing, and its film says what it is."""

from collections.abc import Iterator
from pathlib import Path

import opentimelineio as otio
import pytest
from pydantic import JsonValue

from studio_sdk.errors import Code, StudioError
from studio_server.actions import assemble, assets, canvas, generate, states
from studio_server.domain.graph import NodeSet
from studio_server.domain.project import CACHE, MAIN_CANVAS
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire
from tests.integration.test_sound_takes import tone


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


@pytest.fixture
def project(here: Stage, tmp_path: Path) -> str:
    """Return a project with two shots that have takes, their cut `f` with music, and `tall`, its 9:16 version."""
    made = here.project()
    with tone(tmp_path / "song.wav", 3).open("rb") as file:
        song = assets.upload(here.studio, made, "song.wav", file)
    here.apply(
        made,
        shot("a"),
        shot("b"),
        node("f", "assembler", title="Fog", music_level=-6),
        node("m", "audio", asset=song.id, kind="audio"),
        node("tall", "assembler", aspect="9:16", framing="fill"),
        *(wire(name, "video", "f", "clips") for name in "ab"),
        wire("m", "audio", "f", "music"),
        wire("f", "edl", "tall", "edl"),
    )
    for name in "ab":
        job = str(generate.generate(here.studio, made, name).job_id)
        here.finish(job, here.claim(job).attempt, clip(tmp_path / f"{name}.mp4", 2))
    return made


def test_a_version_follows_the_cut_and_has_its_sound(here: Stage, project: str) -> None:
    here.apply(project, NodeSet(id="b", name="in:SHOT-020_v01_take01", value=12))
    master, tall = (assemble.cut_list(here.studio, project, name) for name in ("f", "tall"))
    assert (master.aspect, tall.aspect, tall.cut_of, tall.title) == ("", "9:16", "f", "Fog")
    assert [(one.source_in, one.record_out) for one in tall.cuts] == [
        (one.source_in, one.record_out) for one in master.cuts
    ]
    assert [one.source_in for one in tall.cuts] == [0, 12]
    assert [(one.node_id, one.gain) for one in tall.sounds] == [("m", -6.0)]
    here.apply(project, node("own", "audio", kind="audio"), wire("own", "audio", "tall", "music"))
    assert assemble.cut_list(here.studio, project, "tall").sounds == [], "a version with sound of its own has that"


def test_a_cut_of_another_assembler_without_a_shape_stays_as_silent_as_it_was(here: Stage, project: str) -> None:
    here.apply(project, NodeSet(id="tall", name="aspect", value=None))
    told = assemble.cut_list(here.studio, project, "tall")
    assert (told.aspect, told.sounds, len(told.cuts)) == ("", [], 2)


def test_its_film_is_made_with_the_framings_and_says_what_it_is(here: Stage, project: str, tmp_path: Path) -> None:
    place: JsonValue = {"x": 0.25, "y": 0.5, "scale": 1.5, "by": "Ana"}
    here.apply(project, NodeSet(id="a", name="framing:9:16", value=place))
    assert canvas.graph_of(here.studio, project).nodes["a"].data["framing:9:16"] == place
    assert [one.framing for one in assemble.cut_list(here.studio, project, "f").cuts] == [None, None]
    job = str(assemble.render(here.studio, project, "tall").job_id)
    claim = here.claim(job)
    assert (claim.params["aspect"], claim.params["framing"], claim.params["music_level"]) == ("9:16", "fill", -6)
    assert sorted(one.socket for one in claim.inputs) == ["clips", "cut", "sounds"]
    oid = next(one.oid for one in claim.inputs if one.socket == "cut")
    told = otio.adapters.read_from_file(str(here.folder(project).root / CACHE / "cuts" / f"{oid}.otio"))
    framed = [one.metadata["production_canvas"].get("framing") for one in told.video_tracks()[0]]
    assert framed == [{"x": 0.25, "y": 0.5, "scale": 1.5}, None]
    here.finish(job, claim.attempt, clip(tmp_path / "film.mp4", 3, "72x128"))
    (film,) = assemble.films(here.studio, project)
    assert (film.name, film.aspect, film.cut_of, film.node_id) == ("fog_9x16_v01", "9:16", "f", "tall")
    assert here.folder(project).films()[0].recipe.cut[0].framing == "0.25 0.5 x1.5"
    assert assemble.export(here.studio, project, "tall").name == "fog_9x16_v001_24"
    assert assemble.export(here.studio, project, "f").name == "fog_v001_24"


def test_a_film_whose_framing_changed_is_out_of_date_and_says_why(here: Stage, project: str, tmp_path: Path) -> None:
    job = str(assemble.render(here.studio, project, "tall").job_id)
    here.finish(job, here.claim(job).attempt, clip(tmp_path / "film.mp4", 3, "72x128"))
    here.apply(project, NodeSet(id="b", name="framing:1:1", value={"x": 0, "y": 0}))
    assert _reasons(here, project) == []
    here.apply(project, NodeSet(id="b", name="framing:9:16", value={"x": 0, "y": 0.5}))
    assert _reasons(here, project) == [("framing", "b")]


def _reasons(here: Stage, project: str) -> list[tuple[str, str | None]]:
    told = states.states(here.studio, project)
    card = told.cards.get("tall")
    return [(one.kind, one.node) for one in card.reasons] if card else []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("framing:9:16", {"x": 1.2, "y": 0.5}, "needs x and y, each from 0 to 1"),
        ("framing:9:16", {"x": 0.2}, "needs x and y, each from 0 to 1"),
        ("framing:9:16", {"x": 0.2, "y": True}, "needs x and y, each from 0 to 1"),
        ("framing:9:16", {"x": 0.2, "y": 0.5, "scale": 9}, "needs a scale from 1 to 4"),
        ("framing:9:16", "left", "is not x, y and scale"),
        ("framing:tall", {"x": 0.2, "y": 0.5}, "is for no shape such as 9:16"),
    ],
)
def test_what_is_no_framing_is_refused_at_the_door(
    here: Stage, project: str, name: str, value: JsonValue, words: str
) -> None:
    with pytest.raises(StudioError, match=words) as refused:
        here.apply(project, NodeSet(id="a", name=name, value=value))
    assert (refused.value.code, refused.value.context.field) == (Code.VALIDATION_ERROR, name)
    with pytest.raises(StudioError, match=words):
        here.apply(project, shot("new", **{name: value}))


def test_one_that_a_file_from_outside_brought_is_told(here: Stage, project: str) -> None:
    file = here.folder(project).root / MAIN_CANVAS
    canvas.commit(here.studio, project)
    text = file.read_text()
    assert '"code": "010"' in text
    file.write_text(text.replace('"code": "010"', '"code": "010", "framing:9:16": {"x": 7}', 1))
    canvas.notice_outside_changes(here.studio, project)
    told = assemble.cut_list(here.studio, project, "tall")
    assert told.cuts[0].framing is None
    assert "The framing of Shot 010 for 9:16 cannot be read and is not used." in told.notes


def test_a_film_in_another_language_says_what_it_lacks_before_and_after(
    here: Stage, project: str, tmp_path: Path
) -> None:
    here.apply(
        project,
        node("say", "dialogue", value="Where were you?", **{"value:pt-BR": "Onde você estava?"}),
        node("ask", "dialogue", value="At sea."),
        wire("say", "value", "a", "dialogue"),
        wire("ask", "value", "b", "dialogue"),
        NodeSet(id="tall", name="language", value="pt-BR"),
        NodeSet(id="tall", name="subtitles", value=True),
    )
    told = assemble.cut_list(here.studio, project, "tall")
    lacking = "1 of 2 lines has no Portuguese (BR) yet: no subtitle stands there."
    assert (told.language, [one.words for one in told.subtitles], told.notes[0]) == (
        "pt-BR", ["Onde você estava?"], lacking,
    )  # fmt: skip
    assert told.untranslated is not None
    assert (told.untranslated.lines, told.untranslated.of_lines) == (1, 2)
    exported = assemble.export(here.studio, project, "tall")
    assert exported.name == "fog_9x16_pt-br_v001_24"
    srt = next(one for one in exported.files if one.path.endswith(".srt"))
    assert "Onde você estava?" in (here.folder(project).root / srt.path).read_text()
    job = str(assemble.render(here.studio, project, "tall").job_id)
    claim = here.claim(job)
    assert (claim.params["language"], claim.params["subtitles"]) == ("pt-BR", True)
    here.finish(job, claim.attempt, clip(tmp_path / "film.mp4", 3, "72x128"))
    (film,) = assemble.films(here.studio, project)
    assert (film.name, film.language, film.cut_of) == ("fog_9x16_pt-br_v01", "pt-BR", "f")
    assert lacking in film.notes
    assert _of_words(here, project) == [], "that the shots themselves are out of date is another matter"
    here.apply(project, NodeSet(id="ask", name="value:pt-BR", value="No mar."))
    assert _of_words(here, project) == ["b"]


def _of_words(here: Stage, project: str) -> list[str | None]:
    return [node for kind, node in _reasons(here, project) if kind == "words"]
