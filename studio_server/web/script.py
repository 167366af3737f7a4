"""A script: what it would make, and making it."""

from uuid import uuid4

from fastapi import APIRouter
from pydantic import Field

from studio_sdk.types import Frozen
from studio_server.actions import script
from studio_server.actions.script import ScriptFilm, ScriptImport, ScriptView
from studio_server.domain.script import LONGEST
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}/script", tags=["script"])


class ScriptText(Frozen):
    """A script as text: Fountain, Final Draft's XML, or plain; `title` counts where it names none."""

    text: str = Field(max_length=LONGEST)
    title: str = Field(default="", max_length=200)


class ScriptWish(ScriptText):
    """A script to put on the board; `op_id` makes a resend harmless."""

    op_id: str = Field(default_factory=lambda: str(uuid4()), max_length=80)


@router.post("/look")
def look(studio: StudioDep, project_id: str, wish: ScriptText) -> ScriptView:
    """Return what a script would make; nothing is changed."""
    return script.look(studio, project_id, wish.text, wish.title)


@router.post("", status_code=201)
def bring_in(studio: StudioDep, project_id: str, wish: ScriptWish) -> ScriptImport:
    """Put a script's scenes, shots and dialogue on the board, with an assembler that plays them."""
    return script.bring_in(studio, project_id, wish.text, wish.title, wish.op_id)


@router.post("/film", status_code=201)
def film(studio: StudioDep, project_id: str, wish: ScriptWish) -> ScriptFilm:
    """Put a script on the board and make every shot and then the film, as one run."""
    return script.film(studio, project_id, wish.text, wish.title, wish.op_id)
