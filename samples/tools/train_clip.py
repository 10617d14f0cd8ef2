"""Train the sample's image-text model, `samples/cards/models/clip`, on drawn scenes with training digits.

The loss is SigLIP's: a right pair's cosine is pushed above 0.35, every wrong pair's below, other scenes' descriptions and ones
with a single error alike. So the paper's `min(1, similarity / 0.4)` is about 1 for a right description. The boxes in a
description are deliberately of no weight: the IoU component judges them.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from transformers import get_cosine_schedule_with_warmup

from base_training import Pool, make_pool, pixels
from cards import COLOURS, SIZE, STEP, Scene, paint
from clip_model import EMBEDDING, FEATURES, SHRINK, SIDE, TextModel, VisionModel, build_tokenizer, similarity, tokenize, write_onnx
from make_cards import PROJECT
from questions import describe
from scene_captions import WORDS, caption, wrong_caption

SEED, BATCH, WRONG = 0, 64, 3
BOUNDARY, SCALE = 0.35, 14.0
FIXTURE = PROJECT.parents[1] / "test" / "fixtures" / "clip"


def averaged(picture: np.ndarray) -> np.ndarray:
    """The picture at 56 × 56, each pixel the mean of 4 × 4, as the vision model itself shrinks it."""
    small = SIDE // SHRINK
    return picture.reshape(small, SHRINK, small, SHRINK, 3).mean((1, 3)).round().astype(np.uint8)


def pair_loss(images: Tensor, texts: Tensor, wrong: Tensor) -> Tensor:
    """SigLIP's loss over all pictures and texts of the batch, and each picture's own wrong descriptions (n, WRONG, 96)."""
    pairs = SCALE * (similarity(images, texts) - BOUNDARY)
    hard = SCALE * (torch.einsum("nd,nkd->nk", F.normalize(images, dim=-1), F.normalize(wrong, dim=-1)) - BOUNDARY)
    right = F.softplus(-pairs.diagonal()).mean()
    others = F.softplus(pairs)[~torch.eye(len(images), dtype=torch.bool)].mean()
    return right + F.softplus(hard).mean() + others


def held_cards(scene: Scene) -> Tensor:
    """(40,): 1 for each kind of card in the scene."""
    held = torch.zeros(10 * len(COLOURS))
    held[[10 * list(COLOURS).index(card.colour) + card.digit for card in scene.cards]] = 1
    return held


def measure(vision: VisionModel, text: TextModel, tokenizer, pool: Pool) -> dict[str, float]:
    """AUC of right against once-wrong descriptions, and the usual cosines, on these scenes."""
    rng = np.random.default_rng(5)
    vision.eval()
    with torch.no_grad():
        images = vision.pooled(vision.cells(pixels(pool.pictures)))
        texts = text(*tokenize(tokenizer, [describe(scene.cards) for scene in pool.scenes]))
        wrong = text(*tokenize(tokenizer, [wrong_caption(scene.cards, rng) for scene in pool.scenes]))
        empty = text(*tokenize(tokenizer, ["", "."]))[:1]
    vision.train()
    right = similarity(images, texts).diagonal().numpy()
    once = similarity(images, wrong).diagonal().numpy()
    other = similarity(images, texts.roll(1, 0)).diagonal().numpy()
    labels = np.repeat([1, 0], len(right))
    return {
        "auc once wrong": roc_auc_score(labels, np.concatenate([right, once])),
        "auc other scene": roc_auc_score(labels, np.concatenate([right, other])),
        "right": np.median(right),
        "right >= 0.4": np.mean(right >= 0.4),
        "once wrong": np.median(once),
        "once wrong >= 0.4": np.mean(once >= 0.4),
        "other scene": np.median(other),
        "empty": similarity(images, empty).mean().item(),
    }


def vocabulary() -> list[str]:
    numbers = " ".join(str(number) for number in sorted({*range(31), *range(0, SIZE + 1, STEP)}))
    return [WORDS, numbers, " ".join(COLOURS)]


def write_fixture(vision: VisionModel, text: TextModel, tokenizer, pool: Pool) -> None:
    """One held-out picture, texts, and the similarities that PyTorch finds, for the tests of the Node side."""
    FIXTURE.mkdir(parents=True, exist_ok=True)
    scene = pool.scenes[0]
    picture = paint(scene)
    Image.fromarray(picture).save(FIXTURE / "picture.png")
    rng = np.random.default_rng(3)
    texts = [describe(scene.cards), ", ".join(card.name for card in scene.cards).upper(), *(wrong_caption(scene.cards, rng) for _ in range(4)), "a photo of a cat"]
    with torch.no_grad():
        found = similarity(vision.eval()(pixels(picture[None].copy())), text.eval()(*tokenize(tokenizer, texts)))[0]
    rows = [{"text": each, "similarity": round(value, 6)} for each, value in zip(texts, found.tolist())]
    (FIXTURE / "expected.json").write_text(json.dumps({"image": "picture.png", "texts": rows}, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT / "models" / "clip")
    parser.add_argument("--pool", type=int, default=20000)
    parser.add_argument("--steps", type=int, default=3500)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    start = time.time()
    rng = np.random.default_rng(SEED + 10)
    pool = make_pool(rng, options.pool, "train", wobble=True, shrink=averaged)
    held_out = make_pool(rng, 1000, "heldout", wobble=False, shrink=averaged)
    tokenizer = build_tokenizer(vocabulary())
    vision, text = VisionModel(), TextModel(tokenizer.get_vocab_size())
    # Asking each cell for its colour and digit, and both embeddings for the cards they hold, gets the contrast going. These heads are thrown away.
    heads = nn.ModuleList(nn.Conv2d(FEATURES, classes, 1) for classes in (2, len(COLOURS), 10))
    holdings = nn.Linear(EMBEDDING, 10 * len(COLOURS))
    parameters = [*vision.parameters(), *text.parameters(), *heads.parameters(), *holdings.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=0.02)
    schedule = get_cosine_schedule_with_warmup(optimizer, 100, options.steps)
    print(f"pool after {time.time() - start:.0f} s", flush=True)
    for step in range(1, options.steps + 1):
        rows = rng.integers(len(pool.scenes), size=BATCH)
        scenes = [pool.scenes[row] for row in rows]
        cells = vision.cells(pixels(pool.pictures[rows]))
        texts = [caption(scene.cards, rng) for scene in scenes] + [wrong_caption(scene.cards, rng) for scene in scenes for _ in range(WRONG)]
        embedded = text(*tokenize(tokenizer, texts))
        images = vision.pooled(cells)
        loss = pair_loss(images, embedded[:BATCH], embedded[BATCH:].view(BATCH, WRONG, -1))
        held = torch.stack([held_cards(scene) for scene in scenes])
        holding = sum(F.mse_loss(holdings(each), held) for each in (images, embedded[:BATCH]))
        asked = pool.cells[rows]
        reading = sum(F.cross_entropy(head(cells).flatten(2), asked[..., n], ignore_index=-1) for n, head in enumerate(heads))
        optimizer.zero_grad()
        (loss + reading + 30 * holding).backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            figures = {name: round(float(value), 3) for name, value in measure(vision, text, tokenizer, held_out).items()}
            print(f"{step}: pairs {loss.item():.3f}, reading {reading.item():.3f}, holding {holding.item():.4f}, {time.time() - start:.0f} s, held-out {figures}", flush=True)
    write_onnx(vision, text, tokenizer, options.out)
    write_fixture(vision, text, tokenizer, held_out)


if __name__ == "__main__":
    main()
