"""A yard of each kind: pipelines as processes or in containers, where this machine can start them."""

from pathlib import Path

import pytest

from function_runner import bubblewrap
from function_runner.process import can_restrict
from tests.fakes.pipelines import Yard
from tests.services.needed import missing

LABELS = ["process", "restricted", "sandboxed", pytest.param("container", marks=pytest.mark.docker)]


def yard_of(label: str, folder: Path, request: pytest.FixtureRequest) -> Yard:
    """Return a yard whose pipelines are kept as the label says, or skip the test where that cannot be done here."""
    if label == "container":
        return Yard(folder, label, request.getfixturevalue("docker"))
    if label == "sandboxed" and not bubblewrap.works():
        missing("bubblewrap cannot start a sandbox here")
    if label == "restricted" and not can_restrict():
        pytest.skip("this kernel has no Landlock, or keeps it from us")
    return Yard(folder, label)
