"""The pictures of a take, frame by frame, as the film wants them. Every fault is told with the shot's name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from cutlist import Cut
from draft import makers
from fit import Fit, Window, is_plain
from silence import is_silent

from studio_sdk import Code, Fail, Format

_UNDECODED = {"skip_frame": "all", "analyzeduration": "1"}
"""FFmpeg decodes pictures of every file it opens, to learn what an MP4 says anyway; that takes longer than all else."""
_LOOKED_AT = {"skip_loop_filter": "all"}


class Coded(NamedTuple):
    """A picture of a take as it is coded, and where in the take it is shown."""

    shown: int
    is_key: bool
    data: bytes


@dataclass(frozen=True)
class Facts:
    """What a take is: how many pictures at which rate and size, and what a decoder needs to know of it.

    `steady`: every picture lasts one frame, and the first in the file is the first shown and needs no other.
    `groups` are the pictures at which a closed group begins, in a steady take: it can be cut there without decoding.
    `heard`: there is sound in its file; `silent`: every sample of it is known to be 0.
    `drafts`: the pipelines that its file names as makers of a draft.
    `plain`: it is shown as it is coded, upright, with square pixels, in the film's colours. `upright`: the first two.
    `coded`: the pictures of a steady take that was to be kept, in the order of its file.
    """

    frames: int
    rate: Fraction
    size: tuple[int, int]
    codec: str
    setup: bytes
    steady: bool
    plain: bool
    groups: tuple[int, ...] = ()
    heard: bool = True
    upright: bool = True
    drafts: tuple[str, ...] = ()
    silent: bool = False
    coded: tuple[Coded, ...] = field(default=(), repr=False)


def opened(take: str) -> InputContainer:
    """Open a file whose pictures are counted or copied; those of an MP4 are not decoded for it."""
    source = av.open(take, options=_UNDECODED)
    if "mp4" in source.format.name.split(","):
        return source
    source.close()
    return av.open(take)


def facts(cut: Cut, keep: int = 0) -> Facts:
    """Return what the take of a cut is, by counting its pictures without decoding them.

    A take whose coded pictures have no more than `keep` bytes is kept as it was read: copying does not read it again.
    """
    try:
        with opened(str(cut.take)) as source:
            if not source.streams.video:
                raise fault(cut, "has no picture")
            stream, sound = source.streams.video[0], source.streams.audio[0] if source.streams.audio else None
            rate = cut.native or stream.average_rate or stream.guessed_rate
            told = [packet for packet in source.demux(*filter(None, (stream, sound))) if packet.size]
            packets = [packet for packet in told if packet.stream is stream]
            if not packets or not rate:
                raise fault(cut, "has no picture")
            codec, base = stream.codec_context, stream.time_base or Fraction(1)
            shown = _places([packet.pts for packet in packets], base * rate)
            steady = packets[0].is_keyframe and sorted(shown) == list(range(len(shown)))
            size = (codec.width, codec.height)
            setup = bytes(codec.extradata or b"")
            pixel = stream.sample_aspect_ratio or Fraction(1)
            frame = _first(source, stream, packets if steady else [])
            is_kept = steady and sum(packet.size for packet in packets) <= keep
            coded = zip(shown, packets, strict=True) if is_kept else ()
            return Facts(
                len(packets),
                Fraction(rate),
                size,
                codec.name,
                setup,
                steady,
                is_plain(frame, pixel),
                groups=_groups([bool(packet.is_keyframe) for packet in packets], shown) if steady else (),
                heard=sound is not None,
                upright=not frame.rotation and pixel == 1,
                drafts=makers(source.metadata.get("comment", "")),
                coded=tuple(Coded(at, packet.is_keyframe, bytes(packet)) for at, packet in coded),
                silent=sound is not None and is_silent(sound, [one for one in told if one.stream is sound]),
            )
    except StopIteration as why:
        raise fault(cut, "has no picture that can be decoded") from why
    except FFmpegError as why:
        raise fault(cut, "cannot be read", str(why)) from why


def _first(source: InputContainer, stream: av.VideoStream, packets: "list[av.Packet[Stream]]") -> av.VideoFrame:
    """Return the first picture. StopIteration where there is none that can be decoded.

    Of a steady take's `packets` the first is all that it needs: a decoder that is told so does not wait for the next.
    """
    stream.codec_context.thread_count = 1  # one picture: threads cost more to start than they save
    stream.codec_context.options = _LOOKED_AT
    if packets:
        for frame in [*stream.decode(packets[0]), *stream.decode(None)]:
            return frame
        stream.codec_context.flush_buffers()
    source.seek(0)
    return next(source.decode(stream))


def _places(ticks: list[int | None], step: Fraction) -> list[int]:
    """Return which picture each packet shows, from the first packet's on; -1 where it is no whole frame."""
    first, over, under = ticks[0], step.numerator, step.denominator
    if first is None:
        return [-1] * len(ticks)
    found = [None if at is None else divmod((at - first) * over, under) for at in ticks]
    return [-1 if one is None or one[1] else one[0] for one in found]


def _groups(keyed: list[bool], shown: list[int]) -> tuple[int, ...]:
    """Return the pictures that begin a group which no other group needs: all of it is shown after its beginning."""
    keys = [at for at, is_key in enumerate(keyed) if is_key]
    ends = [*keys[1:], len(keyed)]
    return tuple(
        shown[key]
        for key, end in zip(keys, ends, strict=True)
        if sorted(shown[key:end]) == list(range(key, end)) and shown[key] == key
    )


def check(cut: Cut, known: Facts, form: Format, tail: int = 0) -> None:
    """Raise `Fail` where a take is shorter than its cut with the `tail` frames that a dissolve needs after it."""
    needed = cut.native_frame(cut.frames + tail - 1, known.rate, form.rate) + 1
    if needed > known.frames:
        raise fault(cut, f"has {known.frames} frames, its cut needs {needed}")


def frames(cut: Cut, known: Facts, form: Format, part: range, window: Window | None = None) -> Iterator[av.VideoFrame]:
    """Yield the pictures of a cut's take, one for every frame of the film in a part of it; that may go on after it.

    Of a take of another shape its `window` is seen; without one there are bars.
    """
    wanted = [cut.native_frame(position, known.rate, form.rate) for position in part]
    if not wanted:
        return
    done = 0
    try:
        with av.open(str(cut.take)) as source:
            stream = source.streams.video[0]
            stream.thread_type = "AUTO"
            fit = Fit(form, stream.sample_aspect_ratio or Fraction(1), window)
            for number, frame in _numbered(source, stream, known, wanted[0]):
                if number < wanted[done]:
                    continue
                fitted = fit(frame)
                while done < len(wanted) and wanted[done] == number:
                    yield fitted
                    done += 1
                if done == len(wanted):
                    return
    except FFmpegError as why:
        raise fault(cut, f"is damaged at frame {wanted[done]}", str(why)) from why
    raise fault(cut, f"can be decoded to frame {wanted[done]} only, its cut needs {wanted[-1] + 1}")


def _numbered(
    source: InputContainer, stream: av.VideoStream, known: Facts, first: int
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Yield pictures with their number, from the group that holds `first` where the take can be entered there."""
    base = stream.time_base
    if not known.steady or not known.groups or first < known.groups[-1] // 8 or base is None:
        yield from enumerate(source.decode(stream))
        return
    start = stream.start_time or 0
    entry = max(key for key in known.groups if key <= first)
    source.seek(start + round(entry / known.rate / base), stream=stream, backward=True)
    for frame in source.decode(stream):
        yield round(((frame.pts or 0) - start) * base * known.rate), frame


def black(count: int, form: Format) -> Iterator[av.VideoFrame]:
    """Yield black frames."""
    frame = av.VideoFrame(form.width, form.height, "yuv420p")
    for plane, level in zip(frame.planes, (16, 128, 128), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    for _ in range(count):
        yield frame


def fault(cut: Cut, what: str, detail: str = "") -> Fail:
    """Return the failure of a take, told so that a person finds the shot."""
    label = cut.take.label if cut.take else ""
    return Fail(
        Code.UNSUPPORTED_MEDIA, f"The take of {cut.name} {what}.", field="clips", detail=f"{label} {detail}".strip()
    )
