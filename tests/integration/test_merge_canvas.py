"""Somebody's own git merges two branches of a film with `studio merge-canvas`: the real git calls it as its driver."""

import subprocess
import sys
from pathlib import Path

import pytest

from studio_server.domain.graph import Graph, Node
from studio_server.library import formats

CANVAS = "02_Source_Creative/Canvases/main_canvas.json"


def shot(code: str, **data: str) -> Node:
    return Node(id=f"n{code}", type="shot", data={"scene": "01", "code": code, **data})


class Desk:
    """A clone on somebody's desk, whose git merges canvases with the studio's command."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "-b", "main")
        self.git("config", "merge.canvas.driver", f"{sys.executable} -m studio_server merge-canvas %O %A %B %P")
        (root / ".git" / "info" / "attributes").write_text("02_Source_Creative/Canvases/*.json merge=canvas\n")

    def git(self, *words: str, fails: bool = False) -> str:
        who = ("-c", "user.name=Otto", "-c", "user.email=otto@film.example")
        done = subprocess.run(["git", *who, *words], cwd=self.root, capture_output=True, check=False)
        told = (done.stdout + done.stderr).decode()
        assert (done.returncode != 0) == fails, told
        return told

    def save(self, *nodes: Node) -> None:
        path = self.root / CANVAS
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(formats.dump_canvas(Graph(nodes={node.id: node for node in nodes})))
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "worked")

    def canvas(self) -> Graph:
        return formats.load_canvas((self.root / CANVAS).read_bytes(), CANVAS)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "film")
    desk.save(shot("010", prompt="Fog."), shot("020"))
    desk.git("checkout", "-q", "-b", "night")
    return desk


def test_two_fields_of_one_card_merge_though_they_are_one_line(desk: Desk) -> None:
    desk.save(shot("010", prompt="Fog at night."), shot("020"))
    desk.git("checkout", "-q", "main")
    desk.save(shot("010", prompt="Fog.", title="Pier"), shot("020"), shot("030"))
    desk.git("merge", "-q", "--no-edit", "night")
    merged = desk.canvas()
    assert merged.nodes["n010"].data == shot("010", prompt="Fog at night.", title="Pier").data
    assert set(merged.nodes) == {"n010", "n020", "n030"}
    assert desk.git("status", "--porcelain") == ""


def test_what_both_wrote_is_a_conflict_in_words_and_the_file_is_whole(desk: Desk) -> None:
    desk.save(shot("010", prompt="Rain."))
    desk.git("checkout", "-q", "main")
    desk.save(shot("010", prompt="Snow.", title="Pier"), shot("020", prompt="A lamp."))
    told = desk.git("merge", "--no-edit", "night", fails=True)
    assert "Shot 01/010 (Pier): both wrote prompt. Yours stayed; theirs was “Rain.”." in told
    assert "Shot 01/020: one of you removed it, the other worked on it. It stayed." in told
    merged = desk.canvas()
    assert (merged.nodes["n010"].data["prompt"], merged.nodes["n020"].data["prompt"]) == ("Snow.", "A lamp.")
    assert desk.git("diff", "--name-only", "--diff-filter=U").split() == [CANVAS]


def test_a_file_that_is_no_canvas_is_left_as_it_was(desk: Desk) -> None:
    (desk.root / CANVAS).write_bytes(b"{]")
    desk.git("commit", "-q", "-am", "broken")
    desk.git("checkout", "-q", "main")
    desk.save(shot("010", prompt="Snow."))
    before = (desk.root / CANVAS).read_bytes()
    assert "cannot be read" in desk.git("merge", "--no-edit", "night", fails=True)
    assert (desk.root / CANVAS).read_bytes() == before
