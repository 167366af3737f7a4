"""The cut as FCPXML 1.9, which Final Cut Pro 10.4.9 and newer read: cuts, dissolves, fades, slates, sound, markers.

Times are whole frames of the project as exact fractions of a second. Written here: the adapter of OpenTimelineIO
loses the start timecode and every dissolve, and writes an empty frame duration at 23.976. Structure and defaults are
those of Apple's document type definition of version 1.9.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from studio_server.domain.plaintext import printable
from studio_server.domain.timeline import Cut, Marker, Sound, Timeline

VERSION: Final = "1.9"
REEL: Final = "com.apple.proapps.studio.reel"
SCENE: Final = "com.apple.proapps.studio.scene"
SHA256: Final = "production_canvas.sha256"
"""Keys of an asset's metadata; the first two are Final Cut Pro's own columns."""
CROSS: Final = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
CROSSFADE: Final = "FFAudioTransition"
"""Final Cut Pro's Cross Dissolve and the one of sound, as its own exports name them."""


def write(timeline: Timeline, folder: str) -> bytes:
    """Return the document; files are named relative to `folder`, where it will lie, masters as they are named."""
    paper = _Paper(timeline, "/".join(".." for _ in folder.split("/")))
    root = ET.Element("fcpxml", version=VERSION)
    known = paper.resources(root)
    event = ET.SubElement(ET.SubElement(root, "library"), "event", name=printable(timeline.title))
    sequence = ET.SubElement(
        ET.SubElement(event, "project", name=printable(timeline.title)), "sequence", format="r1",
        duration=paper.time(timeline.frames), tcStart=paper.time(timeline.start_frame), tcFormat=paper.counting,
        audioLayout="stereo", audioRate="48k",
    )  # fmt: skip
    spine = ET.SubElement(sequence, "spine")
    for number, cut in enumerate(timeline.shown):
        after = timeline.shown[number + 1] if number + 1 < len(timeline.shown) else None
        if cut.dissolve:
            _transition(spine, paper, cut)
        _piece(spine, paper, cut, after, known)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n' + ET.tostring(root) + b"\n"


class _Paper:
    """How times and resources of one document are written."""

    def __init__(self, timeline: Timeline, up: str) -> None:
        self.timeline, self._up = timeline, up
        self.counting = "DF" if timeline.drop_frame else "NDF"

    def time(self, frames: int) -> str:
        """Return frames of the project as seconds, not reduced: `48048/24000s`; whole seconds as `2s`."""
        rate = self.timeline.rate
        over, under = frames * rate.denominator, rate.numerator
        return f"{over // under}s" if over % under == 0 else f"{over}/{under}s"

    def resources(self, root: ET.Element) -> dict[str, str]:
        """Write formats, files and the dissolve; return the id of each file by its SHA-256."""
        shelf = ET.SubElement(root, "resources")
        rate, size = self.timeline.rate, self.timeline.size
        shown = {"width": str(size[0]), "height": str(size[1]), "colorSpace": "1-1-1 (Rec. 709)"} if size else {}
        ET.SubElement(shelf, "format", {"id": "r1", "frameDuration": f"{rate.denominator}/{rate.numerator}s"} | shown)
        ids: dict[str, str] = {}
        for cut in self.timeline.events:
            if cut.oid and cut.oid not in ids:
                ids[cut.oid] = f"r{len(ids) + 2}"
                self._asset(shelf, ids[cut.oid], cut, cut.conformed_frames)
        for sound in self.timeline.sounds:
            if sound.oid not in ids:
                ids[sound.oid] = f"r{len(ids) + 2}"
                self._asset(shelf, ids[sound.oid], sound, sound.frames)
        if any(cut.dissolve for cut in self.timeline.shown):
            ET.SubElement(shelf, "effect", id="dissolve", name="Cross Dissolve", uid=CROSS)
            ET.SubElement(shelf, "effect", id="crossfade", name="Audio Crossfade", uid=CROSSFADE)
        return ids

    def _asset(self, shelf: ET.Element, name: str, one: Cut | Sound, frames: int) -> None:
        told = {"id": name, "name": printable(one.file), "start": self.time(one.source_start)}
        told |= {"duration": self.time(frames)}
        if isinstance(one, Cut):
            told |= {"hasVideo": "1", "format": "r1", "videoSources": "1"}
        if isinstance(one, Sound) or one.has_audio:
            channels = 2 if isinstance(one, Sound) else one.audio_channels or 1
            told |= {"hasAudio": "1", "audioSources": "1", "audioChannels": str(channels), "audioRate": "48000"}
        asset = ET.SubElement(shelf, "asset", told)
        ET.SubElement(asset, "media-rep", kind="original-media", src=quote(one.master or f"{self._up}/{one.path}"))
        facts = ET.SubElement(asset, "metadata")
        _fact(facts, REEL, one.reel or "")
        if isinstance(one, Cut):
            _fact(facts, SCENE, one.scene)
        _fact(facts, SHA256, one.oid or "")


def _fact(parent: ET.Element, key: str, value: str) -> None:
    ET.SubElement(parent, "md", key=key, value=printable(value))


def _shift(cut: Cut) -> int:
    """Return how many frames after the begin of its dissolve a shot is cut: a transition stands over its cut here."""
    return cut.dissolve // 2


def _transition(spine: ET.Element, paper: _Paper, cut: Cut) -> None:
    told = {"name": "Cross Dissolve", "offset": paper.time(cut.record_in), "duration": paper.time(cut.dissolve)}
    mix = ET.SubElement(spine, "transition", told)
    ET.SubElement(mix, "filter-video", ref="dissolve", name="Cross Dissolve")
    ET.SubElement(mix, "filter-audio", ref="crossfade", name="Audio Crossfade")


def _piece(spine: ET.Element, paper: _Paper, cut: Cut, after: Cut | None, known: Mapping[str, str]) -> None:
    """Write a shot with what hangs on it, in the order that the definition has: fades, sounds, markers."""
    head, tail = _shift(cut), _shift(after) if after else 0
    begin, end = cut.record_in + head, cut.record_out + tail
    first = (0 if cut.is_slate else cut.source_start) + cut.source_in + head
    told = {"name": printable(f"{cut.shot} slate" if cut.is_slate else cut.file), "offset": paper.time(begin)}
    told |= {"start": paper.time(first), "duration": paper.time(end - begin)}
    if cut.is_slate:
        item = ET.SubElement(spine, "gap", told)
    else:
        role = {"audioRole": "dialogue"} if cut.has_audio else {}
        item = ET.SubElement(
            spine, "asset-clip", {"ref": known[cut.oid or ""]} | told | {"tcFormat": paper.counting} | role
        )
        if cut.title:
            ET.SubElement(item, "note").text = f"TITLE: {printable(cut.title)}"
        if cut.fade_in or cut.fade_out:
            _faded(ET.SubElement(item, "adjust-blend"), paper, cut.fade_in, cut.fade_out)
    for sound in paper.timeline.sounds:
        if begin <= sound.record_in < end:
            _heard(item, paper, sound, first + sound.record_in - begin, known)
    _markers(item, paper, [one for one in paper.timeline.markers if begin <= one.record < end], first - begin)


def _faded(parent: ET.Element, paper: _Paper, rise: int, fall: int) -> None:
    amount = ET.SubElement(parent, "param", name="amount")
    for name, frames in (("fadeIn", rise), ("fadeOut", fall)):
        if frames:
            ET.SubElement(amount, name, type="linear", duration=paper.time(frames))


def _heard(item: ET.Element, paper: _Paper, sound: Sound, at: int, known: Mapping[str, str]) -> None:
    """Hang a voice or music below the picture that it begins under, with its level and fades."""
    told = {"ref": known[sound.oid], "lane": str(-1 - sound.track), "offset": paper.time(at)}
    told |= {"name": printable(sound.file), "start": paper.time(sound.tape[0])}
    told |= {"duration": paper.time(sound.record_out - sound.record_in)}
    told |= {"audioRole": "music" if sound.kind == "music" else "dialogue"}
    clip = ET.SubElement(item, "asset-clip", told)
    level = ET.SubElement(clip, "adjust-volume", amount=f"{sound.gain:g}dB")
    if sound.fade_in or sound.fade_out:
        _faded(level, paper, sound.fade_in, sound.fade_out)


def _markers(item: ET.Element, paper: _Paper, found: Sequence[Marker], shift: int) -> None:
    for one in found:
        told = {
            "start": paper.time(one.record + shift),
            "duration": paper.time(1),
            "value": printable(one.text or one.shot),
        }
        ET.SubElement(item, "marker", told)
