"""What a pipeline has to refuse: every way in which a request can be wrong, from its manifest and a good sample."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studio_sdk.contract import Exit
from studio_sdk.manifest import Pipeline, Socket
from studio_sdk.points import write
from studio_sdk.sample import Sample, Value
from studio_sdk.types import SocketType

_CHECK: Final = "Check every parameter against the manifest before you start; the SDK for Python does it by itself."
_READ: Final = "Answer an input that cannot be read with status 66 (or 64), UNSUPPORTED_MEDIA and its name in `field`."
_NUMBERS: Final = frozenset({SocketType.INTEGER, SocketType.FLOAT})


@dataclass(frozen=True)
class Wrong:
    """One wrong request: what is wrong, the request, the statuses that answer it, and the field that is to be named.

    `edit` changes the laid-out job folder, for what a request cannot say.
    """

    what: str
    params: Mapping[str, Value]
    files: Mapping[str, list[Path]]
    statuses: tuple[Exit, ...]
    field: str = ""
    mend: str = _CHECK
    edit: Callable[[Path], None] | None = None


def wrongs(facts: Pipeline, good: Sample, scratch: Path) -> Iterator[Wrong]:
    """Yield wrong requests; files they need are made in `scratch`."""
    unknown = good.params | {"no_such_setting": 1}
    yield Wrong("a setting that it does not have", unknown, good.files, (Exit.INVALID,), "no_such_setting")
    for name, socket in facts.inputs.items():
        for what, value in _bad_values(socket):
            yield Wrong(f"`{name}` {what}", good.params | {name: value}, good.files, (Exit.INVALID,), name)
        if socket.required:
            params = {key: value for key, value in good.params.items() if key != name}
            files = {key: paths for key, paths in good.files.items() if key != name}
            yield Wrong(f"`{name}` that is missing", params, files, (Exit.INVALID,), name)
        if socket.is_file:
            yield from _bad_files(name, socket, good, scratch)


def _bad_values(socket: Socket) -> Iterator[tuple[str, Value]]:
    if socket.type in _NUMBERS:
        yield "that is a word", "many"
        if socket.minimum is not None:
            yield f"below {socket.minimum:g}", socket.minimum - 1
        if socket.maximum is not None:
            yield f"above {socket.maximum:g}", socket.maximum + 1
    if socket.type is SocketType.INTEGER:
        low = socket.minimum if socket.minimum is not None else 0
        yield "that is no whole number", low + 0.5
    if socket.type is SocketType.BOOLEAN:
        yield "that is a word", "perhaps"
    if socket.type is SocketType.STRING:
        yield "that is a number", 7
        if socket.choices:
            yield "that is not one of its choices", "none of these"
        if socket.max_length is not None:
            yield f"longer than {socket.max_length} characters", "x" * (socket.max_length + 1)
        if socket.points:
            start = {one.name: (one.x, one.y) for one in socket.points.points}
            first, *others = start
            yield f"without the point {first}", write({name: start[name] for name in others})
            yield f"whose point {first} lies outside the picture", write(start | {first: (1.5, 0.5)})


def _bad_files(name: str, socket: Socket, good: Sample, scratch: Path) -> Iterator[Wrong]:
    given = good.files.get(name)
    if not given:
        return
    statuses = (Exit.NO_INPUT, Exit.INVALID)
    ending = given[0].suffix
    folder = scratch / f"wrong-{name}"
    folder.mkdir(exist_ok=True)
    lie = folder / f"lie{ending}"
    lie.write_text("This is not what its name says.\n" * 40, encoding="utf-8")
    empty = folder / f"empty{ending}"
    empty.touch()
    for what, path in (("a file that is not what its name says", lie), ("an empty file", empty)):
        yield Wrong(f"{what} for `{name}`", good.params, good.files | {name: [path]}, statuses, name, _READ)
    if not socket.many:
        yield Wrong(f"two files for `{name}`", good.params, good.files | {name: given[:1] * 2}, (Exit.INVALID,), name)

    def lose(job: Path) -> None:
        for path in (job / "inputs").glob(f"{name}-*"):
            path.unlink()

    yield Wrong(f"a lost file for `{name}`", good.params, good.files, statuses, name, _READ, lose)
