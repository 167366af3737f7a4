"""A stand-in for ComfyUI 0.33, built from what a real one was seen to do (see tests/data/comfy).

The order of its messages, its races and its defects are the real ones. It checks graphs against the recorded node
schemas as the real server does, works out how many pictures every node gives, and answers with really encoded media.
"""

from tests.fakes.comfy.server import FakeComfy
from tests.fakes.comfy.trouble import Gate, Raised, Trouble

__all__ = ["FakeComfy", "Gate", "Raised", "Trouble"]
