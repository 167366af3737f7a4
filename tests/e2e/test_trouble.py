"""Trouble while the page is open: the folder goes, the file breaks, a program dies. Nothing is lost, all is said."""

import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board

CANVAS = "02_Source_Creative/Canvases/main_canvas.json"


def wait_for(page: Page, seen: Callable[[], bool]) -> None:
    for _ in range(100):
        if seen():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within ten seconds")


def test_a_folder_that_is_moved_while_it_is_open(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Moved away", "low")
    shot = board.add("Shot")
    folder = board.folder
    wait_for(page, lambda: '"type": "shot"' in (folder / CANVAS).read_text())
    elsewhere = studio.workspaces / "elsewhere"
    shutil.move(folder, elsewhere)
    expect(page.get_by_text("The project's folder is no longer where it was.").first).to_be_visible()
    board.write(shot, "typed while the folder was gone")
    shutil.move(elsewhere, folder)
    expect(page.get_by_text("The project's folder is no longer where it was.")).to_have_count(0)
    wait_for(page, lambda: "typed while the folder was gone" in (folder / CANVAS).read_text())


def test_a_canvas_file_broken_by_somebody_else(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("Broken file", "low")
    shot = board.add("Shot")
    file = board.folder / CANVAS
    wait_for(page, lambda: '"type": "shot"' in file.read_text())
    good = file.read_text()
    file.write_text(good.replace('"schema": 1,', '"schema": 1'))
    expect(page.get_by_text("main_canvas.json cannot be read").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("line 3").first).to_be_visible()
    expect(shot).to_be_visible()
    file.write_text(good.replace('"data": {', '"data": {"prompt": "mended by hand", '))
    expect(shot.get_by_role("textbox", name="Prompt")).to_have_value("mended by hand", timeout=30_000)
    expect(page.get_by_text("main_canvas.json cannot be read")).to_have_count(0, timeout=30_000)


def test_a_take_put_there_by_hand_is_a_take(page: Page, studio: stage.Studio) -> None:
    board = Board(page, studio)
    board.new_project("By hand", "low")
    shot = board.add("Shot")
    board.write(shot, "A door opens")
    board.generate(shot)
    board.has_take(shot, 1, 1)
    folder = board.folder / "03_Renders/SCENE_01/SHOT_010"
    shutil.copyfile(folder / "SHOT-010_v01_take01.mp4", folder / "SHOT-010_v01_take07.mp4")
    expect(shot).to_contain_text("1/2")
    shot.get_by_role("button", name="Next take").click()
    board.has_take(shot, 1, 7)


def test_programs_that_die_are_not_the_persons_trouble(
    page: Page, own_studio: Callable[..., stage.Studio], watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_CONNECTION")
    studio = own_studio()
    studio.start()
    board = Board(page, studio)
    board.new_project("Deaths", "low")
    shot = board.add("Shot")
    board.write(shot, "She waits")
    for program in ("web", "runner", "bell"):
        board.generate(shot)
        expect(shot.get_by_test_id("run-state")).to_contain_text("%", timeout=TAKE_S)
        studio.kill_program(program)
        expect(shot.get_by_role("button", name="Generate")).to_be_visible(timeout=TAKE_S)
    board.has_take(shot, 1, 3)
    takes = board.folder / "03_Renders/SCENE_01/SHOT_010"
    assert sorted(p.name for p in takes.iterdir() if p.suffix == ".mp4") == [
        f"SHOT-010_v01_take0{number}.mp4" for number in (1, 2, 3)
    ]


def test_what_came_and_went_while_the_studio_was_down_is_shown_when_it_is_back(
    page: Page, own_studio: Callable[..., stage.Studio], watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_CONNECTION")
    studio = own_studio()
    studio.start()
    board = Board(page, studio)
    board.new_project("Nobody there", "low")
    shot = board.add("Shot")
    board.write(shot, "A door opens")
    board.generate(shot)
    board.has_take(shot, 1, 1)
    studio.stop()
    expect(page.get_by_test_id("save-state")).to_contain_text("Offline")
    folder = board.folder
    takes = folder / "03_Renders/SCENE_01/SHOT_010"
    shutil.copyfile(takes / "SHOT-010_v01_take01.mp4", takes / "SHOT-010_v01_take07.mp4")
    shutil.copyfile(takes / "SHOT-010_v01_take01.mp4", folder / "01_Assets/Source_Media/harbour.mp4")
    studio.start()
    board.saved()
    expect(shot).to_contain_text("1/2")
    page.get_by_role("button", name="All panels").click()
    page.get_by_role("menuitem", name="Assets").click()
    expect(page.get_by_role("complementary", name="Assets")).to_contain_text("harbour")


def no_machine(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Queue").get_by_test_id("no-machine")


def test_that_no_machine_is_there_is_said_until_one_comes_back(
    page: Page, own_studio: Callable[..., stage.Studio], watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_CONNECTION")
    studio = own_studio()
    studio.start()
    board = Board(page, studio)
    board.new_project("Nobody to make it", "low")
    shot = board.add("Shot")
    board.write(shot, "She waits")
    studio.signal_program("runner", signal.SIGSTOP)
    board.generate(shot)
    words = "No machine is there to make it. It starts by itself when one is back."
    expect(shot.get_by_test_id("run-state")).to_have_text(words, timeout=TAKE_S)
    page.get_by_role("button", name=re.compile("^Queue")).click()
    expect(no_machine(page)).to_contain_text(words)
    expect(no_machine(page).get_by_role("link", name="See which machines are there")).to_be_visible()
    expect(page.get_by_role("complementary", name="Queue")).to_contain_text("no machine can make it now")
    page.get_by_role("link", name="Compose").click()
    expect(page.get_by_role("article", name="Run: Shot 010")).to_contain_text(words)
    page.get_by_role("textbox", name="Prompt").fill("A door opens")
    expect(page.get_by_role("list", name="Before you generate")).to_contain_text("Nothing can make this right now.")
    studio.signal_program("runner", signal.SIGCONT)
    expect(no_machine(page)).to_have_count(0, timeout=TAKE_S)
    expect(page.get_by_role("article", name="Run: Shot 010")).to_contain_text("take 01", timeout=TAKE_S)
    expect(page.get_by_text("Nothing can make this right now.")).to_have_count(0, timeout=TAKE_S)


def test_an_edit_made_offline_outlives_its_tab(
    page: Page, own_studio: Callable[..., stage.Studio], watch: stage.Watch
) -> None:
    watch.expect("WebSocket|Failed to load resource|ERR_CONNECTION")
    studio = own_studio()
    studio.start()
    board = Board(page, studio)
    board.new_project("Closed tab", "low")
    shot = board.add("Shot")
    address = page.url
    studio.kill()
    expect(page.get_by_test_id("save-state")).to_contain_text("Offline")
    shot.get_by_role("textbox", name="Prompt").fill("typed while the studio was gone")
    page.close()
    studio.start()
    again = page.context.new_page()
    again.goto(address)
    prompt = again.get_by_role("textbox", name="Prompt")
    expect(prompt).to_have_value("typed while the studio was gone")
    expect(again.get_by_test_id("save-state")).to_contain_text("Saved")
    expect(again.get_by_text("An edit that was not saved last time was kept").first).to_be_visible()
    again.reload()
    expect(prompt).to_have_value("typed while the studio was gone")


def test_an_unknown_project_leads_back_to_the_list(page: Page, studio: stage.Studio, watch: stage.Watch) -> None:
    watch.expect("404|WebSocket|refused")
    page.goto(f"{studio.url}/p/00000000-0000-0000-0000-000000000000")
    expect(page.get_by_text("There is no such project.").first).to_be_visible()
    page.get_by_role("link", name="Back to the projects").click()
    expect(page).to_have_title(re.compile("^Projects"))


def test_an_address_that_leads_nowhere_and_a_page_that_is_not_old(page: Page, studio: stage.Studio) -> None:
    page.goto(f"{studio.url}/no/such/page")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Go to the projects").click()
    expect(page).to_have_title(re.compile("^Projects"))
    # Whoever comes back to the tab hears of a newer studio only if there is one.
    with page.expect_response("**/_app/version.json") as answer:
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    answer.value.finished()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(page.get_by_text("The studio was updated")).to_have_count(0)


def test_two_studios_on_one_port(own_studio: Callable[..., stage.Studio], tmp_path: Path) -> None:
    first = own_studio()
    first.start()
    second = own_studio(STUDIO_PORT=str(first.port))
    second.port = first.port
    try:
        second.start()
    except AssertionError as refused:
        said = str(refused)
    else:
        raise AssertionError("a second studio started on the same port")
    assert "PORT_IN_USE" in said
    assert "STUDIO_PORT" in said
    assert "Traceback" not in said
