"""A dub in the rendered film: heard there, the shot's own sound silent beneath it, the original film as it was."""

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from studio_server.actions import assemble, assets, generate
from studio_server.domain.graph import NodeSet
from studio_server.domain.project import CACHE
from studio_server.settings import Settings
from tests.films import carry_out, ffmpeg, samples
from tests.integration.studios import Stage, node, shot, stage, wire

HERTZ = 48_000
OWN, NEXT, DUB, VOICE, DUBBED = 440, 700, 1100, 1700, 2300
"""Tones by which each sound is known in the film: the takes' own, the dub, a voice, and what stands in for that."""


@pytest.fixture
def here(settings: Settings) -> Iterator[Stage]:
    with stage(settings) as opened:
        opened.worker()
        yield opened


def _tone(path: Path, hertz: int, seconds: float) -> Path:
    ffmpeg("-f", "lavfi", "-i", f"sine=frequency={hertz}:sample_rate={HERTZ}:duration={seconds}", str(path))
    return path


def _take(path: Path, hertz: int) -> Path:
    """Return two seconds of picture with a tone as its own sound."""
    picture, sound = "color=c=green:s=320x180:r=24:d=2", f"sine=frequency={hertz}:sample_rate={HERTZ}:duration=2"
    coded = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *coded, str(path))
    return path


class _Film:
    """A project of two shots with sound, a voice over the second, their film `f`, and `fr`, its French version."""

    def __init__(self, here: Stage, at: Path) -> None:
        self.here, self.at, self.project = here, at, here.project()
        self.files: dict[str, Path] = {}
        here.apply(
            self.project,
            shot("a"),
            shot("b"),
            node("f", "assembler", title="Fog", loudness_target="off"),
            node("fr", "assembler", language="fr", loudness_target="off"),
            *(wire(name, "video", "f", "clips") for name in "ab"),
            wire("f", "edl", "fr", "edl"),
        )
        for name, hertz in (("a", OWN), ("b", NEXT)):
            job = str(generate.generate(here.studio, self.project, name).job_id)
            here.finish(job, here.claim(job).attempt, self._known(_take(at / f"{name}.mp4", hertz)))
        self.voice("v", VOICE, sound_shot="b")

    def _known(self, file: Path) -> Path:
        self.files[hashlib.sha256(file.read_bytes()).hexdigest()] = file
        return file

    def voice(self, name: str, hertz: int, **data: JsonValue) -> None:
        """Wire a second of a tone into the voices of the cut."""
        file = self._known(_tone(self.at / f"{name}.wav", hertz, 1))
        with file.open("rb") as opened:
            asset = assets.upload(self.here.studio, self.project, file.name, opened)
        card = node(name, "audio", asset=asset.id, kind="audio", **data)
        self.here.apply(self.project, card, wire(name, "audio", "f", "voices"))

    def rendered(self, name: str) -> Path:
        """Return the film of an assembler, made by the pipeline of what the studio hands to a worker."""
        claim = self.here.claim(str(assemble.render(self.here.studio, self.project, name).job_id))
        given: dict[str, list[Path]] = {}
        for one in claim.inputs:
            kept = self.here.folder(self.project).root / CACHE / "cuts" / f"{one.oid}.otio"
            given.setdefault(one.socket, []).append(kept if one.socket == "cut" else self.files[one.oid])
        job = self.at / f"job-{claim.job_id}"
        film = carry_out("assemble", job, dict(claim.params), given).output("film")
        self.here.finish(claim.job_id, claim.attempt, film)
        return film


def _strengths(film: Path, first: float, last: float) -> dict[int, float]:
    """Return how strong each tone is in a part of a film, given in seconds, as the height of its wave."""
    heard = [left for left, _ in samples(film)[int(first * HERTZ) : int(last * HERTZ)]]
    found = {}
    for hertz in (OWN, NEXT, DUB, VOICE, DUBBED):
        turn = 2 * math.pi * hertz / HERTZ
        real = sum(value * math.cos(turn * at) for at, value in enumerate(heard))
        other = sum(value * math.sin(turn * at) for at, value in enumerate(heard))
        found[hertz] = 2 * math.hypot(real, other) / len(heard)
    return found


def _loud(film: Path, first: float, last: float) -> set[int]:
    """Return the tones that are heard in a part of a film; every other one has to be silent, at least 60 dB down."""
    found = _strengths(film, first, last)
    loud = {hertz for hertz, strength in found.items() if strength > 0.05}
    assert all(found[hertz] < 0.0001 for hertz in found.keys() - loud), found
    return loud


def test_a_dub_is_heard_in_its_language_and_the_shots_own_sound_is_silent_beneath_it(
    here: Stage, tmp_path: Path
) -> None:
    film = _Film(here, tmp_path)
    before = film.rendered("f").read_bytes()
    film.voice("dub", DUB, sound_language="fr", sound_instead="a", sound_shot="a")
    film.voice("dubbed", DUBBED, sound_language="fr", sound_instead="v")

    french = film.rendered("fr")
    assert _loud(french, 0.2, 0.8) == {DUB}
    assert _loud(french, 1.2, 1.8) == set(), "the dub is over, and the shot's own sound does not come back after it"
    assert _loud(french, 2.2, 2.8) == {NEXT, DUBBED}, "a shot that no voice stands in for is heard as it was"

    original = film.rendered("f")
    assert original.read_bytes() == before, "nothing of it is in the film as it was written"
    assert (_loud(original, 0.2, 0.8), _loud(original, 2.2, 2.8)) == ({OWN}, {NEXT, VOICE})


def test_a_voice_of_another_language_that_stands_in_for_nothing_is_heard_beside_it(here: Stage, tmp_path: Path) -> None:
    film = _Film(here, tmp_path)
    film.voice("dub", DUB, sound_language="fr", sound_shot="a")
    assert _loud(film.rendered("fr"), 0.2, 0.8) == {OWN, DUB}


def test_the_cut_lists_every_voice_with_its_language_and_says_which_are_heard(here: Stage, tmp_path: Path) -> None:
    film = _Film(here, tmp_path)
    film.voice("dub", DUB, sound_language="fr", sound_instead="a")
    film.voice("dubbed", DUBBED, sound_language="fr", sound_instead="v")
    here.apply(film.project, node("later", "audio", sound_language="fr"), wire("later", "audio", "f", "voices"))

    def listed(name: str) -> dict[str, tuple[str, str | None, bool, bool]]:
        told = assemble.cut_list(here.studio, film.project, name)
        return {one.node_id: (one.language, one.instead, one.there, one.heard) for one in told.voices}

    waits = ("fr", None, False, False)
    french = {"v": ("", None, True, False), "dub": ("fr", "a", True, True), "dubbed": ("fr", "v", True, True)}
    assert listed("fr") == french | {"later": waits}
    written = {"v": ("", None, True, True), "dub": ("fr", "a", True, False), "dubbed": ("fr", "v", True, False)}
    assert listed("f") == written | {"later": waits}
    told = assemble.cut_list(here.studio, film.project, "fr")
    assert [(one.has_audio, one.replaced) for one in told.cuts] == [(False, True), (True, False)]
    here.apply(film.project, NodeSet(id="dub", name="sound_language", value=None))
    assert listed("f")["dub"] == ("", None, True, True)
