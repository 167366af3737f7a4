"""Alternates of a board: the list, a new one, another on the board, side by side, merged by choice, put away."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import alternates
from studio_server.actions.alternates import AlternatesView, Compared, MergedView
from studio_server.domain.sides import Choice
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}/alternates", tags=["alternates"])

_MOST_CHOICES = 20_000


class NewAlternate(Frozen):
    """What a new alternate shall be called; it begins with the board as it is, or with a version."""

    name: str = Field(max_length=400)
    version_id: str | None = Field(default=None, max_length=40)


class AlternateName(Frozen):
    """What an alternate shall be called from now on."""

    name: str = Field(max_length=400)


class Merge(Frozen):
    """What was chosen of an alternate, by the keys of the comparison; `tip` is the state that was looked at.

    `op_id` makes it the sender's step of undo, and safe to send twice.
    """

    tip: str = Field(max_length=40)
    choices: dict[str, Choice] = Field(default_factory=dict, max_length=_MOST_CHOICES)
    op_id: str | None = Field(default=None, max_length=80)


@router.get("")
def all_alternates(studio: StudioDep, project_id: str) -> AlternatesView:
    """Return the alternates, and those that were put away."""
    return alternates.listed(studio, project_id)


@router.post("", status_code=201)
def begin(studio: StudioDep, project_id: str, wish: NewAlternate) -> AlternatesView:
    """Make an alternate and put it on the board."""
    return alternates.begin(studio, project_id, wish.name, wish.version_id)


@router.get("/{alternate_id}")
def compared(
    studio: StudioDep, project_id: str, alternate_id: str, against: Annotated[str, Query(max_length=80)] = ""
) -> Compared:
    """Return an alternate beside the board, or beside another one."""
    return alternates.compared(studio, project_id, alternate_id, against)


@router.patch("/{alternate_id}")
def rename(studio: StudioDep, project_id: str, alternate_id: str, wish: AlternateName) -> AlternatesView:
    """Call an alternate otherwise."""
    return alternates.rename(studio, project_id, alternate_id, wish.name)


@router.post("/{alternate_id}/switch")
def switch(studio: StudioDep, project_id: str, alternate_id: str) -> AlternatesView:
    """Put an alternate on the board, for everybody."""
    return alternates.switch(studio, project_id, alternate_id)


@router.post("/{alternate_id}/merge")
def merge(studio: StudioDep, project_id: str, alternate_id: str, wish: Merge) -> MergedView:
    """Bring an alternate into the board as one change."""
    return alternates.merge(studio, project_id, alternate_id, wish.tip, wish.choices, wish.op_id)


@router.delete("/{alternate_id}")
def put_away(studio: StudioDep, project_id: str, alternate_id: str) -> AlternatesView:
    """Take an alternate off the list; it can be taken back."""
    return alternates.put_away(studio, project_id, alternate_id)


@router.post("/{alternate_id}/restore")
def restore(studio: StudioDep, project_id: str, alternate_id: str) -> AlternatesView:
    """Take an alternate back that was put away."""
    return alternates.restore(studio, project_id, alternate_id)
