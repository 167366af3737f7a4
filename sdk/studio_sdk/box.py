"""A pipeline as the studio sees it: a function, its ports, and what the decorator was told.

Made by `author.pipeline`, carried out by `run`. Standard library only until `manifest` is called (see `names`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studio_sdk.fields import File, Port


@dataclass(frozen=True)
class Variant:
    """One quality a pipeline offers (see `manifest.Variant`)."""

    quality: str
    vram_gb: int = 0
    timeout_s: int = 600
    estimate_s: float | None = None
    params: Mapping[str, str | int | float | bool] | None = None
    vram_source: str = ""


@dataclass(frozen=True)
class Companion:
    """A file that may be kept beside the take (see `manifest.Companion`): its type and what people call it."""

    kind: type[File]
    title: str
    help: str = ""

    def manifest(self) -> dict[str, object]:
        """Return the entry of `pipeline.json`."""
        return {"type": self.kind.socket, "title": self.title, "help": self.help}


@dataclass(frozen=True)
class Box:
    """A pipeline: the function, what its signature says, and what the decorator was told."""

    function: Callable[..., Any]
    facts: Mapping[str, object]
    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]
    job_name: str | None
    ready: Callable[[], None] | None
    companions: Mapping[str, Companion] = field(default_factory=dict)

    def __call__(self, *args: object, **named: object) -> object:
        """Call the function itself, as a test would."""
        return self.function(*args, **named)

    def manifest(self) -> dict[str, object]:
        """Return the content of `pipeline.json`, checked; raise ValueError where the decorator was told nonsense."""
        from studio_sdk.manifest import Pipeline  # noqa: PLC0415 - pydantic only where it is needed

        ports = {"inputs": self.inputs, "outputs": self.outputs}
        sockets = {side: {name: port.manifest() for name, port in of.items()} for side, of in ports.items()}
        beside = {"companions": {name: one.manifest() for name, one in self.companions.items()}}
        model = Pipeline.model_validate({**self.facts, **sockets, **beside})
        return {"contract": model.contract} | model.model_dump(mode="json", exclude_defaults=True)
