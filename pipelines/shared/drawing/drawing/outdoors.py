"""Places under the sky by name."""

from collections.abc import Callable

from drawing import land, town, water
from drawing.stage import Set

PLACES: dict[str, Callable[[Set], None]] = {
    "street": town.street,
    "alley": town.alley,
    "rooftop": town.rooftop,
    "road": land.road,
    "forest": land.forest,
    "field": land.field,
    "park": town.park,
    "mountain": land.mountain,
    "desert": land.desert,
    "beach": water.sea,
    "harbour": water.harbour,
    "cliff": water.cliff,
    "snowfield": land.snowfield,
    "village": land.village,
    "farm": land.farm,
    "station": town.station,
    "bridge": town.bridge,
    "graveyard": land.graveyard,
    "castle": land.castle,
    "space": land.space,
}
