"""Assemble: a cut and its takes become one film, with exactly the frames and samples of the cut."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import av
import picture
from compose import Programme, Sounds
from cutlist import read
from film import Film, setup_of
from sound import HERTZ, Music
from spans import Span

from studio_sdk import Audio, Edl, Field, Format, Job, Variant, Video, main, pipeline


@pipeline(
    id="assemble",
    version="1.1.0",
    title="Assemble",
    task="assemble-film",
    output="film",
    variants=tuple(Variant(quality, timeout_s=7200) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT; fonts SIL OFL 1.1",
    cannot=("Wipes and speed changes: a cut that has them is refused",),
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
    """Make one film of a cut: exact frames, dissolves, titles, slates for what is missing, one sound track."""
    job.progress(0.01, "Reading the cut")
    cuts = read(cut, clips, job.format.rate)
    programme = Programme(cuts, [picture.facts(piece) if piece.take else None for piece in cuts], job.format)
    programme.check()
    total = cuts[-1].record_out
    sounds = Sounds(programme, Music(music, music_level, job.format.samples(total, HERTZ)))
    plan, template = planned(programme, job.format, job.quality)
    made = Video(job.outputs / "film.mp4")
    with Film(made, job.format, job.quality, template=template) as film:
        for number, piece in enumerate(cuts):
            stage = f"Cut {number + 1} of {len(cuts)}: {piece.name}"
            for span in plan[number]:
                job.progress(0.02 + 0.96 * (piece.record_in + span.first) / total, stage)
                if span.copied and piece.take:
                    film.copy(piece.take, piece.source_in + span.first, piece.source_in + span.last)
                    continue
                pictures = told(job, programme, number, span, total, stage)
                if template:
                    film.encode(pictures)
                else:
                    for frame in pictures:
                        film.show(frame)
            for position, heard in sounds.of(number):
                film.hear(heard.take(position, film.due))
        job.progress(0.99, "Writing the file")
    copied = sum(span.last - span.first for spans in plan for span in spans if span.copied)
    job.facts |= {"frames": total, "cuts": len(cuts), "copied": copied, "spliced": copied == total}
    return made


def planned(programme: Programme, form: Format, quality: str) -> tuple[list[list[Span]], Path | None]:
    """Return how each frame comes into the film, and a take that says how its packets are coded.

    Without such a take nothing is copied: either takes are coded in ways that make no one stream, or all are touched.
    """
    first = programme.known[0]
    ways = [first.setup] if first else []
    for number, setup in enumerate([*ways, setup_of(form, quality)]):
        plan = programme.plan(setup)
        copied = [piece.take for piece, spans in zip(programme.cuts, plan, strict=True) if any(s.copied for s in spans)]
        whole = all(span.copied for spans in plan for span in spans)
        if copied and (whole or number == len(ways)):
            return plan, copied[0]
    return programme.plan(b""), None


def told(job: Job, programme: Programme, number: int, span: Span, total: int, stage: str) -> Iterator[av.VideoFrame]:
    """Yield the pictures of a span, and say how far the film is."""
    begin = programme.cuts[number].record_in
    for position, frame in enumerate(programme.pictures(number, range(span.first, span.last)), span.first + 1):
        yield frame
        job.progress(0.02 + 0.96 * (begin + position) / total, stage)


if __name__ == "__main__":
    main(assemble)
