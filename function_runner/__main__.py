"""Start one runner: `python -m function_runner`, configured by `RUNNER_...` variables only."""

import logging
import sys
import warnings

from pydantic import ValidationError

from function_runner import worker
from function_runner.settings import RunnerSettings
from studio_sdk.contract import Exit


def main() -> None:
    """Read the settings and work until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # Celery's advice against root is for brokers that others write to; this one is private or the operator's own.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    try:
        settings = RunnerSettings()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"RUNNER_{name}: {problem['msg']}\n")
        sys.exit(Exit.MISSING)
    settings.work_dir.mkdir(parents=True, exist_ok=True)
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    worker.build(settings).worker_main(argv=worker.arguments(settings))


if __name__ == "__main__":
    main()
