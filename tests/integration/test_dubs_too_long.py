"""A voice in another language that speaks longer than its shot: said in the cut, in its notes and in the film's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from studio_server.actions import assemble
from studio_server.domain.graph import NodeSet
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire
from tests.integration.test_sound_takes import made, tone

NOTE = "speaks 1.5 s longer than Shot 010: shorten its lines, or let it run on."


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def film(here: Stage, folder: Path, seconds: float, **data: JsonValue) -> str:
    """Return a project with a film of two shots of 2 s, whose first one has a French voice of so many seconds."""
    project = here.project()
    dub = {"dialogue": "Te voilà.", "sound_language": "fr", "sound_instead": "s", "sound_shot": "s", **data}
    here.apply(
        project,
        shot("s"),
        shot("t"),
        node("v", "speech", **dub),
        node("film", "assembler", language="fr"),
        wire("s", "video", "film", "clips"),
        wire("t", "video", "film", "clips"),
        wire("v", "audio", "film", "voices"),
    )
    for card in ("s", "t"):
        made(here, project, card, clip(folder / f"{card}.mp4", seconds=2))
    made(here, project, "v", tone(folder / "v.wav", seconds))
    return project


def test_it_is_said_where_it_is_heard(here: Stage, tmp_path: Path) -> None:
    project = film(here, tmp_path, 3.5)
    told = assemble.cut_list(here.studio, project, "film")
    (voice,) = told.voices
    assert voice.over
    assert (voice.over.seconds, voice.over.of, voice.over.field, voice.over.pace) == (1.5, "Shot 010", "", None)
    assert next(note for note in told.notes if "speaks" in note).endswith(NOTE)
    assert any(note.endswith(NOTE) for note in assemble.export(here.studio, project, "film").notes)
    here.apply(project, NodeSet(id="film", name="language", value=None))
    other = assemble.cut_list(here.studio, project, "film")
    assert not any("speaks" in note for note in other.notes)
    assert other.voices[0].over


@pytest.mark.parametrize("data", [{"sound_length": 48}, {"sound_skip": 36}])
def test_trimmed_to_its_place_it_is_as_it_should_be(here: Stage, tmp_path: Path, data: dict[str, JsonValue]) -> None:
    told = assemble.cut_list(here.studio, film(here, tmp_path, 3.5, **data), "film")
    assert told.voices[0].over is None
    assert not any("speaks" in note for note in told.notes)
