"""Ports for the servers that tests start, which nobody else takes between the asking and the using."""

import random
import socket

LOWEST, HIGHEST = 12000, 32000
"""Below the ports that systems hand to whoever connects, so that no client of another test sits on one meanwhile."""

_CHANCE = random.SystemRandom()  # hypothesis seeds the other one, in each of the processes that test side by side alike


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    for _ in range(1000):
        port = _CHANCE.randrange(LOWEST, HIGHEST)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"no port from {LOWEST} to {HIGHEST} is free")
