"""Let ComfyUI make pictures for a pipeline: check a graph, send what it needs, watch it, fetch what it made.

    with Comfy.open(job) as comfy:
        graph = bind(template, slots, {"prompt": prompt, "still": comfy.send(still)})
        made = comfy.run(graph, "Sampling")
        comfy.fetch(made.files("SaveVideo")[0], job.outputs / "video.mp4")

Needs the packages of the extra `studio-sdk[comfy]`. Everything that goes wrong is a `Fail` with a sentence for the
person and the exact cause for the operator. docs/pipelines/comfyui.md says what is done in which trouble.
"""

from studio_sdk.comfy.address import Address
from studio_sdk.comfy.api import Api, Away
from studio_sdk.comfy.graph import Graph, Slots, bind, bypass, pruned
from studio_sdk.comfy.preflight import Problem, check, refuse
from studio_sdk.comfy.run import Comfy, Made
from studio_sdk.comfy.schema import Schemas
from studio_sdk.comfy.states import File, JobState, State
from studio_sdk.comfy.survey import Lacking, Survey, survey
from studio_sdk.comfy.workflow import Workflow

__all__ = [
    "Address",
    "Api",
    "Away",
    "Comfy",
    "File",
    "Graph",
    "JobState",
    "Lacking",
    "Made",
    "Problem",
    "Schemas",
    "Slots",
    "State",
    "Survey",
    "Workflow",
    "bind",
    "bypass",
    "check",
    "pruned",
    "refuse",
    "survey",
]
