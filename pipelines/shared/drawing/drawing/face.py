"""What a face is, and its outline from three sides, one high."""

from dataclasses import dataclass

from drawing.tone import Colour

FRONT = ((0, -0.52), (0.22, -0.475), (0.35, -0.33), (0.385, -0.12), (0.365, 0.06), (0.335, 0.22), (0.25, 0.38),
          (0.11, 0.49), (0, 0.505), (-0.11, 0.49), (-0.25, 0.38), (-0.335, 0.22), (-0.365, 0.06), (-0.385, -0.12),
          (-0.35, -0.33), (-0.22, -0.475))  # fmt: skip
TURNED = ((-0.05, -0.525), (0.18, -0.475), (0.33, -0.32), (0.365, -0.14), (0.325, 0.0), (0.34, 0.12), (0.30, 0.30),
           (0.235, 0.455), (0.14, 0.515), (0.04, 0.49), (-0.12, 0.40), (-0.24, 0.27), (-0.33, 0.10), (-0.43, -0.1),
           (-0.42, -0.32), (-0.27, -0.47))  # fmt: skip
SIDE = ((-0.08, -0.525), (0.15, -0.48), (0.31, -0.33), (0.345, -0.12), (0.33, -0.03), (0.435, 0.13), (0.345, 0.19),
         (0.355, 0.30), (0.32, 0.40), (0.30, 0.50), (0.18, 0.49), (0.02, 0.36), (-0.08, 0.24), (-0.40, 0.06),
         (-0.49, -0.16), (-0.36, -0.42))  # fmt: skip


@dataclass(frozen=True)
class Face:
    """What a face always is, and the mood that a shot gives it."""

    skin: Colour = (226, 190, 164)
    hair: Colour = (64, 50, 44)
    style: str = "short"
    beard: bool = False
    hat: str = ""
    glasses: bool = False
    old: bool = False
    young: bool = False
    mood: str = "calm"
