"""The part of a voice that a shot uses, as a file of its own: exactly so many samples, whatever the voice is.

A voice of hours is read piece by piece up to the end of the part; nothing but the part is kept. It is read from its
start and not sought in, because positions in MP3 and AAC files are estimates.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

import av
from av.error import FFmpegError

from studio_sdk import Audio, Code, Fail, Field, Job

HERTZ = 48000
"""Samples a second of the part."""

From = Annotated[
    float,
    Field(title="Voice from", help="Where in the voice this shot begins", minimum=0, step=0.1, unit="s"),
]
Length = Annotated[
    float,
    Field(
        title="Voice length", help="How much of the voice this shot uses. 0: to its end", minimum=0, step=0.1, unit="s"
    ),
]
"""The two inputs, the same in every pipeline that takes a voice, so that a shot can be made again by another one."""

_NEARLY_S = 0.1
"""An end that is given so little beyond the voice's own is the voice's own: people read lengths in tenths."""

_TOLD_S = 60
"""After so many seconds of voice the reading says how far it is."""


def passage(job: Job, voice: Audio, begins: float, length: float, most_s: float) -> Audio:
    """Return the part of a voice from `begins` on, `length` seconds long (0: to its end), as a file in the scratch.

    Raises `Fail` where the voice cannot be read or holds no sound, where the part lies beyond its end, and where it is
    longer than `most_s`; what to do stands in the sentence.
    """
    told = told_s(voice)
    if length > most_s:
        raise _wrong(f"Voice length is {length:g} s, and {most_s:g} s is the most here.", "voice_length")
    if not length and told - begins > 2 * most_s:  # shorter ones are measured, since not every file says it rightly
        raise _long(told, begins, most_s)
    part = Audio(job.scratch / "part-of-voice.wav")
    part.label = voice.label
    first, most = round(begins * HERTZ), round((length or most_s) * HERTZ)
    try:
        there, kept = _written(job, voice, part, first, most)
    except FFmpegError as why:
        words = f"The voice {voice.label} cannot be read."
        raise Fail(Code.UNSUPPORTED_MEDIA, words, field="voice", detail=str(why)) from why
    if not there:
        raise _silent(voice)
    if not kept:
        words = f"The shot would begin at {begins:g} s, and the voice is over at {there / HERTZ:.1f} s."
        raise _wrong(f"{words} Set Voice from to less.", "voice_from")
    if not length and there - first > kept:
        raise _long(told, begins, most_s)
    if length and kept < most - _NEARLY_S * HERTZ:
        words = f"From {begins:g} s on the voice is only {kept / HERTZ:.1f} s long, and Voice length is {length:g} s."
        raise _wrong(f"{words} Set it to less, or to 0 for all up to the end.", "voice_length")
    return part


def _written(job: Job, voice: Audio, part: Audio, first: int, most: int) -> tuple[int, int]:
    """Write the samples of a voice from `first` on, at most so many; return how many were read and how many written."""
    there = kept = 0
    with av.open(str(voice), metadata_errors="ignore") as source:
        if not source.streams.audio:
            raise _silent(voice)
        layout = "mono" if source.streams.audio[0].codec_context.channels == 1 else "stereo"
        with av.open(str(part), "w", format="wav") as film:
            stream = film.add_stream("pcm_f32le", rate=HERTZ, layout=layout)
            for piece in _resampled(source, av.AudioResampler("flt", layout, HERTZ)):
                _say(job, there, piece.samples)
                skipped = min(max(0, first - there), piece.samples)
                wanted = min(piece.samples - skipped, most - kept)
                there += piece.samples
                if wanted:
                    out = _cut(piece, skipped, wanted)
                    out.pts = kept
                    kept += wanted
                    film.mux(stream.encode(out))
                elif kept:
                    break
            film.mux(stream.encode(None))
    return there, kept


def _say(job: Job, there: int, more: int) -> None:
    every = _TOLD_S * HERTZ
    if there // every != (there + more) // every:
        job.progress(0.01, f"Reading the voice: {there // HERTZ} s")


def told_s(voice: Audio) -> float:
    """Return how long a voice says that it is, in seconds; 0 where its file does not say. Nothing is decoded."""
    with suppress(FFmpegError), av.open(str(voice), metadata_errors="ignore") as source:
        return (source.duration or 0) / av.time_base
    return 0.0


def _resampled(source: "av.container.InputContainer", turn: av.AudioResampler) -> Iterator[av.AudioFrame]:
    for frame in source.decode(source.streams.audio[0]):
        frame.pts = None
        yield from turn.resample(frame)
    yield from turn.resample(None)


def _cut(piece: av.AudioFrame, skipped: int, wanted: int) -> av.AudioFrame:
    across = 4 * len(piece.layout.channels)
    out = av.AudioFrame("flt", piece.layout.name, wanted)
    out.sample_rate = HERTZ
    content = bytes(piece.planes[0])[skipped * across : (skipped + wanted) * across]
    out.planes[0].update(content.ljust(out.planes[0].buffer_size, b"\0"))
    return out


def _silent(voice: Audio) -> Fail:
    return Fail(Code.UNSUPPORTED_MEDIA, f"There is no sound in {voice.label}.", field="voice")


def _long(told: float, begins: float, most_s: float) -> Fail:
    long = f"{told - begins:.0f} s long" if told - begins > most_s else f"longer than {most_s:g} s"
    words = f"From {begins:g} s on the voice is {long}" if begins else f"The voice is {long}"
    words = f"{words}; a shot takes {most_s:g} s at the most. Say which part of it this shot uses, with Voice from and"
    return _wrong(f"{words} Voice length; further shots take the next parts.", "voice_length")


def _wrong(words: str, field: str) -> Fail:
    return Fail(Code.VALIDATION_ERROR, words, field=field)
