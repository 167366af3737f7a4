"""Sound of a list that comes back: an unchanged one says nothing, a moved, slipped or foreign clip is named."""

from dataclasses import dataclass

import pytest

from studio_server.domain import recut_sounds
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.tapes import Tape, allotted, on_tape, wanted_by
from studio_server.domain.timeline import Timeline
from studio_server.library import interchange, recut_files
from tests.contract.test_aaf import loud

ENDINGS = [".otio", ".fcpxml", "_FCP7.xml"]


@dataclass
class Film:
    timeline: Timeline
    tapes: dict[str, Tape]

    def told(self, ending: str, back: Timeline | None = None) -> list[str]:
        """Return what is said of the list of another cut, or of this one's own."""
        made = interchange.export(back or self.timeline)
        text = (made.otio if ending == ".otio" else made.more[ending]).decode()
        read = recut_files.read(text, self.timeline.rate)
        assert not [note for note in read.notes if "sound" in note]
        return recut_sounds.told(read.sounds, read.events, self.timeline, self.tapes)

    def changed(self, **facts: object) -> Timeline:
        first, *others = self.timeline.sounds
        return self.timeline.model_copy(update={"sounds": (first.model_copy(update=facts), *others)})


def film(frame_rate: str = "24/1", *, delivered: bool = True) -> Film:
    plain = loud(frame_rate, delivered=False)
    tapes = allotted({}, wanted_by(plain))
    return Film(on_tape(plain, tapes), tapes) if delivered else Film(plain, {})


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("frame_rate", FRAME_RATES)
@pytest.mark.parametrize("delivered", [False, True])
def test_an_unchanged_list_says_nothing_of_sound(ending: str, frame_rate: str, delivered: bool) -> None:
    one = film(frame_rate, delivered=delivered)
    assert len(one.timeline.sounds) == 2
    assert one.told(ending) == []


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("change", ["moved", "trimmed", "slipped"])
def test_a_sound_that_lies_elsewhere_is_named(ending: str, change: str) -> None:
    one = film()
    first = one.timeline.sounds[0]
    facts = {
        "moved": {"record_in": first.record_in + 3, "record_out": first.record_out + 3},
        "trimmed": {"record_out": first.record_out - 1},
        "slipped": {"source_in": first.source_in + 1},
    }[change]
    (said,) = one.told(ending, one.changed(**facts))
    assert said.startswith(f"1 sound clip lies elsewhere than in the film (“{first.file}”) and stays there: ")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_sound_of_another_film_is_named(ending: str) -> None:
    one = film()
    (said,) = one.told(ending, one.changed(oid="d" * 64, master="Media/wind.wav", name="wind.wav"))
    assert said == "1 sound clip is of no file in this cut (“wind.wav”) and not taken over."


@pytest.mark.parametrize("ending", [".otio", "_FCP7.xml"])
def test_the_sound_of_a_take_goes_with_its_picture_and_is_named_where_it_does_not(ending: str) -> None:
    one = film()
    made = interchange.export(one.timeline)
    text = (made.otio if ending == ".otio" else made.more[ending]).decode()
    read = recut_files.read(text, one.timeline.rate)
    later = [event._replace(record_in=event.record_in + 9, record_out=event.record_out + 9) for event in read.events]
    takes = [sound for sound in read.sounds if sound.clip.startswith("SC01")]
    moved = [sound._replace(record_in=sound.record_in + 9, record_out=sound.record_out + 9) for sound in takes]
    assert takes
    assert recut_sounds.told(moved, later, one.timeline, one.tapes) == []
    (said,) = recut_sounds.told(moved, read.events, one.timeline, one.tapes)
    assert said.startswith("2 sound clips lie elsewhere")
