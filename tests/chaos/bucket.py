"""The landing chaos with a bucket behind the folder: writers are killed while they upload, and it must have every take.

Each process makes a client of its own: one that was shared over a fork mixes up what it reads. Small takes go in one
request, large ones in parts; the parts that a killed writer left behind must go away with the sweep.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studio_server.library import lfs, s3
from studio_server.library.folder import ProjectFolder
from studio_server.library.gitcommand import git, read_objects
from tests.services.s3 import KEY, S3, SECRET

PART = 5 * 1024 * 1024
"""S3 takes no smaller part."""


@dataclass(frozen=True)
class Bucket:
    """A bucket on a server of its own. A landing takes longer with it: a writer is killed later."""

    server: S3
    account: s3.Account
    longest_landing_s: float = 0.4

    def folder(self, folder: ProjectFolder) -> ProjectFolder:
        """Return the folder with the bucket behind it, for the process that asks."""
        s3.PART = PART  # type: ignore[misc] - large takes of a chaos are small
        return ProjectFolder(folder.root, s3.Depot(self.account).of("local", folder.manifest().uuid))

    def wrong(self, folder: ProjectFolder) -> Iterator[str]:
        """Yield what is wrong with the bucket in the end: media that it lacks or has otherwise, parts left behind."""
        far = self.folder(folder).far
        assert far is not None
        kept = dict(far.listed())
        for pointer in _pointers(folder):
            if kept.get(pointer.oid) != pointer.size:
                yield f"a pointer says {pointer.size} bytes, the bucket {kept.get(pointer.oid)}: {pointer.oid}"
            elif _hashed(far.read(pointer.oid)) != pointer.oid:
                yield f"the bucket has other bytes of {pointer.oid}"
        s3.Depot(self.account).sweep(datetime.now(UTC) + timedelta(seconds=1))
        left = self.server.client().list_multipart_uploads(Bucket=self.account.bucket).get("Uploads", ())
        if left:
            yield f"{len(left)} uploads in parts are left after the sweep"


def _pointers(folder: ProjectFolder) -> set[lfs.Pointer]:
    listed = git(folder.root, "ls-tree", "-r", "-z", "--full-tree", "main").split(b"\0")
    found = [line.split(b"\t", 1) for line in listed if line]
    blobs = [words.split()[2].decode() for words, path in found if lfs.holds(path.decode())]
    return {p for one in read_objects(folder.root, blobs) if one and (p := lfs.parse_pointer(one.contents))}


def _hashed(pieces: Iterator[bytes]) -> str:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def begin(place: Path) -> Bucket:
    """Start a server with an empty bucket."""
    server = S3(place)
    account = s3.account_of(f"s3://{server.bucket()}/films", endpoint=server.url, key=KEY, secret=SECRET)
    return Bucket(server, account)
