"""The forecast: what is to be expected of takes, asked before they are ordered."""

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import Field, JsonValue, model_validator

from studio_sdk.types import Frozen
from studio_server.actions.forecast import forecast_of
from studio_server.domain.forecast import Forecast
from studio_server.domain.graph import Node, NodeId
from studio_server.web.deps import StudioDep

router = APIRouter(prefix="/projects/{project_id}", tags=["tasks"])

MOST: int = 1000
"""So many cards may be asked about at once."""


class ForecastWish(Frozen):
    """Which cards, in the order in which they would be made; `nodes` are cards that are not on the board yet."""

    node_ids: Annotated[list[NodeId], Field(max_length=MOST)] = Field(default_factory=list)
    nodes: Annotated[list[Node], Field(max_length=20)] = Field(default_factory=list)
    overrides: dict[str, JsonValue] = Field(default_factory=dict, max_length=200)

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.node_ids and not self.nodes:
            message = "give node_ids or nodes"
            raise ValueError(message)
        return self


@router.post("/forecast")
def ask(studio: StudioDep, project_id: str, wish: ForecastWish) -> Forecast:
    """Return whether, where, when and how long these takes would be made; nothing is ordered."""
    return forecast_of(studio, project_id, wish.node_ids, wish.nodes, wish.overrides)
