"""The words of the commands that speak to a running studio, and what each of them calls."""

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from studio_server.settings import Settings

COMMANDS: Final = frozenset({"make", "queue", "mcp"})


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the command line."""
    made = commands.add_parser("make", help="make what a film lacks, in a running studio or one started for the time")
    made.add_argument("project", help="its title, folder or id")
    made.add_argument("--only", metavar="SHOT", nargs="+", default=[], help="010, 01/010, a title or an id")
    made.add_argument("--quality", choices=["low", "standard", "high"], help="give the project this quality first")
    made.add_argument("--film", action="store_true", help="then render the final film")
    made.add_argument("--again", action="store_true", help="make another take of what is up to date, too")
    made.add_argument("--yes", action="store_true", help="start without asking")
    made.add_argument("--json", action="store_true", help="one JSON object a line: plan, started, task, end")
    _address(made)
    queue = commands.add_parser("queue", help="look at the queue of a running studio, hold it, cancel a job")
    verbs = queue.add_subparsers(dest="verb", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="say what runs and what waits")
    listed.add_argument("project", nargs="?", help="only this one's")
    listed.add_argument("--json", action="store_true", help="as the API gives it, by project")
    _address(listed)
    for verb, told in (("pause", "start nothing more; what runs goes on"), ("resume", "let it go on")):
        held = verbs.add_parser(verb, help=told)
        whose = held.add_mutually_exclusive_group(required=True)
        whose.add_argument("project", nargs="?", help="its title, folder or id")
        whose.add_argument("--all", action="store_true", help="every project (admins)")
        _address(held)
    for verb, told in (("cancel", "cancel a job"), ("retry", "queue a job again that has failed or was canceled")):
        job = verbs.add_parser(verb, help=told)
        job.add_argument("task", metavar="ID", help="as `queue list` shows it; its first letters will do")
        _address(job)
    agents = commands.add_parser(
        "mcp", help="let an agent work in a running studio, by MCP on standard input and output"
    )
    _address(agents)


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Carry a command out and return its exit code."""
    from studio_server.remote import make, queue, telling  # noqa: PLC0415 - each command loads only what it needs
    from studio_server.remote.api import Api, token_of  # noqa: PLC0415
    from studio_server.remote.nearby import reached  # noqa: PLC0415

    token = token_of(settings.token.get_secret_value(), given.token_file)

    def note(words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    if given.command == "mcp":
        from studio_server.remote import agent  # noqa: PLC0415

        agent.serve(given.url or settings.own_url, token)
        return 0
    if given.command == "queue":
        with Api(given.url or settings.own_url, token) as api:
            return queue.run(api, given)
    wish = make.Wish(given.project, given.only, given.quality, given.film, given.again, given.yes)
    with reached(settings, given.url, token, note) as api:
        return make.make(api, wish, telling.telling(sys.stdout, as_json=given.json), make.ask_terminal)


def _address(parser: argparse.ArgumentParser) -> None:
    more: dict[str, Any] = {"metavar": "FILE", "type": Path}
    parser.add_argument("--url", help="the studio's address; default: this machine's")
    parser.add_argument("--token-file", help="holds the token, where STUDIO_TOKEN does not", **more)
