"""Pictures a second of the maps: what Wan's nodes take. `footage.py` asks here, as it does in the Wan pipelines."""

FPS = 16
