"""An S3 of the tests' own on a free port: ministack, which keeps users, rights, signatures and checksums.

It can be ended and started again and finds what it kept. With S3_URL (and S3_KEY, S3_SECRET) the tests use that one
instead, such as SeaweedFS on a disk (CONTRIBUTING.md); those that make roles and users, or end it, are skipped then.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import boto3
import pytest
from botocore.client import Config

from tests.ports import free_port
from tests.services.needed import end_with_the_tests

_GIVEN: Final = os.environ.get("S3_URL", "")  # noqa: TID251 - the tests' own edge
KEY: Final = os.environ.get("S3_KEY", "test")  # noqa: TID251
SECRET: Final = os.environ.get("S3_SECRET", "test")  # noqa: TID251
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


class S3:
    """A running S3. `bucket()` makes a new one, `settings(bucket)` is what a studio needs to use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = _GIVEN or f"http://127.0.0.1:{self.port}"
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        if _GIVEN:
            self.wait()
            return
        own = {
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
        }
        with (self.folder / "s3.log").open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "ministack"],
                env={**os.environ, **own},  # noqa: TID251 - the tests' own edge
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_the_tests,  # noqa: PLW1509 - it calls one function of the C library
            )
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + 90
        while True:
            try:
                self.client("s3").list_buckets()
            except Exception:
                if time.monotonic() > until or (self._server and self._server.poll() is not None):
                    raise
                time.sleep(0.2)
            else:
                return

    def end(self) -> None:
        """End it, so that nobody answers at its address; it writes down its users and roles before."""
        if self._server:
            self._server.terminate()
            try:
                self._server.wait(30)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def client(self, service: str = "s3", key: str = KEY, secret: str = SECRET) -> Any:
        """Return a client with all rights, or with those of a key."""
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, connect_timeout=3)
        return boto3.session.Session(key, secret, region_name="us-east-1").client(
            service, endpoint_url=self.url, config=config
        )

    def bucket(self) -> str:
        """Make a new bucket and return its name."""
        name = f"films-{uuid4().hex[:12]}"
        self.client().create_bucket(Bucket=name)
        return name

    def settings(self, bucket: str, **more: str) -> dict[str, str]:
        """Return the fields of Settings that let a studio keep its media in a bucket."""
        own = {"storage": f"s3://{bucket}/films", "storage_endpoint": self.url, "storage_key": KEY}
        return {**own, "storage_secret": SECRET, **more}

    def role(self, bucket: str) -> str:
        """Make a role that may do everything in a bucket but delete; return its ARN."""
        _only_ours("roles")
        name, whole = f"studio-{bucket}", f"arn:aws:s3:::{bucket}"
        iam = self.client("iam")
        arn = str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"])
        may = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
        allowed = [{"Effect": "Allow", "Action": may, "Resource": [whole, f"{whole}/*"]}]
        document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
        return arn

    def reader(self, bucket: str) -> tuple[str, str]:
        """Make a user who may read a bucket's objects and nothing else; return key and secret, which are checked."""
        _only_ours("users")
        iam = self.client("iam")
        iam.create_user(UserName=bucket)
        allowed = [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"arn:aws:s3:::{bucket}/*"]}]
        document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
        iam.put_user_policy(UserName=bucket, PolicyName="p", PolicyDocument=document)
        made = iam.create_access_key(UserName=bucket)["AccessKey"]
        return str(made["AccessKeyId"]), str(made["SecretAccessKey"])

    def keys(self, bucket: str, prefix: str = "") -> dict[str, int]:
        """Return the size of every object below a prefix, by its key."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return {one["Key"]: one["Size"] for page in pages for one in page.get("Contents", ())}


def _only_ours(what: str) -> None:
    if _GIVEN:
        pytest.skip(f"Tests make {what} on their own S3 only, not on that of S3_URL")
