"""What the ComfyUI client does in trouble, once more and through a job's own door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from function_runner.door import opened
from tests.contract.test_comfy_client import (
    job,
    still,
    test_a_broken_model_file_is_named,
    test_a_busy_server_is_waited_for,
    test_a_cut_socket_costs_nothing,
    test_a_download_that_breaks_is_resumed,
    test_a_file_that_vanished_after_it_was_sent_is_sent_again,
    test_a_job_that_somebody_else_stopped_says_so,
    test_a_process_that_is_started_again_finds_its_job,
    test_a_server_that_dies_and_comes_back_gets_files_and_job_again,
    test_a_server_that_stays_away_is_told_as_away,
    test_a_server_without_the_jobs_routes,
    test_a_stalled_socket_does_not_hold_the_job,
    test_an_answer_that_never_came_does_not_make_two_jobs,
    test_previews_come_with_the_newest_only,
    test_what_is_too_large_or_finds_no_room_is_told,
)
from tests.fakes.comfy import FakeComfy

__all__ = [
    "job",
    "still",
    "test_a_broken_model_file_is_named",
    "test_a_busy_server_is_waited_for",
    "test_a_cut_socket_costs_nothing",
    "test_a_download_that_breaks_is_resumed",
    "test_a_file_that_vanished_after_it_was_sent_is_sent_again",
    "test_a_job_that_somebody_else_stopped_says_so",
    "test_a_process_that_is_started_again_finds_its_job",
    "test_a_server_that_dies_and_comes_back_gets_files_and_job_again",
    "test_a_server_that_stays_away_is_told_as_away",
    "test_a_server_without_the_jobs_routes",
    "test_a_stalled_socket_does_not_hold_the_job",
    "test_an_answer_that_never_came_does_not_make_two_jobs",
    "test_previews_come_with_the_newest_only",
    "test_what_is_too_large_or_finds_no_room_is_told",
]


class Behind(FakeComfy):
    """A server whose address is that of a door to it."""

    door = ""

    @property
    def url(self) -> str:
        return self.door or super().url


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeComfy]:
    with (
        Behind(tmp_path / "comfy") as comfy,
        opened(comfy.url, frozenset(comfy.schemas()) | {"VAEEncode"}) as path,
    ):
        comfy.door = str(path)
        yield comfy
