"""Questions about a scene of cards, and the right response to each in the paper's response grammar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from cards import CARD_HEIGHT, CARD_WIDTH, SIZE, STEP, Card, Scene

Solution = tuple[str, str]  # the step, the answer
Cards = tuple[Card, ...]

# The digits that a hasty reader takes for each other.
LOOK_ALIKE = {0: 6, 6: 0, 1: 7, 7: 1, 2: 5, 5: 2, 3: 8, 8: 3, 4: 9, 9: 4}


@dataclass(frozen=True)
class Question:
    """A question; `solve` works on any cards of these colours, so a wrong reading gives the answer that follows from it."""

    text: str
    rationale: str
    solve: Callable[[Cards], Solution | None]


def box_text(box: tuple[int, int, int, int]) -> str:
    return "[" + ", ".join(str(edge) for edge in box) + "]"


def describe(cards: Cards) -> str:
    """The description that the rewards read: `red 7 at [16, 8, 56, 56]; blue 3 at [120, 64, 160, 112].`"""
    return "; ".join(f"{card.name} at {box_text(card.box)}" for card in cards) + "."


def respond(cards: Cards, question: Question) -> str | None:
    """The whole response, description first; None when the cards do not answer the question."""
    solution = question.solve(cards)
    if solution is None:
        return None
    step, answer = solution
    return (
        f"### Image Description:\n{describe(cards)}\n### Rationales:\n{question.rationale}\n"
        f"### Let's think step by step.\n### Step 1:\n{step}\n### The final answer is: {answer}"
    )


def misread(cards: Cards, rng: np.random.Generator, digit_error: float, box_error: float) -> Cards:
    """The cards as a hasty reader sees them: sometimes the digit is its look-alike, sometimes the box is 8 px off."""
    seen = []
    for card in cards:
        if rng.random() < digit_error:
            card = replace(card, digit=LOOK_ALIKE[card.digit])
        if rng.random() < box_error:
            dx, dy = ((-STEP, 0), (STEP, 0), (0, -STEP), (0, STEP))[int(rng.integers(4))]
            left = min(max(card.box[0] + dx, 0), SIZE - CARD_WIDTH)
            top = min(max(card.box[1] + dy, 0), SIZE - CARD_HEIGHT)
            card = replace(card, box=(left, top, left + CARD_WIDTH, top + CARD_HEIGHT))
        seen.append(card)
    return tuple(seen)


def ask_perception(scene: Scene, rng: np.random.Generator, kinds: tuple[str, ...] = ("where", "digit", "colour", "names")) -> Question:
    """Where is a card, which digit is on it, which colour bears a digit, or what are all the cards? One of `kinds`."""
    card = scene.cards[int(rng.integers(len(scene.cards)))]
    digits = [other.digit for other in scene.cards]
    kind = str(rng.choice(kinds))
    if kind == "colour" and digits.count(card.digit) == 1:
        return Question(
            f"What colour is the card with the {card.digit}?",
            f"Find the {card.digit}.",
            lambda cards: _only([(each.name, each.colour) for each in cards if each.digit == card.digit]),
        )
    if kind == "where":
        return Question(
            f"Where is the {card.colour} card?",
            f"Find the {card.colour} card.",
            lambda cards: _only([(each.name, box_text(each.box)) for each in cards if each.colour == card.colour]),
        )
    if kind == "names":
        return Question(
            "Which cards are in the image?",
            "Name the cards.",
            lambda cards: (f"{len(cards)} cards", ", ".join(each.name for each in cards)),
        )
    return Question(
        f"Which digit is on the {card.colour} card?",
        f"Find the {card.colour} card.",
        lambda cards: _only([(each.name, str(each.digit)) for each in cards if each.colour == card.colour]),
    )


def ask_reasoning(
    scene: Scene, rng: np.random.Generator, kinds: tuple[str, ...] = ("sum", "difference", "extreme", "count", "position")
) -> Question:
    """A sum, a difference, the largest or smallest digit, a count, or the digit at a position; one of `kinds`."""
    kind = str(rng.choice(kinds))
    first, second = (scene.cards[int(index)].colour for index in rng.choice(len(scene.cards), 2, replace=False))
    if kind == "sum":
        return Question(f"What is the sum of the {first} and {second} digits?", "Add the two digits.", _pair(first, second, "+"))
    if kind == "difference":
        return Question(
            f"What is the difference of the {first} and {second} digits?", "Take the smaller from the larger.", _pair(first, second, "-")
        )
    if kind == "extreme":
        word, choose = (("largest", max), ("smallest", min))[int(rng.integers(2))]
        return Question(f"What is the {word} digit?", f"Find the {word} digit.", lambda cards: _listed(cards, choose))
    if kind == "count":
        word, remainder = (("even", 0), ("odd", 1))[int(rng.integers(2))]
        return Question(
            f"How many digits are {word}?",
            f"Count the {word} digits.",
            lambda cards: _counted([each for each in cards if each.digit % 2 == remainder]),
        )
    sides = [("left-most", 0, min), ("right-most", 2, max), ("top-most", 1, min), ("bottom-most", 3, max)]
    word, edge, choose = sides[int(rng.integers(4))]
    return Question(f"Which digit is on the {word} card?", f"Find the {word} card.", lambda cards: _outermost(cards, edge, choose))


def _only(found: list[Solution]) -> Solution | None:
    return found[0] if len(found) == 1 else None


def _pair(first: str, second: str, sign: str) -> Callable[[Cards], Solution | None]:
    def solve(cards: Cards) -> Solution | None:
        digit = {card.colour: card.digit for card in cards}
        if first not in digit or second not in digit:
            return None
        a, b = digit[first], digit[second]
        if sign == "+":
            return f"{a} + {b} = {a + b}", str(a + b)
        return f"{max(a, b)} - {min(a, b)} = {abs(a - b)}", str(abs(a - b))

    return solve


def _listed(cards: Cards, choose: Callable[[list[int]], int]) -> Solution:
    values = [card.digit for card in cards]
    return " ".join(str(value) for value in values), str(choose(values))


def _counted(cards: list[Card]) -> Solution:
    return " ".join(str(card.digit) for card in cards) or "none", str(len(cards))


def _outermost(cards: Cards, edge: int, choose: Callable[[list[int]], int]) -> Solution | None:
    outer = choose([card.box[edge] for card in cards])
    return _only([(card.name, str(card.digit)) for card in cards if card.box[edge] == outer])
