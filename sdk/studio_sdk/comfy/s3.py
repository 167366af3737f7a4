"""S3, as far as reading needs it: the address of an object, and the signature (AWS version 4) of a GET for it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from studio_sdk.fields import Fail
from studio_sdk.names import Code

_EMPTY: Final = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Account:
    """Where S3 is and who asks. Without `endpoint` it is Amazon's, without `key` nothing is signed."""

    endpoint: str = ""
    region: str = "us-east-1"
    key: str = ""
    secret: str = ""

    def url(self, address: str) -> str:
        """Return the https address of `s3://bucket/key`. Raises `Fail` for one that names no object."""
        parts = urlsplit(address)
        bucket, key = parts.netloc, parts.path.lstrip("/")
        if parts.scheme != "s3" or not bucket or not key:
            raise Fail(Code.VALIDATION_ERROR, f"{address} is no address of the form s3://bucket/prefix.")
        base = self.endpoint.rstrip("/") or f"https://s3.{self.region}.amazonaws.com"
        return f"{base}/{bucket}/{quote(key)}"

    def signed(self, url: str, extra: dict[str, str], now: datetime | None = None) -> dict[str, str]:
        """Return the headers of a GET, `extra` among them; signed where there is a key."""
        if not self.key:
            return extra
        parts = urlsplit(url)
        moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        told = {**extra, "host": parts.netloc, "x-amz-content-sha256": _EMPTY, "x-amz-date": moment}
        lines = {name.lower(): value.strip() for name, value in told.items()}
        names = ";".join(sorted(lines))
        heads = "".join(f"{name}:{lines[name]}\n" for name in sorted(lines))
        asked = "\n".join(["GET", parts.path or "/", parts.query, heads, names, _EMPTY])
        scope = f"{moment[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(asked.encode()).hexdigest()])
        secret = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            secret = hmac.digest(secret, part.encode(), "sha256")
        seal = hmac.digest(secret, text.encode(), "sha256").hex()
        word = f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, Signature={seal}"
        return {**told, "authorization": word}
