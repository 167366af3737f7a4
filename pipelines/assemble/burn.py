"""Timecode, shot and take in the picture of a reference film: a strip at its foot, drawn anew for each frame."""

from fractions import Fraction

import av
import numpy as np
from cutlist import Cut, counted
from effects import picture, planes
from lettering import SANS, font
from PIL import Image, ImageDraw

from studio_sdk import Format


def stamp(frame: int, rate: Fraction) -> str:
    """Return SMPTE timecode of a frame number; 29.97 and 59.94 drop frame numbers, as the studio's lists do."""
    fps = int(counted(rate))
    drop = rate.denominator == 1001 and fps in {30, 60}  # noqa: PLR2004 - NTSC's own
    if drop:
        skipped = fps // 15
        tens, rest = divmod(frame, fps * 600 - 9 * skipped)
        frame += 9 * skipped * tens
        if rest >= skipped:
            frame += skipped * ((rest - skipped) // (fps * 60 - skipped))
    seconds, frames = divmod(frame, fps)
    sign = ";" if drop else ":"
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{sign}{frames:02d}"


class Burn:
    """Writes where it is into each picture of a film that begins at a frame number of record timecode."""

    def __init__(self, form: Format, start: int) -> None:
        self._form, self._start = form, start
        self._high = max(16, round(form.height / 22)) // 2 * 2
        self._face = font(SANS, max(9, round(self._high * 0.62)))

    def said(self, piece: Cut, part: range) -> list[object]:
        """Return all that decides what is written into a part of a cut."""
        name = piece.take.label if piece.take else piece.name
        return [self._start + piece.record_in + part.start, name, piece.source_in + part.start, bool(piece.take)]

    def __call__(self, frame: av.VideoFrame, piece: Cut, position: int) -> av.VideoFrame:
        """Return a picture with its strip; `position` counts in the cut."""
        record = stamp(self._start + piece.record_in + position, self._form.rate)
        take = piece.take.label.rsplit(".", 1)[0] if piece.take else piece.name
        source = f"{take}  frame {piece.source_in + position}" if piece.take else f"{take}  waits for its take"
        strip = Image.new("L", (self._form.width, self._high))
        pen, middle, edge = ImageDraw.Draw(strip), self._high / 2, self._high * 0.5
        pen.text((edge, middle), record, font=self._face, fill=255, anchor="lm")
        pen.text((self._form.width - edge, middle), source, font=self._face, fill=255, anchor="rm")
        luma, blue, red = (rows.copy() for rows in planes(frame))
        luma[-self._high :] = 16 + np.asarray(strip, np.uint16) * 219 // 255
        blue[-self._high // 2 :] = red[-self._high // 2 :] = 128
        return picture((luma, blue, red), self._form)
