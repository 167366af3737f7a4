"""Grade: a clip with another light: exposure, warmth, a look, contrast and grain; HDR comes down to SDR."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import av
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc
from clip import Step, matrix_of, plain, refilm
from colour import Primaries, ToneMap, Transfer
from look import Grade, Look, Source, cube, opened

from studio_sdk import Field, Image, Job, Variant, Video, main, pipeline

Coding = Literal["as-tagged", "sdr", "pq", "hlg"]

_TRANSFERS: dict[int, Transfer] = {ColorTrc.SMPTE2084: "pq", ColorTrc.ARIB_STD_B67: "hlg"}
_PRIMARIES: dict[int, Primaries] = {ColorPrimaries.BT2020: "bt2020", ColorPrimaries.SMPTE432: "p3"}
_GRAIN = 26
"""The noise filter's strength at full grain, in levels of 255."""


@pipeline(
    id="grade",
    version="1.0.2",
    title="Grade",
    task="grade-video",
    variants=tuple(Variant(quality, timeout_s=7200, estimate_s=20) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=(
        "Grade a part of the picture: there are no masks, windows or keys",
        "Bring back what is burnt out or black in the clip",
        "Match two shots to each other",
        "Give HDR: what comes out is SDR of eight bits, BT.709",
    ),
    output_mb=16384,
)
def grade(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="What is graded")],
    lut: Annotated[
        Image | None, Field(title="LUT", help="A Hald CLUT picture, applied last; a .cube is turned into one by ffmpeg")
    ] = None,
    look: Annotated[Look, Field(title="Look")] = "none",
    amount: Annotated[float, Field(title="Amount", help="How much of the look", minimum=0, maximum=1, step=0.05)] = 1,
    exposure: Annotated[float, Field(title="Exposure", minimum=-4, maximum=4, step=0.1, unit="stops")] = 0,
    temperature: Annotated[
        float, Field(title="Warmth", minimum=-1, maximum=1, step=0.05, help="Below 0 is cooler")
    ] = 0,
    contrast: Annotated[float, Field(title="Contrast", minimum=-1, maximum=1, step=0.05)] = 0,
    saturation: Annotated[float, Field(title="Saturation", minimum=-1, maximum=1, step=0.05, help="-1 is grey")] = 0,
    grain: Annotated[float, Field(title="Grain", minimum=0, maximum=1, step=0.05)] = 0,
    coding: Annotated[
        Coding, Field(title="Clip is", help="As tagged: its file says whether it is HDR. Choose where it does not")
    ] = "as-tagged",
    tone_map: Annotated[
        ToneMap,
        Field(title="HDR to SDR", help="Knee: middle tones stay. Reinhard: all is softer. Clip: lights are cut"),
    ] = "knee",
    peak: Annotated[float, Field(title="HDR peak", minimum=203, maximum=10000, step=1, unit="nits")] = 1000,
) -> Video:
    """Give a clip another light, with the same frames and the same sound."""
    wanted = Grade(exposure, temperature, contrast, saturation, look, amount)
    hald = opened(lut) if lut else None
    seen: set[str] = set()

    def colours(frame: av.VideoFrame) -> Iterator[Step]:
        source = source_of(frame, coding, tone_map, peak)
        if wanted.neutral and hald is None and (source.transfer, source.primaries) == ("sdr", "bt709"):
            seen.add("sdr")
            yield from plain(frame)
            return
        path = job.scratch / f"{source.transfer}-{source.primaries}.cube"
        if not path.exists():
            cube(source, wanted, hald, path)
        seen.add(source.transfer)
        yield from through(frame, path)

    made = Video(job.outputs / "graded.mp4")
    steps = [("noise", f"c0s={max(1, round(_GRAIN * grain))}:c0f=t:all_seed={job.seed % 2**31}")] if grain else []
    frames = refilm(job, clip, made, steps, "Grading", colours=colours)
    job.facts |= {"frames": frames, "look": look, "came_as": ", ".join(sorted(seen))}
    return made


def source_of(frame: av.VideoFrame, coding: Coding, tone_map: ToneMap, peak: float) -> Source:
    """Return how a frame's values are to be read: as its tags say, or as the person does."""
    tagged = _TRANSFERS.get(int(frame.color_trc), "sdr")
    transfer: Transfer = tagged if coding == "as-tagged" else coding
    known = _PRIMARIES.get(int(frame.color_primaries))
    return Source(transfer, known or ("bt709" if transfer == "sdr" else "bt2020"), tone_map, peak)


def through(frame: av.VideoFrame, path: Path) -> Iterator[Step]:
    """Yield the steps that bring a frame through a cube: red, green and blue of sixteen bits in between."""
    words = "flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
    if frame.format.name.startswith(("yuv", "nv", "p0")):
        full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        words += f":in_range={'pc' if full else 'tv'}:in_color_matrix={matrix_of(frame)}"
    yield ("scale", f"{words}:out_range=pc")
    yield ("format", "gbrp16le")
    yield ("lut3d", f"file={escaped(path)}:interp=tetrahedral")
    yield ("scale", "flags=lanczos+accurate_rnd+full_chroma_int:in_range=pc:out_range=tv:out_color_matrix=bt709")
    yield ("format", "yuv420p")


def escaped(path: Path) -> str:
    """Return a path as libavfilter wants it in a filter's options."""
    return "".join(f"\\{sign}" if sign in "\\':" else sign for sign in str(path))


if __name__ == "__main__":
    main(grade)
