"""Webhooks of a project, for its keepers: list, add, change, remove, send a test."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import hooks
from studio_server.domain.hooks import HookKind
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}/hooks", tags=["hooks"])

Kinds = Annotated[list[HookKind], Field(max_length=len(HookKind))]
Url = Annotated[str, Field(max_length=2000)]


class NewHook(Frozen):
    """Where to, of what (nothing means everything), and the secret, which is made where it is left out."""

    url: Url
    kinds: Kinds = Field(default_factory=list)
    secret: str = Field(default="", max_length=200)


class HookChange(Frozen):
    """What to change of a webhook; `on` false turns it off, true on again."""

    url: Url | None = None
    kinds: Kinds | None = None
    on: bool | None = None


@router.get("")
def all_hooks(studio: StudioDep, project_id: str) -> list[hooks.HookView]:
    """Return the webhooks with their last deliveries."""
    return hooks.listed(studio, project_id)


@router.post("", status_code=201)
def add(studio: StudioDep, project_id: str, wish: NewHook) -> hooks.HookView:
    """Add a webhook; its secret is told in this answer only."""
    return hooks.add(studio, project_id, wish.url, wish.kinds, wish.secret)


@router.patch("/{hook_id}")
def change(studio: StudioDep, project_id: str, hook_id: str, wish: HookChange) -> hooks.HookView:
    """Change a webhook, or turn it on or off."""
    return hooks.change(studio, project_id, hook_id, url=wish.url, kinds=wish.kinds, on=wish.on)


@router.delete("/{hook_id}", status_code=204)
def remove(studio: StudioDep, project_id: str, hook_id: str) -> None:
    """Take a webhook away."""
    hooks.remove(studio, project_id, hook_id)


@router.post("/{hook_id}/test", status_code=202)
def test(studio: StudioDep, project_id: str, hook_id: str) -> hooks.DeliveryView:
    """Have a test message sent; the list tells what came of it."""
    return hooks.test(studio, project_id, hook_id)
