"""Speak: a list of lines spoken one after the other by a robot that says so, each name with a voice of its own."""

from typing import Annotated, Literal

from draft import comment, into_wav
from voice import lines_of, speak

from studio_sdk import Audio, Code, Fail, Field, Job, Variant, main, pipeline

Language = Literal["en-us", "en-gb", "de", "es", "fr", "it", "nl", "pl", "pt-br", "sv"]


@pipeline(
    id="speak",
    version="1.0.2",
    title="Speak (robotic)",
    task="make-sound",
    tier="previz",
    variants=tuple(Variant(quality, estimate_s=1) for quality in ("low", "standard", "high")),
    determinism="bitwise",
    license="MIT; eSpeak NG and its voices GPL-3.0",
    cannot=(
        "Sound like a person: eSpeak NG is a robot; wire a recorded voice where that matters",
        "Act: what stands in brackets behind a name is not heard",
        "Copy a voice",
    ),
    output_mb=256,
    silence_s=60,
)
def speak_lines(
    job: Job,
    dialogue: Annotated[
        str,
        Field(title="Dialogue", max_length=8000, multiline=True, help="A line each: `ANNA (softly): Where were you?`"),
    ],
    women: Annotated[
        str, Field(title="Women's voices", max_length=1000, help="Names that get a woman's voice: `Anna, Mara`")
    ] = "",
    language: Annotated[Language, Field(title="Language")] = "en-us",
) -> Audio:
    """Speak a list of lines, with the same voice for a name every time."""
    lines = lines_of(dialogue)
    if not lines:
        raise Fail(Code.VALIDATION_ERROR, "Write what is said, a line each.", field="dialogue")
    job.progress(0.1, "Speaking")
    made = Audio(job.outputs / "lines.wav")
    names = frozenset(name.strip().lower() for name in women.split(",") if name.strip())
    timed, _ = speak(lines, language, names, made)
    into_wav(made, comment(what="sound"))
    job.facts |= {"lines": len(timed), "seconds": round(timed[-1].ends, 2), "voice": "eSpeak NG, robotic"}
    return made


if __name__ == "__main__":
    main(speak_lines)
