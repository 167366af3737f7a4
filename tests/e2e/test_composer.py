"""The composer and the queue, as a person uses them: attach, generate, look again after a reload, put work in order."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S
from tests.faces import portrait
from tests.films import ffmpeg


def film(studio: stage.Studio, title: str) -> str:
    """Make a project and return its id."""
    answer = httpx.post(f"{studio.url}/api/v1/projects", json={"title": title, "quality": "low"}, timeout=30)
    return str(answer.json()["id"])


class Composer:
    """The composer of one project in a page."""

    def __init__(self, page: Page, studio: stage.Studio, project: str) -> None:
        self.page, self.studio, self.project = page, studio, project
        page.goto(f"{studio.url}/p/{project}/compose")
        expect(self.prompt).to_be_visible()

    @property
    def prompt(self) -> Locator:
        return self.page.get_by_role("textbox", name="Prompt")

    def attach(self, chip: str, file: Path) -> None:
        """Upload a file through a chip's menu."""
        self.page.get_by_role("button", name=f"Add {chip}").click()
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("menuitem", name="Upload a file").click()
        chooser.value.set_files(file)
        expect(self.page.get_by_role("button", name=f"Remove {file.stem}")).to_be_visible()

    def generate(self) -> None:
        self.page.get_by_role("button", name="Generate", exact=True).click()

    def runs(self) -> Locator:
        return self.page.get_by_role("article")

    def checks(self) -> Locator:
        return self.page.get_by_role("list", name="Before you generate")

    def graph(self) -> tuple[dict[str, dict[str, object]], list[dict[str, str]]]:
        """Return the nodes and wires as the studio has them."""
        now = httpx.get(f"{self.studio.url}/api/v1/projects/{self.project}", timeout=30).json()["graph"]
        return now["nodes"], list(now["edges"].values())


def clean(page: Page) -> None:
    """Look for what axe finds, in the dark and in the light."""
    axe = (stage.ROOT / "studio_web/node_modules/axe-core/axe.min.js").read_text()
    page.evaluate(axe)
    for theme in ("dark", "light"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.wait_for_timeout(300)
        found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
        told = [(one["id"], [node["html"][:600] for node in one["nodes"][:3]]) for one in found]
        assert told == [], theme


def test_a_picture_is_animated_and_the_run_is_a_shot(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    still, clip = tmp_path / "hero.png", tmp_path / "dance.mp4"
    ffmpeg("-f", "lavfi", "-i", "mandelbrot=s=1600x1200", "-frames:v", "1", str(still))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:d=1:r=24", "-pix_fmt", "yuv420p", str(clip))
    composer = Composer(page, studio, film(studio, "Composed"))

    # nothing is scolded before it is touched; what is missing is said when Generate is pressed, and nothing is sent
    expect(composer.checks()).to_have_count(0)
    composer.generate()
    expect(composer.checks()).to_contain_text("Add a picture, or say what happens")
    assert composer.graph() == ({}, [])

    # the picture has another shape than the film: it is cropped, and the warning is gone
    composer.attach("Ground truth", still)
    composer.attach("Motion video", clip)
    expect(page.get_by_role("button", name="Add Ground truth")).to_have_count(0)
    expect(composer.checks()).to_contain_text("another shape")
    composer.checks().get_by_role("button", name="Crop").click()
    crop = page.get_by_role("dialog")
    frame = crop.get_by_role("application", name="Part of the picture")
    frame.focus()
    page.keyboard.press("Shift+ArrowUp")
    crop.get_by_role("button", name="Use this part").click()
    expect(crop).to_have_count(0)
    expect(composer.checks()).to_have_count(0)

    # film words go where the caret is
    composer.prompt.fill("A harbour at dawn")
    page.get_by_role("button", name="Light", exact=True).click()
    page.get_by_role("button", name="golden hour").click()
    expect(composer.prompt).to_have_value("A harbour at dawn, golden hour")
    page.get_by_role("button", name="Advanced").click()
    page.get_by_role("slider", name="Length").fill("1")
    clean(page)

    composer.generate()
    expect(composer.runs()).to_have_count(1)
    expect(composer.runs().get_by_role("button", name="Use again")).to_be_visible(timeout=TAKE_S)
    nodes, wires = composer.graph()
    assert sorted(str(node["type"]) for node in nodes.values()) == ["asset", "asset", "shot"]
    assert sorted(wire["target_handle"] for wire in wires) == ["motion", "still"]

    # other words are another take of the same shot, and after a reload everything is there
    page.reload()
    expect(composer.runs()).to_have_count(1)
    expect(composer.prompt).to_have_value("A harbour at dawn, golden hour")
    expect(page.get_by_role("button", name="Remove dance")).to_be_visible()
    composer.prompt.fill("A harbour at night")
    expect(page.get_by_role("combobox", name="Makes")).to_have_value("same")
    composer.generate()
    expect(composer.runs().first).to_contain_text("v02 take 01", timeout=TAKE_S)
    assert len(composer.graph()[0]) == 3

    # without the clip it is another shot, which uses the picture that is there
    page.get_by_role("button", name="Remove dance").click()
    expect(page.get_by_role("combobox", name="Makes")).to_have_value("new")
    composer.generate()
    expect(composer.runs()).to_have_count(3)
    assert sorted(str(node["type"]) for node in composer.graph()[0].values()) == ["asset", "asset", "shot", "shot"]

    # an earlier take's settings come back; the canvas shows its shot
    composer.runs().last.get_by_role("button", name="Use again").click()
    expect(composer.prompt).to_have_value("A harbour at dawn, golden hour")
    expect(page.get_by_role("button", name="Remove dance")).to_be_visible()
    composer.runs().last.get_by_role("button", name="Open on canvas").click()
    expect(page).to_have_url(re.compile(f"/p/{composer.project}$"))
    shot = next(key for key, node in composer.graph()[0].items() if "'010'" in str(node["data"]))
    card = page.locator(f'.svelte-flow__node[data-id="{shot}"]')
    expect(card).to_be_in_viewport(ratio=0.8)
    expect(card).to_have_class(re.compile("selected"))


def test_an_audio_performance_needs_its_voice(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    still, voice = tmp_path / "face.png", tmp_path / "line.wav"
    portrait().save(still)
    ffmpeg("-f", "lavfi", "-i", "sine=f=220:d=2", str(voice))
    composer = Composer(page, studio, film(studio, "Performed"))
    expect(page.get_by_role("button", name="Add Motion video")).to_be_visible()
    expect(page.get_by_role("button", name="Add Audio")).to_have_count(0)
    page.get_by_role("radio", name="Audio performance").check()
    expect(page.get_by_role("button", name="Add Motion video")).to_have_count(0)
    composer.attach("Ground truth", still)
    composer.prompt.fill("She speaks softly")
    composer.generate()
    expect(composer.checks()).to_contain_text("Audio is missing.")
    assert composer.graph() == ({}, [])
    composer.attach("Audio", voice)
    composer.generate()
    run = composer.runs().first
    expect(run.get_by_role("link", name=re.compile("^Download"))).to_be_visible(timeout=TAKE_S)
    with page.expect_download() as saving:
        run.get_by_role("link", name=re.compile("^Download")).click()
    asked = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_type,duration", "-of", "csv=p=0"]
    told = subprocess.run([*asked, saving.value.path()], capture_output=True, text=True, check=True).stdout
    assert sorted(line.split(",")[0] for line in told.split()) == ["audio", "video"]
    assert all(float(line.split(",")[1]) == pytest.approx(2, abs=0.05) for line in told.split()), "as long as the voice"

    # a dropped or chosen file goes where its kind belongs
    page.get_by_role("button", name="Remove line").click()
    page.get_by_role("button", name="Add Audio").click()
    page.get_by_role("menuitem", name="Choose from the project").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("line")).click()
    expect(page.get_by_role("button", name="Remove line")).to_be_visible()


def test_a_film_changes_its_shape_when_asked_twice(page: Page, studio: stage.Studio) -> None:
    composer = Composer(page, studio, film(studio, "Shaped"))
    page.get_by_role("radio", name="9:16").check()
    expect(page.get_by_text("9:16 · 720\u00d71280")).to_be_visible()
    composer.prompt.fill("A door")
    page.get_by_role("button", name="Advanced").click()
    page.get_by_role("slider", name="Length").fill("1")
    composer.generate()
    expect(composer.runs().get_by_role("button", name="Use again")).to_be_visible(timeout=TAKE_S)
    page.get_by_text("1:1", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("radio", name="9:16")).to_be_checked()
    page.get_by_text("1:1", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Make it 1:1").click()
    expect(page.get_by_role("radio", name="1:1")).to_be_checked()


def test_the_queue_is_held_put_in_order_and_let_go(page: Page, studio: stage.Studio) -> None:
    project = film(studio, "In line")
    shots = [
        {"op": "node.add", "node": {"id": f"s{n}", "type": "shot", "x": n * 400, "y": 0, "parent": None,
                                    "data": {"prompt": f"Shot {n}", "seconds": 1}}}
        for n in range(2, 5)
    ]  # fmt: skip
    api = f"{studio.url}/api/v1"
    httpx.post(f"{api}/projects/{project}/operations", json={"operations": shots}, timeout=30).raise_for_status()
    page.goto(f"{studio.url}/p/{project}/compose")
    page.get_by_role("button", name=re.compile("^Queue")).click()
    queue = page.get_by_role("complementary", name="Queue")
    expect(queue).to_contain_text("Nothing is running or waiting")
    clean(page)

    # held before anything is asked for, so that the line can be looked at
    queue.get_by_role("button", name="Hold the queue").click()
    expect(queue.get_by_text("You held the queue.")).to_be_visible()
    expect(page.get_by_role("button", name="Queue, held")).to_be_visible()
    for name in ("s2", "s3", "s4"):
        httpx.post(f"{api}/tasks/generate_shot", json={"project_id": project, "node_id": name}, timeout=30)
    line = queue.get_by_role("list", name="Next")
    names = line.locator("[data-task] strong")
    expect(names).to_have_text(["Shot 010", "Shot 020", "Shot 030"])
    clean(page)

    # by keyboard: the last becomes the first; by mouse: the second goes to the end
    line.get_by_role("button", name=re.compile("^Move Shot 030")).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(names).to_have_text(["Shot 030", "Shot 010", "Shot 020"])
    page.wait_for_timeout(300)  # the rows have come to rest
    grip = line.get_by_role("button", name=re.compile("^Move Shot 010")).bounding_box()
    last = line.locator("li").last.bounding_box()
    assert grip
    assert last
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, last["y"] + last["height"] / 2, steps=6)
    page.mouse.up()
    expect(names).to_have_text(["Shot 030", "Shot 020", "Shot 010"])
    page.reload()
    expect(names).to_have_text(["Shot 030", "Shot 020", "Shot 010"])
    expect(queue.get_by_text("You held the queue.")).to_be_visible()

    # one is taken out, the rest is let go and comes in that order
    line.get_by_role("button", name="Cancel: Shot 020").click()
    expect(names).to_have_text(["Shot 030", "Shot 010"])
    queue.get_by_role("button", name="Let it go on").click()
    done = queue.get_by_role("list", name="Done")
    expect(done.locator("strong")).to_have_count(2, timeout=TAKE_S)
    expect(done.locator("strong").first).to_have_text("Shot 010")
    queue.get_by_role("button", name="Show on the canvas: Shot 010").click()
    expect(page.locator('.svelte-flow__node[data-id="s2"]')).to_be_in_viewport()


def test_an_empty_board_offers_three_ways_to_begin(page: Page, studio: stage.Studio) -> None:
    project = film(studio, "Begun")
    page.goto(f"{studio.url}/p/{project}")
    expect(page.get_by_role("link", name=re.compile("A picture and a sentence"))).to_have_attribute(
        "href", f"/p/{project}/compose"
    )
    clean(page)
    page.get_by_role("button", name=re.compile("^Open a sample film")).click()
    expect(page.get_by_role("group", name="Shot 010")).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_contain_text("Saved")
    graph = httpx.get(f"{studio.url}/api/v1/projects/{project}", timeout=30).json()["graph"]
    kinds = sorted(node["type"] for node in graph["nodes"].values())
    assert kinds == ["assembler", "shot", "shot", "shot"]
    assert len(graph["edges"]) == 3
    assert [node["data"].get("move") for node in graph["nodes"].values() if node["type"] == "shot"] == [
        "push-in",
        "static",
        "pan-right",
    ]
    for code in ("010", "020", "030"):
        expect(page.get_by_role("group", name=f"Shot {code}")).to_be_in_viewport()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name=re.compile("^Open a sample film"))).to_be_visible()
