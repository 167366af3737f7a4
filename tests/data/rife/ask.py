"""Runs in the pipeline's own environment, in its folder: how far its network is from the golden answers, as JSON."""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

HERE = Path(__file__).parent
sys.path[:0] = [str(Path.cwd()), str(HERE)]

import network  # noqa: E402
import pair  # noqa: E402
import weights  # noqa: E402

golden = np.load(HERE / "golden.npz")
first, second = pair.picture(0), pair.picture(1)
read, told = weights.read(), {}
for name, (part, wider) in pair.CASES.items():
    graph = network.build(read, pair.WIDTH, pair.HEIGHT, wider)
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    given = {"first": first, "second": second, "part": np.array([part], np.float32)}
    flow, share, _ = session.run(None, given)
    told[name] = [
        float(np.abs(flow[0, :, ::4, ::4] - golden[f"{name}_flow"]).max()),
        float(np.abs(share[0, 0, ::4, ::4] - golden[f"{name}_share"]).max()),
    ]
    if name == "middle":
        import cv2

        made, (down, across) = 0, np.mgrid[0 : pair.HEIGHT, 0 : pair.WIDTH].astype(np.float32)
        for image, way, of in ((first, flow[0, :2], share[0, 0]), (second, flow[0, 2:], 1 - share[0, 0])):
            seen = np.ascontiguousarray(image[0].transpose(1, 2, 0))
            moved = cv2.remap(seen, across + way[0], down + way[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            made = made + moved * of[..., None]
        told["picture"] = float(np.abs(made * 255 - golden["picture"]).max())
sys.stdout.write(json.dumps(told))
