"""Train the sample's detector, `samples/cards/models/detector`, on drawn scenes with training digits.

A small convolutional net with one prediction for each cell of a 14 × 14 grid: is a card's centre here, where are its sides, which colour and
which digit. It proposes boxes in the dataset editor; nothing of it reaches the policy.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import get_cosine_schedule_with_warmup

from base_training import make_pool, pixels
from cards import COLOURS, SIZE, Scene
from make_cards import PROJECT

SEED, BATCH = 0, 48
GRID, STRIDE, SHRINK = 14, 16, 2
NAMES = [f"{colour} {digit}" for colour in COLOURS for digit in range(10)]
OUTPUTS = (1, 4, len(COLOURS), 10)


def halved(picture: np.ndarray) -> np.ndarray:
    """The picture at 112 × 112, each pixel the mean of 2 × 2, as the net itself shrinks it."""
    small = SIZE // SHRINK
    return picture.reshape(small, SHRINK, small, SHRINK, 3).mean((1, 3)).round().astype(np.uint8)


def _block(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.SiLU())


class Detector(nn.Module):
    """(n, 3, 224, 224) in -1..1 → boxes (n, 196, 4) as shares of the sides, x1 y1 x2 y2, and scores (n, 196, 40) of each name."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(_block(3, 24, 2), _block(24, 48, 2), _block(48, 48), _block(48, 56, 2), _block(56, 56), _block(56, 56))
        self.head = nn.Conv2d(56, sum(OUTPUTS), 1)
        ramp = (torch.arange(GRID) + 0.5) / GRID
        centres = torch.stack([ramp.repeat(GRID), ramp.repeat_interleave(GRID)], -1)
        self.register_buffer("centres", centres.repeat(1, 2), persistent=False)

    def cells(self, halved_pixels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """For each cell, in reading order: is a card there (n, 196, 1), its box (n, 196, 4), its colour and its digit, as logits."""
        there, sides, colour, digit = self.head(self.body(halved_pixels)).flatten(2).transpose(1, 2).split(OUTPUTS, -1)
        signs = torch.tensor([-1.0, -1.0, 1.0, 1.0])
        return there, self.centres + signs * F.softplus(sides) * STRIDE / SIZE, colour, digit

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        there, boxes, colour, digit = self.cells(F.avg_pool2d(pixel_values, SHRINK))
        names = colour.softmax(-1).unsqueeze(-1) * digit.softmax(-1).unsqueeze(-2)
        return boxes, there.sigmoid() * names.flatten(2)


def targets(scenes: list[Scene]) -> tuple[Tensor, Tensor]:
    """For each scene and cell: what is there (n, 196, 3) as presence, colour, digit, and the box (n, 196, 4) as shares of the sides."""
    asked, boxes = torch.zeros(len(scenes), GRID * GRID, 3, dtype=torch.long), torch.zeros(len(scenes), GRID * GRID, 4)
    for number, scene in enumerate(scenes):
        for card in scene.cards:
            left, top, right, bottom = card.box
            cell = (top + bottom) // 2 // STRIDE * GRID + (left + right) // 2 // STRIDE
            asked[number, cell] = torch.tensor([1, list(COLOURS).index(card.colour), card.digit])
            boxes[number, cell] = torch.tensor(card.box) / SIZE
    return asked, boxes


def loss_of(model: Detector, pictures: Tensor, scenes: list[Scene]) -> Tensor:
    there, boxes, colour, digit = model.cells(pictures)
    asked, wanted = targets(scenes)
    held = asked[..., 0] == 1
    chance = there.squeeze(-1)
    wrong = (torch.sigmoid(chance) - held.float()).abs().detach()
    presence = (wrong**2 * F.binary_cross_entropy_with_logits(chance, held.float(), reduction="none")).sum() / held.sum()
    sides = F.smooth_l1_loss(boxes[held] * SIZE / STRIDE, wanted[held] * SIZE / STRIDE, beta=0.1)
    return 3 * presence + 4 * sides + F.cross_entropy(colour[held], asked[held][:, 1]) + F.cross_entropy(digit[held], asked[held][:, 2])


def overlap(a: Tensor, b: Tensor) -> float:
    """Intersection over union of two boxes (4,)."""
    low, high = torch.maximum(a[:2], b[:2]), torch.minimum(a[2:], b[2:])
    inside = (high - low).clamp(min=0).prod()
    return (inside / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - inside)).item()


def found_in(boxes: Tensor, scores: Tensor, threshold: float) -> list[tuple[str, Tensor]]:
    """Names and boxes above the threshold, best first, without those that overlap a better one by half."""
    best, names = scores.max(-1)
    kept: list[tuple[str, Tensor]] = []
    for cell in best.argsort(descending=True).tolist():
        if best[cell] < threshold:
            break
        if all(overlap(boxes[cell], box) < 0.5 for _, box in kept):
            kept.append((NAMES[names[cell]], boxes[cell]))
    return kept


def measure(model: Detector, pictures: np.ndarray, scenes: list[Scene], threshold: float = 0.5) -> dict[str, float]:
    """Precision and recall at an overlap of 0.5, of places alone and of places with the right name, and the mean overlap of what was found."""
    model.eval()
    with torch.no_grad():
        there, boxes, colour, digit = model.cells(pixels(pictures))
        scores = there.sigmoid() * (colour.softmax(-1).unsqueeze(-1) * digit.softmax(-1).unsqueeze(-2)).flatten(2)
    model.train()
    proposed = placed = named = cards = 0
    overlaps = []
    for number, scene in enumerate(scenes):
        found = found_in(boxes[number], scores[number], threshold)
        proposed, cards = proposed + len(found), cards + len(scene.cards)
        for card in scene.cards:
            near = [(overlap(box, torch.tensor(card.box) / SIZE), name) for name, box in found]
            best, name = max(near, default=(0.0, ""))
            if best >= 0.5:
                placed, named = placed + 1, named + (name == card.name)
                overlaps.append(best)
    return {
        "precision": placed / max(1, proposed), "recall": placed / cards, "named precision": named / max(1, proposed),
        "named recall": named / cards, "overlap": float(np.mean(overlaps or [0])),
    }  # fmt: skip


def write_model(model: Detector, folder: Path) -> None:
    """The ONNX model, and what PeBR Studio has to know of it (docs/FORMATS.md, "Detector folder")."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model.eval(), (torch.zeros(1, 3, SIZE, SIZE),), folder / "model.onnx", input_names=["pixel_values"], output_names=["boxes", "scores"],
        dynamic_axes={"pixel_values": {0: "batch"}, "boxes": {0: "batch"}, "scores": {0: "batch"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
    config = {
        "v": 1,
        "name": "cards",
        "model": "model.onnx",
        "input": {"name": "pixel_values", "width": SIZE, "height": SIZE, "resize": "stretch", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
        "output": {"kind": "boxes-scores", "boxes": "boxes", "scores": "scores", "frame": "norm1", "corners": "xyxy", "activation": "none"},
        "classes": NAMES,
        "threshold": 0.3,
    }
    (folder / "pebr-model.json").write_text(json.dumps(config, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT / "models" / "detector")
    parser.add_argument("--pool", type=int, default=12000)
    parser.add_argument("--steps", type=int, default=1500)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    start = time.time()
    rng = np.random.default_rng(SEED + 20)
    pool = make_pool(rng, options.pool, "train", wobble=True, shrink=halved)
    held_out = make_pool(rng, 500, "heldout", wobble=False, shrink=halved)
    print(f"pool after {time.time() - start:.0f} s", flush=True)
    model = Detector()
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.02)
    schedule = get_cosine_schedule_with_warmup(optimizer, 60, options.steps)
    for step in range(1, options.steps + 1):
        rows = rng.integers(len(pool.scenes), size=BATCH)
        loss = loss_of(model, pixels(pool.pictures[rows]), [pool.scenes[row] for row in rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            figures = {name: round(value, 4) for name, value in measure(model, held_out.pictures, held_out.scenes).items()}
            print(f"{step}: loss {loss.item():.3f}, {time.time() - start:.0f} s, held-out {figures}", flush=True)
    write_model(model, options.out)


if __name__ == "__main__":
    main()
