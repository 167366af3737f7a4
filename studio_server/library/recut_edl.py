"""A cut as CMX3600 list of any program, old or new, read with patience. Called by `recut_files`.

Words are found from both ends of a line, so columns may be anywhere. What is not understood is said with its line.
"""

import re
from fractions import Fraction
from typing import Final, NamedTuple

from studio_server.domain.recut import Recut, RecutEvent, RecutMarker
from studio_server.domain.timecode import base, counts_drop_frame
from studio_server.library.edl import BLACK

_MOST_NOTES: Final = 40
_TC: Final = re.compile(r"\d{1,2}[:;.]\d{2}[:;.]\d{2}[:;.,]\d{2,3}")
_EVENT: Final = re.compile(r"\d{1,6}\s")
_NAMED: Final = re.compile(r"\*\s*(FROM|TO) CLIP NAME:\s*(.*)", re.IGNORECASE)
_LOCATED: Final = re.compile(rf"\*\s*LOC:\s*({_TC.pattern})(?:\s+(\S+)(?:\s+(.*))?)?$", re.IGNORECASE)
"""A marker: record timecode, colour, words."""
_COUNTING: Final = re.compile(r"FCM:\s*(NON.?)?DROP", re.IGNORECASE)
_BROKEN: Final = re.compile(r"\d{1,6}\s+\S+\s+\S+\s+[CDWK]")
_OTHER_WAYS: Final = {"W": "a wipe, which becomes a dissolve", "K": "a key, which becomes a cut"}
_BLACKS: Final = frozenset({BLACK, "BLACK"})


class _Line(NamedTuple):
    number: str
    reel: str
    channel: str
    kind: str
    length: int
    times: tuple[int, int, int, int]
    at: int


def read(text: str, project: Fraction) -> Recut:
    """Return what a list says at the project's rate; a text that is no list has no events."""
    return _List(text, project).read()


class _List:
    """One list being read, line by line."""

    def __init__(self, text: str, project: Fraction) -> None:
        self._project = project
        self._lines = re.split(r"\r\n|\r|\n", text.replace("\t", " "))
        drops = counts_drop_frame(project)
        # Where a list marks its drop-frame timecode, each stamp says it of itself; else the FCM line above says it.
        self._marked = drops and any(re.search(r"\d[;,]\d", stamp) for stamp in _TC.findall(text))
        self._drops, self._drop = drops, False
        self._pending: _Line | None = None
        self._events: list[RecutEvent] = []
        self._names: dict[int, str] = {}
        self._markers: list[RecutMarker] = []
        self._notes: list[str] = []
        self._sounds = 0

    def read(self) -> Recut:
        """Return the events of picture, without black, and what was not understood."""
        for at, raw in enumerate(self._lines, 1):
            self._take(at, raw.strip())
        named = [event._replace(clip=self._names.get(number, "")) for number, event in enumerate(self._events)]
        events = tuple(event for event in named if not _is_black(event))
        if events and not events[0].fade_in and not events[0].dissolve:  # readers refuse a fade there: none is written
            events = (events[0]._replace(fade_in=None), *events[1:])
        return Recut(events, (*self._notes, *unheard(self._sounds)), tuple(self._markers))

    def _note(self, words: str) -> None:
        if len(self._notes) < _MOST_NOTES:
            self._notes.append(words)

    def _take(self, at: int, line: str) -> None:
        if _EVENT.match(line) and len(_TC.findall(line)) >= 4:  # noqa: PLR2004 - in, out, twice
            self._event(at, line)
        elif counted := _COUNTING.match(line):
            self._drop = not counted[1] and self._drops
        elif named := _NAMED.match(line):
            last = len(self._events) - 1
            is_fade = named[2].strip().upper() == "BLACK"
            if last >= 0 and not is_fade and (named[1].upper() == "TO" or last not in self._names):
                self._names[last] = named[2].strip()
        elif located := _LOCATED.match(line):
            record = self._frame(located[1])
            if record is not None:
                self._markers.append(RecutMarker(record, located[3] or ""))
        elif re.match(r"M2\s", line):
            self._note(f"Line {at} changes the speed of a clip; speeds are not taken over.")
        elif _BROKEN.match(line):
            self._note(f"Line {at} looks like an event but has no four timecodes; it is left out.")

    def _event(self, at: int, line: str) -> None:
        parsed = self._parsed(line, at)
        if parsed is None or not re.search(r"V|B", parsed.channel.upper().replace("NONE", "")):
            self._sounds += parsed is not None
            return
        begin, end = parsed.times[2:]
        if begin == end:
            self._pending = parsed
            return
        origin = self._pending if self._pending and self._pending.number == parsed.number else None
        self._pending = None
        if end < begin:
            self._note(f"Line {at} ends before it begins; it is left out.")
            return
        if what := _OTHER_WAYS.get(parsed.kind[:1].upper()):
            self._note(f"Line {at} is {what}.")
        self._add(self._as_long_as_recorded(parsed), origin)

    def _as_long_as_recorded(self, line: _Line) -> _Line:
        """Return an event whose source is as long as its record, so that what follows stays where it is."""
        first, last, begin, end = line.times
        if last - first == end - begin:
            return line
        if line.reel.upper() not in _BLACKS:
            self._note(
                f"Line {line.at} has {last - first} frames of source for {end - begin} of record; the {end - begin} "
                "from its first on are taken."
            )
        return line._replace(times=(first, first + end - begin, begin, end))

    def _add(self, line: _Line, origin: _Line | None) -> None:
        """Take an event; black that a picture dissolves to is the end of that picture."""
        mix = line.length if line.kind[:1].upper() in {"D", "W"} else 0
        last = self._events[-1] if self._events else None
        from_slate, to_slate = self._slates(line) if mix else (False, False)
        before = (origin.reel, line.times[2]) if origin and not to_slate else None
        if mix and line.reel.upper() in _BLACKS and last and (last.reel, last.record_out) == before:
            length = line.times[3] - line.times[2]
            self._events[-1] = last._replace(
                source_out=last.source_out + length, record_out=last.record_out + length, fade_out=length
            )
            return
        from_black = origin is not None and origin.reel.upper() in _BLACKS and not from_slate
        event = RecutEvent(line.reel, "", *line.times, line=line.at)
        self._events.append(event._replace(fade_in=mix) if from_black else event._replace(dissolve=mix))

    def _slates(self, line: _Line) -> tuple[bool, bool]:
        """Whether the two sides of a dissolve are slates, black that stands for a shot: its remarks name both."""
        named: dict[str, str] = {}
        for remark in self._lines[line.at :]:
            if _EVENT.match(remark.strip()):
                break
            if said := _NAMED.match(remark.strip()):
                named.setdefault(said[1].upper(), said[2].upper())
        is_mix = "TO" in named  # a fade in names its shot only
        return is_mix and "SLATE" in named.get("FROM", ""), "SLATE" in named[
            "TO" if is_mix else "FROM"
        ] if named else False

    def _parsed(self, line: str, at: int) -> _Line | None:
        """Return an event's line by its words from both ends: reels may hold spaces, columns may be anywhere."""
        stamps = list(_TC.finditer(line))[-4:]
        words = line[: stamps[0].start()].split()
        ways = [n for n, word in enumerate(words) if n > 1 and re.fullmatch(r"[CD]|W\d*|K[BO]?", word, re.IGNORECASE)]
        if not ways or ways[-1] < 3:  # noqa: PLR2004 - number, reel, channel come before
            self._note(f"Line {at} names no kind of edit; it is left out.")
            return None
        way = ways[-1]
        length = next((int(word) for word in words[way + 1 :] if word.isdecimal()), 0)
        times = [self._frame(stamp.group()) for stamp in stamps]
        if any(time is None for time in times):
            shown = f"{float(self._project):g}"
            self._note(f"Line {at} has a timecode that does not exist at {shown} frames a second; it is left out.")
            return None
        numbers = (times[0] or 0, times[1] or 0, times[2] or 0, times[3] or 0)
        return _Line(words[0], " ".join(words[1 : way - 1]), words[way - 1], words[way], length, numbers, at)

    def _frame(self, text: str) -> int | None:
        """Return the frame of a timecode, counted as its list counts; None where there is none such at this rate."""
        hours, minutes, seconds, frames = (int(part) for part in re.split(r"[:;.,]", text))
        fps = base(self._project)
        if minutes > 59 or seconds > 59 or frames >= fps:  # noqa: PLR2004 - a clock
            return None
        total = ((hours * 60 + minutes) * 60 + seconds) * fps + frames
        if bool(re.search(r"[;,]", text)) if self._marked else self._drop:
            passed = hours * 60 + minutes
            total -= fps // 15 * (passed - passed // 10)
        return total


def _is_black(event: RecutEvent) -> bool:
    return event.reel.upper() in _BLACKS and "SLATE" not in event.clip.upper()


def unheard(sounds: int) -> list[str]:
    """Say that clips of sound were passed over."""
    if not sounds:
        return []
    words = "1 sound clip is" if sounds == 1 else f"{sounds} sound clips are"
    return [f"{words} not taken over: the takes' sound follows its picture, voices and music stay as on the board."]
