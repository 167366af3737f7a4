"""A cut goes to an editing system: masters with reel and source timecode, and the lists that address them, as one zip.

The work is a job like a film's: on a worker, with progress and cancel; it lands whole in 06_Exports or not at all.
"""

from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.types import Frozen
from studio_sdk.wire import InputRef
from studio_server.actions import canvas
from studio_server.actions.assemble import SOUNDS, kept, playable, sound_files
from studio_server.actions.compiled import Cut, compiled, file_stem
from studio_server.actions.generate import placed, queued, worked_by
from studio_server.actions.studio import Studio
from studio_server.actions.views import CutDeliveryView, delivery_view
from studio_server.domain.cut import CLIPS
from studio_server.domain.events import Change, Event
from studio_server.domain.graph import Graph
from studio_server.domain.jobs import JobKind, JobPlan
from studio_server.domain.master_size import Codec, master_bytes, sound_bytes
from studio_server.domain.node_types import DELIVERY_TASK
from studio_server.domain.placement import Placement, Wish
from studio_server.domain.plan import input_ref, parameters
from studio_server.domain.producer import as_chosen
from studio_server.domain.project import Manifest
from studio_server.domain.tapes import on_tape, wanted_by
from studio_server.domain.timeline import Timeline
from studio_server.index.session import Session
from studio_server.library import deliveries, delivery_guide, interchange, versions
from studio_server.library.folder import ProjectFolder

CUT: Final = "cut"
_LEFT_OUT: Final = frozenset({"_PRECONFORM.edl"})
"""Lists of the rendered film, which is not in a delivery."""


class DeliveryEstimate(Frozen):
    """What a delivery would hold: how many masters, how many of them are copied, and about how many bytes in all.

    `free` is what the disk has left; `notes` say what is not in it and what the lists cannot carry.
    """

    masters: int
    copied: int
    sounds: int
    bytes: int
    free: int
    notes: list[str]


def estimate(studio: Studio, project_id: str, node_id: str, codec: Codec) -> DeliveryEstimate:
    """Return what a delivery would hold and how large it would be; nothing is written."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    now = canvas.graph_of(studio, project_id)
    cut = compiled(folder, folder.manifest(), now, node_id, studio.catalogue.kit())
    takes = {take.media.oid: take for take in cut.takes if take}
    by_oid = {entry.oid: entry for entry in cut.timeline.events}
    sizes = [
        master_bytes(codec, takes[oid], entry, cut.timeline) for oid, entry in by_oid.items() if oid and oid in takes
    ]
    heard = {sound.oid: sound_bytes(sound, cut.timeline) for sound in cut.timeline.sounds}
    total = sum(size for size, _ in sizes) + sum(heard.values())
    return DeliveryEstimate(
        masters=len(sizes),
        copied=sum(copied for _, copied in sizes),
        sounds=len(heard),
        bytes=total,
        free=deliveries.free(folder.root),
        notes=list(cut.timeline.notes),
    )


def deliver(studio: Studio, project_id: str, node_id: str, codec: Codec, op_id: str | None = None) -> Event:
    """Queue a delivery and return the event that says so.

    Raises VALIDATION_ERROR where there is no take in the cut, STORAGE_FULL where it cannot have room.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    if done := canvas.answered(studio, project_id, op_id):
        return done
    folder.check()
    manifest = folder.manifest()
    cut = _cut(studio, folder, project_id, node_id)
    about = estimate(studio, project_id, node_id, codec)
    if about.bytes > about.free:
        raise StudioError(
            Code.STORAGE_FULL,
            f"The delivery needs about {about.bytes / 1e9:.1f} GB and the disk has {about.free / 1e9:.1f} GB left.",
            node_id=node_id,
        )
    settings = manifest.project_settings
    wish = as_chosen(settings, Wish(task=DELIVERY_TASK, quality=settings.quality))
    placement = placed(studio, wish, cut.node, studio.workers())
    plan = _plan(studio, folder, manifest, cut, codec, placement)
    canvas.commit(studio, project_id, versions.rendered(plan.title), unless=None)

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        return queued(studio, session, project_id, plan, placement), graph

    return canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)


def _cut(studio: Studio, folder: ProjectFolder, project_id: str, node_id: str) -> Cut:
    now = canvas.graph_of(studio, project_id)
    cut = playable(compiled(folder, folder.manifest(), now, node_id, studio.catalogue.kit()))
    if not cut.timeline.events:
        raise StudioError(
            Code.VALIDATION_ERROR,
            "There is no take in this cut yet, so there is nothing to deliver. Export EDL gives its slates as a list.",
            node_id=node_id,
            field=CLIPS,
        )
    return cut


def _plan(
    studio: Studio, folder: ProjectFolder, manifest: Manifest, cut: Cut, codec: Codec, placement: Placement
) -> JobPlan:
    pipeline, variant = placement.pipeline, placement.variant
    tapes = deliveries.keep_tapes(folder, wanted_by(cut.timeline), studio.author)
    timeline = on_tape(cut.timeline, tapes)
    notes, lists = _lists(folder, timeline, file_stem(cut))
    files = [*lists, *(input_ref(CLIPS, ref) for ref in {t.media.oid: t.media for t in cut.takes if t}.values())]
    files += [input_ref(SOUNDS, media) for media in sound_files(folder, cut).values()]
    asked = cut.node.model_copy(update={"data": {"codec": codec}})
    return JobPlan(
        kind=JobKind.DELIVERY,
        node_id=cut.node.id,
        title=timeline.title,
        stem=file_stem(cut),
        **worked_by(studio, placement),
        length_s=float(timeline.duration),
        notes=(*timeline.notes, *notes),
        seed=0,
        params=parameters(pipeline, asked) | dict(variant.params),
        inputs=files,
        format=manifest.project_settings.format,
    )


def _lists(folder: ProjectFolder, timeline: Timeline, name: str) -> tuple[tuple[str, ...], list[InputRef]]:
    """Return what the lists cannot carry, and all of them as what the pipeline is given."""
    written = interchange.export(timeline)
    stem = f"{name}_{interchange.rate_tag(timeline)}"
    files = {f"{stem}.otio": written.otio, f"{stem}.edl": written.edl}
    files |= {stem + ending: contents for ending, contents in written.more.items() if ending not in _LEFT_OUT}
    files["READ_ME.txt"] = delivery_guide.text(timeline, stem, written.notes)
    return written.notes, [input_ref(CUT, kept(folder, name, contents)) for name, contents in files.items()]


def deliveries_of(studio: Studio, project_id: str) -> list[CutDeliveryView]:
    """Return the deliveries in 06_Exports, newest first."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    return [delivery_view(project_id, one) for one in folder.deliveries()]
