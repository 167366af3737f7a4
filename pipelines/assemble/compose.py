"""The film's pictures and sounds, cut by cut: what is copied, what each other frame is made of, what is heard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import av
import effects
import numpy as np
import picture
from av.error import FFmpegError
from cutlist import Cut
from effects import Overlay
from picture import Facts
from sound import HERTZ, Music, Samples, Source, mixed
from spans import Span, spans

from studio_sdk import Format


@dataclass(frozen=True)
class Programme:
    """A cut ready to be made: its pieces, what is known of their takes (None without one), the film's format."""

    cuts: Sequence[Cut]
    known: Sequence[Facts | None]
    form: Format

    def check(self) -> None:
        """Raise `Fail` where a take lacks frames that its cut, or the dissolve after it, needs."""
        for number, (piece, facts) in enumerate(zip(self.cuts, self.known, strict=True)):
            after = self.cuts[number + 1].dissolve if number + 1 < len(self.cuts) else 0
            if facts:
                picture.check(piece, facts, self.form, after)

    def plan(self, setup: bytes) -> list[list[Span]]:
        """Return the spans of each cut where packets of takes coded with `setup` are copied."""
        return [self._spans(piece, facts, setup) for piece, facts in zip(self.cuts, self.known, strict=True)]

    def _spans(self, piece: Cut, facts: Facts | None, setup: bytes) -> list[Span]:
        touched = [(0, piece.dissolve), (0, piece.fade_in), (piece.frames - piece.fade_out, piece.frames)]
        touched.append((0, effects.title_length(piece, self.form)))
        groups = facts.groups if facts and self._alike(facts, setup) else ()
        return spans(piece.frames, piece.source_in, touched, groups, facts.frames if facts else 0)

    def _alike(self, facts: Facts, setup: bytes) -> bool:
        size = (self.form.width, self.form.height)
        fits = facts.codec == "h264" and facts.steady and facts.plain and bool(setup)
        return fits and (facts.setup, facts.size, facts.rate) == (setup, size, self.form.rate)

    def pictures(self, number: int, part: range) -> Iterator[av.VideoFrame]:
        """Yield the frames of a part of a cut, with all that happens in them."""
        piece, form = self.cuts[number], self.form
        before = self._under(number, range(part.start, min(part.stop, piece.dissolve)))
        title: Overlay | None = None
        length = effects.title_length(piece, form)
        for position, plain in zip(part, self._plain(number, part), strict=True):
            frame = plain
            if position < piece.dissolve:
                frame = effects.mixed(next(before), frame, (position + 1) / (piece.dissolve + 1), form)
            if (light := effects.light_at(piece, position)) < 1:
                frame = effects.dimmed(frame, light, form)
            if position < length:
                title = title or effects.titled(piece.title, form)
                frame = title.over(frame, effects.title_share(position, length, form), form)
            yield frame

    def _under(self, number: int, part: range) -> Iterator[av.VideoFrame]:
        """Yield what goes on under the dissolve at the head of a cut: the one before, after its own end."""
        if number == 0 or not part:
            return iter(())
        end = self.cuts[number - 1].frames
        return self._plain(number - 1, range(end + part.start, end + part.stop))

    def _plain(self, number: int, part: range) -> Iterator[av.VideoFrame]:
        piece, facts = self.cuts[number], self.known[number]
        if facts:
            return picture.frames(piece, facts, self.form, part)
        if piece.slate is not None:
            return effects.slate(piece, self.form, part)
        return picture.black(len(part), self.form)


class Sounds:
    """What is heard, frame by frame: takes, crossed where they dissolve and faded where they fade, and the music."""

    def __init__(self, programme: Programme, music: Music) -> None:
        self._programme, self._music = programme, music
        self._before: Source | None = None

    def of(self, number: int) -> Iterator[tuple[int, "Sounds"]]:
        """Yield each frame's place in a cut; its sound is then to be taken by `take`."""
        piece = self._programme.cuts[number]
        self._piece = piece
        self._own = Source(piece.take, skip=self._programme.form.samples(piece.source_in, HERTZ))
        for position in range(piece.frames):
            yield position, self
        self._before = self._own

    def take(self, position: int, count: int) -> Samples:
        """Return the sound of a frame. Raises `Fail` with the shot's name where a take's is damaged."""
        piece = self._piece
        try:
            own = self._own.take(count)
            if position < piece.dissolve and self._before:
                rising = _ramp(position, piece.dissolve, count)
                own = own * rising + self._before.take(count) * (1 - rising)
        except FFmpegError as why:
            raise picture.fault(piece, "has damaged sound", str(why)) from why
        if position < piece.fade_in:
            own = own * _ramp(position, piece.fade_in, count)
        left = piece.frames - position
        if left <= piece.fade_out:
            own = own * (1 - _ramp(piece.fade_out - left, piece.fade_out, count))
        return mixed(own, self._music.take(count))


def _ramp(position: int, length: int, count: int) -> Samples:
    """Return the part of a straight rise from 0 to 1 over `length` frames that lies in one frame."""
    return np.linspace(position / length, (position + 1) / length, count, endpoint=False, dtype=np.float32)
