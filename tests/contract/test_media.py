"""What files are, by their bytes: the real ffprobe, ffmpeg and Pillow on good and bad files."""

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from studio_sdk.errors import Code, StudioError
from studio_server.domain.assets import AssetKind
from studio_server.library import media
from tests.stock import clip


def refusal(path: Path, name: str | None = None) -> StudioError:
    with pytest.raises(StudioError) as refused:
        media.inspect(path, name or path.name)
    assert refused.value.code is Code.UNSUPPORTED_MEDIA
    return refused.value


def png(path: Path, size: tuple[int, int] = (40, 30)) -> Path:
    Image.new("RGB", size, (200, 30, 30)).save(path)
    return path


def wav(path: Path, *options: str) -> Path:
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=frequency=440:duration=1.5", *options]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    return path


@pytest.mark.parametrize(
    ("rate", "exact", "frames"),
    [("24", Fraction(24), 25), ("24000/1001", Fraction(24000, 1001), 24), ("16", Fraction(16), 81)],
)
def test_a_film_is_counted_exactly(tmp_path: Path, rate: str, exact: Fraction, frames: int) -> None:
    sniffed, facts = media.inspect(clip(tmp_path / "a.mp4", frames=frames, rate=rate), "a.mp4")
    assert sniffed == (AssetKind.VIDEO, "video/mp4", ".mp4")
    assert (facts.width, facts.height, facts.frame_rate, facts.frames) == (64, 48, exact, frames)
    assert facts.duration_s == pytest.approx(frames / exact)
    assert (facts.has_audio, facts.audio_channels) == (False, None)
    assert facts.rate_text == f"{exact.numerator}/{exact.denominator}"


def test_sound_in_a_film_is_seen(tmp_path: Path) -> None:
    facts = media.probe(clip(tmp_path / "a.mp4", audio=True))
    assert (facts.frames, facts.has_audio, facts.audio_channels) == (24, True, 1)


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_other_containers(tmp_path: Path, suffix: str) -> None:
    sniffed, facts = media.inspect(clip(tmp_path / f"a{suffix}"), f"a{suffix}")
    assert (sniffed.kind, sniffed.suffix, facts.frames) == (AssetKind.VIDEO, suffix, 24)


def test_a_turned_film_has_the_size_that_is_shown(tmp_path: Path) -> None:
    upright = clip(tmp_path / "a.mp4")
    turned = tmp_path / "b.mp4"
    command = ["ffmpeg", "-v", "error", "-i", str(upright), "-c", "copy", "-metadata:s:v", "rotate=90", str(turned)]
    subprocess.run(command, check=True, capture_output=True)
    facts = media.probe(turned)
    assert (facts.width, facts.height) == (48, 64)


@pytest.mark.parametrize(
    ("name", "options", "mime"),
    [
        ("a.wav", (), "audio/wav"),
        ("a.mp3", (), "audio/mpeg"),
        ("a.flac", (), "audio/flac"),
        ("a.ogg", ("-c:a", "libvorbis"), "audio/ogg"),
        ("a.m4a", (), "audio/mp4"),
    ],
)
def test_sound(tmp_path: Path, name: str, options: tuple[str, ...], mime: str) -> None:
    path = wav(tmp_path / name, *options)
    sniffed, facts = media.inspect(path, name)
    assert (sniffed.kind, sniffed.mime, sniffed.suffix) == (AssetKind.AUDIO, mime, path.suffix)
    assert facts.duration_s == pytest.approx(1.5, abs=0.1)
    assert facts.width is None
    with pytest.raises(StudioError):
        media.still_of(path)


@pytest.mark.parametrize(("suffix", "mime"), [(".png", "image/png"), (".jpg", "image/jpeg"), (".webp", "image/webp")])
def test_pictures(tmp_path: Path, suffix: str, mime: str) -> None:
    path = png(tmp_path / f"a{suffix}")
    sniffed, facts = media.inspect(path, f"a{suffix}")
    assert sniffed == (AssetKind.IMAGE, mime, suffix)
    assert (facts.width, facts.height, facts.frames, facts.duration_s) == (40, 30, 1, None)


def test_a_turned_photo_has_the_size_that_is_shown(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    assert media.probe(tmp_path / "a.jpg")[:2] == (30, 40)


def test_bytes_win_over_the_name(tmp_path: Path) -> None:
    error = refusal(png(tmp_path / "a.png"), "clip.mp4")
    assert error.message == "clip.mp4 is really a PNG file; its name says .mp4."
    assert "really an MP4 file" in refusal(clip(tmp_path / "a.mp4"), "a.png").message
    assert media.sniff(png(tmp_path / "b.png"), "B.PNG").suffix == ".png"


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        ("a.png", b"<svg onload=alert(1)>", "SVG"),
        ("a.png", b"<!DOCTYPE html><html><script>1</script>", "HTML"),
        ("a.jpg", b"  \n<html>", "HTML"),
        ("a.mp4", b"", "empty"),
        ("a.mp4", b"\x00" * 5000, "unknown"),
        ("a.png", b"%PDF-1.7\n", "pdf"),
        ("a.mp4", b"#EXTM3U\nfile:///etc/passwd\n", "unknown"),
        ("a.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n", "unknown"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(data)
    assert word in refusal(path, name).message


def test_truncated_files_are_refused(tmp_path: Path) -> None:
    film = clip(tmp_path / "whole.mp4", frames=60, size="320x240")
    fast = tmp_path / "fast.mp4"
    command = ["ffmpeg", "-v", "error", "-i", str(film), "-c", "copy", "-movflags", "+faststart", str(fast)]
    subprocess.run(command, check=True, capture_output=True)
    picture = png(tmp_path / "whole.png", (400, 300))
    photo = tmp_path / "photo.jpg"
    Image.effect_noise((400, 300), 50).save(photo)
    for path in (film, fast, picture, photo):
        data = path.read_bytes()
        cut = tmp_path / f"cut{path.suffix}"
        cut.write_bytes(data[: len(data) * 2 // 3])
        assert "not complete" in refusal(cut).message, path


def test_an_enormous_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    Image.new("1", (12_000, 12_000)).save(tmp_path / "a.png")
    assert "million pixels" in refusal(tmp_path / "a.png").message


def test_posters_and_thumbnails(tmp_path: Path) -> None:
    film = clip(tmp_path / "a.mp4", frames=48, size="320x240")
    media.poster(film, tmp_path / "new" / "poster.jpg", at_s=1.0)
    with Image.open(tmp_path / "new" / "poster.jpg") as poster:
        assert (poster.format, poster.size) == ("JPEG", (320, 240))
    media.thumbnail(film, tmp_path / "small.webp", 160)
    with Image.open(tmp_path / "small.webp") as small:
        assert (small.format, small.size) == ("WEBP", (160, 120))
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    media.thumbnail(tmp_path / "clear.png", tmp_path / "clear.webp", 160)
    media.poster(tmp_path / "clear.png", tmp_path / "clear.jpg")
    with Image.open(tmp_path / "clear.webp") as clear:
        assert (clear.mode, clear.size) == ("RGBA", (40, 30))
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_a_frame_beyond_the_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError) as refused:
        media.still_of(clip(tmp_path / "a.mp4"), at_s=99)
    assert refused.value.code is Code.UNSUPPORTED_MEDIA


def test_names_that_look_like_options_or_protocols(tmp_path: Path) -> None:
    odd = tmp_path / "-i concat:x|%03d.mp4"
    clip(tmp_path / "a.mp4").rename(odd)
    assert media.probe(odd).frames == 24
    assert media.still_of(odd).size == (64, 48)


def test_a_missing_decoder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = clip(tmp_path / "a.mp4")
    monkeypatch.setenv("PATH", str(tmp_path))
    for use in (media.probe, media.still_of):
        with pytest.raises(StudioError) as refused:
            use(film)
        assert refused.value.code is Code.DEPENDENCY_MISSING
