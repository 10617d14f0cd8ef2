"""Scenes of coloured cards that bear real handwritten digits: what they are and how they are drawn.

The digits are scikit-learn's copy of the UCI optical digits (CC BY 4.0). Every instance belongs either to the
training pictures or to the held-out ones, never to both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

COLOURS = {"red": (198, 62, 56), "blue": (58, 104, 184), "green": (62, 142, 88), "yellow": (224, 172, 44)}
BACKGROUNDS = ((94, 104, 112), (112, 102, 94), (86, 108, 104), (104, 98, 114), (120, 118, 108))
SIZE, GRID, CELL = 224, 4, 56
CARD_WIDTH, CARD_HEIGHT, STEP = 40, 48, 8
MARGIN = 4  # room for the shadow around a card's sprite


@dataclass(frozen=True)
class Card:
    """One card: its colour, the digit on it, which handwritten instance, and its box in pixels (x2, y2 exclusive).

    `wobble` 1, 2, … turns and stretches the digit a little, each number its own way (for training models); 0 is as written.
    """

    colour: str
    digit: int
    instance: int
    box: tuple[int, int, int, int]
    wobble: int = 0

    @property
    def name(self) -> str:
        return f"{self.colour} {self.digit}"


@dataclass(frozen=True)
class Scene:
    """Cards in reading order (row of the grid, then column) on one of the backgrounds."""

    cards: tuple[Card, ...]
    background: int


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """The handwritten digits: (1797, 8, 8) ink in 0..1 and (1797,) labels."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return (data.images / 16.0).astype(np.float32), data.target


@cache
def instances(split: str) -> tuple[np.ndarray, ...]:
    """Instance numbers of each digit 0..9 for "train" (80 %) or "heldout" (20 %); the split never changes."""
    labels = digits()[1]
    order = np.random.default_rng(20210).permutation(len(labels))
    held_out = np.zeros(len(labels), dtype=bool)
    held_out[order[: len(labels) // 5]] = True
    chosen = held_out if split == "heldout" else ~held_out
    return tuple(np.flatnonzero(chosen & (labels == digit)) for digit in range(10))


def draw_scene(rng: np.random.Generator, split: str) -> Scene:
    """A random scene: 2 to 4 cards of different colours in different cells, each shifted inside its cell by 8 px steps."""
    count = int(rng.integers(2, 5))
    cells = sorted(int(cell) for cell in rng.choice(GRID * GRID, count, replace=False))
    colours = rng.permutation(list(COLOURS))[:count]
    cards = []
    for cell, colour in zip(cells, colours):
        digit = int(rng.integers(10))
        left = CELL * (cell % GRID) + STEP * int(rng.integers((CELL - CARD_WIDTH) // STEP + 1))
        top = CELL * (cell // GRID) + STEP * int(rng.integers((CELL - CARD_HEIGHT) // STEP + 1))
        instance = int(rng.choice(instances(split)[digit]))
        cards.append(Card(str(colour), digit, instance, (left, top, left + CARD_WIDTH, top + CARD_HEIGHT)))
    return Scene(tuple(cards), int(rng.integers(len(BACKGROUNDS))))


def paint(scene: Scene) -> np.ndarray:
    """The picture of a scene: (224, 224, 3) RGB bytes."""
    canvas = np.pad(_backdrop(scene.background), ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)), mode="edge")
    for card in scene.cards:
        left, top, right, bottom = card.box
        place = canvas[top : bottom + 2 * MARGIN, left : right + 2 * MARGIN]
        paper, cover = _sprite(card.colour, card.instance, card.wobble)
        place[:] = place + (paper.astype(np.float32) - place) * cover + 0.5
    return canvas[MARGIN:-MARGIN, MARGIN:-MARGIN]


@cache
def _backdrop(number: int) -> np.ndarray:
    """A table top: the muted colour, a little lighter at the top left."""
    ramp = np.linspace(10, -10, SIZE)[:, None] + np.linspace(6, -6, SIZE)[None, :]
    return np.clip(np.array(BACKGROUNDS[number]) + np.round(ramp / 4)[..., None] * 4, 0, 255).astype(np.uint8)


@cache
def _blank(colour: str) -> tuple[np.ndarray, np.ndarray]:
    """A card without its digit: RGB bytes and cover (0..1) with the shadow around it."""
    width, height, scale = CARD_WIDTH + 2 * MARGIN, CARD_HEIGHT + 2 * MARGIN, 4
    edge = (MARGIN * scale, MARGIN * scale, (width - MARGIN) * scale - 1, (height - MARGIN) * scale - 1)
    shape = Image.new("L", (width * scale, height * scale))
    ImageDraw.Draw(shape).rounded_rectangle(edge, 5 * scale, 255)
    paper = Image.new("RGB", shape.size, (246, 242, 232))
    inset = (edge[0] + 3 * scale, edge[1] + 3 * scale, edge[2] - 3 * scale, edge[3] - 3 * scale)
    ImageDraw.Draw(paper).rounded_rectangle(inset, 3 * scale, COLOURS[colour])
    body = np.asarray(shape.resize((width, height), Image.Resampling.BOX), dtype=np.float32)[..., None] / 255
    shadow = shape.resize((width, height), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1.6))
    dark = 0.45 * np.roll(np.asarray(shadow, dtype=np.float32), 1, axis=0)[..., None] / 255
    face = np.asarray(paper.resize((width, height), Image.Resampling.BOX), dtype=np.float32)
    cover = body + dark * (1 - body)
    return face * body / np.maximum(cover, 1e-6), cover


@cache
def _sprite(colour: str, instance: int, wobble: int) -> tuple[np.ndarray, np.ndarray]:
    """A card with one handwritten digit in white ink."""
    paper, cover = _blank(colour)
    ink = Image.fromarray(digits()[0][instance]).resize((32, 32), Image.Resampling.BICUBIC)
    if wobble:
        ink = _wobbled(ink, np.random.default_rng((instance, wobble)))
    stroke = np.clip((np.asarray(ink) - 0.22) / 0.5, 0, 1)
    stroke = (stroke * stroke * (3 - 2 * stroke))[..., None]
    left, top = (paper.shape[1] - 32) // 2, (paper.shape[0] - 32) // 2
    face = paper.copy()
    place = face[top : top + 32, left : left + 32]
    place[:] = place + (np.array([252, 250, 244]) - place) * stroke
    return np.round(face).astype(np.uint8), cover


def _wobbled(ink: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The digit turned by up to 10 degrees, sheared and stretched by up to 12 %, and shifted by up to 2 px."""
    angle, shear = rng.uniform(-0.17, 0.17), rng.uniform(-0.12, 0.12)
    wide, high = rng.uniform(0.88, 1.12, 2)
    a, b, d, e = wide * np.cos(angle), wide * (shear - np.sin(angle)), high * np.sin(angle), high * np.cos(angle)
    dx, dy = 16 + rng.uniform(-2, 2, 2)
    matrix = (a, b, dx - 16 * (a + b), d, e, dy - 16 * (d + e))
    return ink.transform(ink.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
