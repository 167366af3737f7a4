"""The story: a new project, three shots, takes, an edit list and a film, as a person does it in a browser."""

import json
import re
import subprocess
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board
from tests.integration.studios import clip


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout


def pictures(folder: Path) -> tuple[Path, Path]:
    still, voice = folder / "harbour.png", folder / "line.wav"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "mandelbrot=s=960x540", "-frames:v", "1", still], check=True
    )
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=f=220:d=2", voice], check=True)
    return still, voice


def test_first_shot_to_first_cut(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    board = Board(page, studio)
    page.set_viewport_size({"width": 1920, "height": 1080})

    # 1 and 2: a project with its folder tree and first commit
    board.new_project("The Salt Road", "low|draft")
    folder = board.folder
    assert sorted(p.name for p in folder.iterdir() if p.name[0].isdigit()) == [
        "01_Assets",
        "02_Source_Creative",
        "03_Renders",
        "04_Project_Files",
        "05_Cache",
        "06_Exports",
    ]
    assert "filter=lfs" in (folder / ".gitattributes").read_text()
    assert git(folder, "log", "--oneline").count("\n") == 1

    # 3: nodes, files, wires
    still, voice = pictures(tmp_path)
    pipeline = board.add("Pipeline")
    first = board.add("Shot")
    asset = board.add("Asset")
    sound = board.add("Audio")
    second = board.add("Shot")
    third = board.add("Shot")
    cut = board.add("Assembler")
    board.fit()
    pipeline.get_by_role("combobox", name="Pipeline").hover()
    pipeline.get_by_role("combobox", name="Pipeline").select_option("animatic")
    board.choose(asset, still)
    board.choose(sound, voice)
    expect(asset.get_by_role("img").first).to_be_visible()
    board.saved()
    board.show_inputs(first)
    board.join(pipeline, "Pipeline", first, "Pipeline")
    board.join(asset, "Media", first, "Still")
    board.join(sound, "Audio", first, "Voice")
    for shot in (first, second, third):
        board.join(shot, "Take", cut, "Shots")
    expect(board.wires()).to_have_count(6)
    board.join(sound, "Audio", second, "Still")
    expect(page.get_by_text("Sound does not fit where a picture goes").first).to_be_visible()
    expect(board.wires()).to_have_count(6)
    for shot, prompt in (
        (first, "Dawn over the harbour"),
        (second, "Mara waits on the quay"),
        (third, "The boat leaves"),
    ):
        board.write(shot, prompt)

    # 4: takes
    board.generate(first)
    expect(first.get_by_test_id("run-state")).to_contain_text(re.compile("%|Queued|Running"))
    board.has_take(first, 1, 1)
    board.generate(first)
    board.has_take(first, 1, 2)
    for shot in (second, third):
        board.generate(shot)
    for shot in (second, third):
        board.has_take(shot, 1, 1)
    takes = folder / "03_Renders/SCENE_01/SHOT_010"
    assert {p.name for p in takes.iterdir() if p.suffix == ".mp4"} == {
        "SHOT-010_v01_take01.mp4",
        "SHOT-010_v01_take02.mp4",
    }
    assert json.loads((takes / "SHOT-010_v01_take01.json").read_text())["recipe"]["pipeline"] == "animatic"
    assert (takes / "SHOT-010_v01_take01.poster.jpg").is_file()
    assert git(folder, "show", "HEAD:03_Renders/SCENE_01/SHOT_010/SHOT-010_v01_take01.mp4").startswith(
        "version https://git-lfs"
    )
    first.get_by_role("button", name="Previous take").click()
    board.has_take(first, 1, 1)
    board.saved()
    page.reload()
    board.has_take(first, 1, 1)

    # 5: edit list and film
    cut.get_by_role("button", name=re.compile("^Export")).click()
    dialog = page.get_by_role("dialog")
    with page.expect_download() as saving:
        dialog.get_by_role("link", name=re.compile(r"Download .*_24\.edl")).click()
    edl = Path(saving.value.path()).read_text()
    assert "FCM: NON-DROP FRAME" in edl
    assert [line[5:13] for line in edl.splitlines() if re.match(r"\d{3} ", line)] == [
        "A0100101",
        "A0200101",
        "A0300101",
    ]
    assert list((folder / "04_Project_Files/EDLs").glob("*.otio"))
    page.keyboard.press("Escape")
    cut.get_by_role("button", name="Render Final Video").click()
    expect(cut.get_by_role("button", name="Watch the film")).to_be_visible(timeout=TAKE_S)
    film = next((folder / "06_Exports").glob("*.mp4"))
    facts = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", film],
            check=True,
            capture_output=True,
        ).stdout
    )["streams"]
    video = next(s for s in facts if s["codec_type"] == "video")
    timeline = httpx.get(
        f"{studio.url}/api/v1/projects/{board.project}/timeline", params={"node_id": cut.get_attribute("data-id") or ""}
    ).json()
    assert int(video["nb_read_frames"]) == timeline["frames"] == 3 * 96
    assert any(s["codec_type"] == "audio" for s in facts)
    cut.get_by_role("button", name="Watch the film").click()
    playing = page.get_by_role("dialog").locator("video")
    page.wait_for_function("video => video.readyState >= 2", arg=playing.element_handle())
    assert playing.evaluate("video => video.error") is None
    assert git(folder, "fsck", "--strict", "--no-dangling") == ""


def test_a_studio_killed_while_it_works_comes_back(page: Page, own_studio, watch: stage.Watch) -> None:
    studio = own_studio()
    studio.start()
    board = Board(page, studio)
    board.new_project("Killed", "low|draft")
    shot = board.add("Shot")
    board.write(shot, "A long walk along the quay")
    board.generate(shot)
    expect(shot.get_by_test_id("run-state")).to_contain_text("%", timeout=TAKE_S)
    watch.expect("WebSocket|Failed to load resource|ERR_CONNECTION")
    studio.kill()
    expect(page.get_by_test_id("save-state")).to_contain_text("Offline")
    board_text = "typed while the studio was away"
    shot.get_by_role("textbox", name="Prompt").fill(board_text)
    page.keyboard.press("Escape")
    studio.start()
    board.saved()
    board.has_take(shot, 1, 1)
    folder = board.folder / "03_Renders/SCENE_01/SHOT_010"
    assert [p.name for p in folder.iterdir() if p.suffix == ".mp4"] == ["SHOT-010_v01_take01.mp4"]
    state = httpx.get(f"{studio.url}/api/v1/projects/{board.project}").json()
    assert next(iter(state["graph"]["nodes"].values()))["data"]["prompt"] == board_text
    assert [t["state"] for t in state["tasks"]] == ["succeeded"]


def test_two_tabs_edit_one_shot(page: Page, studio: stage.Studio, tmp_path: Path) -> None:
    board = Board(page, studio)
    board.new_project("Two tabs", "low|draft")
    shot = board.add("Shot")
    other = page.context.new_page()
    other.goto(page.url)
    twin = Board(other, studio)
    theirs = other.locator(f'.svelte-flow__node[data-id="{shot.get_attribute("data-id")}"]')
    board.write(shot, "written in the first tab")
    expect(theirs.get_by_role("textbox", name="Prompt")).to_have_value("written in the first tab")
    theirs.get_by_role("slider", name="Length").fill("7")
    twin.saved()
    expect(shot.get_by_role("slider", name="Length")).to_have_value("7")
    twin.write(theirs, "and then in the second")
    expect(shot.get_by_role("textbox", name="Prompt")).to_have_value("and then in the second")
    other.close()


def test_files_that_are_not_what_they_say(page: Page, studio: stage.Studio, tmp_path: Path, watch: stage.Watch) -> None:
    watch.expect("415")
    board = Board(page, studio)
    board.new_project("Bad files", "low|draft")
    asset = board.add("Asset")
    liar = tmp_path / "picture.png"
    liar.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    board.choose(asset, liar)
    expect(page.get_by_text("picture.png is SVG, which the studio does not take.").first).to_be_visible()
    board.choose(asset, clip(tmp_path / "plate.mp4"))
    expect(asset.locator("img, video").first).to_be_visible()
    board.saved()
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.setData('text/uri-list', 'https://elsewhere.example/plate.jpg');
            const board = document.querySelector('[data-board] .svelte-flow__pane');
            board.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, clientX: 500, clientY: 500 }));
        }"""
    )
    expect(page.get_by_text("What was dropped is a link, not a file")).to_be_visible()


def test_a_shot_that_is_not_ready_says_what_it_needs(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Not ready", "low|draft")
    shot = board.add("Shot")
    board.generate(shot)
    expect(shot.get_by_role("alert")).to_contain_text("Write a prompt or connect a still.", timeout=TAKE_S)
