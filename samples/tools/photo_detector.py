"""Make a detector for photos: `python photo_detector.py FOLDER`.

It fetches the npm package @mediapipe/objectron (Apache-2.0, 33 MB), which holds an SSD with a MobileNetV2 body for 23 everyday things (person, cat,
dog, car, bottle, cup, chair, book …), and writes it as ONNX with a pebr-model.json that PeBR Studio reads. A pre-labeller to correct, no oracle.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

PACKAGE = "@mediapipe/objectron@0.4.1675468480"
ASSETS = "package/objectron_solution_packed_assets"
SIDE, SCALES, LAYERS = 300, (0.2, 0.95), 6
RATIOS = (1.0, 2.0, 0.5, 3.0, 1 / 3)
ADD, CONCATENATION, CONV, DEPTHWISE, DEQUANTIZE, RESHAPE = 0, 2, 3, 4, 6, 22


class Table:
    """A table of a FlatBuffer: fields by their number in the schema of TensorFlow Lite."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self.fields = at - struct.unpack_from("<i", data, at)[0]

    def _place(self, field: int) -> int:
        size = struct.unpack_from("<H", self.data, self.fields)[0]
        offset = struct.unpack_from("<H", self.data, self.fields + 4 + 2 * field)[0] if 4 + 2 * field < size else 0
        return self.at + offset if offset else 0

    def number(self, field: int, kind: str = "i", default: int = 0) -> int:
        place = self._place(field)
        return struct.unpack_from("<" + kind, self.data, place)[0] if place else default

    def table(self, field: int) -> Table:
        place = self._place(field)
        return Table(self.data, place + struct.unpack_from("<I", self.data, place)[0])

    def _vector(self, field: int) -> tuple[int, int]:
        place = self._place(field)
        if not place:
            return 0, 0
        start = place + struct.unpack_from("<I", self.data, place)[0]
        return start + 4, struct.unpack_from("<I", self.data, start)[0]

    def tables(self, field: int) -> list[Table]:
        start, count = self._vector(field)
        places = [start + 4 * number for number in range(count)]
        return [Table(self.data, place + struct.unpack_from("<I", self.data, place)[0]) for place in places]

    def numbers(self, field: int) -> list[int]:
        start, count = self._vector(field)
        return list(struct.unpack_from(f"<{count}i", self.data, start))

    def bytes(self, field: int) -> bytes:
        start, count = self._vector(field)
        return self.data[start : start + count]


def anchors() -> Tensor:
    """(1917, 4): centre y, centre x, height and width of each, as shares of the sides, in the order of the outputs."""
    found = []
    scales = [SCALES[0] + (SCALES[1] - SCALES[0]) * layer / (LAYERS - 1) for layer in range(LAYERS)] + [1.0]
    for layer in range(LAYERS):
        side = -(-SIDE // (16 << layer))
        shapes = [(scales[layer], ratio) for ratio in RATIOS] + [((scales[layer] * scales[layer + 1]) ** 0.5, 1.0)]
        if layer == 0:
            shapes = [(0.1, 1.0), (scales[0], 2.0), (scales[0], 0.5)]
        for y in range(side):
            for x in range(side):
                found += [((y + 0.5) / side, (x + 0.5) / side, scale / ratio**0.5, scale * ratio**0.5) for scale, ratio in shapes]
    return torch.tensor(found)


class Graph(nn.Module):
    """The operations of the file in turn: (1, 3, 300, 300) in -1..1 → boxes (1, 1917, 4) as y1 x1 y2 x2 and scores (1, 1917, 24)."""

    def __init__(self, file: bytes) -> None:
        super().__init__()
        model = Table(file, struct.unpack_from("<I", file, 0)[0])
        graph = model.tables(2)[0]
        codes = [max(code.number(0, "b"), code.number(3)) for code in model.tables(1)]
        self.steps = [(codes[step.number(0, "I")], step) for step in graph.tables(3)]
        self.inputs, self.outputs = graph.numbers(1), graph.numbers(2)
        self.shapes = [tensor.numbers(0) for tensor in graph.tables(0)]
        buffers = model.tables(4)
        self.constants: dict[int, Tensor] = {}
        for number, tensor in enumerate(graph.tables(0)):
            data = buffers[tensor.number(2, "I")].bytes(0)
            if data:
                kind = {0: np.float32, 1: np.float16, 2: np.int32}[tensor.number(1, "b")]
                values = np.frombuffer(data, kind).reshape(self.shapes[number])
                self.constants[number] = torch.from_numpy(values.astype(np.float32 if kind == np.float16 else kind))
        self.pictures = {step.numbers(2)[0] for code, step in self.steps if code in (CONV, DEPTHWISE, ADD)}
        self.anchors = anchors()

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        values: dict[int, Tensor] = {**self.constants, self.inputs[0]: pixel_values}
        for code, step in self.steps:
            ins, (out, *_) = [values.get(number) for number in step.numbers(1)], step.numbers(2)
            values[out] = self._run(code, step, ins, self.shapes[out])
        outputs = {self.shapes[number][-1]: values[number] for number in self.outputs}
        centre_y, centre_x, height, width = (outputs[4] / torch.tensor([10.0, 10.0, 5.0, 5.0])).unbind(-1)
        y, x, high, wide = self.anchors.unbind(-1)
        middle_y, middle_x = centre_y * high + y, centre_x * wide + x
        half_y, half_x = height.exp() * high / 2, width.exp() * wide / 2
        boxes = torch.stack([middle_y - half_y, middle_x - half_x, middle_y + half_y, middle_x + half_x], -1)
        return boxes, next(value for size, value in outputs.items() if size != 4).sigmoid()

    def _run(self, code: int, step: Table, ins: list[Tensor], shape: list[int]) -> Tensor:
        if code == DEQUANTIZE:
            return ins[0]
        if code == RESHAPE:  # of (height, width, channels), as the file has them; what was reshaped before is so already
            is_picture = step.numbers(1)[0] in self.pictures
            return (ins[0].permute(0, 2, 3, 1) if is_picture else ins[0]).reshape(shape)
        options = step.table(4)
        if code == CONCATENATION:
            return torch.cat(ins, options.number(0))
        if code == ADD:
            return _activated(ins[0] + ins[1], options.number(0, "b"))
        if code not in (CONV, DEPTHWISE):
            raise ValueError(f"operation {code} is none that this script knows")
        picture, weight, bias = ins
        stride = (options.number(2), options.number(1))
        # (out, height, width, in), and (1, height, width, channels) where each channel is on its own
        kernel = weight.permute(0, 3, 1, 2) if code == CONV else weight.permute(3, 0, 1, 2)
        pads = [0, 0, 0, 0]
        if options.number(0, "b") == 0:  # as many as needed, the odd one at the end
            for axis, length, by, size in ((0, picture.shape[3], stride[1], kernel.shape[3]), (2, picture.shape[2], stride[0], kernel.shape[2])):
                lacking = max((-(-int(length) // by) - 1) * by + int(size) - int(length), 0)
                pads[axis : axis + 2] = [lacking // 2, lacking - lacking // 2]
        made = F.conv2d(F.pad(picture, pads), kernel, bias, stride, groups=1 if code == CONV else kernel.shape[0])
        return _activated(made, options.number(3 if code == CONV else 4, "b"))


def _activated(value: Tensor, kind: int) -> Tensor:
    return {0: lambda: value, 1: value.relu, 3: lambda: value.clamp(0, 6)}[kind]()


def fetch(folder: Path) -> tuple[bytes, list[str]]:
    """The model and its 24 names, the first of which is nothing, out of the package."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the package.")
    subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        data = package.extractfile(f"{ASSETS}.data").read()  # type: ignore[union-attr]
        loader = package.extractfile(f"{ASSETS}_loader.js").read().decode()  # type: ignore[union-attr]
    places = re.findall(r'"?filename"?: ?"([^"]+)", ?"?start"?: ?(\d+), ?"?end"?: ?(\d+)', loader)
    files = {name: data[int(start) : int(end)] for name, start, end in places}
    model = next(content for name, content in files.items() if name.endswith(".tflite") and "ssd" in name)
    names = next(content for name, content in files.items() if name.endswith(".txt")).decode().split("\n")
    return model, [name.strip() for name in names if name.strip()]


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as temporary:
        file, names = fetch(Path(temporary))
    folder.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        Graph(file).eval(), (torch.zeros(1, 3, SIDE, SIDE),), folder / "model.onnx", input_names=["pixel_values"], output_names=["boxes", "scores"],
        opset_version=17, dynamo=False,
    )  # fmt: skip
    config = {
        "v": 1, "name": "photos",
        "input": {"name": "pixel_values", "width": SIDE, "height": SIDE, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
        "output": {"kind": "boxes-scores", "boxes": "boxes", "scores": "scores", "corners": "yxyx", "background": "first"},
        "classes": names[1:], "threshold": 0.35,
    }  # fmt: skip
    (folder / "pebr-model.json").write_text(json.dumps(config, indent=2) + "\n")
    print(f"{folder}: {len(names) - 1} classes, model {hashlib.sha256((folder / 'model.onnx').read_bytes()).hexdigest()[:12]}")


if __name__ == "__main__":
    main()
