"""What the responses to one held-out sample come to: pass@1, pass@K, majority@K, the reward and its components."""

import re
from collections.abc import Sequence
from statistics import fmean

from .scoring import Scored

FINAL = re.compile(r"### ?The final answer is:\s*([^\n]*)", re.IGNORECASE)


def sample_metrics(responses: Sequence[str], own: Sequence[Scored], graded: Sequence[Scored], component: str) -> tuple[dict[str, float], str | None]:
    """The sample's metrics, and the answer of the majority. A failed reward is left out of the means, never counted as zero.

    `accuracy` is the mean of `component`, which is pass@1; of several responses, `pass@K` is whether one is right and `majority@K` whether the
    most frequent answer is (answers that are equally frequent share it).
    """
    accuracies = [scored.components.get(component) for scored in graded]
    columns: dict[str, Sequence[float | None]] = {"accuracy": accuracies, "reward": [s.overall for s in own]}
    for name in dict.fromkeys(name for s in own for name in s.components):
        columns[f"reward/{name}"] = [s.components.get(name) for s in own]
    if "reward/iou" in columns:
        columns["iou"] = columns["reward/iou"]
    known = {name: [v for v in values if v is not None] for name, values in columns.items()}
    metrics = {name: fmean(values) for name, values in known.items() if values}
    if len(responses) == 1 or None in accuracies:
        return metrics, None
    votes: dict[str, list[float]] = {}
    for text, scored, right in zip(responses, graded, known["accuracy"], strict=True):
        votes.setdefault(answer_of(text, scored), []).append(float(right >= 1))
    most = max(len(each) for each in votes.values())
    winners = {answer: each for answer, each in votes.items() if len(each) == most}
    count = len(responses)
    metrics |= {f"pass@{count}": float(max(known["accuracy"]) >= 1), f"majority@{count}": fmean(fmean(each) for each in winners.values())}
    return metrics, next(iter(winners))


def answer_of(response: str, scored: Scored) -> str:
    """The answer that the reward graded, else what follows the last marker of the grammar; spaces and capitals do not tell answers apart."""
    spans = [e.get("text") for e in scored.evidence if isinstance(e, dict) and e.get("kind") == "answer" and isinstance(e.get("text"), str)]
    found = spans or FINAL.findall(response)
    return " ".join((found[-1] if found else "").split()).casefold()
