"""A film of another shape shows the window that a shot's framing says: its pictures tell where in the take they are."""

import subprocess
from pathlib import Path

import pytest

from studio_sdk.testing import Outcome
from studio_server.domain.framings import Framing
from tests import films
from tests.films import Piece, carry_out, ffmpeg, frame_rgb, look

WIDE, HIGH = 320, 180
DARK, STEP = 20, 200


def _ruled(path: Path, along: str, frames: int = 6) -> Path:
    """Write a clip whose light at a place says where it is along `X` or `Y`: from DARK, by STEP over the picture."""
    side = "W" if along == "X" else "H"
    light = f"geq=lum='{DARK}+{STEP}*{along}/{side}':cb=128:cr=128"
    coded = ("-c:v", "libx264", "-qp", "2", "-pix_fmt", "yuv420p", "-color_range", "tv", "-colorspace", "bt709")
    source = ("-f", "lavfi", "-i", f"color=s={WIDE}x{HIGH}:r=24", "-vf", light, "-frames:v", str(frames))
    ffmpeg(*source, *coded, str(path))
    return path


def _place(film: Path, x: float, y: float, number: int = 0) -> float:
    """Return which share of its take a place of a film's picture shows, by its luma: no way through RGB."""
    width, height = look(film).size
    spot = f"crop=2:2:{int(x * width) // 2 * 2}:{int(y * height) // 2 * 2}"
    luma = f"select=eq(n\\,{number}),format=yuv420p,extractplanes=y,{spot}"
    words = ["-i", str(film), "-vf", luma, "-frames:v", "1", "-f", "rawvideo", "-"]
    raw = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout
    return (sum(raw) / len(raw) - DARK) / STEP


def _film(tmp_path: Path, pieces: list[Piece], **params: object) -> Outcome:
    cut = films.write_cut(tmp_path / "cut.otio", pieces)
    clips = list({piece.path: None for piece in pieces if piece.path})
    return carry_out("assemble", tmp_path / "job", params, {"cut": [cut], "clips": clips})


@pytest.mark.parametrize(
    ("aspect", "size"), [("9:16", (180, 320)), ("1:1", (180, 180)), ("4:5", (180, 224)), ("4:3", (240, 180))]
)
def test_a_shape_has_the_pixels_of_its_shorter_side(aspect: str, size: tuple[int, int], tmp_path: Path) -> None:
    done = _film(tmp_path, [Piece(_ruled(tmp_path / "a.mp4", "X"), 6)], aspect=aspect)
    assert look(done.output("film")).size == size


@pytest.mark.parametrize(
    ("framing", "left", "right"),
    [
        (Framing(x=0.5), 0.342, 0.658),
        (Framing(x=0.3), 0.142, 0.458),
        (Framing(x=0.0), 0.0, 0.316),
        (Framing(x=1.0), 0.684, 1.0),
        (Framing(x=0.3, scale=2), 0.221, 0.379),
    ],
)
def test_the_window_is_where_the_point_of_interest_is(
    framing: Framing, left: float, right: float, tmp_path: Path
) -> None:
    clip = _ruled(tmp_path / "a.mp4", "X")
    film = _film(tmp_path, [Piece(clip, 6, joins={"framing": framing})], aspect="9:16", delivery="prores").output(
        "film"
    )
    seen = _place(film, 0.02, 0.5), _place(film, 0.98, 0.5)
    assert seen == pytest.approx((left + 0.02 * (right - left), right - 0.02 * (right - left)), abs=0.011)


def test_closer_pictures_move_up_and_down_too(tmp_path: Path) -> None:
    clip = _ruled(tmp_path / "a.mp4", "Y")
    for y, top in ((0.5, 0.25), (0.0, 0.0), (0.9, 0.5)):
        piece = Piece(clip, 6, joins={"framing": Framing(y=y, scale=2)})
        (tmp_path / str(y)).mkdir()
        film = _film(tmp_path / str(y), [piece], aspect="9:16", delivery="prores").output("film")
        seen = _place(film, 0.5, 0.02), _place(film, 0.5, 0.98)
        assert seen == pytest.approx((top + 0.01, top + 0.49), abs=0.011)


def test_each_shot_has_its_own_window_and_one_without_keeps_the_setting(tmp_path: Path) -> None:
    clip = _ruled(tmp_path / "a.mp4", "X")
    pieces = [
        Piece(clip, 6, part=(0, 3), joins={"framing": Framing(x=0.2)}),
        Piece(clip, 6, part=(0, 3), joins={"framing": Framing(x=0.8)}),
        Piece(clip, 6, part=(0, 3)),
    ]
    for setting, last in (("fill", 0.5), ("fit", 0.5)):
        (tmp_path / setting).mkdir()
        film = _film(tmp_path / setting, pieces, delivery="vertical", framing=setting).output("film")
        assert look(film).size == (1080, 1920)
        for number, place in ((1, 0.2), (4, 0.8), (7, last)):
            assert _place(film, 0.5, 0.5, number) == pytest.approx(place, abs=0.012)
        bars = frame_rgb(film, 7)[: 1080 * 3 * 100]
        assert (max(bars) < 20) == (setting == "fit"), "bars only where the setting says so, and no framing does"
        assert max(frame_rgb(film, 1)[: 1080 * 3 * 100]) > 20


def test_a_take_of_the_films_own_shape_is_copied_unless_it_is_framed_closer(tmp_path: Path) -> None:
    clip = _film(tmp_path, [Piece(_ruled(tmp_path / "a.mp4", "X", 24), 24)]).output("film")
    for framing, copied in ((Framing(x=0.1), 24), (Framing(x=0.1, scale=1.5), 0)):
        (tmp_path / framing.words).mkdir()
        done = _film(tmp_path / framing.words, [Piece(clip, 24, joins={"framing": framing})], aspect="16:9")
        assert done.result is not None
        assert done.result.facts["copied"] == copied
        assert _place(done.output("film"), 0.01, 0.5) == pytest.approx(0.01, abs=0.02)


def test_a_framing_that_is_none_is_refused_with_the_name_of_its_shot(tmp_path: Path) -> None:
    cut = films.write_cut(
        tmp_path / "cut.otio", [Piece(_ruled(tmp_path / "a.mp4", "X"), 6, joins={"framing": Framing()})]
    )
    cut.write_text(cut.read_text().replace('"x": 0.5', '"x": 5'))
    done = carry_out("assemble", tmp_path / "job", {}, {"cut": [cut], "clips": [tmp_path / "a.mp4"]})
    assert done.result is not None
    assert done.result.error is not None
    assert done.result.error.message == "The framing of SHOT-010 is not x, y and scale."
