"""Rebuild what changed: only what has to be is made, each after what it is made from; nothing is lost on the way."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from studio_sdk.errors import Code, StudioError
from studio_server.actions import canvas, generate, rebuild, release, runs, states
from studio_server.actions.rebuild import RebuildScope
from studio_server.domain.graph import NodeSet
from studio_server.domain.jobs import JobState
from studio_server.index import jobs
from studio_server.loops import sweeper
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, node, shot, stage, wire

WHOLE = RebuildScope()


@lru_cache
def picture(colour: str = "red") -> Path:
    """Return a little film of one colour: another colour is another file."""
    return clip(Path(tempfile.mkdtemp()) / "clip.mp4", colour=colour)


@pytest.fixture
def one(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as found:
        found.worker()
        yield found


@pytest.fixture
def chain(one: Stage) -> str:
    """Return a project: shot a feeds b, b feeds c, d stands alone; all have a take."""
    project = one.project()
    one.apply(project, shot("a"), shot("b"), shot("c"), shot("d"))
    one.apply(project, wire("a", "video", "b", "motion"), wire("b", "video", "c", "motion"))
    for at, name in enumerate("abcd"):
        make(one, project, name, picture(f"#10{at}010"))
    return project


def make(one: Stage, project: str, card: str, file: Path) -> None:
    job = generate.generate(one.studio, project, card).job_id
    assert job
    finish(one, job, file)


def finish(one: Stage, job: str, file: Path) -> None:
    claim = one.claim(job)
    assert claim.job_id == job
    assert one.finish(job, claim.attempt, file).state == "succeeded"


def told(one: Stage, project: str) -> dict[str, str]:
    cards = states.states(one.studio, project).cards
    return {card: state.state.value for card, state in cards.items() if state}


def texts(one: Stage, project: str, card: str) -> list[str]:
    state = states.states(one.studio, project).cards[card]
    assert state
    return [reason.text for reason in state.reasons]


def open_jobs(one: Stage, project: str) -> dict[str, tuple[str, str]]:
    with one.studio.index.read() as session:
        return {job.plan.node_id: (job.state.value, job.reason) for job in jobs.open_jobs(session, project)}


def job_of(one: Stage, project: str, card: str) -> str:
    with one.studio.index.read() as session:
        return next(job.id for job in jobs.open_jobs(session, project) if job.plan.node_id == card)


def newest(one: Stage, project: str, card: str) -> str:
    node_now = canvas.graph_of(one.studio, project).nodes[card]
    return str(node_now.data["active_take"])


@pytest.mark.every_database
def test_one_prompt_makes_three_cards_anew_each_after_the_one_before(one: Stage, chain: str) -> None:
    assert told(one, chain) == {}
    one.apply(chain, NodeSet(id="a", name="prompt", value="Rain over the harbour"))
    assert told(one, chain) == {"a": "stale", "b": "stale", "c": "stale"}
    assert texts(one, chain, "a") == ["the prompt changed"]
    assert texts(one, chain, "b") == ["Shot 010 will change"]

    plan = rebuild.look(one.studio, chain, WHOLE)
    assert [(line.node_id, line.step, line.after) for line in plan.lines] == [
        ("a", "make", ()),
        ("b", "make", ("a",)),
        ("c", "make", ("b",)),
    ]
    assert plan.lasts is not None
    assert open_jobs(one, chain) == {}, "a plan changes nothing"

    _, run = rebuild.start(one.studio, chain, WHOLE)
    assert open_jobs(one, chain) == {
        "a": ("queued", ""),
        "b": ("waiting", "Waits for Shot 010"),
        "c": ("waiting", "Waits for Shot 020"),
    }
    sweeper.sweep(one.studio)
    assert release.release(one.studio) == 0
    assert open_jobs(one, chain)["b"][0] == "waiting", "a machine that is free is no reason to start it"

    for card, colour in (("a", "#a00000"), ("b", "#00b000"), ("c", "#0000c0")):
        finish(one, job_of(one, chain, card), picture(colour))
        release.release(one.studio)
    assert told(one, chain) == {}
    assert open_jobs(one, chain) == {}
    takes = {card: len(one.folder(chain).takes("01", code)) for card, code in (("b", "020"), ("d", "040"))}
    assert takes == {"b": 2, "d": 1}
    made = one.folder(chain).takes("01", "020")[-1]
    used = one.folder(chain).takes("01", "010")[-1]
    assert made.recipe
    assert [file.oid for file in made.recipe.inputs] == [used.media.oid], "it was made from the new take"
    with one.studio.index.read() as session:
        assert jobs.of_run(session, chain, run) == []


def test_what_comes_out_as_it_was_ends_the_rebuild(one: Stage, chain: str) -> None:
    one.apply(chain, NodeSet(id="a", name="prompt", value="Rain"))
    rebuild.start(one.studio, chain, WHOLE)
    finish(one, job_of(one, chain, "a"), picture("#100010"))  # as its first take
    release.release(one.studio)
    release.release(one.studio)
    assert open_jobs(one, chain) == {}
    assert told(one, chain) == {}
    assert len(one.folder(chain).takes("01", "020")) == 1


def test_an_earlier_take_that_already_is_this_is_used(one: Stage, chain: str) -> None:
    first = newest(one, chain, "a")
    one.apply(chain, NodeSet(id="a", name="prompt", value="Rain"))
    make(one, chain, "a", picture("#a0a0a0"))
    assert told(one, chain) == {"b": "stale", "c": "stale"}
    one.apply(chain, NodeSet(id="a", name="prompt", value="Dawn over the harbour"))
    plan = rebuild.look(one.studio, chain, WHOLE)
    assert [(line.node_id, line.step, line.take) for line in plan.lines] == [("a", "use", first)]
    rebuild.start(one.studio, chain, WHOLE)
    assert (newest(one, chain, "a"), told(one, chain), open_jobs(one, chain)) == (first, {}, {})
    one.apply(
        chain, NodeSet(id="a", name=f"reject:{first}", value="soft"), NodeSet(id="a", name="prompt", value="Rain")
    )
    one.apply(chain, NodeSet(id="a", name="active_take", value=one.folder(chain).takes("01", "010")[-1].name))
    one.apply(chain, NodeSet(id="a", name="prompt", value="Dawn over the harbour"))
    assert rebuild.look(one.studio, chain, WHOLE).lines[0].step == "make", "one that was turned down is not offered"


def test_a_lock_keeps_its_take_and_holds_up_what_comes_after(one: Stage, chain: str) -> None:
    kept = newest(one, chain, "b")
    one.apply(chain, NodeSet(id="b", name="locked", value=True), NodeSet(id="a", name="prompt", value="Rain"))
    assert told(one, chain) == {"a": "stale", "b": "locked"}
    assert [line.node_id for line in rebuild.look(one.studio, chain, WHOLE).lines] == ["a"]
    make(one, chain, "b", picture("#ff00ff"))
    assert newest(one, chain, "b") == kept, "what is generated on a locked card does not take its place"
    assert told(one, chain)["b"] == "locked"
    one.apply(chain, NodeSet(id="b", name="locked", value=None))
    assert told(one, chain) == {"a": "stale", "b": "stale", "c": "stale"}


def test_a_card_locked_while_it_waits_is_left(one: Stage, chain: str) -> None:
    one.apply(chain, NodeSet(id="a", name="prompt", value="Rain"))
    rebuild.start(one.studio, chain, WHOLE)
    one.apply(chain, NodeSet(id="b", name="locked", value=True))
    finish(one, job_of(one, chain, "a"), picture("#a00000"))
    release.release(one.studio)
    release.release(one.studio)
    assert open_jobs(one, chain) == {}
    assert len(one.folder(chain).takes("01", "020")) == 1


@pytest.mark.every_database
@pytest.mark.parametrize("how", ["failed", "stopped"])
def test_what_waits_for_a_card_that_comes_to_nothing_is_stopped_with_the_reason(
    one: Stage, chain: str, how: str
) -> None:
    one.apply(chain, NodeSet(id="a", name="prompt", value="Rain"))
    rebuild.start(one.studio, chain, WHOLE)
    first, second = job_of(one, chain, "a"), job_of(one, chain, "b")
    if how == "failed":
        runs.fail(one.studio, generate.find(one.studio, first), StudioError(Code.OUT_OF_MEMORY, "No room."))
    else:
        generate.cancel(one.studio, first)
    while release.release(one.studio):
        pass
    found = generate.find(one.studio, second)
    assert (found.state, found.reason) == (
        JobState.CANCELED,
        f"Shot 010 {'failed' if how == 'failed' else 'was stopped'}.",
    )
    assert open_jobs(one, chain) == {}
    event = rebuild.retry(one.studio, second)  # it never came to know its files; now it does
    again = generate.find(one.studio, str(event.job_id))
    assert [file.name for file in again.plan.inputs] == ["SHOT-010_v01_take01.mp4"]


@pytest.mark.every_database
def test_a_run_is_stopped_as_one(one: Stage, chain: str) -> None:
    one.apply(chain, NodeSet(id="a", name="prompt", value="Rain"), NodeSet(id="d", name="prompt", value="Rain"))
    _, run = rebuild.start(one.studio, chain, WHOLE)
    held = generate.generate(one.studio, chain, "d").job_id
    rebuild.cancel_run(one.studio, chain, run)
    assert list(open_jobs(one, chain)) == ["d"]
    assert generate.find(one.studio, str(held)).state is JobState.QUEUED, "another order is not of this run"
    with pytest.raises(StudioError) as refused:
        rebuild.cancel_run(one.studio, chain, run)
    assert refused.value.code is Code.NOT_FOUND


@pytest.mark.every_database
def test_a_resent_start_starts_nothing_twice(one: Stage, chain: str) -> None:
    one.apply(chain, NodeSet(id="d", name="prompt", value="Rain"))
    first = rebuild.start(one.studio, chain, WHOLE, "op-1")
    assert rebuild.start(one.studio, chain, WHOLE, "op-1") == first
    assert list(open_jobs(one, chain)) == ["d"]
    assert rebuild.look(one.studio, chain, WHOLE).lines[0].step == "running"
    with pytest.raises(StudioError) as refused:
        rebuild.start(one.studio, chain, WHOLE, "op-2")
    assert refused.value.code is Code.VALIDATION_ERROR


def test_only_what_is_asked_for_is_planned(one: Stage, chain: str) -> None:
    one.apply(chain, *(NodeSet(id=card, name="prompt", value="Rain") for card in "abd"))

    def cards(**scope: object) -> list[str]:
        return [line.node_id for line in rebuild.look(one.studio, chain, RebuildScope(**scope)).lines]

    assert cards() == ["a", "b", "c", "d"]
    assert cards(cards=["b"]) == ["b"]
    assert cards(cards=["b"], downstream=True) == ["b", "c"]
    assert cards(leave=["a"]) == ["b", "c", "d"]
    assert cards(cards=["c"]) == []
    one.apply(chain, node("s", "scene", scene="01"), shot("e"))
    assert cards(cards=["e"]) == ["e"]
    assert cards(cards=["e"], missing=False) == []


def test_again_is_another_take_of_what_is_up_to_date_too_in_the_order_of_the_wires(one: Stage, chain: str) -> None:
    one.apply(chain, NodeSet(id="d", name="locked", value=True))
    assert rebuild.look(one.studio, chain, RebuildScope(cards=["a", "b", "d"])).lines == []
    _, run = rebuild.start(one.studio, chain, RebuildScope(cards=["a", "b", "d"], again=True))
    assert run
    assert open_jobs(one, chain) == {"a": ("queued", ""), "b": ("waiting", "Waits for Shot 010")}
    again = rebuild.look(one.studio, chain, RebuildScope(cards=["a"], again=True)).lines
    assert [(line.node_id, line.step) for line in again] == [("a", "running")]
    finish(one, job_of(one, chain, "a"), picture("#203040"))
    release.release(one.studio)
    assert open_jobs(one, chain) == {"b": ("queued", "")}


def test_after_a_restart_it_goes_on_where_it_was(settings: Settings) -> None:
    with stage(settings) as before:
        before.worker()
        project = before.project()
        before.apply(project, shot("a"), shot("b"), wire("a", "video", "b", "motion"))
        rebuild.start(before.studio, project, WHOLE)
        assert open_jobs(before, project)["b"] == ("waiting", "Waits for Shot 010")
    with stage(settings) as after:
        after.worker()
        finish(after, job_of(after, project, "a"), picture())
        assert release.release(after.studio) == 1
        finish(after, job_of(after, project, "b"), picture("blue"))
        assert told(after, project) == {}


def test_a_card_that_cannot_be_made_says_why_and_the_rest_is_made(one: Stage, chain: str) -> None:
    one.apply(chain, node("pic", "asset"), wire("pic", "media", "d", "still"), shot("e"))
    lines = {line.node_id: line for line in rebuild.look(one.studio, chain, WHOLE).lines}
    assert (lines["d"].step, lines["d"].blocked) == ("blocked", "Asset has no file yet, and Shot 040 needs it.")
    rebuild.start(one.studio, chain, WHOLE)
    assert list(open_jobs(one, chain)) == ["e"]


def test_a_film_says_what_changed_in_its_cut_and_is_rendered_after_its_shots(one: Stage, chain: str) -> None:
    one.apply(chain, node("film", "assembler"), *(wire(card, "video", "film", "clips") for card in "abd"))
    assert told(one, chain) == {"film": "missing"}
    assert rebuild.look(one.studio, chain, WHOLE).lines == [], "a film that never was is rendered when it is asked for"
    rebuild.start(one.studio, chain, RebuildScope(films=True))
    finish(one, job_of(one, chain, "film"), picture())
    assert told(one, chain) == {}
    one.apply(chain, NodeSet(id="d", name="in:SHOT-040_v01_take01", value=4))
    assert texts(one, chain, "film") == ["Shot 040 is cut to another length"]
    one.apply(chain, NodeSet(id="d", name="in:SHOT-040_v01_take01", value=None))
    assert told(one, chain) == {}
    one.apply(chain, NodeSet(id="d", name="prompt", value="Rain"))
    assert texts(one, chain, "film") == ["Shot 040 will change"]
    rebuild.start(one.studio, chain, WHOLE)
    assert open_jobs(one, chain)["film"] == ("waiting", "Waits for Shot 040")
    finish(one, job_of(one, chain, "d"), picture("green"))
    release.release(one.studio)
    film = generate.find(one.studio, job_of(one, chain, "film"))
    assert [shot.take for shot in film.plan.cut] == [
        "SHOT-010_v01_take01",
        "SHOT-020_v01_take01",
        "SHOT-040_v02_take01",
    ]
    finish(one, film.id, picture("green"))
    assert told(one, chain) == {}


def test_what_an_older_studio_made_is_unknown_and_never_clean(one: Stage, chain: str) -> None:
    folder = one.folder(chain)
    sidecar = folder.root / folder.takes("01", "040")[0].take_name.path(".json")
    text = sidecar.read_text()
    assert '"format"' in text
    recipe = json.loads(text)
    del recipe["recipe"]["format"]
    sidecar.unlink()
    sidecar.write_text(json.dumps(recipe))
    one.studio.builds.clear()
    assert told(one, chain) == {"d": "unknown"}
    assert texts(one, chain, "d") == []
    assert rebuild.look(one.studio, chain, WHOLE).lines == []


def test_what_somebody_put_there_by_hand_is_nobodys_to_make_anew(one: Stage, chain: str) -> None:
    folder = one.folder(chain)
    shutil.copy(picture("white"), folder.root / "03_Renders/SCENE_01/SHOT_020/SHOT-020_v02_take01.mp4")
    one.apply(chain, NodeSet(id="b", name="active_take", value="SHOT-020_v02_take01"))
    one.studio.builds.clear()
    one.apply(chain, NodeSet(id="a", name="prompt", value="Rain"))
    assert told(one, chain) == {"a": "stale", "c": "stale"}
    assert texts(one, chain, "c") == ["Shot 020 shows another take: SHOT-020_v01_take01.mp4 → SHOT-020_v02_take01.mp4"]
