"""Files that a pipeline keeps beside its take: declared, checked by the runner like outputs, and nothing else."""

import hashlib
import json
import sys
from pathlib import Path

import pytest
from PIL import Image
from pydantic import ValidationError

from function_runner import collect
from studio_sdk import testing
from studio_sdk.contract import Result
from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline
from studio_sdk.testing import Outcome

PROGRAM = """
from pathlib import Path
from studio_sdk import Companion, Image, Job, Variant, main, pipeline
from PIL import Image as Still

@pipeline(id="small", version="1.0.0", title="Small", task="make-still", output="still",
          companions={"rough": Companion(Image, "Rough"), "other": Companion(Image, "Other")})
def small(job: Job, keep: str = "rough") -> Image:
    \"\"\"A still and, where it is asked for, the rough one.\"\"\"
    for name in ("still", "rough"):
        Still.new("RGB", (8, 8), (9, 9, len(name))).save(job.outputs / f"{name}.png")
    if keep:
        job.beside(keep, job.outputs / "rough.png")
    else:
        (job.outputs / "rough.png").unlink()
    return Image(job.outputs / "still.png")

main(small)
"""


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "main.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "pipeline.json").write_text(testing.described(folder), encoding="utf-8")
    return folder


def carry_out(pipeline: Path, keep: str) -> Outcome:
    job = pipeline.parent / "job"
    testing.prepare(pipeline, job, {"keep": keep})
    return testing.carry_out(pipeline, job, sys.executable)


def judged(folder: Path, facts: Pipeline, result: Result) -> list[tuple[str, str]]:
    """Look at what was made as the runner does before it hands it in."""
    found = collect.outputs(folder, facts, result)
    try:
        return [(one.name, one.look.verdict()) for one in found]
    finally:
        for one in found:
            one.close()


def test_a_declared_one_is_handed_in_and_one_that_is_left_out_is_no_fault(pipeline: Path) -> None:
    facts = testing.manifest(pipeline)
    assert {name: one.title for name, one in facts.companions.items()} == {"rough": "Rough", "other": "Other"}
    done = carry_out(pipeline, "rough")
    assert done.result
    assert testing.breaches(facts, done) == []
    assert judged(done.folder, facts, done.result) == [("still", "image/png"), ("rough", "image/png")]


def test_none_is_no_fault(pipeline: Path) -> None:
    done = carry_out(pipeline, "")
    assert testing.breaches(testing.manifest(pipeline), done) == []
    assert "companions" not in json.loads((done.folder / "outputs" / "result.json").read_bytes())


def test_one_that_was_not_declared_ends_the_run_in_words(pipeline: Path) -> None:
    done = carry_out(pipeline, "secret")
    assert done.result
    assert done.result.error
    words = "The pipeline keeps secret beside the take and does not declare it."
    assert (done.result.error.code, done.result.error.message) == (Code.OUTPUT_INVALID, words)


@pytest.mark.parametrize("wrong", ["undeclared", "twice", "text", "outside", "large"])
def test_the_runner_believes_nothing(pipeline: Path, tmp_path: Path, wrong: str) -> None:
    facts, done = testing.manifest(pipeline), carry_out(pipeline, "rough")
    assert done.result
    (one,) = done.result.companions
    told = [one]
    if wrong == "undeclared":
        facts = facts.model_copy(update={"companions": {}})
    elif wrong == "twice":
        told = [one, one]
    elif wrong == "text":
        path = done.folder / one.path
        path.write_text("<script>", encoding="utf-8")
        digest = hashlib.sha256(b"<script>").hexdigest()
        told = [one.model_copy(update={"sha256": digest, "bytes": 8})]
    elif wrong == "outside":
        Image.new("RGB", (8, 8)).save(tmp_path / "mine.png")
        (done.folder / one.path).unlink()
        (done.folder / one.path).symlink_to(tmp_path / "mine.png")
    else:
        told = [one.model_copy(update={"bytes": 2**40})]
    result = Result.model_validate(done.result.model_dump() | {"companions": [each.model_dump() for each in told]})
    with pytest.raises(StudioError) as refused:
        judged(done.folder, facts, result)
    assert refused.value.code is Code.OUTPUT_INVALID


@pytest.mark.parametrize(
    "companions",
    [
        {"poster": {"type": "Image", "title": "Poster"}},
        {"Pose": {"type": "Video", "title": "Pose"}},
        {"a.b": {"type": "Video", "title": "Pose"}},
        {"still": {"type": "Image", "title": "Still"}},
        {"cut": {"type": "EDL", "title": "Cut"}},
    ],
)
def test_a_name_or_type_that_cannot_lie_beside_a_take_is_refused(
    pipeline: Path, companions: dict[str, dict[str, str]]
) -> None:
    told = json.loads((pipeline / "pipeline.json").read_bytes()) | {"companions": companions}
    with pytest.raises(ValidationError):
        Pipeline.model_validate(told)
