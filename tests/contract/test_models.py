"""`studio models`: over a line that breaks, from servers that err, onto a disk that is full; whole or not at all."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from studio_sdk import Code, Fail
from studio_sdk.comfy import pull
from studio_sdk.comfy.pull import Puller
from studio_sdk.comfy.s3 import Account
from studio_sdk.comfy.weights import PINS, Found, State, Wanted, look, part_of, wanted
from studio_sdk.manifest import Model
from studio_sdk.testing import manifest
from studio_server.__main__ import main
from tests.fakes.comfy import FakeComfy
from tests.films import PIPELINES
from tests.services.s3 import S3

HEADER = b'{"__metadata__":{}}'
BODY = len(HEADER).to_bytes(8, "little") + HEADER + bytes(range(256)) * 4000
SHA = hashlib.sha256(BODY).hexdigest()
FILE = "vae/wan_2.1_vae.safetensors"


class Shelf(ThreadingHTTPServer):
    """A server of one file, with switches for what it does wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.body, self.etag, self.cut, self.html, self.status = BODY, '"one"', 0, False, 0
        self.stated = ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went away: the tests make it do so."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Shelf

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        shelf = self.server
        shelf.asked.append((self.path, dict(self.headers)))
        if shelf.stated and not self.path.startswith("/cdn"):
            self.send_response(302)
            self.send_header("Location", "/cdn" + self.path)
            self.send_header("X-Linked-Etag", f'"{shelf.stated}"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if shelf.status:
            self.send_error(shelf.status)
            return
        start = 0
        found = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range", shelf.etag) == shelf.etag
        if found and same:
            start = int(found[1])
            self.send_response(206 if start < len(shelf.body) else 416)
            self.send_header("Content-Range", f"bytes {start}-{len(shelf.body) - 1}/{len(shelf.body)}")
        else:
            self.send_response(200)
        self.send_header("ETag", shelf.etag)
        self.send_header("Content-Type", "text/html" if shelf.html else "application/octet-stream")
        self.send_header("Content-Length", str(len(shelf.body) - start))
        self.end_headers()
        until = start + shelf.cut if shelf.cut else len(shelf.body)
        self.wfile.write(shelf.body[start:until])
        self.close_connection = True


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    server = Shelf()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


Pull = Callable[..., Path]
NOBODY = Account()


@pytest.fixture
def bring(shelf: Shelf, models: Path) -> Pull:
    def bring(sha256: str = "", prefix: str = "", account: Account = NOBODY) -> Path:
        model = Model(file="wan_2.1_vae.safetensors", folder="vae", source=f"{shelf.url}/file", sha256=sha256)
        puller = Puller(models, lambda _: None, prefix, account, pause_s=0.001)
        return puller.pull(Wanted(model, ("test",)))

    return bring


def seen(models: Path, *, sha256: str = "", hashed: bool = False) -> Found:
    model = Model(file="wan_2.1_vae.safetensors", folder="vae", sha256=sha256)
    (found,) = look(models, [Wanted(model, ("test",))], hashed=hashed)
    return found


def files(models: Path) -> list[str]:
    return sorted(str(path.relative_to(models)) for path in models.rglob("*") if path.is_file())


def test_a_line_that_breaks_again_and_again_is_gone_on_with(shelf: Shelf, models: Path, bring: Pull) -> None:
    shelf.cut = 100_000
    assert bring().read_bytes() == BODY
    ranges = [headers.get("range") for _, headers in shelf.asked]
    assert ranges == [None, *(f"bytes={at}-" for at in range(100_000, len(BODY), 100_000))]
    assert files(models) == [PINS, FILE]
    pin = json.loads((models / PINS).read_bytes())["files"][FILE]
    assert pin == {"sha256": SHA, "bytes": len(BODY), "source": f"{shelf.url}/file"}


def test_a_killed_pull_goes_on_and_another_edition_begins_anew(shelf: Shelf, models: Path, bring: Pull) -> None:
    part = part_of(models / FILE)
    part.parent.mkdir()
    part.write_bytes(BODY[:5000])
    part.with_name(f"{part.name}.json").write_text(json.dumps({"same": '"one"', "bytes": len(BODY)}))
    assert bring().read_bytes() == BODY
    assert [headers.get("range") for _, headers in shelf.asked] == ["bytes=5000-"]
    (models / FILE).unlink()
    (models / PINS).unlink()
    part.write_bytes(b"of another edition" * 100)
    part.with_name(f"{part.name}.json").write_text(json.dumps({"same": '"old"', "bytes": 5_000_000}))
    assert bring().read_bytes() == BODY
    (models / FILE).rename(part)  # whole, and killed before it had its name
    part.with_name(f"{part.name}.json").write_text(json.dumps({"same": '"one"', "bytes": len(BODY)}))
    assert bring().read_bytes() == BODY


def test_nothing_is_overwritten(shelf: Shelf, models: Path, bring: Pull) -> None:
    (models / "vae").mkdir()
    (models / FILE).write_bytes(b"mine")
    assert bring().read_bytes() == b"mine"
    assert shelf.asked == []


@pytest.mark.parametrize("who", ["manifest", "pin", "source"])
def test_what_is_not_what_it_should_be_is_thrown_away(shelf: Shelf, models: Path, bring: Pull, who: str) -> None:
    if who == "pin":
        bring()
        (models / FILE).unlink()
    shelf.stated = "0" * 64 if who == "source" else ""
    shelf.body = BODY + b"more"
    with pytest.raises(Fail, match="thrown away") as fail:
        bring("1" * 64 if who == "manifest" else "")
    assert (fail.value.code, who in fail.value.detail) == (Code.OUTPUT_INVALID, True)
    assert [file for file in files(models) if file != PINS] == []


def test_a_source_that_states_the_hash_is_believed_and_kept(shelf: Shelf, bring: Pull) -> None:
    shelf.stated = SHA
    assert bring().read_bytes() == BODY
    assert [path for path, _ in shelf.asked] == ["/file", "/cdn/file"]


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ("html", Code.OUTPUT_INVALID, "answers with a web page"),
        ("other", Code.OUTPUT_INVALID, "is not what it should be"),
        ("empty", Code.OUTPUT_INVALID, "is not what it should be"),
        (403, Code.ENGINE_OFFLINE, "answered 403"),
        (404, Code.ENGINE_OFFLINE, "answered 404"),
        (503, Code.ENGINE_OFFLINE, "could not be pulled"),
        ("full", Code.STORAGE_FULL, "GB are free there"),
    ],
)
def test_servers_that_err_and_disks_that_are_full_leave_nothing(
    shelf: Shelf, models: Path, bring: Pull, monkeypatch: pytest.MonkeyPatch, wrong: str | int, code: Code, words: str
) -> None:
    if isinstance(wrong, int):
        shelf.status = wrong
    elif wrong == "full":
        monkeypatch.setattr(pull, "RESERVE", 10**18)
    else:
        shelf.html = wrong == "html"
        shelf.body = {"html": BODY, "other": b"<xml>no such thing</xml>", "empty": b""}[wrong]
    with pytest.raises(Fail, match=words) as fail:
        bring()
    assert fail.value.code is code
    assert files(models) == []


def test_another_file_under_the_right_name_is_not_pulled(shelf: Shelf, models: Path) -> None:
    model = Model(file="wan_2.1_vae.safetensors", folder="vae", source=f"{shelf.url}/file", gb=0.25)
    with pytest.raises(Fail, match="has another file under this name") as fail:
        Puller(models, lambda _: None, pause_s=0.001).pull(Wanted(model, ("test",)))
    assert (fail.value.code, "has 0.00 GB and should have 0.25" in fail.value.detail) == (Code.OUTPUT_INVALID, True)
    assert files(models) == []


def test_a_look_says_what_is_known_and_what_is_not(shelf: Shelf, models: Path, bring: Pull) -> None:
    assert seen(models).state is State.MISSING
    (models / "vae").mkdir()
    (models / FILE).write_bytes(BODY)
    assert seen(models).state is State.UNKNOWN
    assert seen(models, sha256=SHA, hashed=True).state is State.RIGHT
    (models / FILE).unlink()
    bring()
    assert seen(models).state is State.RIGHT
    (models / FILE).write_bytes(BODY[:-1] + b"x")
    assert (seen(models).state, seen(models, hashed=True).state) == (State.RIGHT, State.WRONG)
    (models / FILE).write_bytes(BODY[:-1])
    assert seen(models).state is State.WRONG


def test_a_private_bucket_is_read_with_a_key_and_not_without(s3_server: S3, models: Path) -> None:
    bucket = s3_server.bucket()
    s3_server.client().put_object(Bucket=bucket, Key=f"wan 2.2/{FILE}", Body=BODY, Metadata={"sha256": SHA})
    model = Wanted(Model(file="wan_2.1_vae.safetensors", folder="vae"), ("test",))
    key, secret = s3_server.reader(bucket)
    for account in (Account(s3_server.url), Account(s3_server.url, "us-east-1", key, "another")):
        with pytest.raises(Fail, match="answered 403") as fail:
            Puller(models, lambda _: None, f"s3://{bucket}/wan 2.2", account, pause_s=0.001).pull(model)
        assert "STUDIO_S3_KEY" in fail.value.detail
    said: list[str] = []
    account = Account(s3_server.url, "us-east-1", key, secret)
    Puller(models, said.append, f"s3://{bucket}/wan 2.2", account, pause_s=0.001).pull(model)
    assert (models / FILE).read_bytes() == BODY
    assert "as stated" in said[-1]
    with pytest.raises(Fail, match="s3://bucket/prefix"):
        account.url("s3://weights")


def test_an_interrupted_pull_from_s3_goes_on_signed(shelf: Shelf, bring: Pull) -> None:
    shelf.cut = len(BODY) // 3
    bring("", "s3://weights/wan", Account(shelf.url, "eu-1", "key", "secret"))
    paths = {path for path, _ in shelf.asked}
    ranges = [headers.get("Range") or headers.get("range") for _, headers in shelf.asked]
    assert (paths, len(ranges) > 2, all(ranges[1:])) == ({f"/weights/wan/{FILE}"}, True, True)
    seals = [headers.get("Authorization") or headers.get("authorization") for _, headers in shelf.asked]
    assert all(str(seal).startswith("AWS4-HMAC-SHA256 Credential=key/") for seal in seals)


def test_the_manifests_name_each_file_once_and_none_outside() -> None:
    shipped = [manifest(path) for path in sorted(PIPELINES.glob("wan22-*"))]
    places = [one.place for one in wanted(shipped)]
    assert len(places) == len(set(places))
    shared = next(one for one in wanted(shipped) if one.place == FILE)
    assert len(shared.pipelines) == len(shipped)
    low = {one.place for one in wanted(shipped, [shipped[0].variants[0].quality])}
    assert low < set(places)
    for folder, file in (("../vae", "a.sft"), ("vae", "../a"), ("/vae", "a"), ("vae", ".hidden")):
        bad = shipped[0].model_copy(update={"requires": shipped[0].requires.model_copy(
            update={"models": (Model(file=file, folder=folder),)})})  # fmt: skip
        with pytest.raises(Fail, match="outside the models folder"):
            wanted([bad])


def test_the_commands(
    shelf: Shelf, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STUDIO_WORKSPACES", str(tmp_path / "work"))
    assert main(["models", "check", "wan22-t2v", "--to", str(models)]) == 1
    assert f"MISSING  {FILE} is not there" in capsys.readouterr().out
    assert main(["models", "pull", "nothing", "--to", str(models)]) == 1
    assert "No pipeline “nothing” loads models" in capsys.readouterr().err
    assert main(["models", "pull", "wan22-t2v"]) == 1
    assert "--to" in capsys.readouterr().err
    monkeypatch.setattr("studio_server.actions.models.RESERVE", 10**18)
    assert main(["models", "pull", "wan22-t2v", "--to", str(models), "--quality", "low", "--from", shelf.url]) == 1
    assert "The model files need 35.6 GB" in capsys.readouterr().err
    monkeypatch.undo()
    assert files(models) == []
    monkeypatch.setenv("STUDIO_WORKSPACES", str(tmp_path / "work"))
    with FakeComfy(tmp_path / "comfy") as comfy:
        comfy.models["vae"] = []
        monkeypatch.setenv("STUDIO_COMFYUI_URL", comfy.url)
        assert main(["models", "check", "wan22-t2v"]) == 1
    told = capsys.readouterr().out
    assert f"MISSING  {FILE} is not listed" in told
    assert "unknown  text_encoders/umt5_xxl_fp8_e4m3fn_scaled.safetensors is listed; only --to" in told
    assert main(["models", "check", "wan22-t2v"]) == 1
    assert "does not answer" in capsys.readouterr().err
