"""The Celery app and its single task. The message is a doorbell with a job's id on it, the job is in the studio.

One job at a time in one pool process, while what the one before made is handed in. The parent process registers the
worker and tells the pool process to leave.
"""

import faulthandler
import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from ctypes import c_bool
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Final

from celery import Celery, signals
from celery.apps.worker import Worker
from kombu.exceptions import OperationalError

from function_runner import chosen, machine, stage
from function_runner.cache import Cache
from function_runner.desk import Desk
from function_runner.job import Workplace, begin
from function_runner.kept import Kept
from function_runner.launchers import Launcher
from function_runner.settings import RunnerSettings
from function_runner.studio import StudioLine
from studio_sdk.errors import StudioError
from studio_sdk.wire import CELERY_TASK

_log = logging.getLogger(__name__)

REGISTER_EVERY_S: Final = 5.0
_REGISTER_AGAIN_S: Final = 0.5
_REAP_EVERY_S: Final = 60.0
_STDERR: Final = 2
_LEAVE_S: Final = 10.0
"""A stop takes no longer. A job is given back within two seconds; the rest is Celery, which now and then never ends."""
_BACKSTOP_S: Final = 12 * 3600
"""After this the broker rings again by itself; longer than any job, because the lease does that work."""


class _Leaver(Worker):  # type: ignore[misc]
    """A worker that leaves when its terminal is closed. Celery's own would start itself anew, with nobody to end it."""

    def install_platform_tweaks(self, worker: object) -> None:
        """Make a hang-up the same as the word to leave, but where it was to be ignored (nohup)."""
        ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        super().install_platform_tweaks(worker)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.getsignal(signal.SIGTERM))


def build(settings: RunnerSettings) -> Celery:
    """Return the worker's app, with its task and the hooks of its processes."""
    app = Celery("function_runner", broker=settings.broker_url)
    app.Worker = app.subclass_with_self(_Leaver)
    app.conf.update(
        accept_content=["json"],
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": _BACKSTOP_S,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "queue_order_strategy": "priority",
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "health_check_interval": 10,
        },
        task_acks_late=True,
        task_ignore_result=True,
        task_reject_on_worker_lost=True,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_prefetch_multiplier=1,
        worker_proc_alive_timeout=60,  # Celery would end a pool process of a busy machine that is not there in four
        worker_send_task_events=False,
    )
    # Shared with the pool process, and without a lock: a signal's handler sets it, and must not wait for anybody.
    leaving = RawValue(c_bool, False)
    workplace: list[tuple[Workplace, Desk]] = []

    def open_workplace(**_: object) -> None:
        """In the pool process: load what a job needs before the first one comes. When to leave, the parent says."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        line = StudioLine(settings.studio_url, settings.token.get_secret_value())
        stage.clear(settings.work_dir)
        cache = Cache(settings.cache_dir, int(settings.cache_gb * 1e9))
        kept = Kept(settings.kept_dir, int(settings.kept_gb * 1e9))
        launcher = chosen.launcher(settings)
        threading.Thread(target=_keep_reaped, args=(launcher,), daemon=True).start()
        workplace.append((Workplace(settings, line, cache, kept, launcher, lambda: leaving.value), Desk()))

    def close_workplace(**_: object) -> None:
        """In the pool process, before it ends."""
        workplace[-1][1].wait(_LEAVE_S)

    def leave(**_: object) -> None:
        """In the parent: a running job is given back, not waited for."""
        leaving.value = True
        threading.Thread(target=_leave_in_time, daemon=True).start()

    def register(**_: object) -> None:
        """In the parent, once the worker listens."""
        threading.Thread(target=_keep_registered, args=(settings, app), daemon=True).start()

    # Whoever answers this keeps Celery from setting the log to its own level: lines about jobs would be lost.
    signals.setup_logging.connect(lambda **_: None, weak=False)
    signals.worker_process_init.connect(open_workplace, weak=False)
    signals.worker_process_shutdown.connect(close_workplace, weak=False)
    signals.worker_shutting_down.connect(leave, weak=False)
    signals.worker_ready.connect(register, weak=False)

    @app.task(name=CELERY_TASK)  # type: ignore[untyped-decorator]
    def run(job_id: str) -> None:
        place, desk = workplace[-1]
        if rest := begin(place, job_id):
            desk.take(rest)

    return app


def _leave_in_time() -> None:
    """End this process and its pool where the orderly way does not; pipelines end with their guards."""
    time.sleep(_LEAVE_S)
    _log.warning("The stop took over %.0f s and is cut short. What the threads were at:", _LEAVE_S)
    faulthandler.dump_traceback(_STDERR)  # Celery put a proxy in the place of sys.stderr
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    os._exit(0)


def _keep_registered(settings: RunnerSettings, app: Celery) -> None:
    """Tell the studio every few seconds that this worker lives; it may be away, or not be up yet.

    Its answer says whether the worker is paused: it then leaves the bells to others. What it is at it finishes.
    """
    line = StudioLine(settings.studio_url, settings.token.get_secret_value())
    label = chosen.launcher(settings).label
    known = paused = False
    while True:
        info = machine.describe(settings, label)  # its engines come and go
        try:
            wanted = line.register(info).paused
            if not known:
                _log.info("Registered as %s with %s", info.id, settings.studio_url)
            known = True
            if wanted != paused and _listen(app, settings, info.queues, listen=not wanted):
                paused = wanted
        except StudioError as error:
            if known:
                _log.warning("The studio does not answer: %s %s", error.message, error.detail)
            known = False
        time.sleep(REGISTER_EVERY_S if known else _REGISTER_AGAIN_S)


def _keep_reaped(launcher: Launcher) -> None:
    """End what earlier attempts left behind: at the start, and each minute what is past its deadline."""
    while True:
        try:
            launcher.reap()
        except StudioError as error:
            _log.warning("%s %s", error.message, error.detail)
        time.sleep(_REAP_EVERY_S)


def _listen(app: Celery, settings: RunnerSettings, queues: Sequence[str], *, listen: bool) -> bool:
    """Have this worker answer its queues' bells, or leave them; return whether it could be told."""
    tell = app.control.add_consumer if listen else app.control.cancel_consumer
    try:
        for queue in queues:
            tell(queue, destination=[_node_name(settings)])
    except OperationalError as error:
        _log.warning("The doorbell cannot be reached: %s", error)
        return False
    _log.info("%s by the studio", "Let go on" if listen else "Paused")
    return True


def _node_name(settings: RunnerSettings) -> str:
    """Return what Celery calls this worker: of a host's workers each has a name of its own."""
    return f"{settings.worker_id.replace(':', '-').replace('@', '-')}@runner"


def arguments(settings: RunnerSettings) -> list[str]:
    """Return how Celery is told to work."""
    queues = ",".join(machine.describe(settings, chosen.launcher(settings).label).queues)
    named = [f"--hostname={_node_name(settings)}"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
    return ["--quiet", "worker", "--pool=prefork", "--concurrency=1", f"--queues={queues}", *named, *quiet]
