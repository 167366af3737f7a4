"""The pictures of a take, frame by frame, as the film wants them. Every fault is told with the shot's name."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from av.container import InputContainer
from av.error import FFmpegError
from cutlist import Cut
from draft import makers
from fit import Fit, Window, is_plain

from studio_sdk import Code, Fail, Format


@dataclass(frozen=True)
class Facts:
    """What a take is: how many pictures at which rate and size, and what a decoder needs to know of it.

    `steady`: every picture lasts one frame, and the first in the file is the first shown and needs no other.
    `groups` are the pictures at which a closed group begins, in a steady take: it can be cut there without decoding.
    `heard`: there is sound in its file. `drafts`: the pipelines that its file names as makers of a draft.
    `plain`: it is shown as it is coded, upright, with square pixels, in the film's colours. `upright`: the first two.
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


def facts(cut: Cut) -> Facts:
    """Return what the take of a cut is, by counting its pictures without decoding them."""
    try:
        with av.open(str(cut.take)) as source:
            if not source.streams.video:
                raise fault(cut, "has no picture")
            stream, heard = source.streams.video[0], bool(source.streams.audio)
            rate = cut.native or stream.average_rate or stream.guessed_rate
            packets = [packet for packet in source.demux(stream) if packet.size]
            if not packets or not rate:
                raise fault(cut, "has no picture")
            codec, base = stream.codec_context, stream.time_base or Fraction(1)
            shown = _places([packet.pts for packet in packets], base * rate)
            steady = packets[0].is_keyframe and sorted(shown) == list(range(len(shown)))
            size = (codec.width, codec.height)
            setup = bytes(codec.extradata or b"")
            source.seek(0)
            codec.thread_count = 1  # one picture: threads cost more to start than they save
            pixel = stream.sample_aspect_ratio or Fraction(1)
            frame = next(source.decode(stream))
            plain, upright = is_plain(frame, pixel), not frame.rotation and pixel == 1
            groups = _groups([bool(packet.is_keyframe) for packet in packets], shown) if steady else ()
            drafts = makers(source.metadata.get("comment", ""))
            return Facts(
                len(packets), Fraction(rate), size, codec.name, setup, steady, plain, groups, heard, upright, drafts
            )
    except StopIteration as why:
        raise fault(cut, "has no picture that can be decoded") from why
    except FFmpegError as why:
        raise fault(cut, "cannot be read", str(why)) from why


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
