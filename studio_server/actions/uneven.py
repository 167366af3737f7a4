"""What a cut says of its takes of another frame rate: whether pictures in between can be made, are made, or failed."""

from studio_server.actions.compiled import Cut
from studio_server.actions.conforming import placement_of, refusal_of
from studio_server.actions.cut_view import ConformView
from studio_server.actions.studio import Studio
from studio_server.domain import conform
from studio_server.domain.graph import Node
from studio_server.domain.jobs import Job, JobState
from studio_server.domain.plan import title_of
from studio_server.domain.project import Manifest
from studio_server.domain.shots import Take
from studio_server.index import jobs
from studio_server.library.folder import ProjectFolder


def uneven_in(studio: Studio, folder: ProjectFolder, manifest: Manifest, cut: Cut) -> dict[str, ConformView]:
    """Return the shots of a cut whose takes could be given more pictures, by card; most cuts have none."""
    rate = manifest.project_settings.frame_rate
    found = [
        (card, take)
        for card, take in zip(cut.cards, cut.takes, strict=True)
        if take and take.frames and take.frame_rate and conform.can_be_smoother(take.frame_rate, rate)
    ]
    if not found:
        return {}
    with studio.index.read() as session:
        under_way = jobs.open_jobs(session, manifest.uuid)
        ended = {job.plan.node_id: job for job in jobs.newest_finished(session, manifest.uuid)}
    _, lack = placement_of(studio, manifest)
    views: dict[str, ConformView] = {}
    for card, take in found:
        oid = conform.origin(take)
        if job := conform.under_way(under_way, (take.scene, take.code), oid, rate):
            views[card.id] = ConformView(task=job.id)
            continue
        failed = _failed(ended.get(card.id), oid, rate)
        views[card.id] = ConformView(why=_why(folder, manifest, card, take, lack), failed=failed)
    return views


def _why(folder: ProjectFolder, manifest: Manifest, card: Node, take: Take, lack: str) -> str:
    takes = folder.takes(take.scene, take.code)
    if why := refusal_of(card, takes, take, manifest):
        return f"{title_of(card)} {why}"
    there = conform.made(takes, conform.origin(take), manifest.project_settings.frame_rate)
    return "" if there or not lack else f"No pictures in between can be made now: {lack}"


def _failed(job: Job | None, oid: str, frame_rate: str) -> str:
    told = job.plan.conforms if job else None
    if job is None or told is None or (told.oid, told.frame_rate) != (oid, frame_rate):
        return ""
    if job.state is JobState.CANCELED:
        return "They were stopped."
    return job.error.message if job.error and job.state is JobState.FAILED else ""


def why_uneven(cut: Cut, uneven: dict[str, ConformView]) -> list[str]:
    """Return in words why frames of takes are repeated or dropped although pictures in between could be made."""
    said: dict[str, None] = {}
    for entry in cut.timeline.cuts:
        view = uneven.get(entry.node_id)
        if view and view.task:
            said[f"Pictures in between are being made for {entry.take}."] = None
        elif view and view.failed:
            said[f"No pictures in between were made for {entry.take}: {view.failed}"] = None
        elif view and view.why:
            said[view.why] = None
    return list(said)
