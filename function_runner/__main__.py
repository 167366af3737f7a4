"""Start the workers of this host: `python -m function_runner`, configured by `RUNNER_...` variables only.

One runs in this process; more are kept as processes of their own (`host`). With the word `trial` it only tries how this
machine keeps pipelines.
"""

import json
import logging
import sys
import warnings

from pydantic import ValidationError

from function_runner import host, machine, worker
from function_runner.alone import alone
from function_runner.settings import RunnerSettings
from studio_sdk.contract import Exit


def main() -> None:
    """Read the settings and work until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "celery", "kombu", "multiprocessing"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # Celery's advice against root is for brokers that others write to; this one is private or the operator's own.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    try:
        settings = RunnerSettings()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"RUNNER_{name}: {problem['msg']}\n")
        sys.exit(Exit.MISSING)
    if sys.argv[1:] == ["trial"]:
        from function_runner.trial import trial  # noqa: PLC0415 - a worker has no use for it

        sys.stdout.write(json.dumps(trial(settings)) + "\n")
        sys.exit(Exit.OK)
    found = machine.posts(settings)
    if not found:
        sys.stderr.write("RUNNER_CPU_WORKERS is 0 and there is no card: there is no worker to start here.\n")
        sys.exit(Exit.MISSING)
    if len(found) > 1:
        sys.exit(host.keep(settings, found))
    settings = settings.of(found[0].gpu, machine.worker_id(found[0]))
    if settings.gpu != "none" and machine.card_of(settings) is None:
        where = (
            settings.comfyui_url if settings.gpu == "elsewhere" else "`nvidia-smi -L` names the cards of this machine"
        )
        sys.stderr.write(f"The card {settings.gpu} is not there, nor RUNNER_VRAM_GB to tell of it: {where}\n")
        sys.exit(Exit.MISSING)
    settings.work_dir.mkdir(parents=True, exist_ok=True)
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    try:
        with alone(settings.work_dir):
            worker.build(settings).worker_main(argv=worker.arguments(settings))
    except TimeoutError as why:
        sys.stderr.write(f"{why} Give each its own RUNNER_WORK_DIR.\n")
        sys.exit(Exit.MISSING)


if __name__ == "__main__":
    main()
