"""Talking shot: lips close and open when the voice says so, seen by finding the face again in what was made."""

import json
import subprocess
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from studio_sdk import Code, testing
from studio_sdk.testing import Outcome
from studio_sdk.types import Format
from tests.faces import portrait
from tests.films import PIPELINES, carry_out, ffmpeg, look
from tests.wan import failed

pytestmark = pytest.mark.timeout(900)

NAME = "previz-talk"
PYTHON = PIPELINES / "environments" / "bodies" / ".venv" / "bin" / "python"
SQUARE = Format(width=384, height=384, frame_rate="24/1")
SAID = "My mother bought a big brown boat"

AGAIN = """
import json, sys
sys.path.insert(0, sys.argv[1])
import av, numpy as np
from mediapipe.python.solutions import face_mesh
from phones import spoken
from studio_sdk import Audio
said = spoken(Audio(sys.argv[3]), sys.argv[4])
with av.open(sys.argv[2]) as clip:
    pictures = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)]
gaps = []
with face_mesh.FaceMesh(refine_landmarks=True) as models:
    for picture in pictures:
        marks = models.process(np.ascontiguousarray(picture)).multi_face_landmarks[0].landmark
        spots = np.array([(mark.x, mark.y) for mark in marks])
        gaps.append(np.linalg.norm(spots[14] - spots[13]) / np.linalg.norm(spots[263] - spots[33]))
def gap(one):
    return float(gaps[min(len(gaps) - 1, round((one.begins + one.ends) * 12 - 0.5))])
shut = [gap(one) for one in said.phones if one.name in "MBP" and one.ends - one.begins > 0.03]
wide = [gap(one) for one in said.phones if one.name in ("AA", "AE", "AO", "AW", "AY") and one.ends - one.begins > 0.05]
print(json.dumps({"how": said.how, "shut": shut, "wide": wide}))
"""

LOOK = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from face import find
from main import framed
from still import read
from studio_sdk import Fail, Image
told = {}
for path in sorted(Path(sys.argv[2]).iterdir()):
    try:
        whole = read(Image(path), 768)
        found = find(whole, "", path.name)
        _, points = framed(whole, found, (384, 384))
        told[path.stem] = [found.among, [round(float(v)) for v in points[1, :2]]]
    except Fail as why:
        told[path.stem] = [why.code, why.message]
print(json.dumps(told))
"""

PART = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from types import SimpleNamespace
import av
from passage import passage
from studio_sdk import Audio
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
job = SimpleNamespace(scratch=Path(sys.argv[3]), progress=lambda *_: None)
before = peak()
part = passage(job, Audio(sys.argv[2]), 3560.0, 30.0, 60)
with av.open(str(part)) as source:
    samples = sum(frame.samples for frame in source.decode(audio=0))
print(json.dumps({"samples": [samples], "more_mb": [peak() - before]}))
"""


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return carry_out("speak", tmp_path_factory.mktemp("voice") / "job", {"dialogue": SAID}).output("audio")


def talk(job: Path, still: Path, voice: Path, params: dict[str, object] | None = None) -> Outcome:
    folder = PIPELINES / NAME
    testing.prepare(folder, job, params or {}, {"still": [still], "voice": [voice]}, picture=SQUARE)
    done = testing.carry_out(folder, job, PYTHON, limit_s=300)
    assert testing.breaches(testing.manifest(folder), done) == [], done.printed.decode()
    return done


def told(code: str, *words: object) -> dict[str, list[object]]:
    run = [str(PYTHON), "-c", code, str(PIPELINES / NAME), *map(str, words)]
    shown = subprocess.run(run, check=True, capture_output=True, text=True, timeout=400)
    found: dict[str, list[object]] = json.loads(shown.stdout)
    return found


def sound(path: Path, width: int, seconds: float = 1.5) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(8000)
        file.writeframes((b"\x80" if width == 1 else b"\0\0") * round(8000 * seconds))
    return path


def steps(path: Path, seconds: int) -> Path:
    """Write a sound whose tone is one hertz higher every ten seconds, from 200 on."""
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc='sin(2*PI*(200+floor(t/10))*t)':s=8000:d={seconds}", str(path))
    return path


def heard(clip: Path, at: float) -> float:
    """Return the tone that is heard in 0.3 s of a clip, by counting how often it crosses zero."""
    words = ["ffmpeg", "-v", "error", "-ss", str(at), "-t", "0.3", "-i", str(clip), "-ac", "1", "-f", "f32le", "-"]
    levels = array("f", subprocess.run(words, check=True, capture_output=True).stdout)
    crossed = [at for at, (one, two) in enumerate(pairwise(levels)) if one < 0 <= two]
    return (len(crossed) - 1) * 48000 / (crossed[-1] - crossed[0])


def test_lips_close_and_open_with_the_voice(voice: Path, tmp_path: Path) -> None:
    portrait().save(tmp_path / "still.png")
    done = talk(tmp_path / "job", tmp_path / "still.png", voice, {"dialogue": f"ANNA: {SAID}"})
    assert done.result
    facts = done.result.facts
    assert (facts["mouth"], facts["face"], facts["badge"]) == ("phones, laid along the words", "found", True)
    made = look(done.output("video"))
    assert (made.size, made.steady, made.audio[:2]) == ((384, 384), True, ("aac", 48000))
    assert abs(made.frames / 24 - look(done.output("video")).audio_s) < 0.05
    again = told(AGAIN, done.output("video"), voice, SAID)
    shut, wide = [[float(str(gap)) for gap in again[name]] for name in ("shut", "wide")]
    assert len(shut) >= 4
    assert len(wide) >= 2
    assert max(shut) < 0.05, "in eye spans: closed at M, B and P"
    assert sum(wide) / len(wide) > 0.12, "open at vowels"


def test_silence_in_8_bits_keeps_the_mouth_shut_and_a_face_can_be_pointed_at(tmp_path: Path) -> None:
    drawn = Image.new("RGB", (512, 512), (230, 225, 215))
    pen = ImageDraw.Draw(drawn)
    for x in (180, 330):
        pen.ellipse((x - 12, 180, x + 12, 204), fill=(20, 20, 20))
    pen.line([(200, 340), (310, 340)], fill=(150, 40, 40), width=9)
    drawn.save(tmp_path / "doodle.png")
    quiet = sound(tmp_path / "quiet.wav", 1)
    code, message, _ = failed(talk(tmp_path / "none", tmp_path / "doodle.png", quiet))
    assert code == Code.UNSUPPORTED_MEDIA
    assert message.startswith("No face is found in doodle.png. Place the points of the face yourself")
    done = talk(tmp_path / "placed", tmp_path / "doodle.png", quiet, {"face": "35,37.5 64.5,37.5 50,66"})
    assert done.result
    assert (done.result.facts["face"], done.result.facts["mouth"]) == ("placed by hand", "nothing is heard")
    assert look(done.output("video")).frames == 36
    for number, wrong in enumerate(("50,50", "65,37 35,37 50,66", "35,37 64,37 120,66")):
        code, _, _ = failed(
            talk(tmp_path / f"wrong{number}", tmp_path / "doodle.png", quiet, {"face": wrong, "badge": False})
        )
        assert code == Code.VALIDATION_ERROR


def test_stills_as_they_come_from_people(tmp_path: Path) -> None:
    folder = tmp_path / "stills"
    folder.mkdir()
    face = portrait()
    turned = face.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(folder / "exif.jpg", exif=exif, quality=95)
    face.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
    clear = face.convert("RGBA")
    clear.putalpha(face.convert("L").point(lambda level: 0 if level in {165, 166, 167} else 255))
    clear.save(folder / "alpha.png")
    face.save(folder / "animated.gif", save_all=True, append_images=[Image.new("RGB", face.size)])
    face.resize((7100, 7100)).save(folder / "huge.jpg", quality=80)
    two = Image.new("RGB", (1024, 512), (150, 170, 190))
    two.paste(portrait(400), (20, 60))
    two.paste(face, (512, 0))
    two.save(folder / "two.png")
    far = Image.new("RGB", (2000, 2000), (150, 170, 190))
    far.paste(portrait(140), (900, 900))
    far.save(folder / "small.png")
    Image.new("RGB", (9, 9), "gray").save(folder / "tiny.png")
    Image.new("RGB", (640, 480), "gray").save(folder / "nobody.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    seen = told(LOOK, folder)
    for name in ("exif", "cmyk", "alpha", "animated", "huge"):
        assert seen[name][0] == 1, (name, seen[name])
        assert max(abs(a - b) for a, b in zip(seen[name][1], (192, 218), strict=True)) < 20, name  # type: ignore[call-overload]
    assert seen["two"][0] == 2
    assert "too small to be seen speaking" in str(seen["small"][1]) or "No face" in str(seen["small"][1])
    assert "No face is found in nobody.png" in str(seen["nobody"][1])
    assert "No face is found in tiny.png" in str(seen["tiny"][1])
    assert "cannot be read" in str(seen["broken"][1])


@pytest.mark.parametrize("seconds", [61, 3600])
def test_an_hour_is_refused_before_anything_is_drawn_and_the_way_out_is_named(seconds: int, tmp_path: Path) -> None:
    portrait(128).save(tmp_path / "still.png")
    long = tmp_path / "long.wav"
    ffmpeg("-f", "lavfi", "-i", f"sine=330:r=8000:d={seconds}", str(long))
    code, message, _ = failed(talk(tmp_path / "job", tmp_path / "still.png", long))
    assert code == Code.VALIDATION_ERROR
    assert message == (
        f"The voice is {seconds} s long; a shot takes 60 s at the most. Say which part of it this shot uses, "
        "with Voice from and Voice length; further shots take the next parts."
    )


def test_a_part_of_an_hour_is_exactly_that_part(tmp_path: Path) -> None:
    portrait().save(tmp_path / "still.png")
    hour = steps(tmp_path / "hour.mp3", 3600)
    done = talk(tmp_path / "job", tmp_path / "still.png", hour, {"voice_from": 3549.5, "voice_length": 1})
    assert done.result, done.printed
    made = look(done.output("video"))
    assert (made.frames, made.audio_s) == (24, pytest.approx(1, abs=1e-4))
    assert heard(done.output("video"), 0.1) == pytest.approx(200 + 354, abs=3), "the tone of the part's first half"
    assert heard(done.output("video"), 0.6) == pytest.approx(200 + 355, abs=3)


def test_the_end_of_a_voice_and_what_lies_beyond_it(tmp_path: Path) -> None:
    portrait().save(tmp_path / "still.png")
    voice = steps(tmp_path / "voice.wav", 21)
    done = talk(tmp_path / "rest", tmp_path / "still.png", voice, {"voice_from": 20.5})
    assert look(done.output("video")).frames == 12, "length 0: to its end"
    for number, (begins, length, field, words) in enumerate(
        (
            (21, 1, "voice_from", "would begin at 21 s, and the voice is over at 21.0 s"),
            (20, 2.5, "voice_length", "From 20 s on the voice is only 1.0 s long, and Voice length is 2.5 s"),
            (0, 60.5, "voice_length", "Voice length is 60.5 s, and 60 s is the most here"),
            (-1, 1, "voice_from", "Voice from must be at least 0"),
        )
    ):
        params: dict[str, object] = {"voice_from": begins, "voice_length": length}
        refused = talk(tmp_path / f"wrong{number}", tmp_path / "still.png", voice, params)
        code, message, _ = failed(refused)
        assert refused.result
        assert refused.result.error
        assert (code, refused.result.error.field, words in message) == (Code.VALIDATION_ERROR, field, True), message


def test_a_voice_of_an_hour_is_not_held_in_memory(tmp_path: Path) -> None:
    hour = steps(tmp_path / "hour.wav", 3600)
    seen = told(PART, hour, tmp_path)
    assert seen["samples"] == [30 * 48000]
    assert seen["more_mb"][0] < 60, "an hour is 690 MB at 48 kHz"  # type: ignore[operator]


def test_the_wires_are_those_of_the_pipeline_on_a_gpu() -> None:
    draft, real = (testing.manifest(PIPELINES / name) for name in (NAME, "wan22-s2v"))
    assert draft.task == real.task
    for name, socket in real.inputs.items():
        if socket.is_file:
            assert (draft.inputs[name].type, draft.inputs[name].required) == (socket.type, socket.required)
    assert draft.inputs["adherence"].choices == real.inputs["adherence"].choices
    for name in ("voice_from", "voice_length"):
        assert draft.inputs[name] == real.inputs[name], "nothing is to be entered again"
