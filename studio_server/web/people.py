"""People of the studio, who works on which project, and the audit trail."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import people
from studio_server.domain.access import Role
from studio_server.web.deps import StudioDep

router = APIRouter(tags=["people"])


class Invite(Frozen):
    """Whom to invite, and as what."""

    name: str = Field(max_length=400)
    email: str = Field(max_length=400)
    role: Role = Role.ARTIST


class PersonChange(Frozen):
    """What to change of a person."""

    name: str | None = Field(default=None, max_length=400)
    role: Role | None = None
    disabled: bool | None = None


@router.get("/people")
def all_people(studio: StudioDep) -> list[people.PersonView]:
    """Return the people of the studio."""
    return people.listed(studio)


@router.post("/people", status_code=201)
def invite(studio: StudioDep, wish: Invite) -> people.Invitation:
    """Enter a person; the code lets them choose a password, within a week."""
    return people.invite(studio, wish.name, wish.email, wish.role)


@router.patch("/people/{user_id}")
def change(studio: StudioDep, user_id: str, wish: PersonChange) -> people.PersonView:
    """Change a person's name or role, or keep them out."""
    return people.change(studio, user_id, name=wish.name, role=wish.role, disabled=wish.disabled)


@router.post("/people/{user_id}/invite")
def invite_again(studio: StudioDep, user_id: str) -> people.Invitation:
    """Give a person another code, for a new password."""
    return people.invite_again(studio, user_id)


@router.get("/projects/{project_id}/members")
def members(studio: StudioDep, project_id: str) -> list[people.PersonView]:
    """Return who works on a project; admins see every one."""
    return people.members(studio, project_id)


@router.put("/projects/{project_id}/members/{user_id}", status_code=204)
def add_member(studio: StudioDep, project_id: str, user_id: str) -> None:
    """Let a person work on a project."""
    people.set_member(studio, project_id, user_id, works=True)


@router.delete("/projects/{project_id}/members/{user_id}", status_code=204)
def remove_member(studio: StudioDep, project_id: str, user_id: str) -> None:
    """Let a person work on a project no more."""
    people.set_member(studio, project_id, user_id, works=False)


@router.get("/audit")
def audit(
    studio: StudioDep, before: datetime | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[people.DeedView]:
    """Return who changed what, newest first."""
    return people.deeds(studio, before, limit)
