"""Train the sample's base policy, `samples/cards/models/base`, from nothing but drawn scenes with training digits.

`python train_base.py` takes about half an hour on one idle core. It first teaches the vision tower to read each cell (without
that it does not learn), then the whole policy to describe and answer like a hasty reader, so that reinforcement learning
has something to put right: first a very hasty one (12 % of the digits, 15 % of the boxes), then one who errs like the
warm-up's teacher. The held-out digits are used for the printed figures only.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from transformers import LlavaForConditionalGeneration, LlavaProcessor, get_cosine_schedule_with_warmup

from base_training import CellReader, Pool, lesson, make_pool, response_loss, visual_tokens
from cards import SIZE, STEP
from make_cards import BOX_ERROR, DIGIT_ERROR, PROJECT, prompt
from policy_examination import examine
from policy_model import build_model, build_processor

SEED = 0


@dataclass(frozen=True)
class Course:
    """Steps of responding, and how often the one who gives the responses misreads a digit or a box."""

    steps: int
    learning_rate: float
    digit_error: float
    box_error: float
    seed: int


HASTY = Course(1500, 1e-3, 0.12, 0.15, SEED + 2)
CAREFUL = Course(900, 7e-4, DIGIT_ERROR, BOX_ERROR, SEED + 3)


def vocabulary(pool: Pool, rng: np.random.Generator) -> list[str]:
    """Texts that hold every piece the sample's prompts and responses may need, and words that a person may type."""
    texts = [text for scene in pool.scenes[:4000] for text in lesson(scene, rng, 0.12, 0.15)]
    for number in sorted({*range(31), *range(0, SIZE + 1, STEP)}):
        texts.append(f"{number} {number}, {number}] [{number}, at [{number},\n{number}\n[{number}, {number}")
    texts.append(
        "How many cards are in the image? Is the red card left of the blue card, yes or no? Does the product of all digits "
        "exceed that below or above it? Count the colours; what is under, on, over, next to, between and near them? none zero one two three four. "
        "Please list every card, its colour and its position (box) first, second, last, top, bottom, right, center of each picture. "
        "###Image Description:\n### Step 2:\n### Step 3:\nred green blue yellow black white card digit number 1 - 2 + 3 * 4 / 2 = 4 < 5 > 6 ! ' \""
    )
    return texts


def teach_reading(model: LlavaForConditionalGeneration, reader: CellReader, pool: Pool, held_out: Pool, steps: int) -> None:
    """The first lesson: what does each cell hold?"""
    rng = np.random.default_rng(SEED + 1)
    parameters = [*model.model.vision_tower.parameters(), *model.model.multi_modal_projector.parameters(), *reader.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=1.5e-3, weight_decay=0.05)
    schedule = get_cosine_schedule_with_warmup(optimizer, 100, steps)
    for step in range(1, steps + 1):
        rows = rng.integers(len(pool.scenes), size=96)
        loss = reader.loss(visual_tokens(model, pool.pictures[rows]), pool.cells[rows])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            with torch.no_grad():
                right = reader.right(visual_tokens(model, held_out.pictures), held_out.cells)
            print(f"reading {step}: loss {loss.item():.3f}, held-out card/colour/digit/across/down", *(f"{share:.3f}" for share in right), flush=True)


def teach_responding(
    model: LlavaForConditionalGeneration, processor: LlavaProcessor, pool: Pool, held_out: Pool, course: Course, reader: CellReader | None = None
) -> None:
    """A course in describing, thinking and answering; with a reader, reading goes on being asked, so that it is not forgotten."""
    rng = np.random.default_rng(course.seed)
    parameters = [*model.parameters(), *(reader.parameters() if reader else ())]
    optimizer = torch.optim.AdamW(parameters, lr=course.learning_rate, weight_decay=0.02)
    schedule = get_cosine_schedule_with_warmup(optimizer, 50, course.steps)
    for step in range(1, course.steps + 1):
        rows = rng.integers(len(pool.scenes), size=64)
        tokens = visual_tokens(model, pool.pictures[rows])
        turns = [lesson(pool.scenes[row], rng, course.digit_error, course.box_error) for row in rows]
        loss = response_loss(model, processor, turns, tokens)
        whole = loss + 0.2 * reader.loss(tokens, pool.cells[rows]) if reader else loss
        optimizer.zero_grad()
        whole.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(f"responding {step}: loss {loss.item():.3f}", flush=True)
        if step % 300 == 0 or step == course.steps:
            print(f"responding {step}:", examine(model, processor, held_out, 100), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT / "models" / "base")
    parser.add_argument("--pool", type=int, default=40000)
    parser.add_argument("--reading", type=int, default=4500)
    options = parser.parse_args()
    torch.set_num_threads(1)
    start = time.time()
    rng = np.random.default_rng(SEED)
    pool = make_pool(rng, options.pool, "train", wobble=True)
    held_out = make_pool(rng, 400, "heldout", wobble=False)
    processor = build_processor([prompt("<image>"), *vocabulary(pool, rng)])
    model = build_model(processor, SEED)
    reader = CellReader()
    print(f"{model.num_parameters()} parameters, {len(processor.tokenizer)} pieces, pool after {time.time() - start:.0f} s", flush=True)
    teach_reading(model, reader, pool, held_out, options.reading)
    print(f"reads after {time.time() - start:.0f} s", flush=True)
    teach_responding(model, processor, pool, held_out, HASTY, reader)
    teach_responding(model, processor, pool, held_out, CAREFUL)
    model.save_pretrained(options.out)
    processor.save_pretrained(options.out)
    print(f"done after {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
