"""Who is in the project: everybody sees everybody, leaving is seen, and nonsense is bounded."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from studio_server.settings import Settings
from tests.integration.pages import Page, serving


@pytest.fixture
def room(settings: Settings) -> Iterator[tuple[Page, Page]]:
    with serving(settings) as address:
        project = httpx.post(f"{address}/api/v1/projects", json={"title": "Rooms"}).json()["id"]
        pages = Page(address, project), Page(address, project)
        yield pages
        for page in pages:
            page.client.disconnect()


def here(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "cursor": None, "editing": None, "selected": [], **more}


def names(told: dict[str, Any]) -> list[str]:
    return [person["name"] for person in told["people"]]


def test_everybody_is_seen_with_a_colour_and_an_id_of_their_own_until_they_leave(room: tuple[Page, Page]) -> None:
    ana, ben = room
    one = ana.call("client:presence", here("Ana", cursor={"x": 1.5, "y": -2}))
    two = ben.call("client:presence", here("Ben", editing={"node_id": "n_1", "field": "prompt"}, selected=["n_1"]))
    assert one["id"] != two["id"]
    assert one["colour"] != two["colour"]
    told = ana.until("server:presence", lambda news: names(news) == ["Ana", "Ben"])
    assert told["people"][0] == {**here("Ana", cursor={"x": 1.5, "y": -2}), **one}
    assert told["people"][1]["editing"] == {"node_id": "n_1", "field": "prompt"}
    assert ana.call("client:presence", here("Ana", cursor={"x": 9, "y": 9})) == one
    ben.until("server:presence", lambda news: news["people"][0]["cursor"] == {"x": 9, "y": 9})
    ben.client.disconnect()
    ana.until("server:presence", lambda news: names(news) == ["Ana"])


def test_who_comes_later_hears_who_is_here(room: tuple[Page, Page]) -> None:
    ana, silent = room
    ana.call("client:presence", here("Ana"))
    silent.until("server:presence", lambda news: names(news) == ["Ana"])


def test_a_hundred_moves_are_told_in_a_few_and_the_last_one_counts(room: tuple[Page, Page]) -> None:
    ana, ben = room
    ana.call("client:presence", here("Ana"))
    began = time.monotonic()
    for number in range(100):
        ana.client.emit("client:presence", here("Ana", cursor={"x": number, "y": 0}))
    ben.until("server:presence", lambda news: (news["people"][0]["cursor"] or {}).get("x") == 99)
    assert len(ben.all("server:presence")) <= 3 + 20 * (time.monotonic() - began)


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {"name": 7},
        here("Ana", cursor={"x": float("nan"), "y": 0}),
        here("Ana", cursor={"x": 1e300, "y": 0}),
        here("Ana", editing={"node_id": "<script>", "field": "prompt"}),
        here("Ana", selected=["no spaces please"]),
        here("Ana", selected="n_1"),
        here("Ana", more="x" * 100_000),
    ],
)
def test_nonsense_is_refused(room: tuple[Page, Page], nonsense: object) -> None:
    assert room[0].call("client:presence", nonsense)["error"] == "CONTRACT_MISMATCH"


def test_what_is_too_much_is_cut(room: tuple[Page, Page]) -> None:
    ana, ben = room
    ana.call("client:presence", here("A\u202en\x00a " + "x" * 90_000, selected=[f"n_{n}" for n in range(5000)]))
    person = ben.until("server:presence", lambda news: bool(news["people"]))["people"][0]
    assert person["name"] == ("Ana " + "x" * 90)[:40]
    assert len(person["selected"]) == 50
    ana.call("client:presence", here("\u200b  "))
    ben.until("server:presence", lambda news: names(news) == ["Guest"])
