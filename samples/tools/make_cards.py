"""Make the sample project's data: pictures, two datasets with held-out parts, and warm-up responses.

`python make_cards.py [folder]` writes `samples/cards/data` and does nothing when that is up to date or was edited.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from cards import Scene, draw_scene, paint
from questions import Question, ask_perception, ask_reasoning, misread, respond

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "cards"
SEED = 7
TRAIN_PICTURES, HELD_OUT_PICTURES, WARM_UP_PICTURES = 1000, 200, 400
TRAIN_ROWS, WARM_UP_ROWS = 1200, 1200
# Warm-up responses are a teacher's, and teachers err: this share of the digits and of the boxes is wrong.
DIGIT_ERROR, BOX_ERROR = 0.05, 0.06
# More of the short questions than of the long ones: they fill the easy class, which the perception stage learns from.
PERCEPTION_KINDS = ("digit",) * 3 + ("colour",) * 3 + ("where", "names")
# More arithmetic than looking: there the base policy is least sure of itself.
REASONING_KINDS = ("sum",) * 2 + ("difference",) * 3 + ("extreme", "count", "position")

STAMP = ".stamp"
Outcome = Literal["made", "up to date", "kept"]
Ask = Callable[[Scene, np.random.Generator], Question]
Pictures = list[tuple[str, Scene]]


def make(folder: Path) -> Outcome:
    """Write the data as a whole or not at all. Rows that somebody has edited are kept, even when this script has changed since."""
    sources = [HERE / name for name in ("cards.py", "questions.py", "make_cards.py")] + [PROJECT / "prompt.jinja"]
    version = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if folder.exists() and any(folder.iterdir()):
        made = _stamp(folder)
        if made.get("version") == version:
            return "up to date"
        if made.get("files") != _rows_of(folder):
            return "kept"
    making = folder.with_name(folder.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    (making / "images").mkdir(parents=True)
    rng = np.random.default_rng(SEED)
    train = _pictures(making, "train", TRAIN_PICTURES, "train", rng)
    held_out = _pictures(making, "heldout", HELD_OUT_PICTURES, "heldout", rng)
    warm_up = _pictures(making, "warmup", WARM_UP_PICTURES, "train", rng)
    _write(making / "perception.jsonl", [_row("p", n, train, _perception, rng) for n in range(TRAIN_ROWS)])
    _write(making / "perception.heldout.jsonl", [_row("ph", n, held_out, _perception, rng) for n in range(len(held_out))])
    _write(making / "reasoning.jsonl", [_row("r", n, train, _reasoning, rng) for n in range(TRAIN_ROWS)])
    _write(making / "reasoning.heldout.jsonl", [_row("rh", n, held_out, _reasoning, rng) for n in range(len(held_out))])
    _write(making / "warmup.jsonl", [_warm_up_row(n, warm_up, rng) for n in range(WARM_UP_ROWS)])
    (making / STAMP).write_text(json.dumps({"version": version, "files": _rows_of(making)}))
    if folder.exists():
        shutil.rmtree(folder)
    making.rename(folder)
    return "made"


def _stamp(folder: Path) -> dict:
    """What this script wrote about the data; empty when it did not make them."""
    try:
        stamp = json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _rows_of(folder: Path) -> dict[str, str]:
    """The hash of each file of rows, reviews (`*.curation.jsonl`) included: they tell whether anybody has edited anything."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("*.jsonl"))}


def prompt(problem: str) -> str:
    """The user's turn: `prompt.jinja` with the problem in its one place."""
    return (PROJECT / "prompt.jinja").read_text(encoding="utf-8").replace("{{ content | trim }}", problem.strip()).strip()


def _perception(scene: Scene, rng: np.random.Generator) -> Question:
    return ask_perception(scene, rng, PERCEPTION_KINDS)


def _reasoning(scene: Scene, rng: np.random.Generator) -> Question:
    return ask_reasoning(scene, rng, REASONING_KINDS)


def _pictures(folder: Path, name: str, count: int, split: str, rng: np.random.Generator) -> Pictures:
    pictures = []
    for number in range(count):
        scene = draw_scene(rng, split)
        path = f"images/{name}-{number:04d}.png"
        Image.fromarray(paint(scene)).save(folder / path)
        pictures.append((path, scene))
    return pictures


def _answerable(scene: Scene, ask: Ask, rng: np.random.Generator) -> tuple[Question, str]:
    while True:
        question = ask(scene, rng)
        solution = question.solve(scene.cards)
        if solution is not None:
            return question, solution[1]


def _row(prefix: str, number: int, pictures: Pictures, ask: Ask, rng: np.random.Generator) -> dict:
    path, scene = pictures[number % len(pictures)]
    question, answer = _answerable(scene, ask, rng)
    return {
        "qid": f"{prefix}-{number:04d}",
        "problem": f"<image>{question.text}",
        "answer": answer,
        "images": [path],
        "key_words": [card.name for card in scene.cards],
        "boxes": [{"label": card.name, "bbox": list(card.box)} for card in scene.cards],
    }


def _warm_up_row(number: int, pictures: Pictures, rng: np.random.Generator) -> dict:
    path, scene = pictures[number % len(pictures)]
    question, _ = _answerable(scene, (_perception, _reasoning)[number % 2], rng)
    response = respond(misread(scene.cards, rng, DIGIT_ERROR, BOX_ERROR), question) or respond(scene.cards, question)
    return {
        "qid": f"w-{number:04d}",
        "messages": [
            {"role": "user", "content": prompt(f"<image>{question.text}")},
            {"role": "assistant", "content": response},
        ],
        "images": [path],
    }


def _write(path: Path, rows: list[dict]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "data"
    outcome = make(target)
    print(f"{target}: {outcome}" + (", because its rows were edited; delete the folder to make it anew" if outcome == "kept" else ""))
