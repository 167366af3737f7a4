"""The film's pictures, cut by cut: what is copied, and what each other frame is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import av
import effects
import picture
from captions import Captions
from cutlist import Cut
from effects import Overlay
from fit import Window
from picture import Facts
from spans import Span, spans

from studio_sdk import Format


@dataclass(frozen=True)
class Programme:
    """A cut ready to be made: its pieces, what is known of their takes (None without one), the film's format.

    Takes of another shape are seen as their framing says; without one they fill the film's frame where `fill` says so,
    else they get bars. `captions` are written over them.
    """

    cuts: Sequence[Cut]
    known: Sequence[Facts | None]
    form: Format
    fill: bool = False
    captions: Captions | None = None

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
        if self.captions:
            touched += self.captions.touched(piece.record_in, piece.record_out)
        whole = piece.framing is None or piece.framing[2] == 1  # a take of the film's own shape is seen whole then
        groups = facts.groups if facts and whole and self._alike(facts, setup) else ()
        return spans(piece.frames, piece.source_in, touched, groups, facts.frames if facts else 0)

    def _window(self, piece: Cut) -> Window | None:
        if piece.framing:
            return Window(*piece.framing)
        return Window() if self.fill else None

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
            if self.captions and (words := self.captions.at(piece.record_in + position)):
                frame = words.over(frame, 1.0, form)
            yield frame

    def made_of(self, number: int, part: range) -> dict[str, object]:
        """Return all that decides the frames of a part of a cut, as values that can be written down."""
        piece = self.cuts[number]
        said: dict[str, object] = {"plain": self._source(number, part)}
        if part.start < piece.dissolve:
            after = self.cuts[number - 1].frames
            under = range(after + part.start, after + min(part.stop, piece.dissolve))
            said["dissolve"] = [piece.dissolve, part.start, self._source(number - 1, under)]
        if part.start < piece.fade_in:
            said["fade_in"] = [piece.fade_in, part.start]
        if part.stop > piece.frames - piece.fade_out:
            said["fade_out"] = [piece.fade_out, piece.frames - part.start]
        if part.start < (length := effects.title_length(piece, self.form)):
            said["title"] = [piece.title, effects.face_of(piece.title), length, part.start]
        if self.captions:
            said["captions"] = self.captions.said(piece.record_in + part.start, piece.record_in + part.stop)
        return said

    def _source(self, number: int, part: range) -> list[object]:
        """Return what decides the frames of a part before anything happens to them."""
        piece = self.cuts[number]
        if piece.take:
            native = str(piece.native) if piece.native else ""
            window = list(piece.framing) if piece.framing else self.fill
            return ["take", piece.take.oid, native, piece.source_in + part.start, piece.source_in + part.stop, window]
        if piece.slate is not None:
            words = [piece.name, piece.scene, piece.slate, effects.face_of(piece.slate)]
            return ["slate", *words, piece.frames, part.start, part.stop]
        return ["black", len(part)]

    def _under(self, number: int, part: range) -> Iterator[av.VideoFrame]:
        """Yield what goes on under the dissolve at the head of a cut: the one before, after its own end."""
        if number == 0 or not part:
            return iter(())
        end = self.cuts[number - 1].frames
        return self._plain(number - 1, range(end + part.start, end + part.stop))

    def _plain(self, number: int, part: range) -> Iterator[av.VideoFrame]:
        piece, facts = self.cuts[number], self.known[number]
        if facts:
            return picture.frames(piece, facts, self.form, part, self._window(piece))
        if piece.slate is not None:
            return effects.slate(piece, self.form, part)
        return picture.black(len(part), self.form)
