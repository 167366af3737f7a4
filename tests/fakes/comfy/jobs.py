"""The answers of /api/jobs, and of a download that breaks off."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tests.fakes.comfy.line import Line


def told(line: Line, prompt_id: str) -> dict[str, Any] | None:
    """Return a job as GET /api/jobs/{id} tells it, None where nobody knows it."""
    with line.lock:
        item = next((one for one in line.pending if one.id == prompt_id), None)
        running = line.running if line.running and line.running.id == prompt_id else None
        done = line.history.get(prompt_id)
    if waiting := item or running:
        state = "in_progress" if running else "pending"
        facts = {"id": prompt_id, "status": state, "priority": waiting.number, "create_time": waiting.created}
        return facts | {"outputs_count": 0, "previewable_outputs_count": 0}
    if done is None:
        return None
    last = done.messages[-1]
    state = {"execution_success": "completed", "execution_interrupted": "cancelled"}.get(last[0], "failed")
    facts = {"id": prompt_id, "status": state, "priority": done.item.number, "create_time": done.item.created}
    facts |= {"execution_start_time": done.item.started, "execution_end_time": done.ended}
    if state == "failed":
        facts["execution_error"] = last[1]
    entry = done.entry()
    return facts | {"outputs_count": len(done.outputs), "outputs": done.outputs, "execution_status": entry["status"]}


def cut_short(path: Path, request: Request, reset: Callable[[Request], None]) -> Response:
    """Return half of what was asked for, then nothing: the connection is reset."""
    content = path.read_bytes()
    start = int(request.headers.get("range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
    half = content[start : start + (len(content) - start) // 2]

    async def pieces() -> AsyncIterator[bytes]:
        yield half
        reset(request)

    headers = {"content-length": str(len(content) - start)}
    if start:
        headers["content-range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    return StreamingResponse(pieces(), 206 if start else 200, headers=headers)
