"""Queued jobs → Celery. The message is a doorbell with the job's id on it: losing or doubling it is harmless."""

import logging
from datetime import timedelta
from typing import Final

from celery import Celery
from kombu.connection import Connection
from kombu.exceptions import ChannelError, OperationalError

from studio_sdk.wire import CELERY_TASK
from studio_server.actions.studio import Studio
from studio_server.index import jobs

RING_AGAIN: Final = timedelta(seconds=60)
"""A doorbell that nobody has answered for so long is rung again."""

SURELY_HEARD: Final = timedelta(seconds=3)
"""A doorbell that rang so long ago is in its queue, or a worker has it."""

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
    """Ring for every queued job that has not been rung for; return how many. A broker that is away is tried again.

    It is noted first: of two web processes one rings. What a crash keeps from ringing rings again a minute later.
    """
    now = studio.now()
    with studio.index.read() as session:
        if not jobs.to_ring(session, now, RING_AGAIN, 1):
            return 0
    with studio.index.write(silent=True) as session:
        due = jobs.to_ring(session, now, RING_AGAIN, hold=True)
        jobs.rung(session, [job.id for job in due], now)
    for count, job in enumerate(due):
        try:
            app.send_task(CELERY_TASK, args=[job.id], queue=job.plan.queue)
        except OperationalError as error:
            _log.warning("The doorbell cannot be reached, %d jobs wait: %s", len(due) - count, error)
            with studio.index.write(silent=True) as session:
                jobs.rung(session, [left.id for left in due[count:]], None)
            return count
    return len(due)


def ring_lost(studio: Studio, app: Celery) -> int:
    """Have rung again for queues in which jobs wait and no doorbell is left: the broker was renewed, or a worker died.

    Returns for how many jobs. Without it they would wait for `RING_AGAIN`.
    """
    with studio.index.read() as session:
        waiting = jobs.unanswered(session, studio.now() - SURELY_HEARD)
    if not waiting:
        return 0
    try:
        with app.connection_for_write() as connection:
            silent = [queue for queue in waiting if not _bells(connection, queue)]
    except OperationalError:
        return 0  # dispatch says so
    again = [job for queue in silent for job in waiting[queue]]
    if again:
        with studio.index.write() as session:
            jobs.rung(session, again, None)
    return len(again)


def _bells(connection: Connection, queue: str) -> int:
    """Return how many doorbells wait in a queue."""
    try:
        found = connection.default_channel.queue_declare(queue=queue, passive=True)  # type: ignore[no-untyped-call]
        return int(found.message_count)
    except ChannelError:  # a queue without messages does not exist
        return 0
