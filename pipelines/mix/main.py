"""Mix: dialogue, effects and music become one sound, as loud as asked, with music that steps back under speech."""

from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Annotated, Literal

import av
import cues
import loudness
import numpy as np
from draft import comment, makers
from layers import mixed, stepped_back
from placing import Levels, given
from sound import HERTZ, Samples, bent, comment_of

from studio_sdk import Audio, Field, Job, Variant, Video, main, pipeline

Loudness = Literal["16", "14", "23", "off"]

_CEILING_DB = -1.1
"""True peaks are kept a tenth of a decibel under -1: other meters oversample in other ways."""
_NEAR = 0.2
"""Decibels: a mix further from its loudness than this says so."""
_FULL = 2**31 - 2**8


@pipeline(
    id="mix",
    version="1.0.2",
    title="Mix",
    task="mix-sound",
    variants=tuple(Variant(quality, timeout_s=7200, estimate_s=5) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT",
    cannot=(
        "Take noise, hum or room out of a recording",
        "Tell speech from other sound: whatever is loud in Dialogue makes the music step back",
        "Repeat music that is too short, or find the bar at which it may be cut",
        "Keep surround sound: the mix is stereo",
    ),
    output_mb=4096,
)
def mix(
    job: Job,
    dialogue: Annotated[
        list[Audio] | None, Field(title="Dialogue", help="Voices, one after the other unless a cue says when")
    ] = None,
    effects: Annotated[list[Audio] | None, Field(title="Effects", help="From the start unless a cue says when")] = None,
    music: Annotated[
        list[Audio] | None, Field(title="Music", help="From the start unless a cue says when; steps back under voices")
    ] = None,
    picture: Annotated[
        Video | None, Field(title="Picture", help="The mix is as long as it, and its own sound is in it")
    ] = None,
    loudness_target: Annotated[
        Loudness, Field(title="Loudness", help="-16 LUFS for the web, -14 for platforms, -23 for television")
    ] = "16",
    ducking: Annotated[
        float, Field(title="Ducking", minimum=0, maximum=30, step=1, unit="dB", help="How far music steps back")
    ] = 10,
    music_level: Annotated[float, Field(title="Music level", minimum=-40, maximum=12, step=1, unit="dB")] = -6,
    dialogue_level: Annotated[float, Field(title="Dialogue level", minimum=-40, maximum=12, step=1, unit="dB")] = 0,
    effects_level: Annotated[float, Field(title="Effects level", minimum=-40, maximum=12, step=1, unit="dB")] = -6,
    even: Annotated[  # noqa: FBT002
        bool, Field(title="Even out first", help="On: levels count from one loudness. Off: from how it was recorded")
    ] = True,
    cue_list: Annotated[
        str,
        Field(
            title="Cues",
            max_length=8000,
            multiline=True,
            help="A line each: file, second, decibels: `door.wav 12.5 -6`",
        ),
    ] = "",
    fade_in: Annotated[float, Field(title="Music fades in", minimum=0, maximum=30, step=0.5, unit="s")] = 0.5,
    fade_out: Annotated[float, Field(title="Music fades out", minimum=0, maximum=30, step=0.5, unit="s")] = 2,
    picture_sound: Annotated[
        Literal["dialogue", "effects", "off"], Field(title="Picture's sound", help="Dialogue: music steps back")
    ] = "dialogue",
) -> Audio:
    """Mix dialogue, effects and music into one stereo sound of a given loudness."""

    def warn(words: str) -> None:
        job.log(words, "warning")

    told = given(dialogue or [], effects or [], music or [], picture, picture_sound)
    asked = cues.read(cue_list, told.names)
    heard = told.heard(lambda done: job.progress(0.01 + 0.3 * done, "Listening to the files"), warn)
    levels = Levels(dialogue_level, effects_level, music_level, fade_in, fade_out, even)
    layers, total = told.laid(heard, asked, levels, warn)
    back, spoken = stepped_back(
        layers, total, ducking, lambda sound: followed(job, sound, total, (0.31, 0.4), "Listening for voices")
    )
    curve, reached = None, -inf
    if loudness_target != "off":
        stream = followed(job, mixed(layers, total, back), total, (0.4, 0.75), "Measuring the mix")
        curve, reached = loudness.levelled(loudness.measure(stream), -float(loudness_target), _CEILING_DB)
    made = Audio(job.outputs / "mix.wav")
    drafts = comment((maker for file, *_ in told.files for maker in makers(comment_of(file))), what="sound")
    write(made, followed(job, mixed(layers, total, back), total, (0.75, 0.99), "Mixing"), curve, drafts)
    job.facts |= {"seconds": round(total / HERTZ, 3), "files": len(told.files), "speech_s": round(spoken, 1)}
    job.facts |= {"silent_files": sum(one.silent for one in heard), "ducked": back is not None}
    if reached > -inf:
        job.facts["loudness"] = round(reached, 1)
        if abs(reached + float(loudness_target)) > _NEAR:
            job.log(f"It is {reached:.1f} LUFS: more would press its peaks or lift its noise too far.", "warning")
    return made


def followed(
    job: Job, sound: Iterator[Samples], total: int, share: tuple[float, float], what: str
) -> Iterator[Samples]:
    """Yield a stream as it is, and say how far it is; `share` is its part of the whole run."""
    at = 0
    for piece in sound:
        yield piece
        at += piece.shape[1]
        job.progress(share[0] + (share[1] - share[0]) * at / total, what)


def write(path: Path, sound: Iterator[Samples], curve: "loudness.Curve | None", said: str = "") -> None:
    """Write a stream as a WAV file of 24 bits, with the gain that a curve gives it; `said` is its comment."""
    with av.open(str(path), "w", format="wav", options={"fflags": "+bitexact"}) as file:
        if said:
            file.metadata["comment"] = said
        stream = file.add_stream("pcm_s24le", rate=HERTZ, layout="stereo")
        at = 0
        for piece in sound:
            count = piece.shape[1]
            shaped = bent(piece) if curve is None else piece * loudness.drawn(curve, at, count)
            whole = (np.clip(shaped.T.astype(np.float64), -1, 1) * _FULL).astype(np.int32)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole.reshape(1, -1)), "s32", "stereo")
            frame.sample_rate, frame.pts = HERTZ, at
            file.mux(stream.encode(frame))
            at += count
        file.mux(stream.encode(None))


if __name__ == "__main__":
    main(mix)
