"""What a film is made for: its size, how its picture and sound are coded, and whether a timecode stands in it."""

from dataclasses import dataclass, replace
from typing import Literal

from studio_sdk import Format

Delivery = Literal["project", "youtube", "vertical", "square", "prores", "dnxhr", "reference"]
Aspect = Literal["project", "16:9", "9:16", "1:1", "4:5", "4:3"]
"""The film's shape; `project` is that of what it is made for."""

Framing = Literal["fit", "fill"]
"""Where the film has another shape than its takes: bars around the whole picture, or its middle without bars."""


@dataclass(frozen=True)
class Preset:
    """A way to deliver. `size` is in pixels (None: the project's); `burned` has timecode in its picture.

    `loudness` is what fits where it goes, in LUFS below full: platforms play at -14, television at -23.
    """

    size: tuple[int, int] | None = None
    codec: Literal["h264", "prores", "dnxhd"] = "h264"
    burned: bool = False
    loudness: str = "16"

    @property
    def is_master(self) -> bool:
        """Whether it is a QuickTime file of whole pictures with PCM sound, for editing and archives."""
        return self.codec != "h264"

    @property
    def suffix(self) -> str:
        """Return the ending of its file."""
        return ".mov" if self.is_master else ".mp4"

    def of(self, form: Format, aspect: Aspect = "project") -> Format:
        """Return the format of the film in a project: another shape has as many pixels along its shorter side."""
        width, height = self.size or (form.width, form.height)
        if aspect != "project":
            across, down = map(int, aspect.split(":"))
            short, least = min(width, height), min(across, down)
            width, height = (round(short * side / least / 2) * 2 for side in (across, down))
        return replace(form, width=width, height=height)


PRESETS: dict[Delivery, Preset] = {
    "project": Preset(),
    "youtube": Preset((1920, 1080), loudness="14"),
    "vertical": Preset((1080, 1920), loudness="14"),
    "square": Preset((1080, 1080), loudness="14"),
    "prores": Preset(codec="prores", loudness="23"),
    "dnxhr": Preset(codec="dnxhd", loudness="23"),
    "reference": Preset(burned=True),
}
