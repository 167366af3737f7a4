"""Assemble: a cut and its takes become one film, with exactly the frames and samples of the cut."""

from collections.abc import Iterator
from typing import Annotated

import picture
from av.error import FFmpegError
from cutlist import Cut, read
from film import Film
from picture import Facts
from sound import HERTZ, Music, Samples, Source, mixed

from studio_sdk import Audio, Edl, Field, Format, Job, Variant, Video, main, pipeline


@pipeline(
    id="assemble",
    version="1.0.0",
    title="Assemble",
    task="assemble-film",
    output="film",
    variants=tuple(Variant(quality, timeout_s=7200) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=("Transitions and speed changes: a cut that has them is refused",),
    output_mb=32768,
)
def assemble(
    job: Job,
    cut: Annotated[Edl, Field(title="Cut", help="The order of the takes and where each is cut")],
    clips: Annotated[list[Video], Field(title="Clips", help="Every take the cut names")],
    music: Annotated[Audio | None, Field(title="Music", help="Heard under the whole film")] = None,
    music_level: Annotated[
        float, Field(title="Music level", minimum=-40, maximum=0, step=1, unit="dB", help="0 is as recorded")
    ] = -12,
) -> Video:
    """Make one film of a cut: exact frames, one sound track, takes of another size or rate brought into line."""
    job.progress(0.01, "Reading the cut")
    cuts = read(cut, clips, job.format.rate)
    known = [picture.facts(piece) if piece.take else None for piece in cuts]
    for piece, facts in zip(cuts, known, strict=True):
        if facts:
            picture.check(piece, facts, job.format)
    total = cuts[-1].record_out
    under = Music(music, music_level, job.format.samples(total, HERTZ))
    whole = _alike(cuts, known, job.format)
    made = Video(job.outputs / "film.mp4")
    with Film(made, job.format, job.quality, template=cuts[0].take if whole else None) as film:
        for number, (piece, facts) in enumerate(zip(cuts, known, strict=True), start=1):
            stage = f"Cut {number} of {len(cuts)}: {piece.name}"
            job.progress(0.02 + 0.96 * piece.record_in / total, stage)
            own = Source(piece.take, skip=job.format.samples(piece.source_in, HERTZ))
            if whole and piece.take:
                film.splice(piece.take, _sounds(piece, own, under, film))
                continue
            pictures = picture.frames(piece, facts, job.format) if facts else picture.black(piece.frames, job.format)
            sounds = _sounds(piece, own, under, film)
            for at, (frame, sound) in enumerate(zip(pictures, sounds, strict=True), start=piece.record_in + 1):
                film.add(frame, sound)
                job.progress(0.02 + 0.96 * at / total, stage)
        job.progress(0.99, "Writing the file")
    job.facts |= {"frames": total, "cuts": len(cuts), "spliced": whole}
    return made


def _sounds(piece: Cut, own: Source, under: Music, film: Film) -> Iterator[Samples]:
    """Yield the sound of each frame of a cut."""
    for _ in range(piece.frames):
        count = film.due
        try:
            spoken = own.take(count)
        except FFmpegError as why:
            raise picture.fault(piece, "has damaged sound", str(why)) from why
        yield mixed(spoken, under.take(count))


def _alike(cuts: list[Cut], known: list[Facts | None], form: Format) -> bool:
    """Whether all takes are used whole and are coded so alike that their packets make one stream."""
    first = known[0]
    return first is not None and all(
        facts is not None
        and facts.codec == "h264"
        and facts.steady
        and facts.plain
        and (facts.setup, facts.size, facts.rate) == (first.setup, (form.width, form.height), form.rate)
        and (piece.source_in, piece.frames) == (0, facts.frames)
        for piece, facts in zip(cuts, known, strict=True)
    )


if __name__ == "__main__":
    main(assemble)
