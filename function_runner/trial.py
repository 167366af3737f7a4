"""Try for real how this machine keeps its pipelines: start the smallest one there is, as the settings say.

`python -m function_runner trial` prints what came of it as one JSON object; `studio doctor` shows it.
"""

import json
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from function_runner import chosen
from function_runner.launchers import Launch
from function_runner.settings import RunnerSettings
from studio_sdk.errors import StudioError
from studio_sdk.folder import MANIFEST, folder_digest
from studio_sdk.manifest import Pipeline

_LIMIT_S: Final = 120.0
_SMALLEST: Final = {
    "contract": 1,
    "id": "trial",
    "version": "1.0.0",
    "title": "A trial",
    "task": "trial",
    "engine": "cpu",
    "entry": ["sh", "main.sh"],
    "inputs": {},
    "outputs": {"nothing": {"type": "String"}},
    "variants": [{"quality": "low"}],
}


def trial(settings: RunnerSettings) -> dict[str, object]:
    """Return `label`, whether it was `ok`, and in `detail` what was in the way."""
    launcher = chosen.launcher(settings)
    settings.work_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.work_dir, prefix="trial-") as place:
        launch = _smallest(Path(place))
        ended = threading.Event()
        try:
            running = launcher.start(launch, ended)
            over = ended.wait(_LIMIT_S)
            if not over:
                running.kill()
            status, said = running.exit_status(), running.log_tail()
        except StudioError as why:
            return {"label": launcher.label, "ok": False, "detail": f"{why.message} {why.detail}"}
        except OSError as why:
            return {"label": launcher.label, "ok": False, "detail": str(why)}
    return {"label": launcher.label, "ok": status == 0, "detail": said.strip() if status else ""}


def _smallest(place: Path) -> Launch:
    folder, job = place / "pipeline", place / "job"
    folder.mkdir()
    (folder / MANIFEST).write_text(json.dumps(_SMALLEST), encoding="utf-8")
    (folder / "main.sh").write_text('echo "it works" > "$JOB_DIR/outputs/nothing"\n', encoding="utf-8")
    for name in ("inputs", "outputs", "scratch"):
        (job / name).mkdir(parents=True)
    (job / "events.jsonl").touch()
    return Launch(
        pipeline=Pipeline.model_validate(_SMALLEST),
        folder=folder,
        digest=folder_digest(folder),
        environment=place,
        job_id="trial",
        attempt=1,
        job_dir=job,
        deadline=time.time() + _LIMIT_S,
        threads=1,
    )
