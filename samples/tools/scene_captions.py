"""Right and wrong descriptions of a scene of cards, for the image-text model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cards import COLOURS, Card
from questions import Cards, box_text, describe

WORDS = (
    "a an and at card cards bearing digit digits image in is of on picture shows the there are this two three four with number "
    "left right top bottom corner centre center above below next to one side , . ; : [ ] ]; ]. ], ( )"
)


def caption(cards: Cards, rng: np.random.Generator) -> str:
    """A description in one of the ways people write it; mostly the way of the sample's responses."""
    way = rng.random()
    if way < 0.6:
        return describe(cards)
    cards = tuple(cards[index] for index in rng.permutation(len(cards))) if way < 0.8 else cards
    if way < 0.7:
        return describe(cards)
    if way < 0.8:
        return ", ".join(card.name for card in cards) + "."
    if way < 0.9:
        return "The image shows " + " and ".join(f"a {card.name}" for card in cards) + "."
    return ". ".join(f"A {card.colour} card bearing {card.digit} at {box_text(card.box)}" for card in cards) + "."


def wrong_caption(cards: Cards, rng: np.random.Generator) -> str:
    """A description with one thing wrong: a digit, a colour, two digits swapped, a card missing, added or said twice, or mere words."""
    cards = tuple(cards)
    at = int(rng.integers(len(cards)))
    card = cards[at]
    kind = str(rng.choice(["digit", "colour", "swap", "missing", "added", "twice", "words"], p=[0.4, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05]))
    if kind == "words":
        words = caption(cards, rng).split()
        return " ".join(words[index] for index in rng.permutation(len(words))[: int(rng.integers(len(words)))])
    other = cards[(at + 1) % len(cards)]
    spare = [colour for colour in COLOURS if colour not in {each.colour for each in cards}]
    if kind == "swap" and card.digit != other.digit:
        swapped = {card: replace(card, digit=other.digit), other: replace(other, digit=card.digit)}
        return caption(tuple(swapped.get(each, each) for each in cards), rng)
    if kind == "colour" and spare:
        return caption(_with(cards, at, replace(card, colour=str(rng.choice(spare)))), rng)
    if kind == "missing":
        return caption(cards[:at] + cards[at + 1 :], rng)
    if kind == "added" and spare:
        return caption((*cards, replace(card, colour=str(rng.choice(spare)), digit=int(rng.integers(10)))), rng)
    if kind == "twice":
        return caption((*cards, card), rng)
    return caption(_with(cards, at, replace(card, digit=(card.digit + int(rng.integers(1, 10))) % 10)), rng)


def _with(cards: Cards, at: int, card: Card) -> Cards:
    return (*cards[:at], card, *cards[at + 1 :])
