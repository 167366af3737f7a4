"""Sound that is coded and yet nothing: the track of a take that was made without sound."""

from collections.abc import Sequence
from itertools import groupby

import av
from av.error import FFmpegError
from av.stream import Stream

_SMALLEST = 128
"""A packet of AAC that holds 1,024 samples of silence has 6 bytes, 23 with the encoder's name."""
_SETTLED = 3
"""A decoder that is given the same packet again and again gives the same samples from the third on."""

_known: dict[tuple[bytes, ...], bool] = {}


def is_silent(stream: av.AudioStream, packets: "Sequence[av.Packet[Stream]]") -> bool:
    """Whether every sample of a track is 0: known for AAC, where what differs is decoded; False where it is not known.

    `packets` are all of the track, in order. What was decoded once is known for the next track.
    """
    codec = stream.codec_context
    if codec.name != "aac" or any(packet.size > _SMALLEST for packet in packets):
        return False
    runs = (list(run) for _, run in groupby(packets, bytes))
    telling = [packet for run in runs for packet in run[:_SETTLED]]
    key = (bytes(codec.extradata or b""), *map(bytes, telling))
    if key not in _known:
        _known[key] = not _heard(stream, telling)
    return _known[key]


def _heard(stream: av.AudioStream, packets: "Sequence[av.Packet[Stream]]") -> bool:
    try:
        return any(frame.to_ndarray().any() for packet in (*packets, None) for frame in stream.decode(packet))
    except FFmpegError:  # damaged sound is told where it is listened to
        return True
