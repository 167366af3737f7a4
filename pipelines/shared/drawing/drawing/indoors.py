"""Rooms by name."""

from collections.abc import Callable

from drawing import halls, homes
from drawing.stage import Set

ROOMS: dict[str, Callable[[Set], None]] = {
    "living room": homes.living,
    "bedroom": homes.bedroom,
    "kitchen": homes.kitchen,
    "office": homes.office,
    "bar": homes.bar,
    "cafe": homes.cafe,
    "corridor": homes.corridor,
    "hospital": homes.hospital,
    "classroom": homes.classroom,
    "church": halls.church,
    "laboratory": halls.laboratory,
    "warehouse": halls.warehouse,
    "cell": halls.cell,
    "train": halls.train,
    "spaceship": halls.bridge_deck,
    "car": halls.car,
}
