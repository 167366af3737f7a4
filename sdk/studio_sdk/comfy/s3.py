"""S3, as far as reading needs it: the address of an object, and the signed headers of a GET for it."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from studio_sdk.fields import Fail
from studio_sdk.names import Code


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

    def signed(self, url: str, extra: dict[str, str]) -> dict[str, str]:
        """Return the headers of a GET, `extra` among them; signed where there is a key.

        Raises `Fail` where botocore is not installed, which signs.
        """
        if not self.key:
            return extra
        try:
            from botocore.auth import S3SigV4Auth  # noqa: PLC0415 - the extra `studio-sdk[s3]`, for private buckets only
            from botocore.awsrequest import AWSRequest  # noqa: PLC0415
            from botocore.credentials import Credentials  # noqa: PLC0415
        except ImportError as why:
            words = "A private S3 is read with botocore, which is not installed."
            raise Fail(Code.DEPENDENCY_MISSING, words, detail="pip install 'studio-sdk[s3]'") from why
        asked = AWSRequest("GET", url, headers=extra)
        S3SigV4Auth(Credentials(self.key, self.secret), "s3", self.region).add_auth(asked)
        return dict(asked.headers.items())
