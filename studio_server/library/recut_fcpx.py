"""A cut in FCPXML, as Final Cut Pro and Resolve export it: the primary storyline, read into whole frames.

Called by `recut_files`. Times are exact fractions of a second and never floats; what cannot be taken over is said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from studio_sdk.errors import Code, StudioError
from studio_server.domain.recut import Recut, RecutEvent, RecutMarker, RecutSound
from studio_server.domain.timecode import counted
from studio_server.library.fcpxml import REEL, SHA256

_NESTED: Final = {"ref-clip": "a compound clip", "mc-clip": "a multicam clip"}
_TAKE: Final = re.compile(r"shot-[a-z0-9]{1,8}_v[0-9]{2,6}_take[0-9]{2,6}", re.IGNORECASE)
_MOST_NOTES: Final = 40


@dataclass(frozen=True)
class _Asset:
    """A file of the document: names it may be known by, and the source time of its first frame in seconds."""

    names: tuple[str, ...]
    start: Fraction
    length: Fraction
    has_picture: bool
    reel: str
    oid: str


@dataclass(frozen=True)
class _Piece:
    """What fills a stretch of the storyline; `event` is None for black. Frames count from its begin."""

    begin: int
    end: int
    event: RecutEvent | None = None

    def cut_to(self, begin: int, end: int) -> "_Piece":
        """Return it with other ends, showing more or less of the same source."""
        event = self.event
        if event:
            into = max(0, event.source_in + begin - self.begin)
            event = event._replace(
                record_in=begin, record_out=end, source_in=into, source_out=into + max(0, end - begin)
            )
        return replace(self, begin=begin, end=end, event=event)


def read(root: ET.Element, project: Fraction) -> Recut:
    """Return the first project of a document. Raises UNSUPPORTED_MEDIA for what holds none, and for nested clips."""
    projects = [one for one in root.iter("project") if one.find("sequence/spine") is not None]
    if not projects:
        raise StudioError(
            Code.UNSUPPORTED_MEDIA, "This FCPXML holds no project. Select the project in its library and export that."
        )
    reader = _Reader(root, projects[0], project)
    if len(projects) > 1:
        reader.note(f"The file holds {len(projects)} projects; the first is read: “{projects[0].get('name', '')}”.")
    events = tuple(piece.event for piece in reader.pieces() if piece.event)
    reader.close()
    return Recut(events, tuple(reader.notes[:_MOST_NOTES]), tuple(reader.markers), tuple(reader.sounds))


class _Reader:
    """One walk along the storyline of a project."""

    def __init__(self, root: ET.Element, chosen: ET.Element, project: Fraction) -> None:
        self.notes: list[str] = []
        self.markers: list[RecutMarker] = []
        self.sounds: list[RecutSound] = []
        self._between, self._above = 0, 0
        shelf = root.find("resources")
        lengths = {one.get("id"): _seconds(one.get("frameDuration")) for one in root.iter("format")}
        self._assets = {
            one.get("id"): _asset(one) for one in (shelf if shelf is not None else ()) if one.tag == "asset"
        }
        self._sequence = chosen.find("sequence")
        self._spine = chosen.find("sequence/spine")
        own = lengths.get(self._sequence.get("format") if self._sequence is not None else None)
        self._frame = 1 / project
        if own and own > 0 and 1 / own != project:
            self.note(f"The project is {float(1 / own):.3f} frames a second and is read at {float(project):.3f}.")
            if counted(1 / own) == counted(project):
                self._frame = own  # rates that differ by 1000/1001 count the same frames

    def note(self, words: str) -> None:
        """Say what was not understood; a file can only make so many."""
        if len(self.notes) < _MOST_NOTES:
            self.notes.append(words)

    def close(self) -> None:
        """Say what was counted on the way."""
        counts = (
            (
                self._above,
                "clip over the storyline is left out",
                "clips over the storyline are left out",
            ),
            (
                self._between,
                "time is between two frames and is rounded",
                "times are between two frames and rounded",
            ),
        )
        for count, one, many in counts:
            if count:
                self.note(f"{count} {one if count == 1 else many}.")

    def _frames(self, seconds: Fraction) -> int:
        exact = seconds / self._frame
        self._between += exact.denominator != 1
        return round(exact)

    def pieces(self) -> list[_Piece]:
        """Return the storyline in order, its transitions worked into its shots."""
        found: list[_Piece] = []
        pending: tuple[int, int] | None = None
        origin = _seconds(self._sequence.get("tcStart")) if self._sequence is not None else None
        for number, item in enumerate(self._spine if self._spine is not None else (), 1):
            offset = _seconds(item.get("offset"))
            at = self._frames(offset - (origin or 0)) if offset is not None else found[-1].end if found else 0
            if item.tag == "transition":
                pending = at, self._frames(_seconds(item.get("duration")) or Fraction(0))
                continue
            for piece in self._piece(item, at, number):
                found = _joined(found, piece, pending)
                pending = None
        if pending and found and found[-1].event:
            found = _joined(found, _Piece(found[-1].end, found[-1].end), pending)
        return found

    def _piece(self, item: ET.Element, at: int, number: int) -> Iterator[_Piece]:
        name = item.get("name", "")
        if item.tag in _NESTED:
            raise StudioError(
                Code.UNSUPPORTED_MEDIA,
                f"“{name}” in the storyline is {_NESTED[item.tag]}, which hides its cuts. Break it apart (Clip, Break "
                "Apart Clip Items) or flatten it, and export again.",
            )
        if item.tag == "audition":
            picked = next((one for one in item if one.tag in {"asset-clip", "clip", "video", "sync-clip"}), None)
            if picked is not None:
                yield from self._piece(picked, at, number)
            return
        shown = self._picture(item) if item.tag in {"asset-clip", "clip", "video", "sync-clip"} else None
        length = _seconds(item.get("duration")) or (shown[1].length if shown else Fraction(0))
        end = at + self._frames(length)
        self._hanging(item, at)
        self._marked(item, at, end)
        if item.tag == "gap" and "SLATE" in name.upper():
            into = self._frames(_seconds(item.get("start")) or Fraction(0))
            slate = RecutEvent("", name, into, into + end - at, at, end, number, fade_in=None, fade_out=None)
            yield _Piece(at, end, slate)
            return
        if item.get("enabled") == "0" or shown is None or not shown[1].has_picture:
            if item.tag != "gap":
                self.note(f"“{name}” shows no file of this film (a title, a generator, sound or switched off).")
            yield _Piece(at, end)
            return
        seconds, asset = shown
        into = max(0, self._frames(seconds))
        rise, fall = (self._fade(item, tag) for tag in ("fadeIn", "fadeOut"))
        self._effects(item, name)
        clip = next((one for one in (name, *asset.names) if _TAKE.search(one)), name or next(iter(asset.names), ""))
        yield _Piece(at, end, RecutEvent(
            asset.reel, clip, into, into + end - at, at, end, number, oid=asset.oid, fade_in=rise, fade_out=fall,
        ))  # fmt: skip

    def _picture(self, item: ET.Element) -> tuple[Fraction, _Asset] | None:
        """Return how far into its file a clip begins, and the file; None where it shows none."""
        asset = self._assets.get(item.get("ref"))
        start = _seconds(item.get("start"))
        if asset:
            return (asset.start if start is None else start) - asset.start, asset
        inside = (one for one in item.iter() if one is not item and one.tag in {"video", "asset-clip"})
        inner = next((one for one in inside if one.get("ref") in self._assets), None)
        if inner is None:
            return None
        asset = self._assets[inner.get("ref")]
        first, began = _seconds(inner.get("start")), _seconds(inner.get("offset"))
        into = (asset.start if first is None else first) - asset.start
        return into + (start or Fraction(0)) - (began or Fraction(0)), asset

    def _hanging(self, item: ET.Element, at: int) -> None:
        """Take the sounds that hang on a clip of the storyline, and count the pictures."""
        begin = self._begin(item)
        for one in item:
            if one.get("lane") is None:
                continue
            asset = self._assets.get(one.get("ref"))
            silent = one.tag == "audio" or one.get("srcEnable") == "audio" or (asset and not asset.has_picture)
            if silent:
                self.sounds.append(self._sound(one, at, begin, asset))
            self._above += not silent and one.tag != "caption"

    def _begin(self, item: ET.Element) -> Fraction:
        """Return the time, as a clip counts for what hangs on it, of its first frame."""
        start, asset = _seconds(item.get("start")), self._assets.get(item.get("ref"))
        return start if start is not None else asset.start if asset else Fraction(0)

    def _sound(self, one: ET.Element, at: int, begin: Fraction, asset: _Asset | None) -> RecutSound:
        """Return a connected sound. Sound may lie between frames, which is no fault of the list: to the nearest."""
        first = asset.start if asset else Fraction(0)
        offset, start, length = (_seconds(one.get(name)) for name in ("offset", "start", "duration"))
        record = at + round(((begin if offset is None else offset) - begin) / self._frame)
        frames = round((length or (asset.length if asset else Fraction(0))) / self._frame)
        into = round(((first if start is None else start) - first) / self._frame)
        name = one.get("name", "") or (asset.names[0] if asset and asset.names else "")
        return RecutSound(asset.oid if asset else "", name, into, record, record + frames)

    def _marked(self, item: ET.Element, at: int, end: int) -> None:
        """Take the markers of a clip that are seen; their times are its own, which begin with `start`."""
        begin = self._begin(item)
        for one in item:
            when = _seconds(one.get("start"))
            if one.tag in {"marker", "chapter-marker"} and when is not None:
                record = at + self._frames(when - begin)
                if at <= record < end:
                    self.markers.append(RecutMarker(record, one.get("value", "")))

    def _fade(self, item: ET.Element, tag: str) -> int:
        fade = item.find(f"adjust-blend/param[@name='amount']/{tag}")
        return self._frames(_seconds(fade.get("duration")) or Fraction(0)) if fade is not None else 0

    def _effects(self, item: ET.Element, name: str) -> None:
        if item.find("timeMap") is not None:
            self.note(f"“{name}” has another speed; speeds are not taken over.")
        if item.find("filter-video") is not None or item.find("filter-video-mask") is not None:
            self.note(f"“{name}” has an effect, which is not taken over.")


def _joined(found: list[_Piece], piece: _Piece, mix: tuple[int, int] | None) -> list[_Piece]:
    """Return the storyline with one more piece, and the transition into it: from, length.

    A transition stands over its cut and both clips are cut in its middle; here a dissolve begins at its shot's first
    frame. One from or to black, or at an end of the film, is a fade.
    """
    before = found[-1] if found else None
    if not mix or not mix[1]:
        return [*found, piece]
    first, length = mix
    if piece.event is None:
        if before and before.event:
            ended = before.cut_to(before.begin, first + length)
            event = ended.event._replace(fade_out=length) if ended.event else None
            return [*found[:-1], replace(ended, event=event), replace(piece, begin=first + length)]
        return [*found, piece]
    started = piece.cut_to(min(first, piece.begin), piece.end)
    if before is None or before.event is None or not started.event:
        event = started.event._replace(fade_in=length) if started.event else None
        return [*found, replace(started, event=event)]
    event = started.event._replace(dissolve=length)
    return [*found[:-1], before.cut_to(before.begin, started.begin), replace(started, event=event)]


def _asset(one: ET.Element) -> _Asset:
    facts = {fact.get("key"): fact.get("value", "") for fact in one.findall("metadata/md")}
    file = one.find("media-rep")
    source = (file.get("src", "") if file is not None else "") or one.get("src", "")  # before 1.9 it was the asset's
    name = unquote(source).rsplit("/", 1)[-1]
    return _Asset(
        names=tuple(text for text in (one.get("name", ""), name) if text),
        start=_seconds(one.get("start")) or Fraction(0),
        length=_seconds(one.get("duration")) or Fraction(0),
        has_picture=one.get("hasVideo") == "1",
        reel=facts.get(REEL, ""),
        oid=facts.get(SHA256, ""),
    )


def _seconds(text: str | None) -> Fraction | None:
    """Return a time of the format: `5s` or `1001/24000s`; None for what is none."""
    said = re.fullmatch(r"(-?[0-9]{1,19})(?:/([0-9]{1,10}))?s", (text or "").strip())
    if not said or said[2] in {"0", "00"} or (said[2] and not int(said[2])):
        return None
    return Fraction(int(said[1]), int(said[2] or 1))
