"""A draft says so inside its own file, by whatever previz pipeline, and goes on saying it in what is made of it."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from studio_sdk import testing
from studio_sdk.types import Format
from studio_server.domain.tapes import on_tape
from studio_server.domain.timeline import ShotInOrder, Sound, compile_timeline
from tests.contract.test_editorial import _barcode, _delivered, _take, _tapes
from tests.contract.test_person_map import figure
from tests.contract.test_talk import sound
from tests.faces import portrait
from tests.films import PIPELINES, Laid, Piece, carry_out, ffmpeg, frame_sums, write_cut

pytestmark = pytest.mark.timeout(600)

MANIFESTS = [testing.manifest(path.parent) for path in sorted(PIPELINES.glob("*/pipeline.json"))]
VERSIONS = {one.id: f"{one.id} {one.version}" for one in MANIFESTS}
PREVIZ = [one.id for one in MANIFESTS if one.tier == "previz"]
SEEDED = {"animatic", "previz-talk", "storyboard-frame"}
SQUARE = Format(width=256, height=256, frame_rate="24/1")


def said(path: Path) -> str:
    """Return the comment that ffprobe reads: a container's, or that of a picture."""
    words = ["-show_entries", "format_tags:frame_tags", "-read_intervals", "%+#1", "-of", "json", str(path)]
    shown = subprocess.run(["ffprobe", "-v", "error", *words], capture_output=True, check=True, text=True)
    told = json.loads(shown.stdout)
    tags = [told.get("format", {}).get("tags", {}), *(one.get("tags", {}) for one in told.get("frames", []))]
    return next((value for one in tags for key, value in one.items() if key.lower() == "comment"), "")


def clip(path: Path, comment: str = "") -> Path:
    """Write half a second of a test picture, with a comment if there is one."""
    words = ["-metadata", f"comment={comment}"] if comment else []
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x90:r=24:d=0.5", "-pix_fmt", "yuv420p", *words, str(path))
    return path


def given(name: str, folder: Path) -> tuple[dict[str, object], dict[str, list[Path]]]:
    """Return what a pipeline is asked for, and the files it gets: as little as it takes."""
    match name:
        case "animatic":
            return {"prompt": "Rain.", "seconds": 1, "badge": False}, {}
        case "storyboard-frame":
            return {"prompt": "A taxi at night", "badge": False}, {}
        case "speak":
            return {"dialogue": "ANNA: Odd, or even?"}, {}
        case "previz-talk":
            portrait().save(folder / "still.png")
            return {"badge": False}, {"still": [folder / "still.png"], "voice": [sound(folder / "said.wav", 2, 0.5)]}
        case "previz-move":
            figure(0.2).save(folder / "still.png")
            ffmpeg("-loop", "1", "-i", str(folder / "still.png"), "-t", "0.4", "-r", "16", str(folder / "motion.mp4"))
            return {"badge": False}, {"still": [folder / "still.png"], "motion": [folder / "motion.mp4"]}
        case _:
            return {}, {"clip": [clip(folder / "in.mp4")]}


@pytest.mark.parametrize("name", PREVIZ)
def test_every_previz_pipeline_writes_into_its_file_that_it_is_a_draft(name: str, tmp_path: Path) -> None:
    params, files = given(name, tmp_path)
    done = carry_out(name, tmp_path / "job", params, files, picture=SQUARE, seed=7)
    assert done.result
    assert done.result.status == "succeeded", done.printed.decode()
    (output,) = testing.manifest(PIPELINES / name).outputs
    what = "sound" if name == "speak" else "picture"
    seed = ", seed=7" if name in SEEDED else ""
    assert said(done.output(output)) == f"PREVIZ draft by {VERSIONS[name]}; not a final {what} (tier=previz{seed})"


@pytest.mark.parametrize("name", ["grade", "deflicker", "enlarge"])
def test_what_is_made_of_a_draft_stays_one_and_the_rest_does_not_become_one(name: str, tmp_path: Path) -> None:
    forged = "PREVIZ draft by animatic 1.0.0, <b>me</b>, speak 2.0.0; not a final picture (tier=previz, seed=3)"
    own = f", {VERSIONS[name]}" if name in PREVIZ else ""
    made = carry_out(name, tmp_path / "a", {}, {"clip": [clip(tmp_path / "draft.mp4", forged)]}).output("video")
    assert said(made) == f"PREVIZ draft by animatic 1.0.0, speak 2.0.0{own}; not a final picture (tier=previz)"
    made = carry_out(name, tmp_path / "b", {}, {"clip": [clip(tmp_path / "real.mp4", "PREVIZ? No.")]}).output("video")
    assert said(made) == (f"PREVIZ draft by {VERSIONS[name]}; not a final picture (tier=previz)" if own else "")


@pytest.mark.parametrize("delivery", ["project", "prores"])
def test_a_film_names_the_drafts_in_it_and_only_those(delivery: str, tmp_path: Path) -> None:
    takes = [
        carry_out("animatic", tmp_path / f"{seed}", {"prompt": "Rain.", "seconds": 1}, seed=seed).output("video")
        for seed in (1, 2)
    ]
    real = clip(tmp_path / "real.mp4")
    for name, pieces, told in (
        ("mixed", [Piece(takes[0], 24), Piece(real, 12), Piece(takes[1], 24)], VERSIONS["animatic"]),
        ("real", [Piece(real, 12)], ""),
    ):
        cut = write_cut(tmp_path / f"{name}.otio", pieces)
        files = {"cut": [cut], "clips": [one.path for one in pieces if one.path]}
        film = carry_out("assemble", tmp_path / name, {"delivery": delivery}, files).output("film")
        assert said(film) == (f"PREVIZ takes by {told}; not a final picture (tier=previz)" if told else "")
    if delivery == "project":
        assert len(frame_sums(tmp_path / "mixed" / "outputs" / "film.mp4")) == 60


def test_an_editing_systems_masters_name_the_draft_they_are_of(tmp_path: Path) -> None:
    plain = _barcode(tmp_path / "real.mp4", 12, "24/1")
    draft = tmp_path / "draft.mp4"
    ffmpeg("-i", str(plain), "-c", "copy", "-metadata", "comment=PREVIZ draft by speak 1.0.0; not a final ", str(draft))
    for codec in ("copy", "prores"):
        masters = []
        for number, path in enumerate((plain, draft), 1):
            shots = [ShotInOrder("a", "01", "010", _take(path, number, 12, "24/1", 2))]
            timeline = compile_timeline("Film", "24/1", shots)
            place = tmp_path / f"{codec}{number}"
            cut = on_tape(timeline, _tapes(timeline, 3600))
            _delivered(cut, [path], place, [], codec=codec)
            masters.append(said(place / "out" / cut.events[0].master))
        assert masters == ["", "PREVIZ draft by speak 1.0.0; not a final picture (tier=previz)"]


def test_a_robots_voice_stays_a_draft_in_a_mix_in_a_film_and_on_an_editors_tape(tmp_path: Path) -> None:
    voice = carry_out("speak", tmp_path / "speak", {"dialogue": "ANNA: Odd, or even?"}).output("audio")
    told = f"PREVIZ draft by {VERSIONS['speak']}; not a final sound (tier=previz)"
    assert said(voice) == told
    real = tmp_path / "real.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=330:duration=1", str(real))
    for name, files, comment in (("both", [real, voice], told), ("real", [real], "")):
        assert said(carry_out("mix", tmp_path / name, {}, {"dialogue": files}).output("audio")) == comment
    shown = clip(tmp_path / "shown.mp4")
    cut = write_cut(tmp_path / "film.otio", [Piece(shown, 12)], sounds=[Laid(voice, 0, 12)])
    files = {"cut": [cut], "clips": [shown], "sounds": [voice]}
    assert said(carry_out("assemble", tmp_path / "film", {}, files).output("film")) == told
    picture = _barcode(tmp_path / "a.mp4", 24, "24/1")
    # A broadcast wave without a comment has its description read as one.
    for number, (file, comment) in enumerate(((voice, told), (real, "S0000001_real.wav"))):
        oid = hashlib.sha256(file.read_bytes()).hexdigest()
        laid = Sound(
            node_id="v", kind="voice", name=file.name, path=f"01_Assets/{file.name}", reel="S0000001", oid=oid,
            record_in=86400, record_out=86412, record_in_tc="", record_out_tc="", source_in=0, frames=12,
            gain=0.0, fade_in=0, fade_out=0,
        )  # fmt: skip
        plain = compile_timeline("Film", "24/1", [ShotInOrder("a", "01", "010", _take(picture, 1, 24, "24/1", 2))])
        timeline = plain.model_copy(update={"sounds": (laid,)})
        tape = on_tape(timeline, _tapes(timeline, 3600))
        place = tmp_path / f"tape{number}"
        _delivered(tape, [picture], place, [file])
        assert said(place / "out" / tape.sounds[0].master) == comment
