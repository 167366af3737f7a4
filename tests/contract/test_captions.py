"""Captions as an output: the runner and the kit believe nothing of a pipeline's file, and say what is wrong with it."""

import sys
from pathlib import Path

import pytest

from function_runner import collect
from studio_sdk import testing
from studio_sdk.errors import Code, StudioError

PROGRAM = """
from pathlib import Path
from studio_sdk import Captions, Job, main, pipeline

@pipeline(id="scribe", version="1.0.0", title="Scribe", task="write-captions")
def scribe(job: Job, text: str) -> Captions:
    \"\"\"Write down what it is told.\"\"\"
    made = Captions(job.outputs / "said.srt")
    made.write_text(text, encoding="utf-8")
    return made

main(scribe)
"""
GOOD = "1\n00:00:00,400 --> 00:00:02,000\nWhere were you?\n"


def carry_out(tmp_path: Path, text: str) -> tuple[list[str], str]:
    """Run it on a text; return what the kit finds wrong and what the runner says that it is."""
    folder = tmp_path / "scribe"
    folder.mkdir()
    (folder / "main.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "pipeline.json").write_text(testing.described(folder), encoding="utf-8")
    testing.prepare(folder, tmp_path / "job", {"text": text})
    done = testing.carry_out(folder, tmp_path / "job", sys.executable)
    facts = testing.manifest(folder)
    assert done.result
    (found,) = collect.outputs(done.folder, facts, done.result)
    try:
        return testing.breaches(facts, done), found.look.verdict()
    finally:
        found.close()


def test_good_ones_are_taken(tmp_path: Path) -> None:
    assert carry_out(tmp_path, GOOD) == ([], "application/x-subrip")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Where were you?", "number and its times"),
        (GOOD.replace("Where", "<img src=x onerror=alert(1)>"), "markup"),
        (GOOD.replace("00:00:02", "00:00:00"), "ends before it begins"),
        (GOOD + " " * (2 << 20), "larger than 2 MB"),
    ],
)
def test_others_are_refused_with_the_reason(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="which is not a captions file") as refused:
        carry_out(tmp_path, text)
    assert refused.value.code is Code.OUTPUT_INVALID
    assert why in refused.value.detail
    facts, job = testing.manifest(tmp_path / "scribe"), tmp_path / "job"
    assert any("Captions" in breach for breach in testing.breaches(facts, testing.outcome(job, 0, 0.1)))
