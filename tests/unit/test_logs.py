"""Log lines: one a record, for people or for machines, and a traceback never loses its cause."""

import json
import logging
import subprocess
import sys

from benchmarks.run import line
from studio_server.logs import JsonLines

SCRIPT = """
import logging, sys
from studio_server import logs
logs.configure(sys.argv[1])
logging.getLogger("studio").info("a take landed")
logging.getLogger("httpx").info("chatter")
logging.getLogger("studio").warning("disk is filling")
"""


def said(form: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, form], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_lines_for_people() -> None:
    first, second = said("text")
    assert first.endswith("INFO    studio: a take landed")
    assert second.endswith("WARNING studio: disk is filling")


def test_lines_for_machines() -> None:
    lines = [json.loads(text) for text in said("json")]
    assert [(one["level"], one["from"], one["text"]) for one in lines] == [
        ("INFO", "studio", "a take landed"),
        ("WARNING", "studio", "disk is filling"),
    ]


def test_a_traceback_stays_on_the_line() -> None:
    try:
        int("no frames")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "probe %s", ("failed",), sys.exc_info())
    text = JsonLines().format(record)
    assert "\n" not in text
    assert json.loads(text)["text"] == "probe failed"
    assert "no frames" in json.loads(text)["trace"]


def test_a_benchmark_line_has_its_figures_in_order_and_a_ratio_when_there_is_a_peer() -> None:
    found = line("landing", {"aim": 0.125, "value": 0.2, "unit": "s", "peer_value": 2.0, "at_2000_takes": 0.3})
    assert list(found) == ["name", "value", "unit", "peer_value", "ratio", "aim", "at_2000_takes"]
    assert found["ratio"] == 0.1
    assert "ratio" not in line("click-to-take", {"value": 250.0, "unit": "ms", "aim": 300.0})
