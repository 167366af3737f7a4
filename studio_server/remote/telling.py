"""How a run is told: as lines on a pipe, live on a terminal, or as one JSON object a line for programs."""

import json
import shutil
import sys
from typing import Any, Final, Protocol, TextIO

from studio_server.domain.graph import Node
from studio_server.domain.plan import title_of as title_of_node
from studio_server.remote.api import Json

_STEPS: Final = {"make": "make", "between": "between", "use": "use", "running": "is made", "blocked": "CANNOT"}
_MINUTE: Final = 90
_HOUR: Final = 5400
_BAR: Final = 20

Results = dict[str, tuple[Json, Json | None, str]]
"""Tasks by id, with what each made and where that lies."""


class Telling(Protocol):
    """Tells one command's run to whoever reads its output."""

    def note(self, words: str) -> None:
        """Say something that is no result."""

    def plan(self, project: Json, plan: Json) -> None:
        """Show what would be made, and how long that takes."""

    def started(self, run: str) -> None:
        """Say that it begins."""

    def task(self, title: str, task: Json, path: str) -> None:
        """Tell where a job is now."""

    def progress(self, titles: dict[str, str], tasks: dict[str, Json], line: Json) -> None:
        """Show how far everything is, where that can be seen."""

    def end(self, project: Json, titles: dict[str, str], results: Results, blocked: list[Json]) -> None:
        """Sum up."""


class Lines:
    """One line for each thing that happens; the paths of what was made are on the lines that tell of it."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._last: dict[str, str] = {}
        self._held = ""

    def note(self, words: str) -> None:
        """Say it beside the output."""
        print(words, file=sys.stderr, flush=True)

    def plan(self, project: Json, plan: Json) -> None:
        """Print a table of what would be made."""
        if not plan["lines"]:
            self.say(f"{project['title']}: everything is up to date.")
            return
        self.say(f"{project['title']} ({project['quality']}):")
        for line in plan["lines"]:
            why = line["blocked"] or "; ".join(reason["text"] for reason in line["reasons"]) or "has no take yet"
            if line["step"] == "use":
                why = f"{line['take']} already is what it says"
            last = lasting(line["takes"], guess=line["guess"])
            self.say(f"  {_STEPS[line['step']]:8}{line['title']:20} {last:18} {why}".rstrip())
        unknown = f", without {plan['unknown']} of which nobody can know" if plan["unknown"] else ""
        if plan["lasts"]:
            self.say(f"All of it takes {lasting(plan['lasts'], guess=False)}{unknown}.")

    def started(self, run: str) -> None:
        """Say nothing: the jobs tell it."""

    def task(self, title: str, task: Json, path: str) -> None:
        """Print a job's new state once."""
        words = f"{state_of(task):9} {title}{_beside(task, path)}"
        if self._last.get(task["id"]) != words:
            self._last[task["id"]] = words
            self.say(words)

    def progress(self, titles: dict[str, str], tasks: dict[str, Json], line: Json) -> None:  # noqa: ARG002 - as Telling
        """Say once why nothing starts."""
        held = holds(tasks, line)
        if held and held != self._held:
            self.note(held)
        self._held = held

    def end(self, project: Json, titles: dict[str, str], results: Results, blocked: list[Json]) -> None:
        """Print the reasons of what failed."""
        done = [made for _, made, _ in results.values() if made]
        failed = [task for task, _, _ in results.values() if task["state"] in {"failed", "canceled"}]
        if results:
            self.say(f"{project['title']}: {len(done)} landed, {len(failed)} not, {len(blocked)} cannot be made.")
        for task in failed:
            self.note(f"{called(titles, task)}: {why(task)}")
        for line in blocked:
            self.note(f"{line['title']}: {line['blocked']}")

    def say(self, words: str) -> None:
        """Print a line of the output."""
        print(words, file=self.out, flush=True)


class Live(Lines):
    """The same, and below it one line for each job that runs, drawn anew as they go on."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._drawn = 0

    def progress(self, titles: dict[str, str], tasks: dict[str, Json], line: Json) -> None:
        """Draw what runs."""
        self._wipe()
        super().progress(titles, tasks, line)
        width = shutil.get_terminal_size().columns - 1
        running = [task for task in tasks.values() if task["state"] == "running"]
        rest = sum(task["state"] in {"queued", "waiting"} for task in tasks.values())
        drawn = [_bar(called(titles, task), task)[:width] for task in running]
        if rest:
            drawn.append(f"{rest} more to come"[:width])
        self._drawn = len(drawn)
        if drawn:
            super().say("\n".join(drawn))

    def say(self, words: str) -> None:
        """Print a line above what is drawn."""
        self._wipe()
        super().say(words)

    def note(self, words: str) -> None:
        """Say it above what is drawn."""
        self._wipe()
        super().note(words)

    def _wipe(self) -> None:
        if self._drawn:
            print(f"\x1b[{self._drawn}A\x1b[J", end="", file=self.out, flush=True)
            self._drawn = 0


class Records:
    """One JSON object a line: `plan`, `started`, `task` and, last, `end`. Notes go beside it."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def note(self, words: str) -> None:
        """Say it beside the output."""
        print(words, file=sys.stderr, flush=True)

    def plan(self, project: Json, plan: Json) -> None:
        """Write the plan as the API gives it."""
        self._write(event="plan", project={"id": project["id"], "title": project["title"]}, plan=plan)

    def started(self, run: str) -> None:
        """Write the run's id."""
        self._write(event="started", run_id=run)

    def task(self, title: str, task: Json, path: str) -> None:
        """Write a task as the API gives it."""
        self._write(event="task", title=title, task=task, path=path or None)

    def progress(self, titles: dict[str, str], tasks: dict[str, Json], line: Json) -> None:
        """Write nothing: programs wait for the end."""

    def end(self, project: Json, titles: dict[str, str], results: Results, blocked: list[Json]) -> None:
        """Write what was made and what was not."""
        made = [
            {"title": called(titles, task), "name": one["name"], "path": path, "media_url": one["media_url"]}
            for task, one, path in results.values()
            if one
        ]
        failed = [
            {"title": called(titles, task), "task_id": task["id"], "state": task["state"], "why": why(task)}
            for task, _, _ in results.values()
            if task["state"] in {"failed", "canceled"}
        ]
        cannot = [{"title": line["title"], "why": line["blocked"]} for line in blocked]
        ok = not failed and not cannot and all(task["state"] == "succeeded" for task, _, _ in results.values())
        self._write(event="end", project_id=project["id"], ok=ok, made=made, failed=failed, blocked=cannot)

    def _write(self, **told: Any) -> None:
        print(json.dumps(told, ensure_ascii=False), file=self._out, flush=True)


def telling(out: TextIO, *, as_json: bool) -> Telling:
    """Return how a command tells its run here."""
    if as_json:
        return Records(out)
    return Live(out) if out.isatty() else Lines(out)


def called(titles: dict[str, str], task: Json) -> str:
    """Return the title of the card that a task is for."""
    return titles.get(task["node_id"]) or str(task["node_id"])


def title_of(node: Json) -> str:
    """Return how people call a card."""
    return title_of_node(Node.model_validate(node))


def lasting(found: Json | None, *, guess: bool) -> str:
    """Return a range of seconds in words, nothing where nobody knows."""
    if found is None:
        return ""
    low, likely, high = (_span(found[name]) for name in ("low_s", "likely_s", "high_s"))
    return f"about {likely}" + (" (a guess)" if guess else f" ({low} to {high})" if low != high else "")


def _span(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < _HOUR else f"{seconds / 3600:.1f} h"


def state_of(task: Json) -> str:
    """Return the word for where a job is."""
    return str({"succeeded": "landed", "failed": "FAILED"}.get(task["state"], task["state"]))


def why(task: Json) -> str:
    """Return why a job did not land."""
    error = task.get("error")
    if not error:
        return str(task.get("reason") or "it was canceled.")
    return " ".join([f"{error['error']}: {error['message']}", *error["remediation"][:1]])


def _beside(task: Json, path: str) -> str:
    if task["state"] == "failed":
        return f": {why(task)}"
    if task["state"] == "succeeded":
        took = f" in {_span(task['elapsed_s'])}" if task.get("elapsed_s") else ""
        return f"{took}: {path}" if path else f": {task.get('take') or task.get('film')}"
    return f": {task['reason']}" if task.get("reason") else ""


def holds(tasks: dict[str, Json], line: Json) -> str:
    """Return why nothing of a run starts, in words; nothing where it does."""
    queue = line["queue"]
    if any(task["state"] == "running" for task in tasks.values()):
        return ""
    if queue["all_paused_by"]:
        return f"Everything is held by {queue['all_paused_by']}; nothing starts."
    if queue["paused"]:
        return f"The queue is held by {queue['paused_by'] or 'somebody'}; `studio queue resume` lets it go on."
    return next((str(words) for name, words in queue["stranded"].items() if name in tasks), "")


def _bar(title: str, task: Json) -> str:
    full = round(_BAR * task["progress"] / 100)
    return f"  {title:20} [{'#' * full}{'.' * (_BAR - full)}] {task['progress']:3.0f} %  {task['step']}"
