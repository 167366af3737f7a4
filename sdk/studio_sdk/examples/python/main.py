"""Line-up tone: the steady note at the head of a reel that levels are set by."""

import wave
from array import array
from math import pi, sin
from typing import Annotated

from studio_sdk import Audio, Field, Job, main, pipeline


@pipeline(
    id="line-up-tone",
    version="1.0.0",
    title="Line-up tone",
    task="make-sound",
    environment="bare",
    determinism="bitwise",
)
def line_up_tone(
    job: Job,
    hertz: Annotated[int, Field(title="Pitch", minimum=20, maximum=20000, unit="Hz")] = 1000,
    level: Annotated[float, Field(title="Level", minimum=-60, maximum=0, unit="dBFS")] = -18.0,
    seconds: Annotated[float, Field(title="Length", minimum=0.1, maximum=60, unit="s")] = 1.0,
) -> Audio:
    """Make a sine tone of one pitch and level, mono, 48 kHz."""
    job.progress(0, "Making the tone")
    peak = 32767 * 10 ** (level / 20)
    samples = array("h", (round(peak * sin(2 * pi * hertz * n / 48000)) for n in range(round(seconds * 48000))))
    made = Audio(job.outputs / "tone.wav")
    with wave.open(str(made), "wb") as file:
        file.setparams((1, 2, 48000, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())
    return made


if __name__ == "__main__":
    main(line_up_tone)
