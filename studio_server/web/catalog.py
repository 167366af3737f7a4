"""What can be built with, whether the machine is ready, and a token for scripts."""

from typing import Annotated

from fastapi import APIRouter, Form

from studio_sdk.types import Frozen
from studio_sdk.wire import WorkerInfo
from studio_server import doctor
from studio_server.actions import accounts
from studio_server.actions.catalog import Catalog, catalog
from studio_server.web.deps import StudioDep

router = APIRouter(tags=["studio"])


class Health(Frozen):
    """Whether everything the studio needs is there; each check that fails says what to do."""

    ok: bool
    version: str
    checks: list[doctor.Check]
    workers: list[WorkerInfo]


class Token(Frozen):
    """A bearer token."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the kind of token, not a token


@router.get("/health")
def health(studio: StudioDep) -> Health:
    """Return what is there and what is missing."""
    checks = doctor.checks(studio.settings)
    return Health(ok=all(check.ok for check in checks), version="0.1.0", checks=checks, workers=studio.workers())


@router.get("/catalog")
def node_catalog(studio: StudioDep) -> Catalog:
    """Return node types, sockets, pipelines and formats."""
    return catalog(studio.catalogue, studio.workers())


@router.post("/auth/token")
def token(studio: StudioDep, username: Annotated[str, Form()], password: Annotated[str, Form()]) -> Token:
    """Return a token for scripts. Without accounts (STUDIO_AUTH=none) everybody here is the one local person."""
    _ = username, password
    return Token(access_token=accounts.issue(studio))
