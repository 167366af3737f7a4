"""Everything that a person can own in a studio, and how to look whether any of it was told or touched.

Of an estate every title, prompt, file and name holds WORD, which no attacker ever says; its ids are the studio's own.
"""

import hashlib
import json
import subprocess
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from PIL import Image, PngImagePlugin
from sqlalchemy import MetaData, select

from studio_sdk.types import Quality
from studio_server.actions import (
    accounts,
    alternates,
    assemble,
    assets,
    canvas,
    generate,
    hooks,
    locks,
    people,
    projects,
    queue,
    rebuild,
    storage,
    versions,
)
from studio_server.actions.studio import Studio, as_person
from studio_server.domain.access import Role
from studio_server.index import directory
from studio_server.index.directory import Person
from studio_server.library.workspace import open_workspace
from tests.integration.studios import Stage, clip, node, shot, wire
from tests.services.s3 import S3

WORD: Final = "quagga"
FAR_WORD: Final = "dodo"
"""The same of another tenant's."""
PASSWORD: Final = "a long enough password"
TOLD_TO_ALL: Final = {"audit", "delivery", "session", "worker"}
"""Tables that an attack may add to, and what the studio sends by itself."""
OF_A_HOOK: Final = ("id", "project_id", "url", "secret", "kinds", "off_because")
"""The rest of a webhook is how far it has been told, which goes on by itself."""


@dataclass
class Estate:
    """A project with all that can be in one, and whose it is."""

    project: str
    owner: Person
    folder: Path
    names: dict[str, str]
    """What stands for each name in an address or a body."""
    secrets: set[str] = field(default_factory=set)
    """What nobody else may be told who has not said it."""
    taken_in: list[str] = field(default_factory=list)
    """What attackers have written into it, their own film, and are told again."""


def tenant(studio: Studio, name: str) -> Studio:
    """Return another tenant's studio on the same database, workspace and bucket, with its first admin as its person."""
    settings = studio.settings.model_copy(update={"tenant": name})
    with studio.index.write() as session:
        local = directory.local_person(session, name, studio.now())
    home = open_workspace(settings.workspaces, name, studio.workspace.depot)
    theirs = replace(studio, settings=settings, person=local, workspace=home, canvases={}, locks={}, builds={})
    people.await_first(theirs)
    code = settings.first_admin_file.read_text()
    return as_person(theirs, people.make_first(theirs, code, f"{FAR_WORD} Sue", f"sue@{FAR_WORD}.example", PASSWORD))


def estate(runner: Stage, studio: Studio, tmp: Path, word: str = WORD) -> Estate:
    """Make a project of its person with a take, a film, an asset, a version, an alternate, a webhook, a lock, trash.

    `runner` does its jobs: somebody who may do those of all projects.
    """
    own = Stage(studio, runner.clock)
    project = projects.create(
        studio, title=f"The {word} Road", description=word, aspect_ratio="16:9", frame_rate="24/1", quality=Quality.LOW
    ).id
    key = hashlib.sha256(project.encode()).hexdigest()[:10]
    one, two, cut = f"n_{key}a", f"n_{key}b", f"n_{key}c"
    own.apply(project, shot(one, prompt=f"A {word} at dawn"), shot(two, prompt=word), node(cut, "assembler"))
    own.apply(project, wire(one, "video", cut, "clips"))
    jobs = []
    for number, colour in enumerate(("red", "green")):
        runner.worker()  # heard again, or it counts as lost
        jobs.append(generate.generate(studio, project, one).job_id or "")
        runner.later(5)
        runner.finish(jobs[-1], runner.claim(jobs[-1]).attempt, _film(tmp / f"{key}{number}.mp4", colour))
    asset = _asset(studio, project, tmp / f"{word}-{key}.png", word)
    version = versions.keep(studio, project, f"{word} cut")
    alternates.begin(studio, project, f"{word} by night {key}")
    begun = alternates.begin(studio, project, f"{word} in fog {key}").alternates
    alternate, other = [one for one in begun if key in one.name][:2]
    runner.worker()
    film = assemble.render(studio, project, cut).job_id or ""
    runner.finish(film, runner.claim(film).attempt, _film(tmp / f"{key}film.mp4", "blue"))
    edits = assemble.export(studio, project, cut)
    takes = own.folder(project).takes("01", "010")
    bag = storage.prune(studio, project, [takes[0].media.path])
    hook = hooks.add(studio, project, f"https://{word}.example/{key}", ())
    lock = locks.take(studio, project, f"01_Assets/{word}-{key}.txt").lock
    waiting, run = rebuild.start(studio, project, rebuild.RebuildScope())
    queue.pause(studio, project, paused=True)
    canvas.commit(studio, project)
    token = accounts.begin(studio, studio.person, kind="token", name=word)
    names = {
        "project_id": project,
        "from_project": project,
        "node_id": one,
        "task_id": film,
        "job_id": str(waiting.job_id or jobs[0]),
        "oid": takes[1].media.oid,
        "path": takes[1].media.path,
        "version_id": version.id,
        "alternate_id": alternate.id,
        "against": other.id,
        "hook_id": hook.id,
        "bag_id": bag.id,
        "lock_id": lock.id,
        "run_id": run,
        "user_id": studio.person.id,
        "token_id": token.partition(".")[0],
        "asset_id": asset.id,
        "cut": cut,
    }
    assert edits
    told_by_others = {"path", "user_id"}  # paths are alike in every project, and colleagues know each other
    secrets = {value for name, value in names.items() if name not in told_by_others}
    secrets |= {word, one, two, cut, key, asset.oid, token.partition(".")[2], *jobs}
    return Estate(project, studio.person, own.folder(project).root, names, secrets - {""})


def _film(file: Path, colour: str) -> Path:
    """Make a film that no other project has: its own name follows the last of its boxes."""
    clip(file, colour=colour)
    file.write_bytes(file.read_bytes() + file.name.encode())
    return file


def _asset(studio: Studio, project: str, file: Path, word: str) -> Any:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", word)
    Image.new("RGB", (32, 18), "purple").save(file, pnginfo=words)
    with file.open("rb") as data:
        return assets.upload(studio, project, file.name, data)


def outsider(here: Stage, name: str, role: Role) -> Person:
    """Return a new person of the studio's own tenant."""
    made = people.invite(here.studio, name, f"{name.lower()}@film.example", role)
    return people.join(here.studio, made.person.email, made.code, PASSWORD)


def settled(studio: Studio, one: Estate, bucket: tuple[S3, str] | None) -> dict[str, Any]:
    """Return the state once the studio's own loops have written down what was worked before."""
    until = time.monotonic() + 60
    now = state(studio, one, bucket)
    while True:
        time.sleep(2)
        before, now = now, state(studio, one, bucket)
        if before == now:
            return now
        assert time.monotonic() < until, "it does not come to rest"


def state(studio: Studio, one: Estate, bucket: tuple[S3, str] | None) -> dict[str, Any]:
    """Return all that is kept of an estate: every row that names it, every file of its folder, its bucket's keys."""
    tables = MetaData()
    tables.reflect(studio.index.engine)
    rows: dict[str, list[str]] = {}
    with studio.index.engine.connect() as line:
        for table in tables.sorted_tables:
            if table.name in TOLD_TO_ALL:
                continue
            found = [_kept(table.name, dict(row)) for row in line.execute(select(table)).mappings()]
            every = [json.dumps(row, default=str, sort_keys=True) for row in found]
            rows[table.name] = sorted(
                row for row in every if one.project in row or (table.name == "user" and one.owner.id in row)
            )
    kept = {
        str(path.relative_to(one.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in one.folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and "05_Cache" not in path.parts
    }
    words = ["git", "-C", str(one.folder), "for-each-ref"]
    refs = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    far = bucket[0].keys(bucket[1], "films/tenants/") if bucket else []
    return {"rows": rows, "files": kept, "refs": refs, "bucket": sorted(key for key in far if one.project in key)}


def _kept(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in OF_A_HOOK} if table == "hook" else row


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say what is another in one state than in the other."""
    told = [
        f"{name}: {before[name]} became {after[name]}" for name in ("refs", "bucket") if before[name] != after[name]
    ]
    for kind in ("rows", "files"):
        for name in before[kind] | after[kind]:
            was, now = before[kind].get(name, ()), after[kind].get(name, ())
            if was != now:
                told.append(f"{name}: {set(was) - set(now)} became {set(now) - set(was)}")
    return told
