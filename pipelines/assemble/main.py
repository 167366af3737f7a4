"""Assemble: a cut and its takes become one film, with exactly the frames and samples of the cut."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import av
import loudness
import picture
from bed import Bed, Kept
from burn import Burn
from captions import Captions, captions_in, check
from coding import Coder
from compose import Programme
from cutlist import Cut, Sound, opened, read, sounds_in
from draft import comment, holding, makers
from film import Film
from presets import PRESETS, Aspect, Delivery, Framing, Preset
from sound import HERTZ, Samples, bent, comment_of
from spans import Span, parts

from studio_sdk import Audio, Edl, Field, Format, Job, Variant, Video, main, pipeline

Loudness = Literal["auto", "16", "14", "23", "off"]

_CEILING_DB = -1.5
"""True peaks of the sound before it is coded; the coding adds what is left to -1."""


_KEPT_BYTES = 96 << 20
"""Of coded pictures: a film that has no more reads each take once."""


@pipeline(
    id="assemble",
    version="1.6.2",
    title="Assemble",
    task="assemble-film",
    output="film",
    variants=tuple(Variant(quality, timeout_s=7200) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT; fonts SIL OFL 1.1",
    cannot=("Wipes and speed changes: a cut that has them is refused",),
    output_mb=32768,
    cache_mb=4096,
)
def assemble(
    job: Job,
    cut: Annotated[Edl, Field(title="Cut", help="The order of the takes and where each is cut")],
    clips: Annotated[list[Video], Field(title="Clips", help="Every take the cut names")],
    music: Annotated[Audio | None, Field(title="Music", help="Heard under the whole film")] = None,
    music_level: Annotated[
        float, Field(title="Music level", minimum=-40, maximum=0, step=1, unit="dB", help="0 is as recorded")
    ] = -12,
    sounds: Annotated[
        list[Audio] | None, Field(title="Sounds", help="Voices and music that the cut places on its sound tracks")
    ] = None,
    ducking: Annotated[
        float,
        Field(title="Ducking", minimum=0, maximum=30, step=1, unit="dB", help="How far music steps back"),
    ] = 10,
    loudness_target: Annotated[
        Loudness,
        Field(
            title="Loudness",
            help="auto fits what the film is made for; -16 LUFS for the web, -14 for platforms, -23 for television",
        ),
    ] = "auto",
    delivery: Annotated[
        Delivery,
        Field(
            title="Made for",
            help="project: as the takes are. youtube 1920x1080, vertical 1080x1920, square 1080x1080, prores and dnxhr "
            "masters, reference with timecode in the picture",
        ),
    ] = "project",
    framing: Annotated[
        Framing, Field(title="Another shape", help="fit keeps the whole picture with bars, fill keeps its middle")
    ] = "fit",
    aspect: Annotated[
        Aspect,
        Field(
            title="Shape",
            help="project: that of what it is made for. Any other has as many pixels along its shorter side; a shot "
            "with a framing for it shows that, every other as “Another shape” says",
        ),
    ] = "project",
    language: Annotated[
        str, Field(title="Language", help="What the film is in, such as fr; empty: what it was written in")
    ] = "",
    subtitles: Annotated[  # noqa: FBT002 - a field of the film, given by name
        bool, Field(title="Subtitles in the picture", help="What is said is written at the foot of the picture")
    ] = False,
) -> Video:
    """Make one film of a cut: exact frames, dissolves, titles, slates for what is missing, one sound track."""
    job.progress(0.01, "Reading the cut")
    timeline, preset = opened(cut), PRESETS[delivery]
    form = preset.of(job.format, aspect)
    cuts = read(timeline, clips, form.rate)
    known = looked_at(cuts)
    said = captions_in(timeline) if subtitles else []
    check(said, [piece.title for piece in cuts if piece.title] if language else [])
    written = Captions(said, form) if said else None
    programme = Programme(cuts, known, form, fill=framing == "fill", captions=written)
    programme.check()
    total = cuts[-1].record_out
    laid = sounds_in(timeline, sounds or [], form.rate)
    if music is not None:
        second = min(total, round(form.rate))
        laid.append(Sound(music.label, music, True, 0, total, gain=music_level, fade_out=second))
    target = preset.loudness if loudness_target == "auto" else loudness_target
    heard = listened(job, Bed(programme, laid, ducking), target)
    plan, template, coder = planned(programme, form, job.quality, preset)
    start = int(timeline.global_start_time.value) if timeline.global_start_time else 0
    burn = Burn(form, start) if preset.burned else None
    drawn = [maker for one in known if one for maker in one.drafts]
    spoken = [maker for sound in laid for maker in makers(comment_of(sound.file))]
    drafts = holding([*drawn, *spoken]) if drawn else comment(spoken, what="sound")
    made = Video(job.outputs / f"film{preset.suffix}")
    encoded = anew = 0
    with Film(made, form, template, preset=preset, start=start, comment=drafts, language=language) as film:
        for number, piece in enumerate(cuts):
            stage = f"Cut {number + 1} of {len(cuts)}: {piece.name}"
            for span in plan[number]:
                job.progress(0.05 + 0.93 * (piece.record_in + span.first) / total, stage)
                if span.copied and piece.take:
                    kept = facts.coded if (facts := known[number]) else ()
                    film.copy(piece.take, piece.source_in + span.first, piece.source_in + span.last, kept)
                    continue
                for part in parts(span, piece.dissolve, max(1, round(form.rate))):
                    key = made_of(programme, number, part, coder, burn)
                    coded = job.kept.get(key)
                    encoded, anew = encoded + 1, anew + (coded is None)
                    if coded is None:
                        pictures = told(job, programme, number, part, total, stage)
                        if burn:
                            pictures = (burn(frame, piece, at) for at, frame in enumerate(pictures, part.first))
                        coded = coder.coded(pictures)
                        job.kept.put(key, coded)
                    film.add(coded, part.last - part.first)
            sounded(film, heard, form.samples(piece.record_out, HERTZ))
        job.progress(0.99, "Writing the file")
    copied = sum(span.last - span.first for spans in plan for span in spans if span.copied)
    job.facts |= {"frames": total, "cuts": len(cuts), "copied": copied, "spliced": copied == total}
    job.facts |= {"spans": encoded, "spans_anew": anew}
    return made


def looked_at(cuts: Sequence[Cut]) -> list[picture.Facts | None]:
    """Return what the take of each cut is; takes are kept in memory as long as they are small together."""
    found, left = list[picture.Facts | None](), _KEPT_BYTES
    for piece in cuts:
        found.append(facts := picture.facts(piece, left) if piece.take else None)
        left -= sum(len(one.data) for one in facts.coded) if facts else 0
    return found


def made_of(programme: Programme, number: int, part: Span, coder: Coder, burn: Burn | None) -> list[object]:
    """Return all that decides the bytes of an encoded part of a cut: under this it is kept."""
    within, piece = range(part.first, part.last), programme.cuts[number]
    return ["span", programme.made_of(number, within), coder.said, burn.said(piece, within) if burn else None]


def sounded(film: Film, heard: Iterator[Samples] | None, upto: int) -> None:
    """Write the film's sound up to a sample: what is heard, or silence."""
    if heard is None:
        film.rest(upto)
        return
    while film.heard < upto:
        film.hear(next(heard))


def listened(job: Job, bed: Bed, target: str) -> Iterator[Samples] | None:
    """Return the film's sound as it is to be written, and say how loud it is; None where nothing is heard in it."""
    bed.check()
    if bed.silent:
        return None
    job.progress(0.02, "Listening to the film")
    steps = bed.back()
    if target == "off":
        return (bent(piece) for piece in bed.stream(steps))
    kept = Kept(bed.stream(steps), bed.seconds)
    told = loudness.measure(counted_by(job, kept.first()))
    curve, reached = loudness.levelled(told, -float(target), _CEILING_DB)
    if reached > -float("inf"):
        job.facts |= {"loudness": round(reached, 1)}
    return shaped(kept.again(lambda: bed.stream(steps)), curve)


def counted_by(job: Job, sound: Iterator[Samples]) -> Iterator[Samples]:
    """Yield a stream as it is, and let the job be cancelled meanwhile."""
    for piece in sound:
        job.progress(0.03, "Measuring the sound")
        yield piece


def shaped(sound: Iterator[Samples], curve: loudness.Curve) -> Iterator[Samples]:
    """Yield a stream with the gain that a curve gives it."""
    at = 0
    for piece in sound:
        yield piece * loudness.drawn(curve, at, piece.shape[1])
        at += piece.shape[1]


def planned(
    programme: Programme, form: Format, quality: str, preset: Preset
) -> tuple[list[list[Span]], Path | bytes, Coder]:
    """Return how each frame comes into the film, a file that says how its packets are coded, and what codes the rest.

    Where nothing can be copied (takes are coded in ways that make no one stream, or all are touched) all is encoded.
    """
    if not (preset.is_master or preset.burned):
        coder = Coder("takes", form, quality, preset)
        if (first := programme.known[0]) and (done := copying(programme, first.setup)):
            plan, template = done
            if all(span.copied for spans in plan for span in spans):
                return plan, template, coder  # nothing is encoded between its packets: it may be coded in any one way
        if done := copying(programme, coder.setup()):
            return *done, coder
    coder = Coder("master" if preset.is_master else "film", form, quality, preset)
    return programme.plan(b""), coder.sample(), coder


def copying(programme: Programme, setup: bytes) -> tuple[list[list[Span]], Path] | None:
    """Return the plan for takes coded with a setup, and the first of them; None where nothing would be copied."""
    plan = programme.plan(setup)
    copied = (piece.take for piece, spans in zip(programme.cuts, plan, strict=True) if any(s.copied for s in spans))
    template = next((take for take in copied if take), None)
    return (plan, template) if template else None


def told(job: Job, programme: Programme, number: int, span: Span, total: int, stage: str) -> Iterator[av.VideoFrame]:
    """Yield the pictures of a span, and say how far the film is."""
    begin = programme.cuts[number].record_in
    for position, frame in enumerate(programme.pictures(number, range(span.first, span.last)), span.first + 1):
        yield frame
        job.progress(0.05 + 0.93 * (begin + position) / total, stage)


if __name__ == "__main__":
    main(assemble)
