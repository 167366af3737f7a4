"""Publish to an image registry: the push of the OCI distribution specification, over HTTP.

The tag is the version. What is there under it is never replaced by other content.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

import httpx

from studio_sdk import bundle, changes, image, layer
from studio_sdk.bundle import Bundle
from studio_sdk.credentials import DockerLogin
from studio_sdk.manifest import Pipeline
from studio_sdk.registry import refuse_silent_breaks

_REPOSITORY: Final = re.compile(r"^(?P<host>[^/\s]+)/(?P<name>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)$")
_MISSING: Final = 404
_PIECE: Final = 1 << 20
_PATIENCE: Final = httpx.Timeout(60, write=600, read=600)


@dataclass(frozen=True)
class Sent:
    """What a push did: how many bytes travelled, and whether the version was there already, the same."""

    bytes: int
    there: bool


def push(made: Bundle, repository: str, *, insecure: bool = False) -> Sent:
    """Send a bundle to `host[:port]/name`; layers that are there already do not travel.

    Credentials are those of `docker login`, `insecure` speaks http. Raises ValueError, in words, where the name is
    none, the version is taken by other content or breaks the version before without saying so, or the registry refuses;
    ConnectionError where nobody answers.
    """
    found = _REPOSITORY.match(repository)
    if not found:
        raise ValueError(f"{repository} is not host/name, for example registry.example.com/studio/film-grain")
    root = f"{'http' if insecure else 'https'}://{found['host']}/v2/{found['name']}/"
    try:
        with httpx.Client(base_url=root, auth=DockerLogin(found["host"]), timeout=_PATIENCE) as client:
            return _send(made, _Repository(client), repository)
    except httpx.HTTPError as why:
        raise ConnectionError(f"{found['host']} does not answer: {why}") from why


def _send(made: Bundle, there: "_Repository", name: str) -> Sent:
    version = made.facts.version
    taken = there.manifest(version)
    if taken is not None:
        if (digest := layer.bytes_digest(taken)) != made.digest:
            raise ValueError(
                f"{name}:{version} is published already with other content ({digest}): raise `version`, publish again"
            )
        return Sent(0, there=True)
    before = there.before(version)
    if before:
        refuse_silent_breaks(before, made.facts, changes.between(before, made.facts))
    sent = len(made.config) + len(made.manifest)
    for one in made.layers:
        if not there.has(one.digest):
            with one.open() as file:
                there.put_blob(one.digest, one.size, file)
            sent += one.size
    config = layer.bytes_digest(made.config)
    if not there.has(config):
        there.put_blob(config, len(made.config), made.config)
    there.put_manifest(version, made)
    return Sent(sent, there=False)


class _Repository:
    """One repository of a registry."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def manifest(self, tag: str) -> bytes | None:
        answer = self._client.get(f"manifests/{tag}", headers={"Accept": image.OCI_MANIFEST})
        return None if answer.status_code == _MISSING else _good(answer).content

    def before(self, version: str) -> Pipeline | None:
        """Return the newest earlier version there, in what its manifest says."""
        answer = self._client.get("tags/list")
        tags = [] if answer.status_code == _MISSING else _good(answer).json().get("tags") or []
        mine = changes.number(version)
        earlier = [tag for tag in tags if changes.NUMBER.match(tag) and changes.number(tag) < mine]
        manifest = self.manifest(max(earlier, key=changes.number)) if earlier else None
        if manifest is None:
            return None
        config = _good(self._client.get(f"blobs/{json.loads(manifest)['config']['digest']}", follow_redirects=True))
        return bundle.told(manifest, config.content)[1]

    def has(self, digest: str) -> bool:
        answer = self._client.head(f"blobs/{digest}", follow_redirects=True)
        return answer.status_code != _MISSING and bool(_good(answer))

    def put_blob(self, digest: str, size: int, content: IO[bytes] | bytes) -> None:
        begun = _good(self._client.post("blobs/uploads/"))
        place = httpx.URL(str(begun.url.join(begun.headers["Location"]))).copy_merge_params({"digest": digest})
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        body = content if isinstance(content, bytes) else _pieces(content)
        _good(self._client.put(place, content=body, headers=headers))

    def put_manifest(self, tag: str, made: Bundle) -> None:
        headers = {"Content-Type": image.OCI_MANIFEST}
        answer = _good(self._client.put(f"manifests/{tag}", content=made.manifest, headers=headers))
        named = answer.headers.get("Docker-Content-Digest", made.digest)
        if named != made.digest:
            raise ValueError(f"the registry calls it {named}, it is {made.digest}")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _good(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        words = " ".join(answer.text[:300].split()) or answer.reason_phrase
        raise ValueError(f"{answer.url.host} answered {answer.status_code} to {answer.request.method}: {words}")
    return answer
