"""A small image-text model of the CLIP kind for scenes of cards, its tokenizer, and how it is written as ONNX."""

from __future__ import annotations

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from torch import Tensor, nn

SIDE, SHRINK, FEATURES, EMBEDDING = 224, 4, 192, 96
LENGTH = 96  # longest text in tokens


class VisionModel(nn.Module):
    """`pixel_values` (n, 3, 224, 224) in -1..1 to `image_embeds` (n, 96): what each cell holds, summed over the cells."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, FEATURES, 14, stride=14)
        self.read = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(FEATURES), nn.ReLU(), nn.Conv2d(FEATURES, FEATURES, 1), nn.BatchNorm2d(FEATURES), nn.ReLU(), nn.Conv2d(FEATURES, FEATURES, 1))
            for _ in range(2)
        )  # fmt: skip
        self.embed = nn.Sequential(nn.BatchNorm2d(FEATURES), nn.ReLU(), nn.Conv2d(FEATURES, EMBEDDING, 1))

    def cells(self, small: Tensor) -> Tensor:
        """(n, 192, 4, 4): the features of each cell of pictures already shrunk to 56 × 56."""
        states = self.patch(small)
        for block in self.read:
            states = states + block(states)
        return states

    def pooled(self, cells: Tensor) -> Tensor:
        return self.embed(cells).sum((2, 3))

    def forward(self, pixel_values: Tensor) -> Tensor:
        return self.pooled(self.cells(F.avg_pool2d(pixel_values, SHRINK)))


class TextModel(nn.Module):
    """`input_ids`, `attention_mask` (n, length) to `text_embeds` (n, 96): what each stretch of words says, summed."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.words = nn.Embedding(words, 48)
        self.near = nn.Conv1d(48, 128, 7, padding=3)
        self.wide = nn.Linear(128, 128)
        self.embed = nn.Linear(128, EMBEDDING)
        self.start = nn.Parameter(torch.zeros(EMBEDDING))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        there = attention_mask.unsqueeze(1).to(torch.float32)
        states = self.near(self.words(input_ids).transpose(1, 2) * there).relu()
        states = self.embed(self.wide(states.transpose(1, 2)).relu())
        return states.mul(there.transpose(1, 2)).sum(1) + self.start


def build_tokenizer(texts: list[str]) -> Tokenizer:
    """Lower case, split as Hugging Face's `Whitespace` does, one token for each word or run of signs."""
    tokenizer = Tokenizer(models.WordLevel({"[PAD]": 0, "[UNK]": 1}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    words = {word for text in texts for word, _ in pre_tokenizers.Whitespace().pre_tokenize_str(text.lower())}
    tokenizer.model = models.WordLevel({word: number for number, word in enumerate(["[PAD]", "[UNK]", *sorted(words)])}, unk_token="[UNK]")
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    return tokenizer


def tokenize(tokenizer: Tokenizer, texts: list[str]) -> tuple[Tensor, Tensor]:
    encoded = tokenizer.encode_batch(texts)
    return torch.tensor([each.ids for each in encoded]), torch.tensor([each.attention_mask for each in encoded])


def similarity(image_embeds: Tensor, text_embeds: Tensor) -> Tensor:
    """Cosine of each picture (rows) with each text (columns)."""
    return F.normalize(image_embeds, dim=-1) @ F.normalize(text_embeds, dim=-1).T


def write_onnx(vision: VisionModel, text: TextModel, tokenizer: Tokenizer, folder: Path) -> None:
    """The layout of a Hugging Face CLIP export: two models, the tokenizer, and what to do with a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"opset_version": 17, "dynamo": False}
    torch.onnx.export(
        vision.eval(), (torch.zeros(2, 3, SIDE, SIDE),), folder / "vision_model.onnx", input_names=["pixel_values"], output_names=["image_embeds"],
        dynamic_axes={"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}}, **settings,
    )  # fmt: skip
    mask = torch.ones(2, 12, dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        text.eval(), (mask, mask), folder / "text_model.onnx", input_names=["input_ids", "attention_mask"], output_names=["text_embeds"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "text_embeds": {0: "batch"}}, **settings,
    )  # fmt: skip
    tokenizer.save(str(folder / "tokenizer.json"))
    processor = {
        "do_resize": True,
        "size": {"height": SIDE, "width": SIDE},
        "resample": 3,
        "do_center_crop": False,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "do_convert_rgb": True,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=2) + "\n")
