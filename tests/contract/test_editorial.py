"""Deliveries to editing systems: the timecode of the lists leads to the right picture of the right file, at all rates.

Every frame of the takes has a brightness of its own, so that a picture says which one it is.
"""

import csv
import hashlib
import io
import json
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from studio_sdk.contract import Exit
from studio_sdk.types import Format, MediaRef
from studio_server.domain.marks import Marks
from studio_server.domain.passages import Passage
from studio_server.domain.project import FRAME_RATES
from studio_server.domain.shots import Take
from studio_server.domain.tapes import Tape, allotted, on_tape, wanted_by
from studio_server.domain.timecode import frame_at
from studio_server.domain.timeline import ShotInOrder, Sound, Timeline, compile_timeline
from studio_server.library import fcp7, interchange
from tests.films import carry_out, ffmpeg, frame_sums, onto_a_full_disk, samples


def _barcode(path: Path, frames: int, rate: str, *, sound: str = "stereo") -> Path:
    """Write a take whose every frame has its own flat brightness: 16 + 2 x number."""
    source = f"color=c=black:s=320x180:r={rate},geq=lum='16+2*N':cb=128:cr=128"
    tone = ["-f", "lavfi", "-i", "sine=frequency=500:sample_rate=48000"] if sound else []
    channels = {"stereo": ["-ac", "2"], "mono": ["-ac", "1"], "": []}[sound]
    ffmpeg("-f", "lavfi", "-i", source, *tone, *channels, "-frames:v", str(frames), "-shortest", "-c:v", "libx264",
           "-qp", "4", "-x264-params", "keyint=12:bframes=2", "-color_range", "tv", "-colorspace", "bt709",
           "-pix_fmt", "yuv420p", str(path))  # fmt: skip
    return path


def _take(path: Path, number: int, frames: int, rate: str, channels: int | None) -> Take:
    oid = hashlib.sha256(path.read_bytes()).hexdigest()
    place = f"03_Renders/SCENE_01/SHOT_0{number}0/SHOT-0{number}0_v01_take01.mp4"
    return Take(
        id=f"t{number}", scene="01", code=f"0{number}0", version=1, number=1, reel=f"A0{number}00101",
        media=MediaRef(path=place, oid=oid, size=path.stat().st_size, mime="video/mp4"), width=320, height=180,
        frames=frames, frame_rate=rate, has_audio=channels is not None, audio_channels=channels,
        created_at="2026-01-01T00:00:00Z",
    )  # fmt: skip


def _delivered(
    timeline: Timeline, files: list[Path], place: Path, sounds: list[Path], **params: object
) -> tuple[zipfile.ZipFile, dict[str, object]]:
    place.mkdir()
    written = interchange.export(timeline)
    lists = {"film.otio": written.otio, "film.edl": written.edl, "film_FCP7.xml": written.more["_FCP7.xml"]}
    for name, contents in lists.items():
        (place / name).write_bytes(contents)
    given = {"cut": [place / name for name in lists], "clips": files, "sounds": sounds}
    form = Format(width=320, height=180, frame_rate=timeline.frame_rate)
    done = carry_out("editorial", place / "job", dict(params), given, picture=form)
    assert done.result, done.printed
    assert done.result.status == "succeeded", (done.result.error, done.printed.decode())
    out = zipfile.ZipFile(done.output("delivery"))
    out.extractall(place / "out")
    return out, dict(done.result.facts)


def _probed(path: Path) -> tuple[dict[str, str], list[dict[str, object]]]:
    words = ["-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
    shown = subprocess.run(["ffprobe", *words], capture_output=True, check=True, text=True)
    assert shown.stderr == ""
    streams = json.loads(shown.stdout)["streams"]
    return next(one["tags"] for one in streams if one["codec_tag_string"] == "tmcd"), streams


def _levels(path: Path) -> list[int]:
    words = ["-i", str(path), "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-vf", "crop=2:2", "-"]
    raw = subprocess.run(["ffmpeg", "-v", "error", *words], capture_output=True, check=True).stdout
    return [round((raw[at] - 16) / 2) for at in range(0, len(raw), 6)]


def _tapes(timeline: Timeline, start_s: int) -> dict[str, Tape]:
    """Allot stretches after others that end at `start_s`."""
    before = {"0" * 64: Tape("OTHER", start_s - 10, 10)}
    return before | allotted(before, wanted_by(timeline))


@pytest.mark.parametrize("rate", FRAME_RATES)
def test_the_timecode_of_the_list_leads_to_the_picture(rate: str, tmp_path: Path) -> None:
    # The second file crosses a full minute, where drop frame leaves numbers out.
    files = [_barcode(tmp_path / "a.mp4", 60, rate), _barcode(tmp_path / "b.mp4", 41, "16/1", sound="mono")]
    takes = [_take(files[0], 1, 60, rate, 2), _take(files[1], 2, 41, "16/1", 1)]
    shots = [
        ShotInOrder("a", "01", "010", takes[0], marks=Marks(7, 40)),
        ShotInOrder("b", "01", "020", takes[1], marks=Marks(3, 30), enter=Passage("dissolve", 6)),
        ShotInOrder("c", "01", "030", None, seconds=Fraction(1)),
    ]
    plain = compile_timeline("Film", rate, shots)
    timeline = on_tape(plain, _tapes(plain, 3600 + 50))
    out, facts = _delivered(timeline, files, tmp_path / "job", [])
    assert facts == {"files": 2, "copied": 1}
    media = {f"Media/SC01_SHOT-{code}_v01_take01.mov" for code in ("010", "020")}
    assert set(out.namelist()) == {"film.otio", "film.edl", "film_FCP7.xml"} | media
    root = tmp_path / "job" / "out"
    per_second = plain.rate
    for cut, native in zip(timeline.events, takes, strict=True):
        file = root / cut.master
        tags, streams = _probed(file)
        assert tags["reel_name"] == cut.reel
        assert tags["timecode"] == timeline.timecode(cut.source_start)
        picture = next(one for one in streams if one["codec_type"] == "video")
        heard = next(one for one in streams if one["codec_type"] == "audio")
        assert Fraction(str(picture["r_frame_rate"])) == Fraction(str(picture["avg_frame_rate"])) == per_second
        assert picture["nb_read_frames"] == str(cut.conformed_frames)
        assert (heard["codec_name"], heard["channels"]) == ("pcm_s24le", native.audio_channels)
        assert len(samples(file)) == int(cut.conformed_frames * 48000 / per_second)
        seen = _levels(file)
        line = next(
            t for t in out.read("film.edl").decode().splitlines()[::-1] if t[5:13] == cut.reel and t[29:40] != t[41:52]
        )
        first = frame_at(tags["timecode"], per_second)
        begin, end = (frame_at(code, per_second) - first for code in (line[29:40], line[41:52]))
        base = Fraction(native.frame_rate or "")
        shown = [int(n * _counted(base) / _counted(per_second)) for n in range(begin, end)]
        assert seen[begin:end] == shown, "each frame that the list asks for is the one that the cut shows"
    assert frame_sums(root / timeline.events[0].master) == frame_sums(files[0]), "copied pictures are untouched"


def _counted(rate: Fraction) -> Fraction:
    return rate * 1001 / 1000 if rate.denominator == 1001 else rate


def test_the_other_lists_name_the_files_that_lie_beside_them(tmp_path: Path) -> None:
    file = _barcode(tmp_path / "a.mp4", 48, "24/1")
    voice = tmp_path / "voice.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=500:sample_rate=44100:duration=2", str(voice))
    plain = compile_timeline("Film", "24/1", [ShotInOrder("a", "01", "010", _take(file, 1, 48, "24/1", 2))])
    sound = Sound(
        node_id="s", kind="voice", name="Grüße an alle.wav", path="01_Assets/x.wav", reel="S0000001", record_in=86412,
        oid=hashlib.sha256(voice.read_bytes()).hexdigest(), record_out=86424, record_in_tc="", record_out_tc="",
        source_in=6, frames=48, gain=0.0, fade_in=0, fade_out=0,
    )  # fmt: skip
    plain = plain.model_copy(update={"sounds": (sound,)})
    timeline = on_tape(plain, _tapes(plain, 3600 + 60))
    out, _ = _delivered(timeline, [file], tmp_path / "job", [voice])
    root = tmp_path / "job" / "out"
    document = otio.adapters.read_from_file(str(root / "film.otio"))
    for clip in document.find_clips():
        reference = clip.media_reference
        assert (root / reference.target_url).is_file()
        there, used = reference.available_range, clip.source_range
        assert there.start_time <= used.start_time
        assert used.end_time_exclusive() <= there.end_time_exclusive()
    xml = out.read("film_FCP7.xml").decode()
    assert "<pathurl>Media/SC01_SHOT-010_v01_take01.mov</pathurl>" in xml
    assert "<string>01:01:00:00</string>" in xml
    wave = root / "Media" / "S0000001_Gr__e_an_alle.wav"
    words = ["-v", "error", "-show_entries", "format_tags=time_reference:stream=sample_rate,channels", "-of", "json"]
    told = json.loads(subprocess.run(["ffprobe", *words, str(wave)], capture_output=True, check=True).stdout)
    assert told["format"]["tags"]["time_reference"] == str((3600 + 70) * 48000)
    assert len(samples(wave)) == 2 * 48000
    rows = list(csv.DictReader(io.StringIO(interchange.export(timeline).more["_reels.csv"].decode())))
    assert [rows[0][name] for name in ("master", "first timecode", "last timecode")] == [
        "Media/SC01_SHOT-010_v01_take01.mov", "01:01:00:00", "01:01:01:23"
    ]  # fmt: skip
    assert (
        b"\t01:01:00:00\t01:01:02:00\tA0100101\tSC01_SHOT-010_v01_take01.mov\t"
        in interchange.export(timeline).more[".ale"]
    )
    assert fcp7.write(timeline, "04_Project_Files/EDLs").count(b"..") == 0


@pytest.mark.parametrize(("codec", "name"), [("prores", "prores"), ("dnxhr", "dnxhd")])
@pytest.mark.parametrize("rate", FRAME_RATES)
def test_masters_of_whole_pictures_for_those_who_want_them(codec: str, name: str, rate: str, tmp_path: Path) -> None:
    file = _barcode(tmp_path / "a.mp4", 12, rate, sound="")
    plain = compile_timeline("Film", rate, [ShotInOrder("a", "01", "010", _take(file, 1, 12, rate, None))])
    timeline = on_tape(plain, _tapes(plain, 3600 + 60))  # the first minute is where drop frame leaves numbers out
    _, facts = _delivered(timeline, [file], tmp_path / "job", [], codec=codec)
    master = tmp_path / "job" / "out" / timeline.events[0].master
    tags, streams = _probed(master)
    code = timeline.timecode(timeline.events[0].source_start)
    assert (facts["copied"], tags["reel_name"], tags["timecode"]) == (0, "A0100101", code)
    assert (";" in code) == (rate in {"30000/1001", "60000/1001"})
    assert Fraction(str(streams[0]["r_frame_rate"])) == Fraction(rate)
    assert [one.get("codec_name") for one in streams if one["codec_type"] != "data"] == [name]
    assert _levels(master) == list(range(12))


def test_what_cannot_be_delivered_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    file = _barcode(tmp_path / "a.mp4", 24, "24/1")
    plain = compile_timeline("Film", "24/1", [ShotInOrder("a", "01", "010", _take(file, 1, 24, "24/1", 2))])
    timeline = on_tape(plain, _tapes(plain, 3600))
    cut = tmp_path / "film.otio"
    cut.write_bytes(interchange.write_otio(timeline))
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(file.read_bytes()[:3000])
    done = carry_out("editorial", tmp_path / "gone", {}, {"cut": [cut], "clips": [broken]})
    assert done.status == Exit.NO_INPUT
    cut.write_bytes(interchange.write_otio(plain))
    done = carry_out("editorial", tmp_path / "plain", {}, {"cut": [cut], "clips": [file]})
    assert done.result
    assert done.result.error
    assert "no masters" in done.result.error.message


@pytest.mark.parametrize("full", ["half-made.mov", "delivery.zip"])
def test_a_full_disk_is_not_blamed_on_a_take(full: str, tmp_path: Path) -> None:
    file = _barcode(tmp_path / "a.mp4", 24, "24/1")
    plain = compile_timeline("Film", "24/1", [ShotInOrder("a", "01", "010", _take(file, 1, 24, "24/1", 2))])
    cut = tmp_path / "film.otio"
    cut.write_bytes(interchange.write_otio(on_tape(plain, _tapes(plain, 3600))))
    done = onto_a_full_disk("editorial", tmp_path / "job", full, {"cut": [cut], "clips": [file]})
    assert done.result
    assert done.result.error
    assert (done.result.error.code, done.result.outputs) == ("STORAGE_FULL", [])
