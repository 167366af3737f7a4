"""A film again: what was encoded for it once is taken from what was kept, and it is the same film, byte for byte."""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from studio_sdk.types import Format, Quality
from tests.films import SMALL, Piece, carry_out, ffmpeg, write_cut

LONG = 48
"""Frames of each take."""


def foreign(path: Path, hue: int, seconds: int = 2, size: str = "320x180") -> Path:
    """Make a take as another program codes it: nothing of it can be copied into the film."""
    source = f"testsrc2=size={size}:rate=24:duration={seconds},hue=h={hue}"
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "250", "-pix_fmt", "yuv420p", *tags]
    ffmpeg("-f", "lavfi", "-i", source, *coded, str(path))
    return path


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("takes")
    return [foreign(folder / f"take{number}.mp4", number * 60) for number in range(5)]


@dataclass
class Table:
    """Where one film is rendered again and again."""

    folder: Path
    takes: list[Path]
    runs: "itertools.count[int]" = field(default_factory=itertools.count)
    params: dict[str, object] = field(default_factory=dict)
    picture: Format = SMALL
    quality: Quality = Quality.LOW

    @property
    def cut(self) -> list[Piece]:
        """Four shots: the second comes in by a dissolve, the third has a title and fades out."""
        part = [(0, 36), (12, 40), (0, 48), (4, 30)]
        joins: list[dict[str, object]] = [{}, {"dissolve": 8}, {"title": "Fog", "fade_out": 6}, {}]
        return [Piece(self.takes[at], LONG, part=part[at], joins=joins[at], shot=f"SHOT-0{at + 1}0") for at in range(4)]

    def render(self, cut: list[Piece], cache: Path | None) -> tuple[str, tuple[object, object]]:
        """Return the film's SHA-256, and of how many spans how many were made."""
        job = self.folder / f"{next(self.runs)}"
        list_ = write_cut(job.with_suffix(".otio"), cut)
        clips = list(dict.fromkeys(piece.path for piece in cut if piece.path))
        done = carry_out(
            "assemble", job, self.params, {"cut": [list_], "clips": clips},
            picture=self.picture, quality=self.quality, cache=cache,
        )  # fmt: skip
        assert done.result
        assert done.result.status == "succeeded", done.result.error
        facts = done.result.facts
        return hashlib.sha256(done.output("film").read_bytes()).hexdigest(), (facts["spans"], facts["spans_anew"])


@pytest.fixture
def table(takes: list[Path], tmp_path: Path) -> Table:
    return Table(tmp_path, takes)


def test_the_film_is_the_same_with_a_full_an_empty_a_damaged_and_no_cache(table: Table, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    film, counted = table.render(table.cut, None)
    assert counted == (4, 4)
    assert table.render(table.cut, kept) == (film, (4, 4))
    assert table.render(table.cut, kept) == (film, (4, 0))
    entries = sorted(kept.iterdir())
    assert len(entries) == 4
    for path in entries[:2]:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    assert table.render(table.cut, kept) == (film, (4, 2))
    assert table.render(table.cut, tmp_path / "not there") == (film, (4, 4))


def test_another_take_of_one_shot_makes_its_spans_anew_and_what_it_is_mixed_into(table: Table, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    table.render(table.cut, kept)
    last = [*table.cut[:3], replace(table.cut[3], path=table.takes[4])]
    assert table.render(last, kept)[1] == (4, 1)
    first = [replace(table.cut[0], path=table.takes[4]), *table.cut[1:]]
    assert table.render(first, kept)[1] == (4, 2), "the second shot begins with a dissolve out of the first"
    assert table.render(table.cut, kept)[1] == (4, 0)


CHANGES: dict[str, Callable[[list[Piece]], list[Piece]]] = {
    "another length": lambda cut: [*cut[:3], replace(cut[3], part=(4, 29))],
    "another beginning": lambda cut: [*cut[:3], replace(cut[3], part=(5, 31))],
    "another dissolve": lambda cut: [cut[0], replace(cut[1], joins={"dissolve": 7}), *cut[2:]],
    "no dissolve": lambda cut: [cut[0], replace(cut[1], joins={}), *cut[2:]],
    "the dissolve goes on later": lambda cut: [replace(cut[0], part=(0, 35)), *cut[1:]],
    "another title": lambda cut: [*cut[:2], replace(cut[2], joins={"title": "Mist", "fade_out": 6}), cut[3]],
    "no title": lambda cut: [*cut[:2], replace(cut[2], joins={"fade_out": 6}), cut[3]],
    "another fade": lambda cut: [*cut[:2], replace(cut[2], joins={"title": "Fog", "fade_out": 5}), cut[3]],
    "a fade in": lambda cut: [*cut[:3], replace(cut[3], joins={"fade_in": 5})],
    "another rate": lambda cut: [*cut[:3], replace(cut[3], rate="25/1", part=(4, 30))],
}


@pytest.fixture(scope="module")
def full(takes: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the film as it is has filled."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "kept").mkdir()
    table = Table(folder, takes)
    table.render(table.cut, folder / "kept")
    return folder / "kept"


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_in_the_cut_is_seen(name: str, table: Table, full: Path) -> None:
    cut = CHANGES[name](table.cut)
    assert table.render(cut, full)[0] == table.render(cut, None)[0]


@pytest.mark.parametrize(
    "how",
    [
        {"picture": Format(width=240, height=180, frame_rate="24/1")},
        {"picture": Format(width=240, height=180, frame_rate="24/1"), "params": {"framing": "fill"}},
        {"quality": Quality.HIGH},
        {"params": {"delivery": "prores"}},
        {"params": {"delivery": "reference"}},
    ],
    ids=str,
)
def test_whatever_is_changed_around_it_is_seen(
    how: dict[str, object], takes: list[Path], full: Path, tmp_path: Path
) -> None:
    table = Table(tmp_path, takes, **how)  # type: ignore[arg-type]
    film = table.render(table.cut, None)[0]
    assert [table.render(table.cut, full)[0] for _ in range(2)] == [film, film]
    assert table.render(table.cut, full)[1][1] == 0


def test_a_reference_with_timecode_is_made_anew_from_where_it_moved(table: Table, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    table.params = {"delivery": "reference"}
    table.render(table.cut, kept)
    film, counted = table.render([table.cut[0], *table.cut[2:]], kept)
    assert counted == (3, 2)
    assert film == table.render([table.cut[0], *table.cut[2:]], None)[0]


def test_a_long_shot_is_kept_in_parts(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    long = foreign(tmp_path / "long.mp4", 0, seconds=24)
    table = Table(tmp_path, [long])
    piece = Piece(long, 576, joins={"fade_in": 3})
    assert table.render([piece], kept)[1] == (3, 3)
    shorter = [replace(piece, part=(0, 500))]
    film, counted = table.render(shorter, kept)
    assert counted == (3, 1), "its tail"
    assert film == table.render(shorter, None)[0]
