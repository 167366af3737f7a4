"""SMPTE timecode in whole frames at exact rates; no float takes part. Pure."""

from fractions import Fraction

from studio_sdk.errors import Code, StudioError

_NTSC = 1001
_MINUTES_A_DAY = 24 * 60


def counted(frame_rate: Fraction) -> Fraction:
    """Return a rate as it is counted: 24 for 24000/1001, any other rate as it is."""
    return frame_rate * _NTSC / 1000 if frame_rate.denominator == _NTSC else frame_rate


def base(frame_rate: Fraction) -> int:
    """Return the whole number that timecode of a rate counts to: 24 for 24000/1001, 30 for 30000/1001, 25 for 25.

    Raises VALIDATION_ERROR for a rate that timecode cannot count, such as 12.5.
    """
    whole = counted(frame_rate)
    if whole.denominator != 1:
        raise StudioError(
            Code.VALIDATION_ERROR, f"Timecode cannot count {frame_rate} frames a second.", field="frame_rate"
        )
    return whole.numerator


def counts_drop_frame(frame_rate: Fraction) -> bool:
    """Whether the studio counts a rate in drop-frame timecode: 29.97 and 59.94, so that it keeps to the clock."""
    return frame_rate.denominator == _NTSC and base(frame_rate) in {30, 60}


def timecode(frame: int, frame_rate: Fraction, *, drop: bool = False) -> str:
    """Return SMPTE timecode of a frame number; drop frame has a semicolon before the frames; wraps after 24 hours.

    Raises VALIDATION_ERROR for drop frame at any rate but 29.97 and 59.94, and for a negative frame.
    """
    fps = base(frame_rate)
    _check_drop(frame_rate, drop=drop)
    if frame < 0:
        raise StudioError(Code.VALIDATION_ERROR, "There is no timecode before 00:00:00:00.")
    if drop:
        skipped = fps // 15
        tens, rest = divmod(frame, fps * 600 - 9 * skipped)
        frame += 9 * skipped * tens
        if rest >= skipped:
            frame += skipped * ((rest - skipped) // (fps * 60 - skipped))
    seconds, frames = divmod(frame, fps)
    minutes, seconds = divmod(seconds, 60)
    minutes %= _MINUTES_A_DAY
    width = len(str(fps - 1)) if fps > 100 else 2  # noqa: PLR2004 - 120 fps counts to 119
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{';' if drop else ':'}{frames:0{width}d}"


def frame_at(text: str, frame_rate: Fraction) -> int:
    """Return the frame number of SMPTE timecode; a semicolon (or comma) before the frames means drop frame.

    Raises VALIDATION_ERROR for text that is not timecode and for numbers that drop frame skips.
    """
    fps = base(frame_rate)
    drop = text[-3:-2] in {";", ","}
    _check_drop(frame_rate, drop=drop)
    parts = text.replace(";", ":").replace(",", ":").split(":")
    if len(parts) != 4 or not all(p.isascii() and p.isdigit() for p in parts):  # noqa: PLR2004 - hh:mm:ss:ff
        raise StudioError(Code.VALIDATION_ERROR, f"{text!r} is not timecode such as 01:00:00:00.")
    hours, minutes, seconds, frames = (int(p) for p in parts)
    skipped = fps // 15
    in_range = hours < 24 and minutes < 60 and seconds < 60 and frames < fps  # noqa: PLR2004 - a clock
    if not in_range or (drop and minutes % 10 and seconds == 0 and frames < skipped):
        raise StudioError(Code.VALIDATION_ERROR, f"There is no frame {text} at this frame rate.")
    total = ((hours * 60 + minutes) * 60 + seconds) * fps + frames
    if drop:
        total_minutes = hours * 60 + minutes
        total -= skipped * (total_minutes - total_minutes // 10)
    return total


def _check_drop(frame_rate: Fraction, *, drop: bool) -> None:
    if drop and not counts_drop_frame(frame_rate):
        raise StudioError(Code.VALIDATION_ERROR, "Drop-frame timecode exists at 29.97 and 59.94 only.")
