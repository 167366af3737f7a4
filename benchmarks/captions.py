"""How well Listen hears: words wrong in a hundred, seconds off, and processor seconds for a second of sound.

The robot's voices of Speak say lines of a script (half of them with a woman's voice), each in a sound of its own; the
recordings of people are the two that the model's own package brings (a reader of Dickens, an actor with Beckett). A
word is wrong where it is missing, another, or too much (Levenshtein), letters and digits alone compared.
"""

import re
import resource
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from studio_sdk import captions
from studio_server.library import media
from tests import films

NAME = "captions"
AIM = 15
LINES: Final = (
    ("ANNA", "Where were you last night? I waited by the harbour until the lamps went out."),
    ("BEN", "I never left. I sat in the car, and I listened to the rain."),
    ("MARA", "The storm is coming. We have one hour before the harbour closes."),
    ("TOM", "Pack the cameras and meet me at the old lighthouse."),
    ("RUTH", "Nobody has opened that door in thirty years, and nobody will."),
    ("KARL", "You said there would be a train. There is no train, there is no station."),
    ("IDA", "Give me the letter. I know that it was in your coat."),
    ("PAUL", "When the sun comes up, we walk to the river and we do not look back."),
    ("VERA", "It is only a dog. Put the lantern down and come inside."),
    ("HUGO", "They told me that the war was over, but I can still hear the guns."),
)
WOMEN: Final = "Anna, Mara, Ruth, Ida, Vera"
DICKENS: Final = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it "
    "was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of "
    "Darkness, it was the spring of hope, it was the winter of despair, we had everything before us, we had nothing "
    "before us, we were all going direct to Heaven, we were all going direct the other way - in short, the period was "
    "so far like the present period, that some of its noisiest authorities insisted on its being received, for good or "
    "for evil, in the superlative degree of comparison only."
)
BECKETT: Final = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better."
_LEAD_S: Final = 0.4
_TAIL_S: Final = 0.5
"""Seconds of silence that Speak puts before and after its lines."""


def measure() -> dict[str, object]:
    """Return the share of the robot's words that are wrong, and with it that of people's and how far times are off."""
    with tempfile.TemporaryDirectory(prefix="bench-captions-") as place:
        folder = Path(place)
        robot, off, seconds = [], [], 0.0
        for number, (name, words) in enumerate(LINES):
            told: dict[str, object] = {"dialogue": f"{name}: {words}", "women": WOMEN}
            spoken = films.carry_out("speak", folder / f"say{number}", told).output("audio")
            length = media.probe(spoken).duration_s or 0
            heard = _heard(folder / f"hear{number}", spoken)
            robot.append((words, " ".join(one.words for one in heard)))
            off += [abs(heard[0].begins / 1000 - _LEAD_S), abs(heard[-1].ends / 1000 - (length - _TAIL_S))]
            seconds += length
            print(f"{name}: {robot[-1][1]}", flush=True)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = films.interpreter("listen").parents[1].glob("lib/python3*/site-packages/moonshine_voice/assets")
        people = []
        for assets in found:
            for name, words in (("two_cities", DICKENS), ("beckett", BECKETT)):
                heard = _heard(folder / name, assets / f"{name}.wav")
                people.append((words, " ".join(one.words for one in heard)))
                print(f"{name}: {people[-1][1]}", flush=True)
    return {
        "value": _share(robot),
        "unit": "% of words wrong",
        "aim": AIM,
        "people": _share(people),
        "seconds_off_mean": round(sum(off) / len(off), 2),
        "seconds_off_most": round(max(off), 2),
        "mb": round(used.ru_maxrss / 1024),
        "seconds_heard": round(seconds, 1),
    }


def _heard(job: Path, sound: Path) -> tuple[captions.Caption, ...]:
    return captions.read(films.carry_out("listen", job, {}, {"sound": [sound]}).output("captions").read_bytes())


def _share(pairs: Sequence[tuple[str, str]]) -> float:
    """Return how many words of a hundred are wrong, over all pairs of what was said and what was heard."""
    wrong = sum(distance(_words(said), _words(heard)) for said, heard in pairs)
    return round(100 * wrong / sum(len(_words(said)) for said, _ in pairs), 1)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words must be put in, taken out or changed to make one of the other."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]
