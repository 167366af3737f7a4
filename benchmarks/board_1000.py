"""A thousand shots on the board, panned with all in sight, against React Flow with its culling on."""

from benchmarks import board

NAME = "board-1000"


def measure() -> dict[str, object]:
    """Return processor milliseconds of the main thread for each frame of a pan with everything in sight."""
    return board.measure(1000)
