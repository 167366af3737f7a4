"""The cut of an assembler: look at it, export it, list the films made of it."""

from uuid import uuid4

from fastapi import APIRouter
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import assemble, conforming, deliver, recut, transcripts
from studio_server.actions.assemble import EditExport
from studio_server.actions.conforming import InBetween
from studio_server.actions.cut_view import CutList
from studio_server.actions.deliver import DeliveryEstimate
from studio_server.actions.recut import RecutView
from studio_server.actions.views import CutDeliveryView, FilmView
from studio_server.domain.master_size import Codec
from studio_server.web.deps import StudioDep
from studio_server.web.tasks import Queued, queued

router = APIRouter(prefix="/projects/{project_id}", tags=["timeline"])


_LONGEST = 8_000_000


class Taken(Frozen):
    """Where the project's log is after a cut was taken over."""

    revision: int


class ExportWish(Frozen):
    """Which assembler."""

    node_id: str


@router.get("/timeline")
def cut_list(studio: StudioDep, project_id: str, node_id: str) -> CutList:
    """Return the cut as it stands, with what is missing."""
    return assemble.cut_list(studio, project_id, node_id)


@router.post("/exports", status_code=201)
def export(studio: StudioDep, project_id: str, wish: ExportWish) -> EditExport:
    """Write the cut as CMX3600 EDL and OTIO into the project and commit them."""
    return assemble.export(studio, project_id, wish.node_id)


class RecutFile(Frozen):
    """A list from outside as text (EDL, OTIO, FCPXML, Final Cut Pro 7 XML), and whose cut it is held against."""

    node_id: str
    text: str = Field(max_length=_LONGEST)


class RecutWish(RecutFile):
    """A list to take over; `op_id` makes a resend harmless."""

    op_id: str = Field(default_factory=lambda: str(uuid4()), max_length=80)


@router.post("/recut/look")
def look(studio: StudioDep, project_id: str, wish: RecutFile) -> RecutView:
    """Return what an editor's list would change; nothing is changed."""
    return recut.look(studio, project_id, wish.node_id, wish.text)


@router.post("/recut")
def take_over(studio: StudioDep, project_id: str, wish: RecutWish) -> Taken:
    """Make the cut what an editor's list says, as one step."""
    event = recut.apply(studio, project_id, wish.node_id, wish.text, wish.op_id)
    return Taken(revision=event.revision)


class DeliveryWish(Frozen):
    """Which assembler's cut goes to an editing system, and how the pictures of its masters are coded."""

    node_id: str
    codec: Codec = "copy"
    op_id: str | None = None


@router.get("/deliveries/estimate")
def estimate_delivery(studio: StudioDep, project_id: str, node_id: str, codec: Codec = "copy") -> DeliveryEstimate:
    """Return what a delivery would hold and about how large it would be; nothing is written."""
    return deliver.estimate(studio, project_id, node_id, codec)


@router.post("/deliveries", status_code=202)
def deliver_cut(studio: StudioDep, project_id: str, wish: DeliveryWish) -> Queued:
    """Queue a delivery: masters with reel and source timecode and the lists that address them, as one zip."""
    return queued(deliver.deliver(studio, project_id, wish.node_id, wish.codec, wish.op_id))


@router.get("/deliveries")
def deliveries(studio: StudioDep, project_id: str) -> list[CutDeliveryView]:
    """Return the deliveries in 06_Exports, newest first."""
    return deliver.deliveries_of(studio, project_id)


class CaptionsWish(Frozen):
    """Which card's sound is written down; `op_id` makes a resend harmless."""

    node_id: str
    op_id: str | None = Field(default=None, max_length=80)


@router.post("/captions", status_code=202)
def write_captions(studio: StudioDep, project_id: str, wish: CaptionsWish) -> Queued:
    """Queue listening to a card's sound: what is said in it becomes captions of the card."""
    return queued(transcripts.write(studio, project_id, wish.node_id, wish.op_id))


class InBetweenWish(Frozen):
    """Which cards' takes are given the project's frame rate; `op_id` makes a resend harmless."""

    node_ids: list[str] = Field(min_length=1, max_length=2000)
    op_id: str | None = Field(default=None, max_length=80)


@router.post("/in-betweens", status_code=202)
def make_in_betweens(studio: StudioDep, project_id: str, wish: InBetweenWish) -> InBetween:
    """Queue pictures in between for the takes that these cards show, so that they have the project's frame rate."""
    return conforming.make(studio, project_id, wish.node_ids, wish.op_id)


@router.get("/films")
def films(studio: StudioDep, project_id: str) -> list[FilmView]:
    """Return the films in 06_Exports, newest first."""
    return assemble.films(studio, project_id)
