"""A shot by the two models of Wan 2.2: the first makes the coarse half of the steps, the second the rest."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shot import FPS, Profile, finish, size_of

from studio_sdk import Job, Video
from studio_sdk.comfy import Comfy, Graph, Made, Workflow, bind, bypass, check, refuse
from studio_sdk.comfy.api import Stats

MOST = 81
"""Pictures that the models make at once: what they were taught."""

NOTE = (
    "ComfyUI's note to its image-to-video template: two models of 14B in fp8, one after the other, on a 24 GB card "
    "(4090D); not measured here"
)
LARGE = "28.6 GB of weights a model, one in memory at a time, and what it works on; not measured here"
LICENSE = "Pipeline MIT; Wan 2.2 weights Apache-2.0, by the person who installs them"

_STEP_LORAS = ("2", "5")


def frames_of(seconds: float) -> int:
    """Return how many pictures so many seconds are, one at least."""
    return max(1, math.floor(seconds * FPS + 0.5))


def length_of(frames: int) -> int:
    """Return how many the models make for so many pictures: whole groups of four and one; the rest is cut off."""
    return 1 + 4 * -(-(frames - 1) // 4)


@dataclass(frozen=True)
class Pair:
    """A pipeline's folder: its graph and slots, a profile for each quality, the words for an empty prompt."""

    workflow: Workflow
    file: str
    profiles: Mapping[str, Profile]
    words: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path) -> "Pair":
        """Read a pipeline's folder."""
        workflow = Workflow.load(folder)
        profiles = json.loads((folder / "profiles.json").read_bytes())
        words = json.loads((folder / "prompts.json").read_bytes())
        told = {name: Profile(**profile) for name, profile in profiles.items()}
        return cls(workflow, next(iter(workflow.graphs)), told, words)

    def size(self, job: Job) -> tuple[int, int]:
        """Return width and height of a job's pictures."""
        return size_of(job, self.profiles[job.quality].pixels)

    def values(self, job: Job, prompt: str, negative: str, frames: int) -> dict[str, Any]:
        """Return what every graph of the pair is told."""
        profile, (width, height) = self.profiles[job.quality], self.size(job)
        said = {"prompt": " ".join(prompt.split()) or self.words["default"]}
        said |= {"negative": " ".join(negative.split())} if negative.strip() else {}
        models = {"high": profile.model.format("high"), "low": profile.model.format("low")}
        steps = {"steps": profile.steps, "switch": profile.steps // 2, "cfg": profile.cfg, "shift": profile.shift}
        sized = {"width": width, "height": height, "length": min(MOST, length_of(frames)), "frames": frames}
        return {**said, **models, **steps, **sized, "seed": job.seed}

    def bound(self, job: Job, values: Mapping[str, Any]) -> Graph:
        """Return the graph with values set, without the step LoRAs where the quality has none."""
        graph = bind(self.workflow.graphs[self.file], self.workflow.slots[self.file], values)
        for node in () if self.profiles[job.quality].step_lora else _STEP_LORAS:
            graph = bypass(graph, node)
        return graph

    def shoot(
        self,
        job: Job,
        values: Mapping[str, Any],
        send: Callable[[Comfy], Mapping[str, Any]] = lambda _: {},
        shape: Callable[[Graph], Graph] = lambda graph: graph,
    ) -> Path:
        """Make the pictures and return the file that holds them.

        `send` sends what the graph loads and returns the values for it, once this server is known to have all that is
        needed; `shape` gives the bound graph its last form.
        """
        with Comfy.open(job) as comfy:
            stats = comfy.stats()
            self.workflow.refuse(stats.version, "shot")
            refuse(check(shape(self.bound(job, values)), comfy.schemas()), self.workflow.packs)
            width, height = self.size(job)
            job.log(f"{values['frames']} pictures, {width} x {height}")
            graph = shape(self.bound(job, {**values, **send(comfy)}))
            made = comfy.run(graph, "Generate", span=(0.05, 0.97), packs=self.workflow.packs)
            picture = comfy.fetch(made.files("SaveVideo")[0], job.scratch / "made.mp4")
        self._told(job, made, stats, comfy.retries)
        return picture

    def finish(self, job: Job, picture: Path, frames: int) -> Video:
        """Write the take: so many pictures, without sound."""
        return finish(job, picture, None, frames)

    def _told(self, job: Job, made: Made, stats: Stats, retries: list[str]) -> None:
        facts = self.workflow.facts
        job.made_with |= self.workflow.made_with([self.file], made.graph, stats)
        job.facts |= {
            "comfyui": stats.version,
            "prompt_id": made.prompt_id,
            "workflow": f"{facts['workflow_name']} {facts['workflow_version']}",
            "model": self.profiles[job.quality].model.format("high"),
            "retries": "; ".join(retries),
        }
