"""One bucket, many tenants: the keys and links made for one reach nothing of another; wide keys show that they could.

On a store that keeps session policies, signatures and checksums (ministack with AUTH). What the store itself allows is
asked with the very clients that the studio uses.
"""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from botocore.exceptions import ClientError

from studio_server.library import s3
from tests.services.s3 import KEY, S3, SECRET

DATA = b"a picture of somebody"
OID = hashlib.sha256(DATA).hexdigest()
OTHER = b"something else entirely"


class Bucket(NamedTuple):
    server: S3
    name: str
    depot: s3.Depot


@pytest.fixture(scope="module")
def bucket(s3_server: S3) -> Bucket:
    name = s3_server.bucket()
    account = s3.account_of(
        f"s3://{name}/films",
        endpoint=s3_server.url,
        public=s3_server.url,
        key=KEY,
        secret=SECRET,
        role=s3_server.role(name),
    )
    return Bucket(s3_server, name, s3.Depot(account))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "picture"
    path.write_bytes(DATA)
    return path


def may(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError as refused:
        return int(refused.response["ResponseMetadata"]["HTTPStatusCode"]) != 403
    return True


def test_the_keys_of_a_tenant_reach_its_prefix_and_nothing_else(bucket: Bucket, file: Path) -> None:
    for tenant in ("a", "ab", "b"):
        bucket.depot.of(tenant, "film").put(OID, len(DATA), file)
    mine = bucket.depot.client("a")
    wide = bucket.server.client()

    def probes(client: Any) -> dict[str, bool]:
        name = bucket.name

        def key(tenant: str, rest: str = "") -> str:
            return bucket.depot.of(tenant, "film").key(OID) + rest

        def copy(source: str) -> Any:
            return client.copy_object(Bucket=name, Key=key("a", "-stolen"), CopySource={"Bucket": name, "Key": source})

        def listed(prefix: str) -> Any:
            return client.list_objects_v2(Bucket=name, Prefix=prefix)

        return {
            "get own": may(lambda: client.get_object(Bucket=name, Key=key("a"))),
            "put own": may(lambda: client.put_object(Bucket=name, Key=key("a", "-new"), Body=b"1")),
            "list own": may(lambda: listed("films/tenants/a/")),
            "get": may(lambda: client.get_object(Bucket=name, Key=key("b"))),
            "get a twin's": may(lambda: client.get_object(Bucket=name, Key=key("ab"))),
            "put": may(lambda: client.put_object(Bucket=name, Key=key("b"), Body=b"1")),
            "list": may(lambda: listed("films/tenants/b/")),
            "list a twin's": may(lambda: listed("films/tenants/a")),
            "list all": may(lambda: listed("")),
            "copy": may(lambda: copy(key("b"))),
            "delete own": may(lambda: client.delete_object(Bucket=name, Key=key("a", "-new"))),
        }

    found = probes(mine)
    assert {name for name, allowed in found.items() if allowed} == {"get own", "put own", "list own"}
    assert all(probes(wide).values()), "the store allows it to who has the right, so the refusals above mean something"


def test_a_link_gives_one_object_and_nothing_beside_it(bucket: Bucket, file: Path) -> None:
    here, there = bucket.depot.of("a", "film"), bucket.depot.of("b", "film")
    for store in (here, there):
        store.put(OID, len(DATA), file)
    link = here.get_link(OID, mime="video/mp4", name="010 “Dawn”.mp4")
    assert link
    answer = httpx.get(link.url, headers={"Range": "bytes=2-8"})
    assert (answer.status_code, answer.content) == (206, DATA[2:9])
    assert answer.headers["content-type"] == "video/mp4"
    assert "attachment" in answer.headers["content-disposition"]
    parts = urlsplit(link.url)
    for path in (parts.path.replace("/a/", "/b/"), parts.path.replace("/lfs/", "/trash/")):
        assert httpx.get(urlunsplit(parts._replace(path=path))).status_code == 403
    assert httpx.get(link.url.replace("X-Amz-Expires=3600", "X-Amz-Expires=360000")).status_code in {400, 403}
    assert httpx.put(link.url, content=OTHER).status_code in {403, 405}
    assert b"".join(here.read(OID)) == DATA


def test_an_upload_link_takes_exactly_the_bytes_that_it_was_made_for(bucket: Bucket) -> None:
    store = bucket.depot.of("a", "upload")
    link = store.put_link(OID, len(DATA))
    assert link
    assert httpx.put(link.url, content=OTHER[: len(DATA)], headers=dict(link.headers)).status_code >= 400
    foreign = {**link.headers, "x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(OTHER).digest()).decode()}
    assert httpx.put(link.url, content=OTHER, headers=foreign).status_code >= 400
    assert store.size(OID) is None
    assert httpx.put(link.url, content=DATA, headers=dict(link.headers)).status_code == 200
    assert store.size(OID) == len(DATA)


def test_links_are_not_made_where_browsers_cannot_reach_the_bucket(bucket: Bucket) -> None:
    account = s3.account_of(f"s3://{bucket.name}", endpoint=bucket.server.url, key=KEY, secret=SECRET)
    store = s3.Depot(account).of("a", "film")
    assert store.get_link(OID, mime="video/mp4") is None
    assert store.put_link(OID, 5) is None
    assert store.get_link(OID, mime="video/mp4", inside=True)
    assert store.put_link(OID, s3.ONE_PUT + 1, inside=True) is None
