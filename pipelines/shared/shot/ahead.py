"""Draw the next frames while this one is being encoded: both let go of Python's lock, so two cores share the work."""

from collections.abc import Callable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


def ahead(make: Callable[[int], T], count: int, depth: int = 3) -> Iterator[T]:
    """Yield make(0) to make(count - 1) in order, at most `depth` of them ready before they are asked for."""
    ready: Queue[tuple[T | None, BaseException | None]] = Queue(depth)
    left = Event()

    def work() -> None:
        for number in range(count):
            try:
                item: tuple[T | None, BaseException | None] = (make(number), None)
            except BaseException as why:  # noqa: BLE001 - carried to the thread that asked
                item = (None, why)
            while not left.is_set():
                try:
                    ready.put(item, timeout=0.1)
                    break
                except Full:
                    continue
            if left.is_set() or item[1] is not None:
                return

    Thread(target=work, daemon=True).start()
    try:
        for _ in range(count):
            made, why = ready.get()
            if why is not None:
                raise why
            assert made is not None  # noqa: S101 - one of the two is always there
            yield made
    finally:
        left.set()
