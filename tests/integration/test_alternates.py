"""Alternates on the real git: each a branch with parents of its own, nothing lost by going from one to another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from studio_sdk.errors import Code, StudioError
from studio_server.actions import alternates, canvas, generate, projects, storage, transfer, versions
from studio_server.actions.alternates import FIRST, AlternatesView
from studio_server.app import create_app
from studio_server.domain.graph import NodeAdd, NodeRemove, NodeSet
from studio_server.library import alternates as in_folder
from studio_server.library import formats
from studio_server.settings import Settings
from tests.integration.studios import Stage, clip, shot, stage
from tests.integration.test_actions import made
from tests.integration.test_versions import CANVAS, git


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def on(view: AlternatesView) -> str:
    return next(one.name for one in view.alternates if one.on_board)


def branch(here: Stage, project: str, name: str) -> str:
    found = alternates.listed(here.studio, project).alternates
    return next(one.branch for one in found if one.name == name)


def ident(here: Stage, project: str, name: str) -> str:
    return branch(here, project, name).removeprefix("alternates/")


def prompts(here: Stage, project: str) -> dict[str, object]:
    return {name: node.data.get("prompt") for name, node in canvas.graph_of(here.studio, project).nodes.items()}


def says(here: Stage, project: str, prompt: str, card: str = "n_1") -> None:
    here.apply(project, NodeSet(id=card, name="prompt", value=prompt))


def prompts_in(root: Path, name: str) -> dict[str, object]:
    graph = formats.load_canvas(git(root, "show", f"{name}:{CANVAS}").encode(), name)
    return {one: node.data.get("prompt") for one, node in graph.nodes.items()}


def test_there_and_back_loses_nothing(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    assert alternates.listed(here.studio, project).alternates == []
    view = alternates.begin(here.studio, project, "By night")
    assert (on(view), [one.name for one in view.alternates]) == ("By night", ["By night", FIRST])
    says(here, project, "Night")  # saved nowhere yet when the first one comes back
    here.apply(project, shot("n_2", prompt="Moon"))
    assert on(alternates.switch(here.studio, project, ident(here, project, FIRST))) == FIRST
    assert prompts(here, project) == {"n_1": "Dawn"}
    assert projects.full_state(here.studio, project).project.alternate == FIRST
    alternates.switch(here.studio, project, ident(here, project, "By night"))
    assert prompts(here, project) == {"n_1": "Night", "n_2": "Moon"}
    root = here.folder(project).root
    assert prompts_in(root, "main") == {"n_1": "Night", "n_2": "Moon"}
    assert prompts_in(root, branch(here, project, FIRST)) == {"n_1": "Dawn"}
    assert prompts_in(root, branch(here, project, "By night")) == {"n_1": "Night", "n_2": "Moon"}
    assert git(root, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(root, "status", "--porcelain") == ""
    git(root, "fsck", "--strict")
    kinds = [one.kind for one in versions.listed(here.studio, project, 4, None)]
    assert kinds == ["alternate", "alternate", "saved", "alternate"]


def test_the_branch_follows_while_its_alternate_is_on_the_board(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    alternates.begin(here.studio, project, "By night")
    says(here, project, "Night")
    canvas.commit(here.studio, project)
    root = here.folder(project).root
    night, first = branch(here, project, "By night"), branch(here, project, FIRST)
    assert prompts_in(root, night) == {"n_1": "Night"}
    assert git(root, "merge-base", night, first) == git(root, "rev-parse", first)
    # A person's own git has something else checked out: what is on the board then is not the alternate.
    git(root, "-c", "core.hooksPath=/dev/null", "checkout", "-q", "-b", "mine")
    says(here, project, "Fog")
    canvas.commit(here.studio, project)
    assert prompts_in(root, night) == {"n_1": "Night"}


def test_takes_belong_to_their_shots_and_numbers_are_given_once(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    alternates.begin(here.studio, project, "By night")
    here.apply(project, shot("n_2"))
    made(here, project, clip(tmp_path / "take.mp4"))
    first = here.folder(project).takes("01", "010")[0]
    alternates.switch(here.studio, project, ident(here, project, FIRST))
    assert [take.name for take in here.folder(project).takes("01", "010")] == [first.name]
    here.apply(project, shot("n_3"))
    codes = {node.data["code"] for node in canvas.graph_of(here.studio, project).nodes.values()}
    assert codes == {"010", "030"}, "020 is a shot of the other alternate"
    # The take is shown by a card of the other alternate alone: it is in use.
    assert storage.report(here.studio, project).unused == []


def test_a_take_that_was_ordered_on_another_alternate_does_not_change_the_card(here: Stage, tmp_path: Path) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    made(here, project, clip(tmp_path / "take.mp4"))
    alternates.begin(here.studio, project, "By night")
    job = generate.generate(here.studio, project, "n_1").job_id
    assert job
    alternates.switch(here.studio, project, ident(here, project, FIRST))
    here.finish(job, here.claim(job).attempt, clip(tmp_path / "other.mp4"))
    assert canvas.graph_of(here.studio, project).nodes["n_1"].data["active_take"] == "SHOT-010_v01_take01"
    assert len(here.folder(project).takes("01", "010")) == 2


def test_an_alternate_from_an_earlier_version(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    old = versions.keep(here.studio, project, "Rough")
    says(here, project, "Noon")
    alternates.begin(here.studio, project, "From the rough", old.id)
    assert prompts(here, project) == {"n_1": "Dawn"}
    alternates.switch(here.studio, project, ident(here, project, FIRST))
    assert prompts(here, project) == {"n_1": "Noon"}
    with pytest.raises(StudioError) as unknown:
        alternates.begin(here.studio, project, "None", "0" * 40)
    assert unknown.value.code is Code.NOT_FOUND


def test_merging_takes_what_one_side_did_and_asks_about_the_rest(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"), shot("n_2", prompt="Pier"))
    alternates.begin(here.studio, project, "By night")
    says(here, project, "Night")
    says(here, project, "Pier at night", "n_2")
    here.apply(project, shot("n_3", prompt="Moon"))
    night = ident(here, project, "By night")
    alternates.switch(here.studio, project, ident(here, project, FIRST))
    says(here, project, "Dusk")
    seen = alternates.compared(here.studio, project, night)
    by_key = {side.key: side for side in seen.sides}
    assert (by_key["n_1/prompt"].who, by_key["n_1/prompt"].mine, by_key["n_1/prompt"].theirs) == (
        "both",
        "Dusk",
        "Night",
    )
    assert (by_key["n_2/prompt"].who, by_key["n_3/"].who) == ("theirs", "theirs")
    done = alternates.merge(here.studio, project, night, seen.tip, {"n_2/prompt": "mine"}, "op-1")
    assert prompts(here, project) == {"n_1": "Dusk", "n_2": "Pier", "n_3": "Moon"}
    assert [(one.node_id, one.what, one.name) for one in done.noted] == [("n_1", "field", "prompt")]
    root = here.folder(project).root
    assert git(root, "rev-parse", "main^2") == seen.tip
    assert git(root, "rev-parse", f"{branch(here, project, FIRST)}^2") == seen.tip
    # Git and the studio know that it has been merged: only what came of the choices is apart now.
    again = alternates.compared(here.studio, project, night)
    assert {side.who for side in again.sides} == {"mine"}
    alternates.merge(here.studio, project, night, again.tip, {"n_1/prompt": "theirs"}, None)
    assert prompts(here, project)["n_1"] == "Night"
    with pytest.raises(StudioError) as stale:
        alternates.merge(here.studio, project, night, "0" * 40, {}, None)
    assert stale.value.code is Code.VERSION_CONFLICT
    with pytest.raises(StudioError) as odd:
        alternates.merge(here.studio, project, night, again.tip, {"n_9/prompt": "mine"}, None)
    assert odd.value.code is Code.VALIDATION_ERROR


def test_two_that_are_not_on_the_board_are_compared(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    for name, words in (("One", "Rain"), ("Two", "Snow"), ("Three", "Fog")):
        alternates.begin(here.studio, project, name)
        says(here, project, words)
    canvas.commit(here.studio, project)
    seen = alternates.compared(here.studio, project, ident(here, project, "One"), ident(here, project, "Two"))
    assert [(side.key, side.who, side.mine, side.theirs) for side in seen.sides] == [
        ("n_1/prompt", "mine", "Snow", "Rain")
    ]


def test_renamed_put_away_and_taken_back(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    alternates.begin(here.studio, project, "By night")
    night, first = ident(here, project, "By night"), ident(here, project, FIRST)
    assert on(alternates.rename(here.studio, project, night, "Für Ana: “Ende”")) == "Für Ana: “Ende”"
    assert projects.full_state(here.studio, project).project.alternate == "Für Ana: “Ende”"
    says(here, project, "Night")
    canvas.commit(here.studio, project)
    assert on(alternates.listed(here.studio, project)) == "Für Ana: “Ende”"
    for name in ("für ana: “ende”", "", "x" * 81):
        with pytest.raises(StudioError) as refused:
            alternates.rename(here.studio, project, first, name)
        assert refused.value.code is Code.VALIDATION_ERROR
    with pytest.raises(StudioError) as shown:
        alternates.put_away(here.studio, project, night)
    assert shown.value.code is Code.VALIDATION_ERROR
    view = alternates.put_away(here.studio, project, first)
    assert ([one.name for one in view.alternates], [one.name for one in view.put_away]) == (
        ["Für Ana: “Ende”"],
        [FIRST],
    )
    root = here.folder(project).root
    git(root, "reflog", "expire", "--expire=now", "--all")
    git(root, "gc", "-q", "--prune=now")
    alternates.restore(here.studio, project, first)
    alternates.switch(here.studio, project, first)
    assert prompts(here, project) == {"n_1": "Dawn"}
    for unknown in ("", "main", "../../heads/main", "--all", first + "x"):
        with pytest.raises(StudioError) as none:
            alternates.switch(here.studio, project, unknown)
        assert none.value.code is Code.NOT_FOUND


def test_copies_and_rebuilt_databases_know_what_is_on_the_board(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    alternates.begin(here.studio, project, "By night")
    says(here, project, "Night")
    canvas.commit(here.studio, project)
    copy = transfer.duplicate(here.studio, project, "Copy").id
    assert on(alternates.listed(here.studio, copy)) == "By night"
    says(here, copy, "Midnight")
    alternates.switch(here.studio, copy, ident(here, copy, FIRST))
    assert prompts(here, copy) == {"n_1": "Dawn"}
    alternates.switch(here.studio, copy, ident(here, copy, "By night"))
    assert prompts(here, copy) == {"n_1": "Midnight"}
    _, chunks = transfer.pack(here.studio, project)
    came = transfer.take_in(here.studio, chunks, as_copy=True).project.id
    assert on(alternates.listed(here.studio, came)) == "By night"
    before = alternates.listed(here.studio, project)
    here.studio.canvases.clear()
    projects.reindex(here.studio)
    assert alternates.listed(here.studio, project) == before


@pytest.mark.parametrize("happened", [True, False])
def test_a_switch_that_was_cut_off_is_known_by_its_change(
    here: Stage, monkeypatch: pytest.MonkeyPatch, *, happened: bool
) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    alternates.begin(here.studio, project, "By night")
    says(here, project, "Night")

    class KilledError(Exception):
        pass

    def killed(*_words: object, **_more: object) -> None:
        raise KilledError

    with monkeypatch.context() as broken:
        if happened:  # killed after the change, before it is noted
            real = in_folder.put_mark
            broken.setattr(in_folder, "put_mark", lambda root, mark: real(root, mark) if mark.op else killed())
        else:
            broken.setattr(canvas, "record", killed)
        with pytest.raises(KilledError):
            alternates.switch(here.studio, project, ident(here, project, FIRST))
    canvas.commit(here.studio, project)  # the keeper
    root = here.folder(project).root
    assert prompts_in(root, branch(here, project, FIRST)) == {"n_1": "Dawn"}
    assert prompts_in(root, branch(here, project, "By night")) == {"n_1": "Night"}
    assert on(alternates.listed(here.studio, project)) == (FIRST if happened else "By night")


def test_an_alternate_of_many_cards_is_put_on_the_board_as_one_change(here: Stage) -> None:
    project = here.project()
    alternates.begin(here.studio, project, "Large")
    here.apply(project, *(shot(f"n_{n}") for n in range(3000)))
    before = canvas.graph_of(here.studio, project)
    alternates.switch(here.studio, project, ident(here, project, FIRST))
    assert canvas.graph_of(here.studio, project).nodes == {}
    alternates.switch(here.studio, project, ident(here, project, "Large"))
    assert canvas.graph_of(here.studio, project) == before


def test_branches_that_a_stranger_made_do_no_harm(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"))
    alternates.begin(here.studio, project, "By night")
    root = here.folder(project).root
    broken = git(root, "hash-object", "-w", "--stdin", feed="{broken")
    git(root, "read-tree", "--index-output=.git/odd", "main")
    link = f"120000 {git(root, 'hash-object', '-w', '--stdin', feed='/etc/passwd')}\t03_Renders"
    trees = {
        "broken": git(root, "mktree", feed=f"100644 blob {broken}\tproject.json"),
        "link": git(root, "mktree", feed=link.replace("120000 ", "120000 blob ")),
    }
    for name, tree in trees.items():
        said = "Night\n\nAlternate-Name: \x1e\x1f\x1b[31m" if name == "link" else "x"
        git(root, "update-ref", f"refs/heads/alternates/{name}", git(root, "commit-tree", tree, "-m", said))
    git(root, "update-ref", "refs/heads/alternates/a/b", "main")
    git(root, "update-ref", "refs/heads/alternates/ümläut", "main")
    listed = {one.id for one in alternates.listed(here.studio, project).alternates}
    assert listed <= {"by-night", "first-board", "broken", "link"}
    assert {"by-night", "first-board", "broken"} <= listed
    for name in sorted(listed & {"broken", "link"}):
        for act in (alternates.switch, alternates.compared):
            with pytest.raises(StudioError) as refused:
                act(here.studio, project, name)
            assert refused.value.code in {Code.CANVAS_UNREADABLE, Code.FILE_NOT_FOUND}
    here.apply(project, shot("n_2"))
    assert prompts(here, project)["n_1"] == "Dawn"
    assert on(alternates.listed(here.studio, project)) == "By night"


def test_the_routes(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        project = client.post("/api/v1/projects", json={"title": "Alternates"}).json()["id"]
        url = f"/api/v1/projects/{project}/alternates"
        assert client.get(url).json() == {"alternates": [], "put_away": []}
        made_now = client.post(url, json={"name": "Night"})
        assert (made_now.status_code, [one["id"] for one in made_now.json()["alternates"]]) == (
            201,
            ["first-board", "night"],
        )
        assert client.get(f"/api/v1/projects/{project}").json()["project"]["alternate"] == "Night"
        seen = client.get(f"{url}/first-board").json()
        assert (seen["sides"], seen["alternate"]["on_board"]) == ([], False)
        assert client.post(f"{url}/first-board/merge", json={"tip": seen["tip"]}).json() == {
            "revision": None,
            "noted": [],
        }
        assert client.post(f"{url}/night/merge", json={"tip": "x"}).status_code == 409
        assert client.post(f"{url}/first-board/merge", json={"tip": "", "choices": {"a": "b"}}).status_code == 422
        assert client.patch(f"{url}/night", json={"name": "Moon"}).json()["alternates"][1]["name"] == "Moon"
        assert client.delete(f"{url}/night").status_code == 422
        assert client.post(f"{url}/first-board/switch").json()["alternates"][0]["on_board"] is True
        assert [one["id"] for one in client.delete(f"{url}/night").json()["put_away"]] == ["night"]
        assert client.get(f"{url}/night").status_code == 404
        assert len(client.post(f"{url}/night/restore").json()["alternates"]) == 2


def test_a_shot_removed_in_one_is_still_in_the_other(here: Stage) -> None:
    project = here.project()
    here.apply(project, shot("n_1", prompt="Dawn"), shot("n_2", prompt="Pier"))
    alternates.begin(here.studio, project, "Short")
    here.apply(project, NodeRemove(id="n_2"))
    alternates.switch(here.studio, project, ident(here, project, FIRST))
    assert set(prompts(here, project)) == {"n_1", "n_2"}
    seen = alternates.compared(here.studio, project, ident(here, project, "Short"))
    assert [(side.key, side.mine, side.theirs) for side in seen.sides] == [("n_2/", "shot", None)]
    added = canvas.graph_of(here.studio, project).nodes["n_2"]
    alternates.merge(here.studio, project, ident(here, project, "Short"), seen.tip, {}, None)
    assert set(prompts(here, project)) == {"n_1"}
    here.apply(project, NodeAdd(node=added))
