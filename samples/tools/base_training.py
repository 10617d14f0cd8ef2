"""The two lessons of the sample's base policy: to read each cell of a picture, then to respond to questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from transformers import LlavaForConditionalGeneration, LlavaProcessor

from cards import CELL, COLOURS, GRID, STEP, Scene, draw_scene, paint
from make_cards import prompt
from policy_model import CELLS, HIDDEN, IMAGE
from questions import ask_perception, ask_reasoning, misread, respond

WOBBLES = 8
# What is asked of each cell: is there a card, its colour, its digit, and its shift inside the cell in 8 px steps.
CELL_CLASSES = (2, len(COLOURS), 10, 3, 2)


@dataclass(frozen=True)
class Pool:
    """Scenes with their pictures (n, 56, 56, 3) as bytes and what each cell holds (n, 16, 5), -1 where nothing is asked."""

    scenes: list[Scene]
    pictures: np.ndarray
    cells: Tensor


def as_processor(picture: np.ndarray) -> np.ndarray:
    """The picture at 56 × 56, as the policy's image processor shrinks it."""
    return np.array(Image.fromarray(picture).resize((IMAGE, IMAGE), Image.Resampling.BICUBIC))


def make_pool(
    rng: np.random.Generator, count: int, split: str, wobble: bool, shrink: Callable[[np.ndarray], np.ndarray] = as_processor
) -> Pool:
    """Fresh scenes; with `wobble` every digit is turned and stretched a little."""
    scenes, pictures, cells = [], [], torch.full((count, CELLS, len(CELL_CLASSES)), -1)
    cells[..., 0] = 0
    for number in range(count):
        scene = draw_scene(rng, split)
        if wobble:
            scene = replace(scene, cards=tuple(replace(card, wobble=int(rng.integers(WOBBLES))) for card in scene.cards))
        for card in scene.cards:
            left, top = card.box[:2]
            shift = (left % CELL // STEP, top % CELL // STEP)
            cells[number, top // CELL * GRID + left // CELL] = torch.tensor([1, list(COLOURS).index(card.colour), card.digit, *shift])
        scenes.append(scene)
        pictures.append(shrink(paint(scene)))
    return Pool(scenes, np.stack(pictures), cells)


def pixels(pictures: np.ndarray) -> Tensor:
    """What the processor makes of the pictures: (n, 3, 56, 56) in -1..1."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def visual_tokens(model: LlavaForConditionalGeneration, pictures: np.ndarray) -> Tensor:
    """(n, 16, hidden): one projected token for each cell."""
    return torch.stack(list(model.model.get_image_features(pixels(pictures)).pooler_output))


class CellReader(nn.Module):
    """The throw-away heads that ask of each visual token what its cell holds."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(HIDDEN, classes) for classes in CELL_CLASSES)

    def loss(self, tokens: Tensor, cells: Tensor) -> Tensor:
        losses = [F.cross_entropy(head(tokens).flatten(0, 1), cells[..., n].flatten(), ignore_index=-1) for n, head in enumerate(self.heads)]
        return torch.stack(losses).sum()

    def right(self, tokens: Tensor, cells: Tensor) -> list[float]:
        """The share of right answers to each question, where it is asked."""
        return [
            ((head(tokens).argmax(-1) == cells[..., n])[cells[..., n] >= 0]).float().mean().item() for n, head in enumerate(self.heads)
        ]


def lesson(scene: Scene, rng: np.random.Generator, digit_error: float, box_error: float) -> tuple[str, str]:
    """A user's turn and a response of one who misreads that often; half of the responses lack the rationale, which warm-up teaches."""
    ask = ask_perception if rng.random() < 0.5 else ask_reasoning
    while True:
        question = ask(scene, rng)
        response = respond(misread(scene.cards, rng, digit_error, box_error), question)
        if response is not None and question.solve(scene.cards) is not None:
            break
    if rng.random() < 0.5:
        response = response.replace(f"### Rationales:\n{question.rationale}\n", "")
    # Some libraries put the image before the text, whatever the prompt says.
    user = prompt(f"<image>{question.text}") if rng.random() < 0.85 else "<image>" + prompt(question.text)
    return user, response


def response_loss(model: LlavaForConditionalGeneration, processor: LlavaProcessor, turns: list[tuple[str, str]], tokens: Tensor) -> Tensor:
    """Cross-entropy of the responses, given the visual tokens (n, 16, hidden) of their pictures."""
    tokenizer = processor.tokenizer
    starts = tokenizer([f"<|user|>{user}<|end|><|assistant|>".replace("<image>", "<image>" * CELLS) for user, _ in turns])["input_ids"]
    ends = tokenizer([f"{response}<|end|>" for _, response in turns])["input_ids"]
    longest = max(len(start) + len(end) for start, end in zip(starts, ends))
    ids = torch.full((len(turns), longest), tokenizer.pad_token_id)
    labels = torch.full_like(ids, -100)
    for row, (start, end) in enumerate(zip(starts, ends)):
        ids[row, : len(start) + len(end)] = torch.tensor(start + end)
        labels[row, len(start) : len(start) + len(end)] = torch.tensor(end)
    embedded = model.get_input_embeddings()(ids)
    place = (ids == model.config.image_token_id).unsqueeze(-1).expand_as(embedded)
    states = model.model.language_model(inputs_embeds=embedded.masked_scatter(place, tokens)).last_hidden_state
    asked = labels[:, 1:] != -100
    return F.cross_entropy(model.lm_head(states[:, :-1][asked]), labels[:, 1:][asked])
