"""What one ComfyUI has of all that the installed pipelines need. `studio doctor` and `GET /health` show it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from studio_sdk.comfy.api import Api, Stats
from studio_sdk.comfy.preflight import MODEL_FOLDERS
from studio_sdk.comfy.schema import Schemas
from studio_sdk.comfy.workflow import fits
from studio_sdk.manifest import Model, Pipeline
from studio_sdk.types import Engine, Quality


@dataclass(frozen=True)
class Lacking:
    """What a ComfyUI has not that one pipeline needs. `version` is the rule that it breaks, empty where it keeps it."""

    pipeline: Pipeline
    version: str = ""
    nodes: tuple[str, ...] = ()
    models: tuple[Model, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.version or self.nodes or self.models)

    @property
    def qualities(self) -> list[Quality]:
        """Return the qualities that can be made all the same."""
        if self.version or self.nodes:
            return []
        all_of = [variant.quality for variant in self.pipeline.variants]
        return [
            one for one in all_of if not any(one in model.qualities or not model.qualities for model in self.models)
        ]

    def words(self, told: set[str] | None = None) -> str:
        """Return it as one sentence for the person who keeps the machine; files that were `told` are counted only."""
        before = set() if told is None else told
        packs = {node: pack.name for pack in self.pipeline.requires.packs for node in pack.nodes}
        parts = [f"ComfyUI {self.version.replace('>=', '')} or newer"] if self.version else []
        parts += [f"the node {node}" + (f" (pack {packs[node]})" if node in packs else "") for node in self.nodes]
        places = [f"models/{model.folder}/{model.file}" for model in self.models]
        parts += [place for place in places if place not in before]
        known = sum(place in before for place in places)
        parts += [f"{known} file{'s' * (known > 1)} named before"] if known else []
        before.update(places)
        can = f" It makes {' and '.join(self.qualities)} quality." if self.qualities and self.models else ""
        return f"{self.pipeline.title} lacks {', '.join(parts)}.{can}"


@dataclass(frozen=True)
class Survey:
    """One look at a server: its version and devices, and what is lacking, pipeline by pipeline."""

    stats: Stats
    lacking: tuple[Lacking, ...] = field(default=())


def survey(api: Api, pipelines: Iterable[Pipeline]) -> Survey:
    """Look at a server. Raises `Away` where it is not there, `Fail` where it is something else."""
    stats, schemas = api.stats(), api.schemas()
    looks = (lacking(pipeline, stats.version, schemas) for pipeline in pipelines if pipeline.engine is Engine.COMFYUI)
    return Survey(stats, tuple(one for one in looks if one))


def lacking(pipeline: Pipeline, version: str, schemas: Schemas) -> Lacking:
    """Return what a server of a version with these nodes has not that a pipeline needs."""
    wanted = pipeline.requires
    rule = wanted.comfyui if wanted.comfyui and not fits(version, wanted.comfyui) else ""
    nodes = tuple(node for node in wanted.nodes if node not in schemas)
    models = tuple(model for model in wanted.models if model.file not in files_in(model.folder, schemas))
    return Lacking(pipeline, rule, nodes, models)


def files_in(folder: str, schemas: Schemas) -> frozenset[str]:
    """Return the files that a server lists in a folder below `models/`, as its loading nodes offer them."""
    places = [place for place, name in MODEL_FOLDERS.items() if name == folder]
    return frozenset(str(one) for kind, name in places for one in schemas.choices(kind, name))
