"""How the studio's programs write their log lines: one line an event on standard error, for people or for machines.

Called once by a program's entry point. The supervisor collects the lines into files; nothing here opens one.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, where from, text, and the traceback when there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(form: Literal["text", "json"]) -> None:
    """Send every log line of this process to standard error in the given form."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        JsonLines() if form == "json" else logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[lines], force=True)
    for chatty in (
        "uvicorn",
        "uvicorn.error",
        "uvicorn.access",
        "httpx",
        "httpcore",
        "alembic",
        "engineio",
        "socketio",
    ):
        logging.getLogger(chatty).setLevel(logging.WARNING)
