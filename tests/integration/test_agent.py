"""`studio mcp`, driven by the package's own client over a pipe, against a real studio: an agent makes a film."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult, ImageContent, TextContent

from studio_server.settings import ROOT, Settings
from tests.integration.pages import serving
from tests.integration.studios import Stage, clip, stage

Call = Callable[..., Any]


async def _with(url: str, work: Callable[[ClientSession], Any], *words: str) -> None:
    command = ["-m", "studio_server", "mcp", "--url", url, *words]
    environment = dict(os.environ)  # noqa: TID251 - a person's shell
    program = StdioServerParameters(command=sys.executable, args=command, cwd=ROOT, env=environment)
    async with stdio_client(program) as (heard, said), ClientSession(heard, said) as session:
        await session.initialize()
        await work(session)


def said(answer: CallToolResult) -> str:
    return "\n".join(one.text for one in answer.content if isinstance(one, TextContent))


def test_an_agent_builds_a_board_makes_a_take_and_looks_at_it(settings: Settings, tmp_path: Any) -> None:
    shots = [{"id": name, "type": "shot", "data": {"prompt": "Dawn", "seconds": 1}} for name in ("a", "b")]
    wires = [{"source": name, "source_handle": "video", "target": "f", "target_handle": "clips"} for name in ("a", "b")]

    async def work(session: ClientSession) -> None:
        async def call(name: str, **given: Any) -> CallToolResult:
            answer = await session.call_tool(name, given)
            assert not answer.is_error, said(answer)
            return answer

        listed = {tool.name: tool.annotations for tool in (await session.list_tools()).tools}
        assert {name for name, notes in listed.items() if notes and notes.read_only_hint} == {
            *("list_projects", "read_board", "card_types", "plan", "look_at_queue", "list_takes", "take_poster")
        }
        assert {name for name, notes in listed.items() if notes and notes.destructive_hint} == {
            *("edit_board", "undo_edit", "cancel")
        }
        assert "Salt Road" in said(await call("list_projects"))
        assert "prompt" in said(await call("card_types", only="shot"))
        here = {"project": "salt road"}
        film = {"id": "f", "type": "assembler"}
        await call("edit_board", **here, label="Two shots", add=[*shots, film], wires=wires)
        outline = said(await call("read_board", **here))
        assert "[a] shot: Shot 010, scene 01; shows nothing, 0 takes; missing" in outline
        assert "clips <- b.video" in outline
        await call("edit_board", **here, label="Other words", values=[{"card": "a", "name": "prompt", "value": "Rain"}])
        await call("edit_board", **here, label="One away", remove=["b"])
        assert "[b]" not in said(await call("read_board", **here))
        await call("undo_edit", **here)
        back = said(await call("read_board", **here))
        assert "clips <- b.video" in back
        assert "prompt = Rain" in back
        loop = {"source": "a", "source_handle": "video", "target": "a", "target_handle": "motion"}
        refused = await session.call_tool("edit_board", {**here, "label": "A loop", "wires": [loop]})
        assert refused.is_error
        assert "GRAPH_INVALID" in said(refused)
        assert "Shot 010" in said(await call("plan", **here, cards=["a"]))
        with stage(settings) as beside:
            beside.clock[0] = datetime.now(UTC)
            beside.worker()
            run = (await call("generate", **here, cards=["a"])).structured_content
            assert run
            await anyio.to_thread.run_sync(_make, beside, httpx_tasks(url, run["run_id"])[0], tmp_path)
        assert "SHOT-010_v01_take01" in said(await call("list_takes", **here, card="a"))
        await call("mark_take", **here, card="a", take="SHOT-010_v01_take01", star=True, active=True)
        assert "star:SHOT-010_v01_take01 = True" in said(await call("read_board", **here))
        picture = (await call("take_poster", **here, card="a", take="SHOT-010_v01_take01")).content[0]
        assert isinstance(picture, ImageContent)
        assert picture.mime_type.startswith("image/")
        second = (await call("generate", **here, cards=["b"])).structured_content
        assert second
        assert second["run_id"] in said(await call("look_at_queue", **here))
        await call("cancel", **here, run_id=second["run_id"])
        await call("retry", task_id=httpx_tasks(url, second["run_id"])[0])
        assert (await session.call_tool("read_board", {"project": "none"})).is_error

    with serving(settings) as url:
        httpx.post(f"{url}/api/v1/projects", json={"title": "Salt Road", "quality": "low"})
        anyio.run(_with, url, work)


def httpx_tasks(url: str, run: str) -> list[str]:
    project = httpx.get(f"{url}/api/v1/projects").json()[0]["id"]
    found = httpx.get(f"{url}/api/v1/projects/{project}/queue").json()["tasks"]
    return [task["id"] for task in found if task["run"] == run]


def _make(beside: Stage, job: str, folder: Any) -> None:
    """Be the worker of one job."""
    beside.claim(job)
    beside.finish(job, 1, clip(folder / "take.mp4"))
