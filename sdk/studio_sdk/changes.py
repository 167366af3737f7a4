"""What changed between two versions of a pipeline for those who use it, and whether the version number says so.

A canvas holds values and wires for a pipeline's sockets: what takes one away or lets less through breaks them. Such a
change needs a new major version (below 1.0.0 a new minor one).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.types import fits

NUMBER: Final = re.compile(r"^\d+\.\d+\.\d+$")
"""What a version looks like."""


@dataclass(frozen=True)
class Changes:
    """Sentences: what breaks a canvas that was made with the earlier version, and what else is different."""

    breaking: tuple[str, ...]
    other: tuple[str, ...]


def number(version: str) -> tuple[int, int, int]:
    """Return a version as numbers that compare."""
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


def between(before: Pipeline, after: Pipeline) -> Changes:
    """Return what changed from one version to a later one."""
    said = [*_of_all(before, after), *_of_inputs(before, after), *_of_outputs(before, after)]
    return Changes(
        tuple(words for breaks, words in said if breaks), tuple(words for breaks, words in said if not breaks)
    )


def _of_all(before: Pipeline, after: Pipeline) -> Iterator[tuple[bool, str]]:
    if before.task != after.task:
        yield True, f"its task was {before.task} and is {after.task}"
    for variant in before.variants:
        now = after.variant(variant.quality)
        if now is None:
            yield True, f"the quality {variant.quality} is gone"
        elif now.vram_gb != variant.vram_gb:
            yield False, f"{variant.quality} needed {variant.vram_gb} GB of VRAM and needs {now.vram_gb}"


def _of_inputs(before: Pipeline, after: Pipeline) -> Iterator[tuple[bool, str]]:
    for name in sorted(before.inputs | after.inputs):
        old, new = before.inputs.get(name), after.inputs.get(name)
        if new is None:
            yield True, f"the input `{name}` is gone"
        elif old is None:
            yield new.required, f"the input `{name}` is new" + " and needed" * new.required
        else:
            for words in _tighter(old, new):
                yield True, f"the input `{name}` {words}"
            if old.default != new.default:
                yield False, f"the default of `{name}` was {old.default!r} and is {new.default!r}"


def _of_outputs(before: Pipeline, after: Pipeline) -> Iterator[tuple[bool, str]]:
    for name in sorted(before.outputs | after.outputs):
        gave, gives = before.outputs.get(name), after.outputs.get(name)
        if gives is None:
            yield True, f"the output `{name}` is gone"
        elif gave is None:
            yield False, f"the output `{name}` is new"
        elif gave.type != gives.type:
            yield True, f"the output `{name}` was of the type {gave.type} and is {gives.type}"


def says_so(before: str, after: str) -> bool:
    """Whether the step from one version to a later one announces a break."""
    old, new = number(before), number(after)
    return new[0] > old[0] or (old[0] == new[0] == 0 and new[1] > old[1])


def next_version(before: str) -> str:
    """Return the next version that may break things."""
    major, minor, _ = number(before)
    return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"


def _tighter(old: Socket, new: Socket) -> Iterator[str]:
    """Yield in which ways an input takes less than it did."""
    if not fits(old.type, new.type):
        yield f"was of the type {old.type} and is {new.type}"
    if new.required and not old.required:
        yield "is needed now"
    if old.many and not new.many:
        yield "takes one file now, not several"
    if new.minimum is not None and (old.minimum is None or new.minimum > old.minimum):
        yield f"takes nothing below {new.minimum:g} now"
    if new.maximum is not None and (old.maximum is None or new.maximum < old.maximum):
        yield f"takes nothing above {new.maximum:g} now"
    if new.max_length is not None and (old.max_length is None or new.max_length < old.max_length):
        yield f"takes {new.max_length} characters at most now"
    if new.points and (asks := _names(new) - _names(old)):
        yield f"asks for more points now: {', '.join(sorted(asks))}"
    if new.choices and not old.choices:
        yield f"takes only {', '.join(new.choices)} now"
    elif gone := [choice for choice in old.choices if new.choices and choice not in new.choices]:
        yield f"no longer takes {', '.join(gone)}"


def _names(socket: Socket) -> set[str]:
    return {one.name for one in socket.points.points} if socket.points else set()
