"""Vehicles, animals and props by name."""

from collections.abc import Callable

from drawing import animals, props, vehicles
from drawing.easel import Easel

Draw = Callable[[Easel], None]
THINGS: dict[str, tuple[Draw, float, str]] = {
    "car": (vehicles.car, 4.4, "road"), "taxi": (vehicles.taxi, 4.4, "road"), "police car": (vehicles.police, 4.4, "road"), "truck": (vehicles.truck, 7.0, "road"),
    "bus": (vehicles.bus, 9.0, "road"), "bicycle": (vehicles.bicycle, 1.75, "ground"), "motorcycle": (vehicles.motorcycle, 2.1, "ground"), "train": (vehicles.train, 22.0, "far"),
    "plane": (vehicles.plane, 30.0, "sky"), "helicopter": (vehicles.helicopter, 11.0, "sky"), "boat": (vehicles.boat, 7.0, "water"), "ship": (vehicles.ship, 60.0, "water"),
    "spaceship": (vehicles.rocket, 24.0, "sky"), "horse": (animals.horse, 2.3, "ground"), "dog": (animals.dog, 1.0, "ground"), "cat": (animals.cat, 0.5, "ground"),
    "cow": (animals.cow, 2.3, "ground"), "deer": (animals.deer, 1.9, "ground"), "wolf": (animals.wolf, 1.4, "ground"), "bear": (animals.bear, 2.0, "ground"),
    "elephant": (animals.elephant, 5.0, "ground"), "birds": (animals.bird, 1.2, "flock"), "fish": (animals.fish, 0.8, "ground"), "robot": (props.robot, 1.8, "ground"),
    "lighthouse": (props.lighthouse, 22.0, "landmark"), "campfire": (props.campfire, 0.9, "ground"), "fire": (props.fire, 2.6, "ground"), "tent": (props.tent, 2.8, "ground"),
    "table": (props.table, 1.6, "ground"), "sign": (props.sign, 1.4, "ground"), "crate": (props.crate, 0.9, "ground"), "suitcase": (props.suitcase, 0.7, "ground"),
    "phone": (props.phone, 0.16, "insert"), "letter": (props.letter, 0.28, "insert"), "cup": (props.cup, 0.12, "insert"), "gun": (props.gun, 0.22, "insert"), "book": (props.book, 0.4, "insert"),
}  # fmt: skip
"""How each is drawn, its length (or its height, for what stands) in metres, and where it belongs."""
