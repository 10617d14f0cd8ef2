"""How well a policy describes and answers on drawn scenes: greedy, and sampled at temperature 1."""

from __future__ import annotations

import re

import numpy as np
import torch
from transformers import LlavaForConditionalGeneration, LlavaProcessor

from base_training import Pool, pixels
from cards import Scene
from make_cards import prompt
from policy_model import CELLS
from questions import ask_perception, ask_reasoning, box_text

ENTRY = re.compile(r"(\w+ \d+) at (\[[^\]]*\])")


def examine(model: LlavaForConditionalGeneration, processor: LlavaProcessor, pool: Pool, count: int) -> dict[str, float]:
    """Shares over the first `count` scenes with one perception and one reasoning question each.

    F1 of the named cards, of the named and exactly placed cards, and right answers of both kinds; `greedy/…` and `sampled/…`.
    """
    rng = np.random.default_rng(99)
    figures: dict[str, float] = {}
    asked = [(scene, ask(scene, rng)) for scene in pool.scenes[:count] for ask in (ask_perception, ask_reasoning)]
    pictures = np.repeat(pool.pictures[:count], 2, axis=0)
    users = [prompt(f"<image>{question.text}") for _, question in asked]
    for mode in ("greedy", "sampled"):
        responses = generate(model, processor, users, pictures, mode == "sampled")
        names = [card_f1(response, scene, placed=False) for response, (scene, _) in zip(responses, asked)]
        placed = [card_f1(response, scene, placed=True) for response, (scene, _) in zip(responses, asked)]
        right = [answered(response, question.solve(scene.cards)) for response, (scene, question) in zip(responses, asked)]
        figures |= {f"{mode}/f1": np.mean(names), f"{mode}/placed": np.mean(placed)}
        figures |= {f"{mode}/perception": np.nanmean(right[0::2]), f"{mode}/reasoning": np.nanmean(right[1::2])}
    return {name: round(float(value), 3) for name, value in figures.items()}


@torch.no_grad()
def generate(model: LlavaForConditionalGeneration, processor: LlavaProcessor, users: list[str], pictures: np.ndarray, sample: bool) -> list[str]:
    """One response to each user's turn."""
    processor.tokenizer.padding_side = "left"
    texts = [f"<|user|>{user}<|end|><|assistant|>".replace("<image>", "<image>" * CELLS) for user in users]
    batch = processor.tokenizer(texts, return_tensors="pt", padding=True)
    torch.manual_seed(0)
    model.eval()
    ids = model.generate(
        input_ids=batch["input_ids"],
        attention_mask=batch["attention_mask"],
        pixel_values=pixels(pictures),
        max_new_tokens=80,
        **({"do_sample": True, "top_k": 0} if sample else {"do_sample": False}),
    )
    model.train()
    return processor.tokenizer.batch_decode(ids[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)


def card_f1(response: str, scene: Scene, placed: bool) -> float:
    """F1 of the described cards; with `placed` a card counts only with its exact box."""
    description = response.split("### Rationales:")[0].split("### Step 1:")[0]
    said = {(name, box if placed else "") for name, box in ENTRY.findall(description)}
    true = {(card.name, box_text(card.box) if placed else "") for card in scene.cards}
    return 2 * len(said & true) / max(1, len(said) + len(true))


def answered(response: str, solution: tuple[str, str] | None) -> float:
    """1 or 0; NaN where the scene does not answer the question."""
    if solution is None:
        return float("nan")
    return float(response.rpartition("### The final answer is:")[2].strip() == solution[1])
