"""The assembler: the cut of the active takes, as an edit list for an NLE and as the final film."""

import hashlib
from collections.abc import Sequence
from typing import Final

from studio_sdk.errors import Code, StudioError
from studio_sdk.manifest import Pipeline
from studio_sdk.types import Frozen, MediaRef
from studio_sdk.wire import InputRef
from studio_server.actions import canvas
from studio_server.actions.compiled import Cut, Voice, compiled, file_stem
from studio_server.actions.cut_view import CutList, CutView, MarkerView, MissingView, SoundView, SubtitleView, VoiceView
from studio_server.actions.generate import job_for, placed, state_change, worked_by
from studio_server.actions.studio import Studio
from studio_server.actions.takes import media_of
from studio_server.actions.uneven import uneven_in, why_uneven
from studio_server.actions.views import FilmView, film_view, media_url, thumbnail_url
from studio_server.actions.written import unwritten
from studio_server.domain import conform, soundtrack
from studio_server.domain.cut import CLIPS, cut_of
from studio_server.domain.events import Change, Event
from studio_server.domain.graph import Graph, Node
from studio_server.domain.jobs import Job, JobKind, JobPlan, JobState
from studio_server.domain.node_types import FILM_TASK
from studio_server.domain.placement import Placement, Wish
from studio_server.domain.plan import input_ref, names_of, parameters, title_of
from studio_server.domain.producer import as_chosen
from studio_server.domain.project import CACHE, EDLS, Manifest
from studio_server.domain.soundtrack import MUSIC, Placing
from studio_server.domain.timeline import Sound
from studio_server.index import jobs, needs
from studio_server.index.session import Session
from studio_server.library import interchange, versions
from studio_server.library.disk import guarded, write_whole
from studio_server.library.folder import ProjectFolder

SOUNDS: Final = "sounds"
"""The input of a pipeline that places sounds as the cut says."""

CUTS: Final = f"{CACHE}/cuts"
"""Where the cut of a render under way lies; it can be made again from the canvas."""


class WrittenFile(Frozen):
    """A file that was written into the project, and the address to save it from."""

    path: str
    url: str


class EditExport(Frozen):
    """An export: the picture list, its lossless twin, all files, and in words what the lists cannot carry."""

    name: str
    edl: WrittenFile
    otio: WrittenFile
    files: list[WrittenFile]
    events: int
    frames: int
    duration_s: float
    start_timecode: str
    notes: list[str]


def cut_list(studio: Studio, project_id: str, node_id: str) -> CutList:
    """Return the cut as it stands, with what is missing."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    now = canvas.graph_of(studio, project_id)
    manifest = folder.manifest()
    cut = compiled(folder, manifest, now, node_id, studio.catalogue.kit())
    uneven = uneven_in(studio, folder, manifest, cut)
    warnings = unwritten(cut, studio.workers())
    timeline = cut.timeline
    places = {card.id: place for card, place in cut.sounds}
    return CutList(
        title=timeline.title,
        frame_rate=timeline.frame_rate,
        start_timecode=timeline.start_timecode,
        frames=timeline.frames,
        duration_s=float(timeline.duration),
        cuts=[
            CutView(
                node_id=entry.node_id,
                edge_id=wire.id,
                scene=entry.scene,
                shot=entry.shot,
                take=entry.take,
                reel=entry.reel,
                source_in=entry.source_in,
                source_out=entry.source_out,
                record_in=entry.record_in,
                record_out=entry.record_out,
                record_in_tc=entry.record_in_tc,
                record_out_tc=entry.record_out_tc,
                thumbnail_url=thumbnail_url(project_id, take.poster or take.media) if take else None,
                missing=entry.missing,
                native_frames=entry.native_frames,
                native_rate=entry.native_rate,
                conformed_frames=entry.conformed_frames,
                dissolve=entry.dissolve,
                fade_in=entry.fade_in,
                fade_out=entry.fade_out,
                title=entry.title,
                words=entry.words,
                media_url=media_url(project_id, take.media.path) if take else None,
                sprite_url=f"/api/v1/projects/{project_id}/sprites/{take.media.oid}" if take else None,
                waveform_url=_waveform(project_id, take.media.oid) if take and entry.has_audio else None,
                has_audio=entry.has_audio,
                replaced=entry.replaced,
                framing=entry.framing,
                conform=uneven.get(entry.node_id),
                made_between=entry.made_between,
                conformed_from=take.conformed_from.take if take and take.conformed_from else "",
            )
            for entry, wire, take in zip(timeline.cuts, cut.wires, cut.takes, strict=True)
        ],
        start_frame=timeline.start_frame,
        drop_frame=timeline.drop_frame,
        subtitles=[SubtitleView.model_validate(one.model_dump()) for one in timeline.subtitles],
        markers=[MarkerView.model_validate(one.model_dump(exclude={"record_tc"})) for one in timeline.markers],
        sounds=[_sound_view(project_id, sound, places[sound.node_id]) for sound in timeline.sounds],
        voices=[_voice_view(voice, heard=voice.card.id in places) for voice in cut.voices],
        notes=[*warnings, *timeline.notes, *why_uneven(cut, uneven)],
        warnings=warnings,
        aspect=timeline.aspect,
        language=timeline.language,
        untranslated=MissingView(**timeline.missing._asdict()),
        cut_of=cut.maker,
    )


def _waveform(project_id: str, oid: str) -> str:
    return f"/api/v1/projects/{project_id}/waveforms/{oid}"


def _sound_view(project_id: str, sound: Sound, place: Placing) -> SoundView:
    return SoundView(
        node_id=sound.node_id,
        kind=sound.kind,
        name=sound.name,
        track=sound.track,
        record_in=sound.record_in,
        record_out=sound.record_out,
        source_in=sound.source_in,
        frames=sound.frames,
        gain=sound.gain,
        fade_in=sound.fade_in,
        fade_out=sound.fade_out,
        shot=place.shot,
        offset=place.at,
        media_url=media_url(project_id, sound.path),
        waveform_url=_waveform(project_id, sound.oid),
    )


def _voice_view(voice: Voice, *, heard: bool) -> VoiceView:
    return VoiceView(
        node_id=voice.card.id,
        name=voice.file.media.path.rsplit("/", 1)[-1] if voice.file else _called(voice),
        language=voice.place.language or "",
        instead=voice.place.instead,
        there=voice.file is not None,
        heard=heard and voice.file is not None,
        over=voice.over,
    )


def _called(voice: Voice) -> str:
    scene = voice.card.data.get("scene")
    return f"{title_of(voice.card)} of scene {scene}" if scene else title_of(voice.card)


def export(studio: Studio, project_id: str, node_id: str) -> EditExport:
    """Write the cut as EDL and OTIO into 04_Project_Files/EDLs and commit them; earlier exports stay.

    Raises VALIDATION_ERROR where nothing is wired in.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    folder.check()
    now = canvas.graph_of(studio, project_id)
    cut = playable(compiled(folder, folder.manifest(), now, node_id, studio.catalogue.kit()))
    timeline, name = cut.timeline, file_stem(cut)
    written = interchange.export(timeline)
    canvas.commit(studio, project_id)
    with folder.lock():  # two exports at once get two versions
        version = _next_version(folder, name)
        stem = f"{name}_v{version:03d}_{interchange.rate_tag(timeline)}"
        files = {f"{stem}.edl": written.edl, f"{stem}.otio": written.otio}
        files |= {stem + ending: contents for ending, contents in written.more.items()}
        folder.save_files({f"{EDLS}/{file}": text for file, text in files.items()}, f"Export {stem}", studio.author)
    return EditExport(
        name=stem,
        edl=_written(project_id, f"{stem}.edl"),
        otio=_written(project_id, f"{stem}.otio"),
        files=[_written(project_id, file) for file in files],
        events=len(timeline.shown),
        frames=timeline.frames,
        duration_s=float(timeline.duration),
        start_timecode=timeline.start_timecode,
        notes=[*timeline.notes, *written.notes],
    )


def _written(project_id: str, file: str) -> WrittenFile:
    path = f"{EDLS}/{file}"
    return WrittenFile(path=path, url=f"{media_url(project_id, path)}?download=1")


def _next_version(folder: ProjectFolder, name: str) -> int:
    stem = f"{name}_v"
    there = (path.name.removeprefix(stem).split("_")[0] for path in (folder.root / EDLS).glob(f"{stem}*.otio"))
    return max((int(text) for text in there if text.isdigit()), default=0) + 1


def playable(cut: Cut) -> Cut:
    """Return a cut in which there is something. Raises VALIDATION_ERROR for any other."""
    if not cut.wires:
        raise StudioError(
            Code.VALIDATION_ERROR, "No shot is wired into this assembler.", node_id=cut.node.id, field=CLIPS
        )
    if not cut.timeline.frames:
        raise StudioError(Code.VALIDATION_ERROR, "There is no shot in this cut.", node_id=cut.node.id, field=CLIPS)
    return cut


def whole(cut: Cut) -> Cut:
    """Return a cut that can be rendered: a shot that waits for its take is a slate of the length it will have.

    Raises VALIDATION_ERROR where nothing is in it, or what is no shot.
    """
    cut = playable(cut)
    if missing := [entry for entry in cut.timeline.cuts if entry.missing and not entry.is_slate]:
        holes = "; ".join(f"{entry.shot}: {entry.missing}" for entry in missing)
        raise StudioError(
            Code.VALIDATION_ERROR,
            f"The cut has a hole ({holes}). Take its wire out of the assembler.",
            node_id=missing[0].node_id,
            field=CLIPS,
        )
    return cut


def film_wish(manifest: Manifest) -> Wish:
    """Return what a film of a project is made by."""
    settings = manifest.project_settings
    return as_chosen(settings, Wish(task=FILM_TASK, quality=settings.quality))


def render(studio: Studio, project_id: str, node_id: str, op_id: str | None = None) -> Event:
    """Queue the final film and return the event that says so. Shots that wait for their takes are slates in it.

    While pictures in between are made for its takes it waits for them, and is planned when they are there, or came to
    nothing. Raises VALIDATION_ERROR where nothing is wired in, or what is no shot.
    """
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    if done := canvas.answered(studio, project_id, op_id):
        return done
    folder.check()
    manifest = folder.manifest()
    with studio.index.read() as session:
        under_way = jobs.open_jobs(session, project_id)
    now = canvas.graph_of(studio, project_id)
    cut = whole(compiled(folder, manifest, now, node_id, studio.catalogue.kit()))
    placement = placed(studio, film_wish(manifest), cut.node, studio.workers())
    awaited = awaited_by(cut, under_way, manifest.project_settings.frame_rate)
    plan = plan_film(studio, folder, manifest, cut, placement, late=bool(awaited))
    job = job_for(studio, project_id, plan, placement)
    if awaited:
        reason = waits_for_betweens([now.nodes[card] for card in awaited])
        job = job.model_copy(update={"state": JobState.WAITING, "reason": reason})
    else:
        canvas.commit(studio, project_id, versions.rendered(plan.title), unless=None)

    def make(session: Session, graph: Graph) -> tuple[Change, Graph]:
        jobs.add(session, job)
        needs.add(session, job.id, list(awaited.values()))
        return state_change(session, job), graph

    return canvas.record(studio, project_id, make, actor=studio.person.name, op_id=op_id)


def awaited_by(cut: Cut, under_way: Sequence[Job], frame_rate: str) -> dict[str, str]:
    """Return the tasks that make pictures in between for takes of a cut now, by card, in the order of the cut."""
    found: dict[str, str] = {}
    for card, take in zip(cut.cards, cut.takes, strict=True):
        if take is None or not take.frame_rate or not conform.can_be_smoother(take.frame_rate, frame_rate):
            continue
        if job := conform.under_way(under_way, (take.scene, take.code), conform.origin(take), frame_rate):
            found[card.id] = job.id
    return found


def waits_for_betweens(cards: Sequence[Node]) -> str:
    """Return what a film that waits for pictures in between is told to wait for."""
    return f"Waits for in-betweens of {names_of(cards)}"


def plan_film(
    studio: Studio,
    folder: ProjectFolder,
    manifest: Manifest,
    cut: Cut,
    placement: Placement,
    *,
    late: bool = False,
) -> JobPlan:
    """Return everything that is decided when a film is rendered; `late` leaves its files for when they are there."""
    pipeline, variant = placement.pipeline, placement.variant
    files = [] if late else _files(folder, cut, pipeline)
    return JobPlan(
        kind=JobKind.FILM,
        node_id=cut.node.id,
        title=cut.timeline.title,
        **worked_by(studio, placement),
        previz=any(take is None or bool(take.recipe and take.recipe.tier == "previz") for take in cut.takes),
        length_s=float(cut.timeline.duration),
        seed=0,
        params=parameters(pipeline, cut.node) | dict(variant.params),
        inputs=files,
        format=manifest.project_settings.format,
        cut=cut_of(cut.shots, cut.node),
        sounds=tuple(soundtrack.said(card, place) for card, place in cut.sounds),
        language=cut.timeline.language,
        notes=(
            *unwritten(cut, studio.workers()),
            *cut.timeline.notes,
            *why_uneven(cut, uneven_in(studio, folder, manifest, cut)),
        ),
        cut_of=cut.maker if cut.maker != cut.node.id else "",
        aspect=cut.timeline.aspect,
        stem=file_stem(cut),
        late=late,
    )


def _files(folder: ProjectFolder, cut: Cut, pipeline: Pipeline) -> list[InputRef]:
    """Return the cut, its takes, its voices and music as what the pipeline is given.

    Raises FILE_NOT_FOUND for a card without a file, VALIDATION_ERROR where the pipeline cannot place sounds.
    """
    files = [input_ref("cut", kept(folder, "cut.otio", interchange.write_otio(cut.timeline)))]
    files += [input_ref(CLIPS, media) for media in {t.media.oid: t.media for t in cut.takes if t}.values()]
    heard = sound_files(folder, cut)
    if SOUNDS in pipeline.inputs:
        in_film = {sound.oid for sound in cut.timeline.sounds}
        return files + [input_ref(SOUNDS, media) for oid, media in heard.items() if oid in in_film]
    if len(cut.sounds) > 1 or any(place.kind != MUSIC for _, place in cut.sounds):
        raise StudioError(
            Code.VALIDATION_ERROR,
            f"{pipeline.title} can lay one piece of music under the film and nothing else. Take the other sounds out.",
            node_id=cut.node.id,
            field=MUSIC,
        )
    return files + [input_ref(MUSIC, media) for media in heard.values()]


def sound_files(folder: ProjectFolder, cut: Cut) -> dict[str, MediaRef]:
    """Return the files of a cut's voices and music by their SHA-256. Raises FILE_NOT_FOUND for a card without one."""
    heard = {}
    for card, _ in cut.sounds:
        media = media_of(folder, card)
        if media is None:
            words = f"{title_of(card)} has no file yet."
            raise StudioError(Code.FILE_NOT_FOUND, words, node_id=card.id, field=MUSIC)
        heard[media.oid] = media
    return heard


def kept(folder: ProjectFolder, name: str, contents: bytes) -> MediaRef:
    """Keep a list that a job is given as its `cut`, and return what it is called there."""
    oid = hashlib.sha256(contents).hexdigest()
    path = folder.root / CUTS / f"{oid}.otio"
    with guarded(folder.root):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, contents)
    return MediaRef(path=name, oid=oid, size=len(contents), mime="application/json")


def films(studio: Studio, project_id: str) -> list[FilmView]:
    """Return the films in 06_Exports, newest first."""
    folder = canvas.folder_of(studio, canvas.find(studio, project_id))
    return [film_view(project_id, film) for film in folder.films()]
