"""The table of task and quality: complete for what ships, and honest where something else is made."""

from hypothesis import given

from studio_sdk.manifest import Pipeline
from studio_sdk.types import Engine, Quality
from studio_server.actions.catalog import Catalogue
from studio_server.domain.placement import Placement, Wish, place
from studio_server.domain.qualities import table, tasks_of, unserved
from studio_server.settings import ROOT
from tests.unit.domain.test_placement import ANIMATIC, TASK, WAN, catalogues, gpu, pipeline

SHIPPED = list(Catalogue(ROOT / "pipelines").pipelines().values())


def test_every_task_has_every_quality_or_says_what_is_made_instead() -> None:
    assert unserved(SHIPPED) == []
    rows = table(SHIPPED)
    assert {(row.task, row.quality) for row in rows} == {
        (task, quality) for task in tasks_of(SHIPPED) for quality in Quality
    }
    for row in rows:
        assert (row.made_at == row.quality) or row.fallback, row


def test_a_task_without_a_pipeline_is_found() -> None:
    assert "upscale-video" in unserved([WAN])
    assert TASK not in unserved([WAN])


def test_the_gap_in_the_middle_names_its_fallback() -> None:
    low_and_high = pipeline("wan", Engine.COMFYUI, [(Quality.LOW, 12), (Quality.HIGH, 24)])
    rows = {row.quality: row for row in table([ANIMATIC, low_and_high]) if row.task == TASK}
    assert rows[Quality.LOW].fallback == ""
    assert rows[Quality.STANDARD].made_at == "low"
    assert rows[Quality.STANDARD].fallback == "Nothing makes standard quality; Wan makes a take at low."
    assert (rows[Quality.HIGH].queue, rows[Quality.HIGH].vram_gb) == ("gpu.24", 24)


def test_a_card_without_wires_is_made_by_what_needs_none() -> None:
    shots = {(row.needs, row.title) for row in table(SHIPPED) if row.task == TASK and row.quality == "standard"}
    assert ((), "Animatic") in shots


@given(catalogues)
def test_the_table_is_what_placement_does_where_every_machine_is_there(offers: list[Pipeline]) -> None:
    farm = [gpu(80, *Engine)]
    for row in table(offers):
        wish = Wish(
            task=row.task, quality=row.quality, engines=(Engine.COMFYUI, Engine.CUDA, Engine.CPU, Engine.REMOTE)
        )
        answer = place(wish, offers, farm, {"house0", "house1"})
        assert isinstance(answer, Placement)
        assert (answer.pipeline.id, answer.variant.quality) == (row.pipeline, row.made_at)
        assert bool(answer.notice) == bool(row.fallback)
