"""A film that was written in one language gets voices in another: its lines, translated, in place of its own."""

import re
from uuid import uuid4

import httpx
from playwright.sync_api import Page, expect

from tests import stage
from tests.e2e.board import TAKE_S, Board

SCRIPT = "EXT. HARBOUR - NIGHT\n\nFog over the water.\n\nJANE\nYou came back.\n\nTOM\nI did.\n"


def test_the_lines_of_a_film_are_spoken_in_another_language_in_place_of_its_own(
    page: Page, studio: stage.Studio
) -> None:
    with httpx.Client(base_url=f"{studio.url}/api/v1", timeout=60) as api:
        project = api.post("/projects", json={"title": "Harbour"}).json()["id"]
        cut = api.post(f"/projects/{project}/script", json={"text": SCRIPT, "title": "Fog"}).json()["assembler"]
        page.goto(f"{studio.url}/p/{project}")
        board = Board(page, studio)
        board.saved()
        page.keyboard.press("Control+k")
        palette = page.get_by_role("dialog", name="Commands, cards and takes")
        palette.get_by_role("combobox").fill("Open the cut")
        palette.get_by_role("option", name=re.compile("Open the cut")).first.click()
        film = page.get_by_role("dialog", name="The cut: Fog")
        voices = film.get_by_test_id("voices")
        voices.get_by_text("Voices by language (0)").click()
        field = voices.get_by_label("Voices in another language")
        field.fill("ja")
        voices.get_by_role("button", name="Add voices in Japanese").click()
        expect(voices.get_by_role("alert")).to_contain_text("has no voice for Japanese")
        field.fill("fr")
        voices.get_by_role("button", name="Add voices in French").click()
        expect(page.get_by_text("2 lines have no French yet", exact=False)).to_be_visible()
        rows = voices.get_by_role("listitem")
        said = len(api.get(f"/projects/{project}/timeline", params={"node_id": cut}).json()["voices"])
        expect(rows).to_have_count(max(1, said), timeout=30_000)
        expect(rows.first.get_by_text("has no take yet: it replaces nothing")).to_be_visible()
        expect(rows.first.get_by_label("Heard in")).to_have_value("fr")
        board.saved()

        graph = api.get(f"/projects/{project}").json()["graph"]["nodes"]
        (voice, *_) = [one for one in graph.values() if one["type"] == "speech"]
        ask = {"project_id": project, "node_id": voice["id"]}
        refused = api.post("/tasks/generate_shot", json=ask)
        assert refused.status_code == 422, refused.text
        assert "no French yet" in refused.json()["message"]
        words = {"You came back.": "Te voilà.", "I did.": "Me voilà."}
        operations = [
            {"op": "node.set", "id": one["id"], "name": "value:fr", "value": words[one["data"]["value"]]}
            for one in graph.values()
            if one["type"] == "dialogue"
        ]
        api.post(f"/projects/{project}/operations", json={"op_id": str(uuid4()), "operations": operations})
        api.post("/tasks/generate_shot", json=ask).raise_for_status()
        expect(rows.first.get_by_text("not in this film: another language")).to_be_visible(timeout=TAKE_S)

        # It says more than its shot has room for: by how much is told where it stands, with what can be done.
        short = [{"op": "node.set", "id": voice["data"]["sound_instead"], "name": "seconds", "value": 1}]
        api.post(f"/projects/{project}/operations", json={"op_id": str(uuid4()), "operations": short})
        too_long = rows.first.get_by_test_id("too-long")
        expect(too_long).to_contain_text(re.compile(r"Speaks [\d.]+ s longer than Shot 010\."), timeout=30_000)
        expect(too_long).to_contain_text("Shorten its lines, or let it run on")

        # On the page, too, the shot's own sound is not heard in the French film, and is in the one that was written.
        spoken = next(one for one in graph.values() if one["type"] == "shot")
        ask = {"project_id": project, "node_id": spoken["id"]}
        api.post("/tasks/generate_shot", json=ask).raise_for_status()
        expect(film.get_by_text("1 shot is a slate")).to_have_count(0, timeout=TAKE_S)
        player = film.locator("video")
        expect(player.first).to_be_attached()
        assert any(not muted for muted in player.evaluate_all("(all) => all.map((one) => one.muted)"))
        french = [{"op": "node.set", "id": cut, "name": "language", "value": "fr"}]
        api.post(f"/projects/{project}/operations", json={"op_id": str(uuid4()), "operations": french})
        expect(rows.first.get_by_text("heard in this film", exact=True)).to_be_visible(timeout=30_000)
        page.wait_for_function("() => [...document.querySelectorAll('video')].every((one) => one.muted)")

        film.get_by_role("group", name="The film as it stands").focus()
        page.keyboard.press("Control+z")
        board.saved()
        left = api.get(f"/projects/{project}").json()["graph"]["nodes"]
        assert not [one for one in left.values() if one["type"] == "speech"]
