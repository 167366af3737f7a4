"""`studio mcp`: the studio as tools of the Model Context Protocol, for agents, on standard input and output.

Every tool asks the studio's API with the token that it was started with: an agent may what that token may, and nothing
else. What goes wrong is answered with the studio's own words and remedies.
"""

import functools
from collections.abc import Callable
from typing import Annotated, Final, ParamSpec, TypeVar

from mcp.server.mcpserver import Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field, JsonValue

from studio_sdk.errors import REMEDIES, Code, StudioError
from studio_sdk.types import Frozen
from studio_server.remote import board
from studio_server.remote.api import Api, Json, part
from studio_server.remote.make import FINAL

READS: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
ADDS: Final = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
TAKES_AWAY: Final = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)

INSTRUCTIONS: Final = """A film studio: projects hold a board of cards; shots make takes, an assembler cuts them to a
film. Read the board first, change it with edit_board (one batch, undo_edit takes it back), look at the plan, then
generate. Takes are never overwritten. Generating costs machine time: say what the plan costs before you start it."""

P = ParamSpec("P")
T = TypeVar("T")


class NewCard(Frozen):
    """A card to add: `data` are its fields, `parent` the scene it lies in; without a place it comes at the right."""

    id: str
    type: str
    x: float = 0
    y: float = 0
    parent: str | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


class Value(Frozen):
    """A field of a card; the value null takes it away."""

    card: str
    name: str
    value: JsonValue


class Wire(Frozen):
    """A wire from an output socket of a card into an input socket of another."""

    source: str
    source_handle: str
    target: str
    target_handle: str


def serve(url: str, token: str) -> None:
    """Answer one agent until it closes its end."""
    with Api(url, token) as api:
        tools(api).run("stdio")


def tools(api: Api) -> MCPServer:
    """Return the server with its tools."""
    server = MCPServer("production-canvas", title="Production Canvas", instructions=INSTRUCTIONS, log_level="WARNING")
    _of_board(server, api)
    _of_runs(server, api)
    _of_takes(server, api)
    return server


def _of_board(server: MCPServer, api: Api) -> None:
    edits: dict[str, list[tuple[str, list[Json]]]] = {}

    @server.tool(annotations=READS)
    @_in_words
    def list_projects() -> list[Json]:
        """List the projects that this token may see."""
        names = ("id", "title", "slug", "quality", "aspect_ratio", "frame_rate", "shot_count", "take_count")
        return [{name: one[name] for name in names} for one in api.get("/projects")]

    @server.tool(annotations=READS)
    @_in_words
    def read_board(project: str) -> str:
        """Read a project's board as an outline: each card's id, fields, wires, takes, and whether it is up to date."""
        here = _here(api, project)
        return board.outline(api.get(here), api.get(f"{here}/states"))

    @server.tool(annotations=READS)
    @_in_words
    def card_types(only: str = "") -> list[Json]:
        """List the types of cards, and the pipelines, with their sockets and fields; `only` names one."""
        found = api.get("/catalog")
        return [
            {
                "type": one.get("type") or one["id"],
                "title": one["title"],
                "what": one["description"],
                "inputs": {socket["name"]: socket["type"] for socket in one["inputs"]},
                "outputs": {socket["name"]: socket["type"] for socket in one["outputs"]},
                "fields": {field["name"]: field["type"] for field in one["fields"]},
            }
            for one in (*found["nodes"], *found["pipelines"])
            if only in {"", one.get("type"), one.get("id")}
        ]

    @server.tool(annotations=TAKES_AWAY)
    @_in_words
    def edit_board(
        project: str,
        label: Annotated[str, Field(description="what the edit does, in a few words")],
        add: list[NewCard] | None = None,
        values: Annotated[list[Value] | None, Field(description="fields to set")] = None,
        wires: list[Wire] | None = None,
        unwire: Annotated[list[str] | None, Field(description="ids of wires: source.output>target.input")] = None,
        remove: Annotated[list[str] | None, Field(description="ids of cards")] = None,
    ) -> str:
        """Change the board as one batch: all of it or nothing. undo_edit takes it back."""
        here = _here(api, project)
        before = api.get(here)["graph"]
        batch = board.operations(
            before["nodes"],
            [card.model_dump(exclude_unset=True) for card in add or ()],
            [one.model_dump() for one in values or ()],
            [wire.model_dump() for wire in wires or ()],
            unwire or (),
            remove or (),
        )
        if not batch:
            raise StudioError(Code.VALIDATION_ERROR, "The edit is empty.")
        revision = api.post(f"{here}/operations", {"operations": batch, "label": label})["revision"]
        (published, *_) = api.get(f"{here}/events", since=revision - 1)["events"]
        edits.setdefault(here, []).append((label, board.inverse(before, published["operations"])))
        return f"Done, revision {revision}."

    @server.tool(annotations=TAKES_AWAY)
    @_in_words
    def undo_edit(project: str) -> str:
        """Take back the newest edit that was made here with edit_board and not taken back."""
        here = _here(api, project)
        if not edits.get(here):
            raise StudioError(Code.VALIDATION_ERROR, "There is no edit of this session to take back.")
        label, back = edits[here].pop()
        revision = api.post(f"{here}/operations", {"operations": back, "label": f"Undo: {label}"[:120]})["revision"]
        return f"Taken back: {label}. Revision {revision}."


def _of_runs(server: MCPServer, api: Api) -> None:
    @server.tool(annotations=READS)
    @_in_words
    def plan(project: str, cards: list[str] | None = None, film: bool = False, again: bool = False) -> Json:  # noqa: FBT001, FBT002 - named by the protocol
        """Say what generate would make, in order, and how long it takes. `cards` are ids; none: the whole film."""
        here = _here(api, project)
        found: Json = api.post(f"{here}/rebuild", {**_scope(api, here, cards, film, again), "dry_run": True})["plan"]
        return found

    @server.tool(annotations=ADDS)
    @_in_words
    def generate(project: str, cards: list[str] | None = None, film: bool = False, again: bool = False) -> Json:  # noqa: FBT001, FBT002 - as above
        """Start what plan says, as one run. `film` renders the film too, `again` remakes what is up to date."""
        here = _here(api, project)
        told: Json = api.post(f"{here}/rebuild", {**_scope(api, here, cards, film, again), "dry_run": False})
        return {"run_id": told["run_id"], "revision": told["revision"]}

    @server.tool(annotations=READS)
    @_in_words
    def look_at_queue(project: str) -> Json:
        """Say what runs and waits in a project, with estimates, and how the newest job of each card ended."""
        found: Json = api.get(f"{_here(api, project)}/queue")
        return found

    @server.tool(annotations=TAKES_AWAY)
    @_in_words
    def cancel(project: str, task_id: str = "", run_id: str = "") -> str:
        """Cancel one job, or all of a run that has not ended."""
        if bool(task_id) == bool(run_id):
            raise StudioError(Code.VALIDATION_ERROR, "Give either task_id or run_id.")
        if run_id:
            api.post(f"{_here(api, project)}/rebuild/{part(run_id)}/cancel", {})
        else:
            api.post(f"/tasks/{part(task_id)}/cancel", {})
        return "Canceled."

    @server.tool(annotations=ADDS)
    @_in_words
    def retry(task_id: str) -> Json:
        """Queue a job again that has failed or was canceled."""
        told: Json = api.post(f"/tasks/{part(task_id)}/retry", {})
        return told


def _of_takes(server: MCPServer, api: Api) -> None:
    @server.tool(annotations=READS)
    @_in_words
    def list_takes(project: str, card: str) -> list[Json]:
        """List a card's takes with their recipes, oldest first."""
        found: list[Json] = api.get(f"{_here(api, project)}/shots/{part(card)}/takes")
        return found

    @server.tool(annotations=ADDS)
    @_in_words
    def mark_take(
        project: str,
        card: str,
        take: str,
        active: bool | None = None,  # noqa: FBT001 - as above
        star: bool | None = None,  # noqa: FBT001 - as above
    ) -> str:
        """Star a take (false: no more), or with `active` make it the one that its card shows and the film uses."""
        here = _here(api, project)
        _take(api, here, card, take)
        values: list[tuple[str, JsonValue]] = []
        if active:
            values.append(("active_take", take))
        if star is not None:
            values.append((f"star:{take}", True if star else None))
        batch = [{"op": "node.set", "id": card, "name": name, "value": value} for name, value in values]
        if not batch:
            raise StudioError(Code.VALIDATION_ERROR, "Say what to mark: active or star.")
        api.post(f"{here}/operations", {"operations": batch, "label": f"Mark {take}"[:120]})
        return "Marked."

    @server.tool(annotations=READS, structured_output=False)
    @_in_words
    def take_poster(project: str, card: str, take: str) -> Image:
        """Return a picture of a take."""
        found = _take(api, _here(api, project), card, take)
        url = found["poster_url"] or found["thumbnail_url"]
        if not url:
            raise StudioError(Code.FILE_NOT_FOUND, "This take has no picture.")
        data, mime = api.file(url)
        return Image(data=data, format=mime.partition("/")[2].partition(";")[0])


def _here(api: Api, project: str) -> str:
    return f"/projects/{part(api.project(project)['id'])}"


def _take(api: Api, here: str, card: str, name: str) -> Json:
    takes: list[Json] = api.get(f"{here}/shots/{part(card)}/takes")
    for take in takes:
        if take["name"] == name:
            return take
    known = ", ".join(take["name"] for take in takes) or "none"
    raise StudioError(Code.NOT_FOUND, f"This card has no take {name}.", detail=f"There are: {known}.")


def _scope(api: Api, here: str, cards: list[str] | None, film: bool, again: bool) -> Json:  # noqa: FBT001 - passed on
    nodes = api.get(here)["graph"]["nodes"]
    finals = [card for card, node in nodes.items() if node["type"] == FINAL]
    wanted = None if cards is None else [*cards, *(finals if film else [])]
    leave = [] if film else [card for card in finals if card not in (cards or ())]
    return {"cards": wanted, "films": film, "again": again, "leave": leave}


def _in_words(work: Callable[P, T]) -> Callable[P, T]:
    """Answer what goes wrong with the code, the words and what to do, as any client of the studio shows it."""

    @functools.wraps(work)
    def told(*given: P.args, **named: P.kwargs) -> T:
        try:
            return work(*given, **named)
        except StudioError as error:
            steps = " ".join(REMEDIES[error.code].steps)
            raise ToolError(f"{error.code}: {error.message} {error.detail} {steps}") from error

    return told
