"""A graph exported from ComfyUI becomes a pipeline: what is proposed, what is refused, and that it runs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_sdk import conformance, sample, testing
from studio_sdk.importing import exported, proposal
from studio_sdk.names import SocketType
from studio_sdk.places import ProcessPlace
from studio_sdk.types import Format
from tests.fakes.comfy import FakeComfy
from tests.films import PIPELINES

STUDIO_SDK = Path(sys.executable).with_name("studio-sdk")
GRAPHS = Path(__file__).parents[1] / "data" / "comfy" / "graphs"
PYTHON = PIPELINES / "environments" / "comfy" / ".venv" / "bin" / "python"
SMALL = Format(width=64, height=64, frame_rate="16/1")


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[FakeComfy]:
    with FakeComfy(tmp_path / "comfy") as fake:
        for graph in GRAPHS.iterdir():
            for folder, file in proposal.propose(exported.load(graph)).models:
                fake.models[folder] = sorted({*fake.models[folder], file})
        yield fake


def said(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON.with_name("studio-sdk"), *map(str, words)], capture_output=True, text=True, check=False
    )


def shown(name: str, *accept: str) -> dict[str, SocketType]:
    found = proposal.propose(exported.load(GRAPHS / name)).chosen(accept)
    return {one.name: one.type for one in found.inputs if one.shown}


def test_what_a_person_sets_is_proposed_by_what_it_is_for() -> None:
    assert shown("move.json") == {
        "reference_image": "Image",
        "pose_video": "Video",
        "face_video": "Video",
        "video": "Video",
        "prompt": "String",
        "negative": "String",
        "width": "Integer",
        "height": "Integer",
        "frames": "Integer",
    }
    assert shown("overlay.json") == {"video": "Video", "image": "Image"}
    assert shown("text.json", "steps", "cfg").keys() >= {"prompt", "negative", "steps", "cfg"}


def test_one_setting_goes_everywhere_the_graph_has_it() -> None:
    found = proposal.propose(exported.load(GRAPHS / "move.json"))
    places = {one.name: one.places for one in found.inputs}
    assert places["width"] == (("15", "width"), ("20", "width"))
    assert found.seeds == (("16", "seed"), ("21", "seed"))
    assert ("diffusion_models", "Wan2_2-Animate-14B_fp8_e4m3fn_scaled_KJ.safetensors") in found.models
    assert [(one.name, one.type, one.node) for one in found.outputs] == [("video", "Video", "30")]


UI = {"nodes": [{"id": 1, "type": "KSampler"}], "links": [], "version": 0.4}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (UI, "Workflow > Export (API)"),
        ([], "no graph that ComfyUI can run"),
        ({"1": {"inputs": {}}}, "has no class_type"),
        ({"1": {"class_type": "SaveImage"}}, "has no inputs"),
        ({"1": {"class_type": "SaveImage", "inputs": {"images": ["7", 0]}}}, "wired to node 7, which is not there"),
        ({"1": {"class_type": "PreviewImage", "inputs": {}}}, "saves nothing that the studio can take"),
    ],
)
def test_what_is_no_graph_is_refused_in_words(told: object, words: str, tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_text(json.dumps(told))
    done = said("import-comfy", tmp_path / "graph.json", tmp_path / "look")
    assert (done.returncode, words in done.stderr) == (64, True), done.stderr
    assert not (tmp_path / "look").exists()


def test_a_name_that_cannot_be_set_is_refused_with_those_that_can(tmp_path: Path) -> None:
    done = said("import-comfy", GRAPHS / "text.json", tmp_path / "look", "--accept", "stepps")
    assert (done.returncode, "steps" in done.stderr) == (64, True)
    assert not (tmp_path / "look").exists()


def test_a_hostile_graph_gets_no_word_into_the_program(tmp_path: Path) -> None:
    evil = '1"+open("/tmp/evil-import","w").name+"'
    graph = json.loads((GRAPHS / "text.json").read_text())
    text = next(node for node, facts in graph.items() if facts["class_type"] == "CLIPTextEncode")
    saver = next(node for node, facts in graph.items() if facts["class_type"] == "SaveVideo")
    graph[evil] = graph.pop(saver)
    graph[text]["_meta"] = {"title": '"""\nimport os; os.system("touch /tmp/evil-import")\n"""'}
    graph[text]["inputs"]["text"] = '"""; __import__("os").system("touch /tmp/evil-import"); """'
    (tmp_path / "graph.json").write_text(json.dumps(graph))
    done = said("import-comfy", tmp_path / "graph.json", tmp_path / "look")
    assert done.returncode == 0, done.stderr
    assert not Path("/tmp/evil-import").exists()
    assert testing.manifest(tmp_path / "look").inputs["import_os_os_system_touch_tmp_evil_impor"].default


@pytest.mark.parametrize("name", ["text", "still", "move", "speech", "overlay"])
def test_an_imported_graph_runs(name: str, comfy: FakeComfy, tmp_path: Path) -> None:
    folder = tmp_path / "film-look"
    done = said("import-comfy", GRAPHS / f"{name}.json", folder, "--server", comfy.url)
    assert done.returncode == 0, done.stderr
    assert (folder / "graphs/film-look.json").read_bytes() == (GRAPHS / f"{name}.json").read_bytes()
    facts = testing.manifest(folder)
    graph = json.loads((GRAPHS / f"{name}.json").read_text())
    assert set(facts.requires.nodes) == {node["class_type"] for node in graph.values()}
    assert facts.services == ("comfyui",)
    given = sample.sample_of(folder, facts)
    small = {"width": 64, "height": 64} if "width" in facts.inputs else {}
    params = {**given.params, **small, **({"prompt": "A lamp is lit"} if "prompt" in facts.inputs else {})}
    testing.prepare(folder, tmp_path / "job", params, given.files, picture=SMALL, seed=4711)
    run = testing.carry_out(folder, tmp_path / "job", PYTHON, comfyui=comfy.url)
    assert testing.breaches(facts, run) == []
    assert run.status == 0, run.printed.decode()
    assert run.result
    assert run.result.made_with.comfyui == comfy.version
    assert list(run.result.made_with.workflows) == ["film-look.json"]
    (sent,) = [done.item.graph for done in comfy.line.history.values()]
    slots = json.loads((folder / "slots.json").read_text())["film-look.json"]
    for slot, places in slots.items():
        for node, into in places:
            value = sent[node]["inputs"][into]
            if slot == "seed":
                assert value == 4711
            elif slot in params:
                assert value == params[slot]
            else:
                assert (comfy.root / "input" / value).is_file()


def test_what_a_server_lacks_is_told(comfy: FakeComfy, tmp_path: Path) -> None:
    comfy.absent.add("Canny")
    graph = json.loads((GRAPHS / "overlay.json").read_text())
    graph["20"] = {"class_type": "DWPreprocessor", "inputs": {"image": ["4", 0]}}
    graph["21"] = {"class_type": "Canny", "inputs": {"image": ["20", 0]}}
    (tmp_path / "graph.json").write_text(json.dumps(graph))
    told = said("import-comfy", tmp_path / "graph.json", tmp_path / "look", "--server", comfy.url, "--look").stdout
    assert "node pack `comfyui_controlnet_aux` for DWPreprocessor: pin its commit" in told
    assert "the node Canny is not on the server that was asked" in told
    assert not (tmp_path / "look").exists()


def test_an_imported_pipeline_keeps_every_promise(comfy: FakeComfy, tmp_path: Path) -> None:
    folder = tmp_path / "film-look"
    assert said("import-comfy", GRAPHS / "still.json", folder).returncode == 0
    (tmp_path / "runs").mkdir()
    found = list(conformance.trials(ProcessPlace(folder, PYTHON, comfy.url), tmp_path / "runs"))
    assert [one for one in found if one.faults] == []
    assert len(found) > 15


def test_its_program_is_clean(tmp_path: Path) -> None:
    folder = tmp_path / "film-look"
    assert said("import-comfy", GRAPHS / "move.json", folder, "--accept", "steps,cfg").returncode == 0
    ruff = Path(sys.executable).with_name("ruff")
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    words = ["check", "--isolated", "--line-length", "120", "--select", "E4,E7,E9,F,I,B,UP", folder]
    done = subprocess.run([ruff, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    report = (folder / "IMPORTED.md").read_text()
    assert "diffusion_models/Wan2_2-Animate" in report
    assert "`reference_image` (Image): node 8 (LoadImage)" in report
