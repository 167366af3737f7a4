"""A letter that no font has is told in the cut, in the forecast and in the film's notes, before anything is queued."""

import shutil
import socket
import subprocess
from collections.abc import Iterator

import pytest

from studio_sdk.types import Engine
from studio_sdk.wire import WorkerInfo
from studio_server.actions import assemble, forecast, runs
from studio_server.domain.graph import NodeSet
from studio_server.library import fonts
from studio_server.settings import Settings
from tests.integration.studios import Stage, node, shot, stage, wire

LATIN = "/usr/share/fonts/Some.ttf\t20-7e a0-17f"
KANA = "/usr/local/share/fonts/Kana.otf\t20-7e 3000-30ff 4e00-9fff"


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    _have(monkeypatch, LATIN)
    with stage(settings) as opened:
        yield opened


def _have(monkeypatch: pytest.MonkeyPatch, *listed: str) -> None:
    known = fonts.listed("\n".join(listed))
    monkeypatch.setattr(fonts, "_installed", lambda _turn: known)


def _worker(here: Stage, host: str, sandbox: str = "") -> None:
    info = WorkerInfo(id=f"{host}:cpu", boot="1", host=host, engines=[Engine.CPU], queues=["cpu"], sandbox=sandbox)
    runs.register(here.studio, info)


@pytest.fixture
def project(here: Stage) -> str:
    _worker(here, socket.gethostname())
    made = here.project()
    here.apply(
        made,
        shot("a", super="霧 Fog"),
        node("say", "dialogue", value="どこ。"),
        node("f", "assembler", title="Fog"),
        wire("a", "video", "f", "clips"),
        wire("say", "value", "a", "dialogue"),
    )
    return made


def _said(here: Stage, project: str) -> list[str]:
    told = assemble.cut_list(here.studio, project, "f").notes
    return [note for note in told if note.startswith("No font")]


def test_a_title_that_no_font_writes_is_named_before_it_is_queued(here: Stage, project: str) -> None:
    (note,) = _said(here, project)
    assert assemble.cut_list(here.studio, project, "f").warnings == [note]
    assert note.startswith(
        "No font on the worker writes 霧 in the film's titles: boxes stand in their place. Put a font"
    )
    assert "/usr/local/share/fonts" in note
    (job,) = forecast.forecast_of(here.studio, project, ["f"]).jobs
    assert job.state != "refused"
    assert note in job.why
    assert job.warned
    assert assemble.render(here.studio, project, "f").revision
    here.apply(project, NodeSet(id="a", name="super", value="Fog, à l'été"))
    assert _said(here, project) == []
    assert forecast.forecast_of(here.studio, project, ["f"]).jobs[0].why == job.why.replace(note, "").strip()


def test_subtitles_that_the_pipeline_would_refuse_are_told_so(here: Stage, project: str) -> None:
    here.apply(project, NodeSet(id="f", name="subtitles", value=True), NodeSet(id="a", name="super", value=None))
    (note,) = _said(here, project)
    assert note.startswith(
        "No font on the worker writes 。 こ ど in the film's subtitles in the picture: the film is refused."
    )


def test_nothing_is_said_once_a_font_is_there(here: Stage, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _have(monkeypatch, LATIN, KANA)
    assert _said(here, project) == []


@pytest.mark.parametrize(("host", "sandbox"), [("elsewhere", ""), (socket.gethostname(), "container")])
def test_nothing_is_guessed_of_fonts_that_cannot_be_known_here(
    here: Stage, project: str, host: str, sandbox: str
) -> None:
    assert len(_said(here, project)) == 1
    _worker(here, host, sandbox)
    assert _said(here, project) == []


def test_a_font_has_to_have_all_of_a_text_and_lie_where_pipelines_see_it() -> None:
    assert fonts.listed("/root/.local/share/fonts/Mine.otf\t4e00-9fff\n/usr/share/fonts/x.pcf\t20") == []
    assert fonts.listed(KANA) == [[(0x20, 0x7E), (0x3000, 0x30FF), (0x4E00, 0x9FFF)]]


@pytest.mark.parametrize("text", ["Où étais-tu ?", "日本", "أين", "ქართული"])
def test_fontconfig_of_this_machine_says_the_same_of_a_text(text: str) -> None:
    if shutil.which("fc-list") is None:
        pytest.skip("fontconfig is not installed here")
    signs = " ".join(f"{ord(sign):x}" for sign in text if sign.isalpha())
    asked = ["fc-list", f":charset={signs}", "--format", "%{file}\n"]
    found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\n")
    there = any(file.endswith((".ttf", ".otf", ".ttc")) and file.startswith(fonts.PLACES) for file in found)
    assert bool(fonts.unwritten([text])) is not (there or text[0] == "O"), "the pipeline's own fonts have French"
