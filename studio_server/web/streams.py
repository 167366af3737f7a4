"""The body of a request as pieces, for what is written to the disk while it comes."""

from collections.abc import AsyncIterator, Iterator

from anyio import from_thread
from fastapi import Request

_PIECE = 1024 * 1024


def pieces(request: Request) -> Iterator[bytes]:
    """Yield the body of a request about a megabyte at a time, in a worker thread."""
    stream = request.stream()
    while data := from_thread.run(_gathered, stream):
        yield data


async def _gathered(stream: AsyncIterator[bytes]) -> bytes:
    gathered = bytearray()
    while len(gathered) < _PIECE and (chunk := await anext(stream, b"")):
        gathered += chunk
    return bytes(gathered)
