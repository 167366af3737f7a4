"""`studio queue`: what runs and waits in a studio, hold it and let it go on, cancel a job or try it again."""

import argparse
import json
import sys
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_server.remote.api import Api, Json, part
from studio_server.remote.run import ENDED
from studio_server.remote.telling import lasting, why

_ID: Final = 8


def run(api: Api, given: argparse.Namespace) -> int:
    """Carry a verb out and return the exit code."""
    if given.verb == "list":
        _list(api, given)
    elif given.verb in {"pause", "resume"}:
        _hold(api, given, paused=given.verb == "pause")
    else:
        task = _find(api, given.task)
        api.post(f"/tasks/{part(task['id'])}/{given.verb}", {})
        _say(f"{task['id']}: {'canceled' if given.verb == 'cancel' else 'queued again'}.")
    return 0


def _list(api: Api, given: argparse.Namespace) -> None:
    lines = {project["id"]: (project, line) for project, line in _lines(api, given.project)}
    if given.json:
        _say(json.dumps({name: line for name, (_, line) in lines.items()}, ensure_ascii=False))
        return
    for project, line in lines.values():
        queue = line["queue"]
        going = _in_turn(line["tasks"], queue["order"])
        held = queue["all_paused_by"] or (queue["paused"] and (queue["paused_by"] or "somebody"))
        if not (going or held or given.project):
            continue
        _say(f"{project['title']}: {len(going)} jobs{f', held by {held}' if held else ''}")
        for task in going:
            known = queue["estimates"].get(task["id"]) or {}
            soon = lasting(known.get("starts"), guess=False)
            words = queue["stranded"].get(task["id"]) or task["reason"] or (f"starts in {soon}" if soon else "")
            how = f"{task['progress']:.0f} % {task['step']}" if task["state"] == "running" else words
            _say(f"  {task['id'][:_ID]}  {task['state']:9} {task['node_id']:14} {task['pipeline']:20} {how}".rstrip())
    failed = [
        (project, task) for project, line in lines.values() for task in line["tasks"] if task["state"] == "failed"
    ]
    for project, task in failed:
        _say(f"  {task['id'][:_ID]}  FAILED    {task['node_id']:14} of {project['title']}: {why(task)}")


def _in_turn(tasks: list[Json], order: list[str]) -> list[Json]:
    """Return what has not ended: what runs, then what is next."""
    places = {name: place for place, name in enumerate(order)}
    going = [task for task in tasks if task["state"] not in ENDED]
    return sorted(going, key=lambda task: (task["state"] != "running", places.get(task["id"], len(order))))


def _lines(api: Api, name: str | None) -> list[tuple[Json, Json]]:
    projects: list[Json] = [api.project(name)] if name else api.get("/projects")
    return [
        (project, api.get(f"/projects/{part(project['id'])}/queue")) for project in projects if project["state"]["ok"]
    ]


def _hold(api: Api, given: argparse.Namespace, *, paused: bool) -> None:
    if given.all:
        api.post("/machines/pause", {"paused": paused})
        _say("Nothing more starts in any project." if paused else "All projects go on.")
        return
    project = api.project(given.project)
    api.post(f"/projects/{part(project['id'])}/queue/pause", {"paused": paused})
    _say(f"{project['title']}: {'nothing more starts; what runs goes on' if paused else 'it goes on'}.")


def _find(api: Api, name: str) -> Json:
    """Return the task whose id begins so. Raises NOT_FOUND, VALIDATION_ERROR where several do."""
    found: list[Json] = [task for _, line in _lines(api, None) for task in line["tasks"] if task["id"].startswith(name)]
    if len(found) > 1:
        those = ", ".join(task["id"] for task in found)
        raise StudioError(Code.VALIDATION_ERROR, f"Several jobs begin with {name}.", detail=those, field="task")
    if not found:
        raise StudioError(Code.NOT_FOUND, f"There is no job {name} in the queues; `studio queue list` shows them.")
    return found[0]


def _say(words: str) -> None:
    print(words, file=sys.stdout, flush=True)
