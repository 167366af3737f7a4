"""The sound of a cut that comes back, held against the film's own: what lies elsewhere is said, what does not is not.

Pure. The sound of a take has to lie under its picture as the list itself has that; voices and music where the film has
them. Positions are project frames from the begin of the film.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from studio_server.domain.recut import RecutEvent, RecutSound
from studio_server.domain.tapes import Tape, in_take
from studio_server.domain.timeline import Sound, Timeline

_SHOWN: Final = 3
_STAYS: Final = "the takes' sound follows its picture, voices and music stay as on the board."


def told(
    sounds: Iterable[RecutSound], events: Sequence[RecutEvent], timeline: Timeline, tapes: Mapping[str, Tape]
) -> list[str]:
    """Return in words which clips of sound are not where the film or the list's own pictures have them."""
    elsewhere: list[str] = []
    unknown: list[str] = []
    for one in dict.fromkeys(sounds):  # a stereo sound is a clip on each of two tracks
        if any(_under(one, event) for event in events):
            continue
        laid = [sound for sound in timeline.sounds if _is(one, sound.oid, sound.file, sound.name)]
        if any(_where(one, tapes.get(sound.oid), timeline.rate) == _place(sound, timeline) for sound in laid):
            continue
        ours = laid or any(_is(one, cut.oid or "", cut.file, cut.take or "") for cut in timeline.events)
        (elsewhere if ours else unknown).append(one.clip)
    said = []
    if elsewhere:
        begin = "1 sound clip lies" if len(elsewhere) == 1 else f"{len(elsewhere)} sound clips lie"
        said.append(f"{begin} elsewhere than in the film ({_names(elsewhere)}) and stays there: {_STAYS}")
    if unknown:
        begin = "1 sound clip is" if len(unknown) == 1 else f"{len(unknown)} sound clips are"
        said.append(f"{begin} of no file in this cut ({_names(unknown)}) and not taken over.")
    return said


def _names(clips: Sequence[str]) -> str:
    some = ", ".join(f"“{clip}”" for clip in dict.fromkeys(clips[:_SHOWN]))
    return f"{some} and more" if len(set(clips)) > _SHOWN else some


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0].casefold()


def _is(one: RecutSound, oid: str, *names: str) -> bool:
    """Whether a clip is of a file: by its bytes where the list says them, else by its name."""
    return one.oid == oid if one.oid else _stem(one.clip) in {_stem(name) for name in names if name}


def _under(one: RecutSound, event: RecutEvent) -> bool:
    here = (event.record_in, event.record_out, event.source_in)
    return here == (one.record_in, one.record_out, one.source_in) and _is(one, event.oid, event.clip)


def _where(one: RecutSound, tape: Tape | None, rate: Fraction) -> tuple[int, int, int]:
    return one.record_in, one.record_out, in_take(one.source_in, tape, rate)


def _place(sound: Sound, timeline: Timeline) -> tuple[int, int, int]:
    first = timeline.start_frame
    return sound.record_in - first, sound.record_out - first, sound.source_in
