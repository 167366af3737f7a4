"""Voices and music lie where their cards say, on tracks of their own; what cannot be heard is told in words."""

from pydantic import JsonValue

from studio_sdk.types import MediaRef
from studio_server.domain.assets import Asset, AssetKind
from studio_server.domain.graph import Node
from studio_server.domain.soundtrack import Placing, placing, said, sound_reel, with_sounds
from studio_server.domain.timeline import ShotInOrder, Timeline, compile_timeline
from studio_server.library import interchange


def _card(name: str, **data: JsonValue) -> Node:
    return Node(id=name, type="audio", data={"asset": name, **data})


def _asset(card: Node, seconds: float | None = 10.0) -> Asset:
    return Asset(
        id=card.id,
        title=card.id,
        kind=AssetKind.AUDIO,
        media=MediaRef(path=f"01_Assets/{card.id}.wav", oid=card.id.encode().hex().ljust(64, "0"), size=1, mime="a/b"),
        duration_s=seconds,
        created_at="",
        created_by="",
    )


def _film(*cards: tuple[Node, Placing], rate: str = "24/1") -> Timeline:
    """Return a film of two slates of four seconds with sounds."""
    timeline = compile_timeline("Fog", rate, [ShotInOrder(f"n{n}", "01", f"0{n}0", None) for n in (1, 2)])
    return with_sounds(timeline, cards, _asset)


def test_a_sound_that_starts_with_a_shot_moves_with_it() -> None:
    voice = _card("v", sound_shot="n2", sound_at=12, sound_gain=-3, sound_fade_in=6)
    (laid,) = _film((voice, placing(voice, "voice"))).sounds
    start = 86400
    assert (laid.record_in - start, laid.record_out - start) == (96 + 12, 192)
    assert (laid.source_in, laid.frames, laid.gain, laid.fade_in, laid.fade_out) == (0, 240, -3.0, 6, 0)
    assert laid.record_in_tc == "01:00:04:12"


def test_music_fills_the_film_softly_and_goes_out_with_it() -> None:
    music = _card("m", sound_skip=24)
    (laid,) = _film((music, placing(music, "music"))).sounds
    assert (laid.source_in, laid.source_out, laid.gain, laid.fade_out) == (24, 24 + 192, -12.0, 24)
    early = _card("e", sound_at=-48)
    (laid,) = _film((early, placing(early, "music"))).sounds
    assert (laid.record_in, laid.source_in, laid.source_out) == (86400, 48, 240)


def test_what_overlaps_lies_on_tracks_of_its_own_and_music_never_with_voices() -> None:
    cards = [
        _card("a", sound_length=48),
        _card("b", sound_at=24, sound_length=48),
        _card("c", sound_at=60, sound_length=9),
    ]
    music = _card("m", sound_at=100)
    film = _film(*((card, placing(card, "voice")) for card in cards), (music, placing(music, "music")))
    assert {one.node_id: one.track for one in film.sounds} == {"a": 0, "b": 1, "c": 0, "m": 2}
    assert [[one.node_id for one in track] for track in film.tracks] == [["a", "c"], ["b"], ["m"]]
    made = interchange.export(film)
    assert sorted(name for name in made.more if name.startswith("_A")) == ["_A34.edl", "_A56.edl", "_A78.edl"]
    lines = made.more["_A34.edl"].decode("ascii").split("\r\n")
    assert lines[3:5] == [
        f"001  {film.sounds[0].reel} NONE  C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00",
        "AUD  3    4",
    ]
    assert any("steps back" in note for note in made.notes)


def test_what_cannot_be_heard_is_said() -> None:
    late, lost = _card("late", sound_at=500), _card("lost", sound_shot="gone")
    film = _film((late, placing(late, "voice")), (lost, placing(lost, "voice")))
    assert film.sounds == ()
    assert film.notes[-2:] == (
        "Audio is not heard: it lies outside the film.",
        "Audio is not heard: the shot that it starts with is not in the cut.",
    )


def test_nonsense_counts_as_not_said() -> None:
    card = _card("n", sound_at="x", sound_gain=99, sound_length=0, sound_fade_in=True, sound_shot=7)
    assert placing(card, "voice") == Placing("voice")
    assert said(card, placing(card, "voice")) == "n: kind voice, at 0, skip 0"


def test_reels_of_sounds_are_never_those_of_takes() -> None:
    taken: set[str] = set()
    for number in range(300):
        reel = sound_reel(f"{number:064x}", taken)
        assert len(reel) == 8
        assert reel not in taken
        assert not reel[1:].isdigit()
        taken.add(reel)
