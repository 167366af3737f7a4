"""Media in a bucket of Amazon S3, or of a store that speaks like it: one prefix a tenant, one below it a project.

PREFIX/tenants/{tenant}/{project id}/lfs/aa/bb/{sha256}       what the project has
PREFIX/tenants/{tenant}/{project id}/trash/{bag}/{sha256}     what was put away and can be taken back

The home of boto3. The bucket checks every byte that it takes: an object is sent with its SHA-256 (large ones part
by part), so that what lies under a name is what the name says. With a role, all of a tenant's reading, writing and
links are made with keys that reach its prefix and nothing else, and that cannot delete.
"""

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Final
from urllib.parse import quote, urlsplit

import boto3
from boto3.s3.transfer import S3UploadFailedError, TransferConfig
from botocore.client import Config
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.session import get_session

from studio_sdk.errors import Code, StudioError
from studio_server.library.store import PIECE, Link, Store, Stored, checked_bag, checked_oid

LINK_S: Final = 3600
"""How long a link holds, in seconds: long enough for the longest upload of one object over a slow line."""

ROLE_S: Final = 3600
"""How long the keys of a role hold; they are renewed before."""

PART: Final = 64 * 1024 * 1024
"""Larger objects are sent in parts of this size (in bytes) or more, four at a time."""

ONE_PUT: Final = 5_000_000_000
"""Larger objects (in bytes) cannot be sent by one link; S3 takes them in parts only."""

_PARTS = 9_000
_AGAIN = 4
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,60}/?){0,6}")
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_FULL = {"XMinioStorageFull", "QuotaExceeded", "InsufficientStorage", "507"}


@dataclass(frozen=True)
class Account:
    """Where the bucket is and who asks.

    Without `endpoint` it is Amazon's; `public` is the same store's address for browsers and people's git, without which
    they get no links. Without `key` boto3 finds one itself (a role of the machine, ~/.aws). `role` is the ARN of a
    role that is assumed for each tenant, with a policy for its prefix alone.
    """

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    public: str = ""
    region: str = "us-east-1"
    key: str = ""
    secret: str = field(default="", repr=False)
    role: str = ""


def account_of(
    address: str,
    *,
    endpoint: str = "",
    public: str = "",
    region: str = "us-east-1",
    key: str = "",
    secret: str = "",
    role: str = "",
) -> Account:
    """Return the account of an address `s3://BUCKET/PREFIX`. Raises VALIDATION_ERROR for anything else."""
    parts = urlsplit(address)
    prefix = parts.path.strip("/")
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or not _PREFIX.fullmatch(prefix):
        raise StudioError(
            Code.VALIDATION_ERROR, "STUDIO_STORAGE must be `folder` or `s3://BUCKET/PREFIX`.", detail=address[:200]
        )
    return Account(parts.netloc, f"{prefix}/" if prefix else "", endpoint, public, region, key, secret, role)


class Depot:
    """The bucket of a studio; it gives each project its store. Safe to use from several threads, not over a fork."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._guard = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}

    def of(self, tenant: str, project_id: str) -> "S3Store":
        """Return the store of one project. Raises NOT_FOUND for names that could lead out of its prefix."""
        if not _TENANT.fullmatch(tenant) or not _PROJECT.fullmatch(project_id):
            raise StudioError(Code.NOT_FOUND, "There is no such project.", detail=f"{tenant!r} {project_id!r}"[:200])
        return S3Store(self, tenant, f"{self.tenant_prefix(tenant)}{project_id}/")

    def tenant_prefix(self, tenant: str) -> str:
        """Return the key below which everything of a tenant lies; it ends in a slash, so that no twin shares it."""
        return f"{self.account.prefix}tenants/{tenant}/"

    def client(self, tenant: str = "", *, public: bool = False) -> Any:
        """Return the client that acts for a tenant, or for the studio itself; `public` only ever signs links."""
        tenant = tenant if self.account.role else ""
        endpoint = self.account.public if public else self.account.endpoint
        with self._guard:  # making clients is the one thing in boto3 that threads may not do together
            found = self._clients.get((tenant, endpoint))
            if found is None:
                found = self._clients[tenant, endpoint] = self._made(tenant, endpoint)
        return found

    def _made(self, tenant: str, endpoint: str) -> Any:
        if not tenant:
            return self._session().client("s3", endpoint_url=endpoint or None, config=_config(endpoint))
        keys = RefreshableCredentials.create_from_metadata(
            metadata=self._assumed(tenant), refresh_using=lambda: self._assumed(tenant), method="sts-assume-role"
        )
        inner = get_session()
        inner._credentials = keys  # noqa: SLF001 - botocore's own documented way to renew a role's keys
        inner.set_config_variable("region", self.account.region)
        session = boto3.session.Session(botocore_session=inner)
        return session.client("s3", endpoint_url=endpoint or None, config=_config(endpoint))

    def _session(self) -> Any:
        account = self.account
        return boto3.session.Session(account.key or None, account.secret or None, region_name=account.region)

    def _assumed(self, tenant: str) -> dict[str, str]:
        with told():
            sts = self._session().client("sts", endpoint_url=self.account.endpoint or None, config=_config(""))
            keys = sts.assume_role(
                RoleArn=self.account.role,
                RoleSessionName=f"studio-{tenant}",
                Policy=json.dumps(self.policy(tenant), separators=(",", ":")),
                DurationSeconds=ROLE_S,
            )["Credentials"]
        return {
            "access_key": keys["AccessKeyId"],
            "secret_key": keys["SecretAccessKey"],
            "token": keys["SessionToken"],
            "expiry_time": keys["Expiration"].isoformat(),
        }

    def policy(self, tenant: str) -> dict[str, Any]:
        """Return what the keys of a tenant may do: read, write and list below its prefix, nothing else, no deleting."""
        bucket, prefix = f"arn:aws:s3:::{self.account.bucket}", self.tenant_prefix(tenant)
        objects = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
        below = {"StringLike": {"s3:prefix": [f"{prefix}*"]}}
        return {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": objects, "Resource": f"{bucket}/{prefix}*"},
                {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": bucket, "Condition": below},
            ],
        }

    def probe(self) -> None:
        """Write, read and remove a small object. Raises STORAGE_UNREACHABLE, saying why, where that is not possible."""
        bucket, key, word = self.account.bucket, f"{self.account.prefix}.studio-{token_hex(8)}", b"studio"
        client = self.client()
        with told():
            client.put_object(Bucket=bucket, Key=key, Body=word)
            read = client.get_object(Bucket=bucket, Key=key)["Body"].read()
            client.delete_object(Bucket=bucket, Key=key)
        if read != word:
            raise StudioError(Code.STORAGE_UNREACHABLE, "The bucket gives other bytes than it was given.", detail=key)

    def sweep(self, before: datetime) -> int:
        """End uploads in parts that were begun before a moment and left; return how many. They cost money else."""
        bucket, client, ended = self.account.bucket, self.client(), 0
        with told():
            pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=self.account.prefix)
            for upload in (one for page in pages for one in page.get("Uploads", ())):
                if upload["Initiated"] < before:
                    client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
                    ended += 1
        return ended


@dataclass(frozen=True)
class S3Store:
    """The media of one project in the bucket."""

    depot: Depot
    tenant: str
    prefix: str

    def size(self, oid: str) -> int | None:
        """Return how many bytes an object has, or None where it is not here."""
        # Asked by its prefix: a key that may list only below one gets no honest answer to HEAD for what is absent.
        with told():
            found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self.key(oid), MaxKeys=1)
        return next((int(one["Size"]) for one in found.get("Contents", ()) if one["Key"] == self.key(oid)), None)

    def put(self, oid: str, size: int, source: Path) -> None:
        """Keep the bytes of a file that have this SHA-256; the bucket refuses others. Twice is once."""
        if self.size(oid) == size:
            return
        if size <= PART:
            with told(), source.open("rb") as body:
                self._client.put_object(
                    Bucket=self._bucket, Key=self.key(oid), Body=body, ContentLength=size, ChecksumSHA256=_sum(oid)
                )
            return
        parts = TransferConfig(PART, 4, max(PART, size // _PARTS + 1))
        with told():
            self._client.upload_file(
                str(source), self._bucket, self.key(oid), ExtraArgs={"ChecksumAlgorithm": "SHA256"}, Config=parts
            )
        if (there := self.size(oid)) != size:
            words = "The bucket has other bytes than were sent."
            raise StudioError(Code.STORAGE_UNREACHABLE, words, detail=f"{oid}: {there} of {size} bytes")

    def read(self, oid: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield an object's bytes, or `length` of them from `start`; goes on where a broken line stopped it."""
        done, tries = 0, 0
        while length is None or done < length:
            last = "" if length is None else start + length - 1
            ranged = {"Range": f"bytes={start + done}-{last}"} if start + done or length is not None else {}
            body = self._opened(oid, ranged)
            try:
                for piece in body.iter_chunks(PIECE):
                    done += len(piece)
                    yield piece
            except (BotoCoreError, HTTPClientError, OSError) as broken:
                tries += 1
                if tries == _AGAIN:
                    raise _error(broken) from broken
            else:
                return
            finally:
                body.close()

    def _opened(self, oid: str, ranged: dict[str, str]) -> Any:
        try:
            with told():
                return self._client.get_object(Bucket=self._bucket, Key=self.key(oid), **ranged)["Body"]
        except StudioError as refused:
            if refused.code is Code.STORAGE_UNREACHABLE and "AccessDenied" in refused.detail and self.size(oid) is None:
                raise _absent(oid) from refused
            raise

    def listed(self) -> Iterator[Stored]:
        """Yield all objects, in the order of their names."""
        with told():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self.prefix}lfs/"
            )
            for page in pages:
                for one in page.get("Contents", ()):
                    yield Stored(one["Key"].rpartition("/")[2], int(one["Size"]))

    def get_link(self, oid: str, *, mime: str, name: str = "", inside: bool = False) -> Link | None:
        """Return a link that gives the bytes, or None where the bucket has no address for who asks."""
        if not inside and not self.depot.account.public:
            return None
        asked = {"Bucket": self._bucket, "Key": self.key(oid), "ResponseContentType": mime}
        if name:
            asked["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return Link(self._signed("get_object", asked, inside=inside), {}, LINK_S)

    def put_link(self, oid: str, size: int, *, inside: bool = False) -> Link | None:
        """Return a link that takes exactly these bytes by PUT; None for what is too large for one, or as above."""
        if size > ONE_PUT or (not inside and not self.depot.account.public):
            return None
        mime, total = "application/octet-stream", _sum(oid)
        asked = {"Bucket": self._bucket, "Key": self.key(oid), "ContentType": mime, "ContentLength": size}
        url = self._signed("put_object", {**asked, "ChecksumSHA256": total}, inside=inside)
        return Link(url, {"Content-Type": mime, "x-amz-checksum-sha256": total}, LINK_S)

    def _signed(self, method: str, asked: dict[str, Any], *, inside: bool) -> str:
        client = self.depot.client(self.tenant, public=not inside)
        with told():
            return str(client.generate_presigned_url(method, Params=asked, ExpiresIn=LINK_S))

    def put_away(self, bag: str, oid: str) -> None:
        """Move an object into a bag of the trash. Twice is once; what is not here is left out."""
        self._moved(self.key(oid), f"{self.prefix}trash/{checked_bag(bag)}/{oid}")

    def take_back(self, bag: str, oid: str) -> None:
        """Move an object out of a bag again. Twice is once."""
        self._moved(f"{self.prefix}trash/{checked_bag(bag)}/{checked_oid(oid)}", self.key(oid))

    def _moved(self, source: str, target: str) -> None:
        client = self.depot.client()  # the keys of a tenant cannot delete
        with told():
            there = client.list_objects_v2(Bucket=self._bucket, Prefix=source, MaxKeys=1).get("Contents", ())
            if not any(one["Key"] == source for one in there):
                return
            client.copy({"Bucket": self._bucket, "Key": source}, self._bucket, target)
            client.delete_object(Bucket=self._bucket, Key=source)

    def forget(self, bag: str) -> None:
        """Remove a bag and what is in it for good."""
        client, prefix = self.depot.client(), f"{self.prefix}trash/{checked_bag(bag)}/"
        with told():
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                for one in page.get("Contents", ()):
                    client.delete_object(Bucket=self._bucket, Key=one["Key"])

    def take_over(self, other: Store, oid: str) -> bool:
        """Take an object over from another project of the same tenant inside the bucket; False where it has none."""
        size = other.size(oid)
        if size is None or not isinstance(other, S3Store) or other.tenant != self.tenant:
            return False
        if self.size(oid) != size:
            with told():
                self._client.copy({"Bucket": self._bucket, "Key": other.key(oid)}, self._bucket, self.key(oid))
        return True

    def key(self, oid: str) -> str:
        """Return the key of an object. Raises NOT_FOUND for what is no SHA-256."""
        checked_oid(oid)
        return f"{self.prefix}lfs/{oid[:2]}/{oid[2:4]}/{oid}"

    @property
    def _client(self) -> Any:
        return self.depot.client(self.tenant)

    @property
    def _bucket(self) -> str:
        return self.depot.account.bucket


def _config(endpoint: str) -> Any:
    style = {"addressing_style": "path"} if endpoint else {}
    return Config(
        signature_version="s3v4",
        s3=style,
        retries={"mode": "standard", "total_max_attempts": _AGAIN},
        connect_timeout=4,
        read_timeout=30,
        max_pool_connections=16,
    )


def _sum(oid: str) -> str:
    return base64.b64encode(bytes.fromhex(checked_oid(oid))).decode()


def _absent(oid: str) -> StudioError:
    return StudioError(Code.FILE_NOT_FOUND, "The media is not in the studio's bucket.", detail=f"sha256 {oid}")


@contextmanager
def told() -> Iterator[None]:
    """Turn what the bucket refuses into the studio's codes: STORAGE_UNREACHABLE, STORAGE_FULL or FILE_NOT_FOUND."""
    try:
        yield
    except (ClientError, BotoCoreError, HTTPClientError, S3UploadFailedError) as refused:
        raise _error(refused) from refused


def _error(refused: Exception) -> StudioError:
    said: dict[str, Any] = getattr(refused, "response", None) or {}
    code = str(said.get("Error", {}).get("Code", ""))
    detail = re.sub(r"(?i)(X-Amz-[A-Za-z]+|Signature|token)=[^&\s]+", r"\1=…", f"{code} {refused}".strip())[:400]
    if code in _ABSENT:
        return StudioError(Code.FILE_NOT_FOUND, "The media is not in the studio's bucket.", detail=detail)
    if code in _FULL:
        return StudioError(Code.STORAGE_FULL, "The studio's bucket is full; nothing was changed.", detail=detail)
    refusing = said and not code.startswith("5") and code not in {"SlowDown", "InternalError", "ServiceUnavailable"}
    words = "The studio's bucket refuses" if refusing else "The studio's bucket does not answer"
    return StudioError(Code.STORAGE_UNREACHABLE, f"{words}; nothing was changed.", detail=detail)
