"""Captions from a sound: order them of a card that has one, and keep with the card what came of it.

What people have corrected is never written over: a sound that has captions is not listened to until they are removed,
and what they typed while it was listened to stays.
"""

from typing import NamedTuple

from studio_sdk import captions
from studio_sdk.errors import Code, StudioError
from studio_sdk.types import MediaRef
from studio_sdk.wire import OutputRef
from studio_server.actions import canvas
from studio_server.actions.generate import placed, queued, worked_by
from studio_server.actions.studio import Studio
from studio_server.actions.takes import active, seconds_of
from studio_server.domain.assets import AssetKind
from studio_server.domain.batch import shot_key
from studio_server.domain.captions import CAPTIONS_TASK, as_field, captions_of, field_of
from studio_server.domain.conform import origin
from studio_server.domain.events import Change, Event
from studio_server.domain.graph import Graph, Node, NodeSet, Operation
from studio_server.domain.jobs import Job, JobKind, JobPlan
from studio_server.domain.node_types import task_for
from studio_server.domain.placement import Wish
from studio_server.domain.plan import input_ref, parameters, title_of
from studio_server.domain.producer import as_chosen
from studio_server.index.session import Session
from studio_server.library import objects
from studio_server.library.folder import ProjectFolder


class Written(NamedTuple):
    """What landed: how many captions in words, and what puts them on the board."""

    result: str
    operations: list[Operation]


def write(studio: Studio, project_id: str, node_id: str, op_id: str | None = None) -> Event:
    """Queue listening to a card's sound and return the event that says so.

    Raises NOT_FOUND where there is no such card, VALIDATION_ERROR where it has no sound or its captions are written.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    if done := canvas.answered(studio, project_id, op_id):
        return done
    folder.check()
    node = canvas.graph_of(studio, project_id).nodes.get(node_id)
    if node is None:
        raise StudioError(Code.NOT_FOUND, "There is no such card on the canvas.", node_id=node_id)
    media = _sound(folder, node)
    if captions_of(node, media.oid):
        words = "This sound has captions. Remove them first; undo brings them back."
        raise StudioError(Code.VALIDATION_ERROR, words, node_id=node_id, field=field_of(media.oid))
    manifest = folder.manifest()
    settings = manifest.project_settings
    wish = as_chosen(settings, Wish(task=CAPTIONS_TASK, quality=settings.quality))
    placement = placed(studio, wish, node, studio.workers())
    pipeline, variant = placement.pipeline, placement.variant
    plan = JobPlan(
        kind=JobKind.CAPTIONS,
        node_id=node_id,
        title=title_of(node),
        **worked_by(studio, placement),
        length_s=seconds_of(folder, node),
        seed=0,
        params=parameters(pipeline, node.model_copy(update={"data": {}})) | dict(variant.params),
        inputs=[input_ref("sound" if media.mime.startswith("audio/") else "picture", media)],
        format=settings.format,
    )

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        return queued(studio, session, project_id, plan, placement), graph

    return canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)


def _sound(folder: ProjectFolder, node: Node) -> MediaRef:
    """Return the file with the sound of a card. Raises VALIDATION_ERROR where it has none."""
    if task_for(node.type):
        take = active(folder, node)
        if take and take.has_audio:
            return take.media
        why = "its take has no sound" if take else "it has no take yet"
    else:
        asset = next((one for one in folder.assets() if one.id == node.data.get("asset")), None)
        if asset and asset.kind is AssetKind.AUDIO:
            return asset.media
        why = "it has no sound"
    raise StudioError(
        Code.VALIDATION_ERROR, f"{title_of(node)} cannot be written down: {why}.", node_id=node.id, field="captions"
    )


def written(folder: ProjectFolder, graph: Graph, job: Job, output: OutputRef) -> Written:
    """Return what a worker's captions come to on the board. Raises OUTPUT_INVALID."""
    path = objects.staged(folder.root, output.oid, output.size)
    if path is None:
        raise StudioError(Code.OUTPUT_INVALID, "The pipeline's file never arrived.", detail=output.oid)
    try:
        said = captions.read(path.read_bytes())
    except ValueError as why:
        words = "The pipeline's captions cannot be read."
        raise StudioError(Code.OUTPUT_INVALID, words, detail=str(why), task_id=job.id) from why
    path.unlink(missing_ok=True)  # the card keeps them
    oid = job.plan.inputs[0].oid
    node = graph.nodes.get(job.plan.node_id)
    result = f"{len(said)} captions" if len(said) > 1 else "1 caption"
    if node is None:
        return Written(result, [])
    same = [oid, *_with_the_same_sound(folder, node, oid)]
    told = [NodeSet(id=node.id, name=field_of(one), value=as_field(said)) for one in same if not captions_of(node, one)]
    return Written(result, list(told) if not captions_of(node, oid) else [])


def _with_the_same_sound(folder: ProjectFolder, node: Node, oid: str) -> list[str]:
    """Return the bytes of the takes in which a take was given another frame rate: they have its sound."""
    key = shot_key(node)
    return [take.media.oid for take in (folder.takes(*key) if key else ()) if take.media.oid != oid == origin(take)]
