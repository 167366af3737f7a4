"""Makes the sample film that a new studio offers: the script in project_templates/sample, drawn, spoken, cut, packed.

`python tools/sample_film.py` starts a studio of its own in a temporary folder, has it make the film as anybody would
(Script to film) and writes the project to project_templates/sample/sample.zip. Run it again when the script or what
draws it has changed. Everything in it is ours and free: words and drawings CC0, voices by eSpeak NG.

Every checkout carries it, so it is 960 pixels wide and comes without the rendered one: its cut plays.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "project_templates" / "sample"
sys.path.insert(0, str(ROOT))

from tests.stage import Studio  # noqa: E402


def main() -> None:
    """Make the film and pack it."""
    with tempfile.TemporaryDirectory(prefix="sample-") as place:
        studio = Studio(Path(place))
        studio.start()
        try:
            with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=120) as api:
                project = _project(api)
                manifest = next(studio.workspaces.rglob("project.json"))
                told = json.loads(manifest.read_bytes())
                told["project_settings"] |= {"width": 960, "height": 540}
                manifest.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
                _made(api, project)
                shutil.rmtree(manifest.parent / "06_Exports")
                packed = api.get(f"/projects/{project}/archive").raise_for_status().content
        finally:
            studio.stop()
    (PLACE / "sample.zip").write_bytes(packed)
    sys.stdout.write(f"{PLACE / 'sample.zip'}: {len(packed) / 1e6:.1f} MB\n")


def _project(api: httpx.Client) -> str:
    wish = {"title": "The Last Ferry", "description": "A sample: half a minute, made on a laptop without a GPU."}
    shape = {"aspect_ratio": "16:9", "frame_rate": "24/1", "quality": "low"}
    return str(api.post("/projects", json=wish | shape).raise_for_status().json()["id"])


def _made(api: httpx.Client, project: str) -> None:
    text = (PLACE / "script.fountain").read_text(encoding="utf-8")
    run = api.post(f"/projects/{project}/script/film", json={"text": text}).raise_for_status().json()
    since, films = 0, 0
    while not films:
        for event in api.get(f"/projects/{project}/events", params={"since": since}).json()["events"]:
            since = event["revision"]
            if event["event"] == "server:task_failed":
                raise SystemExit(f"A job failed: {event}")
            if event["event"] == "server:task_success":
                films += event["node_id"] == run["assembler"]
                sys.stdout.write(f"{event['node_id']}\n")
                sys.stdout.flush()
        time.sleep(0.5)


if __name__ == "__main__":
    main()
