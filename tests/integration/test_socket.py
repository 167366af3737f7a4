"""The socket as a page uses it: join, commands acknowledged once, everybody told in order, gaps filled."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from studio_server.settings import Settings
from tests.integration.pages import Page, serving
from tests.integration.studios import clip


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with serving(settings) as address:
        yield address


@pytest.fixture
def project(address: str) -> str:
    import httpx

    return str(httpx.post(f"{address}/api/v1/projects", json={"title": "Sockets"}).json()["id"])


@pytest.fixture
def pages(address: str, project: str) -> Iterator[list[Page]]:
    opened = [Page(address, project), Page(address, project)]
    yield opened
    for page in opened:
        page.client.disconnect()


def add(node_id: str, op_id: str) -> dict[str, Any]:
    node = {"id": node_id, "type": "shot", "x": 0, "y": 0, "parent": None, "data": {}}
    return {"op_id": op_id, "operations": [{"op": "node.add", "node": node}], "label": "Add"}


def test_a_new_page_gets_everything_then_only_what_is_new(pages: list[Page]) -> None:
    page = pages[0]
    answer = page.call("client:sync_request", {})
    assert answer["mode"] == "full"
    full = page.wait("server:full_sync")[0]
    assert (full["revision"], full["graph"]) == (0, {"nodes": {}, "edges": {}})
    assert page.call("client:apply_operations", add("n_1", "a"))["revision"] == 1
    again = page.call("client:sync_request", {"revision": 0, "log_id": answer["log_id"]})
    assert (again["mode"], again["revision"]) == ("events", 1)
    assert [e["event"] for e in page.wait("server:events")[0]["events"]] == ["server:graph_patched"]
    elsewhere = page.call("client:sync_request", {"revision": 1, "log_id": "of another database"})
    assert elsewhere["mode"] == "full"


def test_everybody_hears_a_command_once(pages: list[Page]) -> None:
    one, other = pages
    command = add("n_1", "same")
    assert one.call("client:apply_operations", command) == one.call("client:apply_operations", command)
    one.call("client:update_node_data", {"op_id": "b", "node_id": "n_1", "data": {"prompt": "fog"}})
    for page in (one, other):
        told = page.wait("server:graph_patched", 2)
        assert [t["revision"] for t in told] == [1, 2]
        assert told[0]["op_id"] == "same"
        assert told[0]["operations"][0]["node"]["data"]["code"] == "010"


def test_a_refusal_is_an_acknowledgement_too(pages: list[Page]) -> None:
    page = pages[0]
    page.call("client:apply_operations", add("n_1", "a"))
    edge = {
        "id": "n_1.video>n_1.still",
        "source": "n_1",
        "source_handle": "video",
        "target": "n_1",
        "target_handle": "still",
    }
    refused = page.call("client:apply_operations", {"op_id": "b", "operations": [{"op": "edge.add", "edge": edge}]})
    assert (refused["error"], refused["message"]) == ("GRAPH_INVALID", "A card cannot feed itself")
    assert page.call("client:apply_operations", {"op_id": "c"})["error"] == "CONTRACT_MISMATCH"
    assert page.call("client:start_generation", {"op_id": "d", "node_id": "nobody"})["error"] == "NOT_FOUND"


def test_an_unknown_project_is_refused(address: str, project: str) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        Page(address, "00000000-0000-0000-0000-000000000000")


def test_another_sites_page_cannot_connect(address: str, project: str) -> None:
    client = socketio.Client()
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            address,
            socketio_path="ws",
            transports=["websocket"],
            auth={"project_id": project},
            headers={"Origin": "https://evil.example"},
        )


def test_commands_sent_in_one_breath_are_carried_out_in_order(pages: list[Page]) -> None:
    page, other = pages
    for number in range(60):
        page.client.emit("client:apply_operations", add(f"n_{number}", f"add-{number}"))
        data = {"op_id": f"set-{number}", "node_id": f"n_{number}", "data": {"prompt": f"fog {number}"}}
        page.client.emit("client:update_node_data", data)
    told = [event["op_id"] for event in other.wait("server:graph_patched", 120)]
    assert told == [f"{what}-{number}" for number in range(60) for what in ("add", "set")]


def test_a_page_that_asks_nonsense_is_answered(pages: list[Page]) -> None:
    for nonsense in ([], "x", {"revision": {}}, {"revision": 10**30}):
        answer = pages[0].call("client:sync_request", nonsense)
        assert answer.get("mode") == "full" or answer["error"] == "CONTRACT_MISMATCH"


def test_a_page_of_an_earlier_process_is_given_what_lies_in_the_folder(
    pages: list[Page], settings: Settings, project: str, tmp_path: Path
) -> None:
    page = pages[0]
    first = page.call("client:sync_request", {})
    page.call("client:apply_operations", add("n_1", "a"))
    shot = settings.workspaces / "local/Projects/sockets/03_Renders/SCENE_01/SHOT_010"
    shot.mkdir(parents=True)
    shutil.copyfile(clip(tmp_path / "mine.mp4"), shot / "SHOT-010_v01_take01.mp4")
    known = {"revision": 1, "log_id": first["log_id"]}
    for boot in ({}, {"boot": first["boot"]}):
        assert page.call("client:sync_request", known | boot)["boot"] == first["boot"]
    assert not any("folder" in told for told in page.wait("server:events", 2))
    answer = page.call("client:sync_request", known | {"boot": "of an earlier process"})
    assert (answer["mode"], answer["boot"]) == ("events", first["boot"])
    folder = page.wait("server:events", 3)[-1]["folder"]
    assert [take["name"] for take in folder["takes"]["n_1"]] == ["SHOT-010_v01_take01"]
    assert (folder["assets"], folder["films"]) == ([], [])


def standing(page: Page) -> dict[str, str]:
    """Return the states of cards as a page has them by now."""
    cards: dict[str, str] = {}
    for told in page.all("server:card_states"):
        if told["whole"]:
            cards.clear()
        for card, state in told["cards"].items():
            cards.pop(card, None)
            if state:
                cards[card] = state["state"]
    return cards


def test_states_of_cards_are_told_whole_to_a_new_page_and_then_what_changes(pages: list[Page]) -> None:
    first, second = pages
    first.call("client:sync_request", {})
    for name in ("n_s", "n_t"):
        first.call("client:apply_operations", add(name, name))
    until(lambda: standing(first) == {"n_s": "missing", "n_t": "missing"})
    second.call("client:sync_request", {})
    until(lambda: any(told["whole"] and len(told["cards"]) == 2 for told in second.all("server:card_states")))
    gone = {"op_id": "gone", "operations": [{"op": "node.remove", "id": "n_s"}]}
    second.call("client:apply_operations", gone)
    for page in pages:
        until(lambda page=page: standing(page) == {"n_t": "missing"})


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
