"""RIFE's network (IFNet v4, Huang et al. 2022, hzwer's Practical-RIFE, MIT) as an ONNX graph, built from its weights.

Four blocks, each finer than the one before, say how far every point of the picture between lies from where it is in
the picture before and after, and how much to take of which. Pictures are not moved here: the caller does that at
their own size. Sizes are whole multiples of `GRAIN` times the widening.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Tensor = NDArray[np.float32]

GRAIN: Final = 32
_SCALES: Final = (8, 4, 2, 1)
_LAYERS: Final = 8
_OPSET: Final = 17
_IR: Final = 8


def build(weights: Mapping[str, Tensor], width: int, height: int, wider: int = 1) -> bytes:
    """Return the graph for pictures of a size; `wider` 2 looks twice as far, for what jumps.

    Inputs: `first` and `second`, 1 x 3 x height x width, red, green and blue from 0 to 1, and `part`, one number.
    Outputs: `flow`, 1 x 4 x height x width, across and down to the first picture and to the second, in pixels;
    `share` of the first, 0 to 1; `reach`, how far the second block still had to correct each of the two.
    Raises KeyError for a weight that is missing, ValueError for one of another shape.
    """
    net = _Net(weights, width, height)
    net.constant("whole", [1, 1, height, width], np.int64)
    part = net.node("Expand", [net.node("Reshape", ["part", net.constant("one", [1, 1, 1, 1], np.int64)]), "whole"])
    flow = mask = ""
    one, two = "first", "second"
    for number, scale in enumerate(_SCALES):
        seen = [one, two, part, mask] if mask else [one, two, part]
        more_flow, more_mask = net.block(number, net.node("Concat", seen, axis=1), flow, scale * wider)
        if number == 1:
            peaks = [net.node("ReduceMax", [net.node("Abs", [half])], keepdims=0) for half in net.halves(more_flow)]
            lined = [net.node("Reshape", [peak, net.constant("flat", [1], np.int64)]) for peak in peaks]
            net.node("Concat", lined, axis=0, out="reach")
        flow = net.node("Add", [flow, more_flow]) if flow else more_flow
        mask = net.node("Add", [mask, more_mask]) if mask else more_mask
        if number < len(_SCALES) - 1:
            one, two = (net.warp(image, way) for image, way in zip(("first", "second"), net.halves(flow), strict=True))
    net.node("Identity", [flow], out="flow")
    net.node("Sigmoid", [mask], out="share")
    return net.model()


class _Net:
    def __init__(self, weights: Mapping[str, Tensor], width: int, height: int) -> None:
        self._weights, self._width, self._height = weights, width, height
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        across = np.linspace(-1, 1, width, dtype=np.float32)
        down = np.linspace(-1, 1, height, dtype=np.float32)
        self._places = self.constant("places", np.stack(np.meshgrid(across, down))[None], np.float32)
        ratio = np.array([2 / (width - 1), 2 / (height - 1)], np.float32).reshape(1, 2, 1, 1)
        self._ratio = self.constant("ratio", ratio, np.float32)

    def constant(self, name: str, value: Any, kind: Any) -> str:
        self._constants.setdefault(name, numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def node(self, op: str, inputs: Sequence[str], out: str = "", **words: Any) -> str:
        made = out or f"{op.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), [made], **words))
        return made

    def weight(self, name: str, shape: tuple[int, ...]) -> str:
        value = self._weights[f"module.{name}"]
        if value.shape != shape:
            raise ValueError(f"{name} is {value.shape}, not {shape}")
        lined = value.reshape(-1, 1, 1) if len(shape) == 1 and name.endswith(".1.weight") else value
        return self.constant(name, lined, np.float32)

    def conv(self, x: str, name: str, into: int, out: int, stride: int) -> str:
        words = [x, self.weight(f"{name}.0.weight", (out, into, 3, 3)), self.weight(f"{name}.0.bias", (out,))]
        seen = self.node("Conv", words, kernel_shape=[3, 3], strides=[stride, stride], pads=[1, 1, 1, 1])
        return self.node("PRelu", [seen, self.weight(f"{name}.1.weight", (out,))])

    def resize(self, x: str, by: float) -> str:
        if by == 1:
            return x
        scales = self.constant(f"scales{by}", [1, 1, by, by], np.float32)
        return self.node("Resize", [x, "", scales], mode="linear", coordinate_transformation_mode="half_pixel")

    def times(self, x: str, by: float) -> str:
        return x if by == 1 else self.node("Mul", [x, self.constant(f"times{by}", by, np.float32)])

    def block(self, number: int, x: str, flow: str, scale: int) -> tuple[str, str]:
        name, wide = f"block{number}", (192, 128, 96, 64)[number]
        x = self.resize(x, 1 / scale)
        if flow:
            x = self.node("Concat", [x, self.times(self.resize(flow, 1 / scale), 1 / scale)], axis=1)
        x = self.conv(x, f"{name}.conv0.0", 12 if flow else 7, wide // 2, 2)
        x = entry = self.conv(x, f"{name}.conv0.1", wide // 2, wide, 2)
        for layer in range(_LAYERS):
            x = self.conv(x, f"{name}.convblock.{layer}", wide, wide, 1)
        x = self.node("Add", [x, entry])
        last = [self.weight(f"{name}.lastconv.weight", (wide, 5, 4, 4)), self.weight(f"{name}.lastconv.bias", (5,))]
        x = self.node("ConvTranspose", [x, *last], kernel_shape=[4, 4], strides=[2, 2], pads=[1, 1, 1, 1])
        x = self.resize(x, scale * 2)
        return self.times(self.slice(x, 0, 4), scale * 2), self.slice(x, 4, 5)

    def slice(self, x: str, begin: int, end: int) -> str:
        from_, to, axis = (self.constant(f"n{n}", [n], np.int64) for n in (begin, end, 1))
        return self.node("Slice", [x, from_, to, axis])

    def halves(self, flow: str) -> tuple[str, str]:
        return self.slice(flow, 0, 2), self.slice(flow, 2, 4)

    def warp(self, image: str, way: str) -> str:
        places = self.node("Add", [self._places, self.node("Mul", [way, self._ratio])])
        grid = self.node("Transpose", [places], perm=[0, 2, 3, 1])
        return self.node("GridSample", [image, grid], mode="bilinear", padding_mode="border", align_corners=1)

    def model(self) -> bytes:
        picture, real = [1, 3, self._height, self._width], TensorProto.FLOAT
        given = [helper.make_tensor_value_info(name, real, picture) for name in ("first", "second")]
        given.append(helper.make_tensor_value_info("part", real, [1]))
        size = [self._height, self._width]
        made = [helper.make_tensor_value_info("flow", real, [1, 4, *size])]
        made.append(helper.make_tensor_value_info("share", real, [1, 1, *size]))
        made.append(helper.make_tensor_value_info("reach", real, [2]))
        graph = helper.make_graph(self._nodes, "rife", given, made, list(self._constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())
