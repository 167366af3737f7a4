"""Queued jobs → Celery. The message is a doorbell with the job's id on it: losing or doubling it is harmless."""

import logging
from datetime import timedelta
from typing import Final

from celery import Celery
from kombu.exceptions import OperationalError

from studio_sdk.wire import CELERY_TASK
from studio_server.actions.studio import Studio
from studio_server.index import jobs

RING_AGAIN: Final = timedelta(seconds=60)
"""A doorbell that nobody has answered for so long is rung again."""

_log = logging.getLogger(__name__)


def doorbell(broker_url: str) -> Celery:
    """Return the sender of doorbells. It keeps no results: the database is the result."""
    app = Celery("studio", broker=broker_url)
    app.conf.update(
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2, "max_retries": 1},
        task_publish_retry=False,
    )
    return app


def dispatch(studio: Studio, app: Celery) -> int:
    """Ring for every queued job that has not been rung for; return how many. A broker that is away is tried again."""
    now = studio.now()
    with studio.index.read() as session:
        due = jobs.to_ring(session, now, RING_AGAIN)
    for count, job in enumerate(due):
        try:
            app.send_task(CELERY_TASK, args=[job.id], queue=job.plan.queue)
        except OperationalError as error:
            _log.warning("The doorbell cannot be reached, %d jobs wait: %s", len(due) - count, error)
            return count
        with studio.index.write(silent=True) as session:
            jobs.rung(session, job.id, now)
    return len(due)
