"""Listen: what is said in a sound, written down as captions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import av
import numpy as np
from hearing import HERTZ, MODEL, Ear, Heard, ready
from intact import BROKEN
from lines import captions_of, readable
from pieces import STEP, Piece, decoded, pieces, quietest

from studio_sdk import Audio, Captions, Code, Fail, Field, Job, Variant, Video, captions, main, pipeline

_UNSURE: Final = -0.9
"""Mean log probability below which what was heard is no speech: noise came to -1.3, voices to -0.7 and more."""
_SLOWEST: Final = 3.0
_OF_NOTHING: Final = "you"
_LATIN_ENDS: Final = 0x250
"""Letters in a second of speech, at least (music came to 1.6, slow verse to 7.2); what the model says of nothing."""
_LONGEST_S: Final = 2 * 3600


@pipeline(
    id="listen",
    version="1.0.1",
    title="Listen",
    task="write-captions",
    environment="hearing",
    variants=tuple(Variant(quality, estimate_s=10, timeout_s=7200) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT; Moonshine tiny (English) MIT",
    cannot=(
        "Understand another language than English",
        "Say who speaks",
        "Time each word: a caption begins and ends with its piece of speech, and what lies within is shared out",
        "Hear words under loud music, or sung ones",
    ),
    output_mb=8,
    ready=ready,
)
def listen(
    job: Job,
    sound: Annotated[Audio | None, Field(title="Sound", help="A recorded voice")] = None,
    picture: Annotated[Video | None, Field(title="Picture", help="A clip in which somebody speaks")] = None,
) -> Captions:
    """Write down what is said in a sound, or in a clip, with its times."""
    path, field = (sound, "sound") if sound is not None else (picture, "picture")
    if path is None:
        raise Fail(Code.VALIDATION_ERROR, "Give a sound or a clip to listen to.", field="sound")
    length = _length(path, field)
    ear = Ear()
    said: list[captions.Caption] = []
    doubtful = 0
    try:
        for done, found in pieces(decoded(path, path.label or path.name, lambda words: job.log(words, "warning"))):
            for piece in found:
                job.progress(min(0.99, piece.begins / length if length else 0.5), "Listening")
                heard = list(_heard(ear, piece))
                doubtful += not heard
                said += [line for part, words in heard for line in captions_of(part, words)]
            job.progress(min(0.99, done / length if length else 0.5), "Listening")
    except av.FFmpegError as why:
        raise _broken(field, why) from why
    if not said:
        raise Fail(
            Code.VALIDATION_ERROR,
            "No speech was found in this sound.",
            field=field,
            detail=f"{doubtful} stretches of sound had no words in them" if doubtful else "it is silent",
        )
    made = Captions(job.outputs / "captions.srt")
    made.write_bytes(captions.write(readable(said)[: captions.MOST]))
    job.facts |= {"captions": len(said), "left_out": doubtful, "timing": "by piece of speech"}
    job.made_with |= {"models": [{"file": f"moonshine tiny-en {name}", "sha256": oid} for name, oid in MODEL.items()]}
    return made


def _length(path: Path, field: str) -> int:
    """Return how many samples a file says it has, 0 where it does not. Raises `Fail` where there is no sound in it."""
    try:
        with av.open(str(path), metadata_errors="ignore") as source:
            if not source.streams.audio:
                raise Fail(Code.VALIDATION_ERROR, "There is no sound in this clip.", field=field)
            seconds = (source.duration or 0) / av.time_base
    except av.FFmpegError as why:
        raise _broken(field, why) from why
    if seconds > _LONGEST_S:
        words = f"The sound is {seconds / 3600:.1f} hours long; {_LONGEST_S // 3600} can be written down at once."
        raise Fail(Code.VALIDATION_ERROR, words, field=field)
    return round(seconds * HERTZ)


def _broken(field: str, why: av.FFmpegError) -> Fail:
    return Fail(Code.UNSUPPORTED_MEDIA, f"The sound {BROKEN}", field=field, detail=str(why))


def _heard(ear: Ear, piece: Piece) -> Iterator[tuple[Piece, str]]:
    """Yield what is said in a piece; one in which the model loses itself is heard again in halves."""
    heard = ear.hear(piece.samples)
    if heard.ended and _is_speech(heard, piece):
        yield piece, heard.words
    elif not heard.ended and piece.ends - piece.begins > 2 * HERTZ:
        for half in _halves(piece):
            yield from _heard(ear, half)


def _is_speech(heard: Heard, piece: Piece) -> bool:
    """Whether what was heard is English that somebody said: of music the model makes a word, or foreign signs."""
    letters = [sign for sign in heard.words if sign.isalnum()]
    seconds = float(piece.voiced.sum()) * STEP / HERTZ
    is_english = bool(letters) and all(ord(sign) < _LATIN_ENDS for sign in letters)
    is_known = "".join(letters).lower() == _OF_NOTHING
    return heard.sure >= _UNSURE and is_english and not is_known and len(letters) >= _SLOWEST * seconds


def _halves(piece: Piece) -> tuple[Piece, Piece]:
    third = len(piece.levels) // 3
    step = quietest(piece.levels, third, 2 * third)
    at = piece.head + step * STEP
    first, rest = piece.samples[: step * STEP], piece.samples[step * STEP :]
    return (
        Piece(piece.begins, at, piece.head, first, piece.levels[:step], piece.voiced[:step]),
        Piece(at, piece.ends, at, np.ascontiguousarray(rest), piece.levels[step:], piece.voiced[step:]),
    )


if __name__ == "__main__":
    main(listen)
