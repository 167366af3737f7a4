"""Sound of a list that comes back: an unchanged one says nothing, a moved one is taken over, the rest is named."""

from dataclasses import dataclass, field

import pytest

from studio_server.domain import recut, recut_sounds
from studio_server.domain.graph import Node
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.recut import Match, Recut
from studio_server.domain.recut_sounds import Heard
from studio_server.domain.tapes import Tape, allotted, in_take, on_tape, wanted_by
from studio_server.domain.timeline import Timeline
from studio_server.library import interchange, recut_files
from tests.contract.test_aaf import loud
from tests.contract.test_recut import known, take

ENDINGS = [".otio", ".fcpxml", "_FCP7.xml"]


@dataclass
class Film:
    timeline: Timeline
    tapes: dict[str, Tape]
    cards: dict[str, Node] = field(default_factory=lambda: {n: Node(id=n, type="audio") for n in ("voice", "music")})

    def read(self, ending: str, back: Timeline | None = None) -> Recut:
        """Return what is read in the list of another cut, or of this one's own."""
        made = interchange.export(back or self.timeline)
        text = (made.otio if ending == ".otio" else made.more[ending]).decode()
        read = recut_files.read(text, self.timeline.rate)
        assert not [note for note in read.notes if "sound" in note]
        return read

    def found(self, read: Recut) -> list[Match]:
        takes = {code: (take(code),) for code in ("010", "020", "030")}
        met = []
        for match in recut.matched(read.events, known(self.timeline, takes)):
            event, tape = match.event, self.tapes.get(match.take.media.oid) if match.take else None
            first = in_take(event.source_in, tape, self.timeline.rate)
            met.append(match._replace(event=event._replace(source_in=first)))
        return met

    def held(self, read: Recut) -> Heard:
        return recut_sounds.held(read.sounds, self.found(read), self.timeline, self.cards, self.tapes)

    def changed(self, **facts: object) -> Timeline:
        first, *others = self.timeline.sounds
        return self.timeline.model_copy(update={"sounds": (first.model_copy(update=facts), *others)})


def film(frame_rate: str = "24/1", *, delivered: bool = True) -> Film:
    plain = loud(frame_rate, delivered=False)
    voice, music = plain.sounds
    named = (voice.model_copy(update={"node_id": "voice"}), music.model_copy(update={"node_id": "music"}))
    plain = plain.model_copy(update={"sounds": named})
    tapes = allotted({}, wanted_by(plain))
    return Film(on_tape(plain, tapes), tapes) if delivered else Film(plain, {})


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("frame_rate", FRAME_RATES)
@pytest.mark.parametrize("delivered", [False, True])
def test_an_unchanged_list_says_nothing_of_sound(ending: str, frame_rate: str, delivered: bool) -> None:
    one = film(frame_rate, delivered=delivered)
    assert len(one.timeline.sounds) == 2
    assert one.held(one.read(ending)) == ([], [])
    one.cards["voice"] = Node(id="voice", type="audio", data={"sound_shot": "b", "sound_at": -60})
    assert one.held(one.read(ending)) == ([], [])


CHANGES = {
    "moved": ({"record_in": 3, "record_out": 3}, {"sound_at": 15, "sound_skip": 6, "sound_length": 28}),
    "trimmed": ({"record_out": -1}, {"sound_at": 12, "sound_skip": 6, "sound_length": 27}),
    "slipped": ({"source_in": 1}, {"sound_at": 12, "sound_skip": 7, "sound_length": 28}),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("delivered", [False, True])
def test_a_sound_that_lies_elsewhere_is_put_there(ending: str, change: str, delivered: bool) -> None:
    one = film(delivered=delivered)
    first = one.timeline.sounds[0]
    shifts, fields = CHANGES[change]
    heard = one.held(one.read(ending, one.changed(**{name: getattr(first, name) + by for name, by in shifts.items()})))
    assert {(edit.id, edit.name): edit.value for edit in heard.edits} == {("voice", n): v for n, v in fields.items()}
    assert heard.notes == [f"1 sound moves or is trimmed as the list has it (“{first.file}”)."]


def test_a_sound_that_begins_with_a_shot_goes_with_it_and_loses_it_where_it_is_left_out() -> None:
    one = film()
    one.cards["voice"] = Node(id="voice", type="audio", data={"sound_shot": "b", "sound_at": -60, "sound_skip": 6})
    read = one.read(".otio")
    first, second, *others = read.events
    length = second.record_out - second.record_in
    turned = [
        second._replace(record_in=0, record_out=length),
        first._replace(record_in=length, record_out=length + 72),
        *others,
    ]
    voice = next(sound for sound in read.sounds if sound.oid == "e" * 64)
    with_it = voice._replace(record_in=5, record_out=33)
    heard = one.held(read._replace(events=tuple(turned), sounds=(with_it,)))
    assert {edit.name: edit.value for edit in heard.edits} == {"sound_at": 5, "sound_length": 28}
    alone = read._replace(events=(first, *others), sounds=(voice,))
    assert {edit.name: edit.value for edit in one.held(alone).edits} == {
        "sound_at": 12, "sound_length": 28, "sound_shot": None,
    }  # fmt: skip


def test_black_that_is_closed_takes_the_sound_along() -> None:
    one = film()
    read = one.read(".otio")
    later = tuple(
        event._replace(record_in=event.record_in + 50, record_out=event.record_out + 50) for event in read.events
    )
    sounds = tuple(
        sound._replace(record_in=sound.record_in + 50, record_out=sound.record_out + 50) for sound in read.sounds
    )
    assert one.held(read._replace(events=later, sounds=sounds)) == ([], [])
    (edit, *_) = one.held(read._replace(events=later)).edits
    assert (edit.name, edit.value) == ("sound_at", 0), "before the first shot there is no film"


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_no_card_can_say_is_named(ending: str) -> None:
    one = film()
    foreign = one.read(ending, one.changed(oid="d" * 64, master="Media/wind.wav", name="wind.wav"))
    assert one.held(foreign) == ([], ["1 sound clip is of no file in this cut (“wind.wav”) and not taken over."])
    read = one.read(ending)
    voice = next(sound for sound in read.sounds if sound.clip == one.timeline.sounds[0].file)
    halves = (voice._replace(record_out=20), voice._replace(record_in=30))
    edits, (said,) = one.held(read._replace(sounds=halves))
    assert not edits
    assert said.startswith("2 sound clips lie elsewhere than in the film")


@pytest.mark.parametrize("ending", [".otio", "_FCP7.xml"])
def test_the_sound_of_a_take_goes_with_its_picture_and_is_named_where_it_does_not(ending: str) -> None:
    one = film()
    read = one.read(ending)
    takes = [sound for sound in read.sounds if sound.clip.startswith("SC01")]
    assert takes
    shift = {"events": read.events, "sounds": tuple(takes)}
    moved = {
        name: tuple(it._replace(record_in=it.record_in + 9, record_out=it.record_out + 9) for it in items)
        for name, items in shift.items()
    }
    assert one.held(read._replace(**moved)) == ([], [])
    edits, (said,) = one.held(read._replace(sounds=moved["sounds"]))
    assert not edits
    assert said.startswith("2 sound clips lie elsewhere")
