"""How large editorial masters become, before any is made. Pure.

Measured: DNxHR HQ and ProRes 422 HQ need 0.44 bytes a pixel, whatever is seen.
"""

from typing import Final, Literal

from studio_sdk.types import rate
from studio_server.domain.shots import Take
from studio_server.domain.timecode import counted
from studio_server.domain.timeline import Cut, Sound, Timeline

Codec = Literal["copy", "prores", "dnxhr"]
"""How pictures of masters are coded: as they are, ProRes 422 HQ, or DNxHR HQ."""

_A_PIXEL: Final = 0.44
_PCM_BYTES: Final = 48000 * 3
"""A second of one channel at 48 kHz and 24 bits."""


def master_bytes(codec: Codec, take: Take, cut: Cut, timeline: Timeline) -> tuple[int, bool]:
    """Return about how many bytes the master of a take has, and whether its pictures are copied."""
    seconds = float(cut.conformed_frames / timeline.rate)
    channels = min(2, cut.audio_channels or 1) if cut.has_audio else 0
    heard = round(seconds * channels * _PCM_BYTES)
    if codec == "copy":
        native = rate(cut.native_rate) if cut.native_rate else timeline.rate
        return take.media.size + heard, counted(native) == counted(timeline.rate)
    return round((take.width or 0) * (take.height or 0) * _A_PIXEL * cut.conformed_frames) + heard, False


def sound_bytes(sound: Sound, timeline: Timeline) -> int:
    """Return how many bytes a voice or music has as Broadcast Wave."""
    return round(float(sound.frames / timeline.rate) * 2 * _PCM_BYTES)
