"""`studio make PROJECT`: plan a rebuild, show it, start it, follow it to its end. Everything over the studio's API.

Exit codes: 0 everything is landed, 1 something failed or cannot be made (with the reasons), 2 nobody could be asked,
130 interrupted.
"""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from studio_sdk.errors import Code, StudioError
from studio_server.remote.api import Api, Json, part
from studio_server.remote.run import LOOK_S, Patience, Run, path_of
from studio_server.remote.telling import Telling, called, title_of

FINAL: Final = "assembler"
CANNOT: Final = 1
NOT_ASKED: Final = 2
INTERRUPTED: Final = 130

Ask = Callable[[str], str | None]
"""Asks a person and returns the answer, None where nobody is there to ask."""


class Wish(NamedTuple):
    """What the command line says. `only` are shots by code, scene/code, title or id; none means the whole film."""

    project: str
    only: Sequence[str] = ()
    quality: str | None = None
    film: bool = False
    again: bool = False
    yes: bool = False


def make(api: Api, wish: Wish, tell: Telling, ask: Ask) -> int:
    """Carry the wish out and return the exit code. Raises StudioError where it cannot even be planned."""
    project = api.project(wish.project)
    here = f"/projects/{part(project['id'])}"
    nodes: dict[str, Json] = api.get(here)["graph"]["nodes"]
    scope = _scope(nodes, wish)
    before = project["quality"]
    if wish.quality and wish.quality != before:
        project = api.patch(here, {"quality": wish.quality, "version": project["version"]})
        tell.note(f"The quality of {project['title']} is now {wish.quality} (it was {before}).")
    plan: Json = api.post(f"{here}/rebuild", {**scope, "dry_run": True})["plan"]
    tell.plan(project, plan)
    blocked = [line for line in plan["lines"] if line["step"] == "blocked"]
    if len(blocked) == len(plan["lines"]):
        tell.end(project, {}, {}, blocked)
        if wish.film and not blocked and (films := api.get(f"{here}/films")):
            tell.note(f"The film: {path_of(project, films[0])}")
        return CANNOT if blocked else 0
    if not wish.yes:
        answer = ask("Start? [Y/n] ")
        if answer is None or answer.strip().lower() not in {"", "y", "yes"}:
            if project["quality"] != before:
                api.patch(here, {"quality": before, "version": project["version"]})
            if answer is None:
                tell.note("Nothing was started: nobody is there to ask. --yes starts without asking.")
            return NOT_ASKED if answer is None else 0
    started = api.post(f"{here}/rebuild", {**scope, "dry_run": False})
    also = frozenset(line["task"] for line in plan["lines"] if line["step"] == "running")
    # The log from before the start has all that the run did.
    run = Run(project, started["run_id"], plan["revision"], also=also)
    titles = {line["node_id"]: line["title"] for line in plan["lines"]} | {
        card: title_of(node) for card, node in nodes.items()
    }
    tell.started(run.id)
    try:
        _follow(api, run, titles, tell)
    except KeyboardInterrupt:
        return _interrupted(api, run, titles, tell, ask)
    tell.end(project, titles, _results(run), blocked)
    return 0 if run.is_made and not blocked else CANNOT


def _scope(nodes: dict[str, Json], wish: Wish) -> Json:
    finals = [card for card, node in nodes.items() if node["type"] == FINAL]
    if wish.film and not finals:
        words = "There is no film to render: the board has no assembler."
        raise StudioError(Code.VALIDATION_ERROR, words, field="film")
    scope: Json = {"films": wish.film, "again": wish.again, "leave": [] if wish.film else finals}
    if wish.only:
        named = [_card(nodes, name) for name in wish.only]
        scope["cards"] = [*named, *(finals if wish.film else [])]
    return scope


def _card(nodes: dict[str, Json], name: str) -> str:
    """Return the card that a person means. Raises NOT_FOUND, VALIDATION_ERROR where there are several."""
    wanted = name.casefold().removeprefix("shot-").removeprefix("shot ")
    found = [card for card, node in nodes.items() if wanted in _names(card, node)]
    if len(found) == 1:
        return found[0]
    if found:
        those = ", ".join(
            sorted(f"{nodes[card]['data'].get('scene')}/{nodes[card]['data'].get('code')}" for card in found)
        )
        raise StudioError(
            Code.VALIDATION_ERROR, f"Several cards are called {name}. Say which.", detail=those, field="only"
        )
    codes = sorted({str(node["data"]["code"]) for node in nodes.values() if node["data"].get("code")})
    words = f"There is no shot {name} on the board."
    raise StudioError(Code.NOT_FOUND, words, detail=f"There are: {', '.join(codes[:40]) or 'none'}.", field="only")


def _names(card: str, node: Json) -> set[str]:
    data = node["data"]
    code, scene, title = (str(data.get(name) or "").casefold() for name in ("code", "scene", "title"))
    return {card.casefold(), title_of(node).casefold()} | {
        one for one in (code, f"{scene}/{code}" if code else "", title) if one
    }


def _follow(api: Api, run: Run, titles: dict[str, str], tell: Telling) -> None:
    """Tell what becomes of a run until all of it has ended."""
    patience = Patience()
    while True:
        try:
            for task in run.news(api):
                tell.task(called(titles, task), task, _path(run, task))
            if run.is_over:
                return
            tell.progress(titles, run.tasks, run.progress(api))
            patience.found()
        except StudioError as error:
            if patience.lost(error):
                tell.note("The studio does not answer at the moment; waiting for it.")
        time.sleep(LOOK_S)


def _path(run: Run, task: Json) -> str:
    made = run.made.get(task["id"])
    return path_of(run.project, made) if made else ""


def _results(run: Run) -> dict[str, tuple[Json, Json | None, str]]:
    return {name: (task, run.made.get(name), _path(run, task)) for name, task in run.tasks.items()}


def _interrupted(api: Api, run: Run, titles: dict[str, str], tell: Telling, ask: Ask) -> int:
    left = sum(task["state"] not in {"succeeded", "failed", "canceled"} for task in run.tasks.values())
    try:
        answer = ask(f"\n{left} jobs have not ended. Cancel them, or leave them to go on? [c/L] ")
    except KeyboardInterrupt:
        answer = None
    if (answer or "").strip().lower() not in {"c", "cancel"}:
        tell.note("They go on; the board shows them. The same command follows up what is left.")
        return INTERRUPTED
    api.post(f"/projects/{part(run.project['id'])}/rebuild/{part(run.id)}/cancel", {})
    _follow(api, run, titles, tell)
    tell.end(run.project, titles, _results(run), [])
    return INTERRUPTED


def ask_terminal(question: str) -> str | None:
    """Ask whoever sits at the terminal; None where nobody does."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline() or None
