"""Held-out evaluation: what is counted, how sure it is, and for which kind of question."""

import random

import pytest
from conftest import TinyProject, lines
from pebr_trainer.estimates import summarize, wilson
from pebr_trainer.question import question_type
from pebr_trainer.sample_metrics import sample_metrics
from pebr_trainer.scoring import Scored


def scored(accuracy: float | None, answer: str | None = None) -> Scored:
    evidence = [{"component": "accuracy", "kind": "answer", "text": answer}] if answer is not None else []
    return Scored(accuracy, {"accuracy": accuracy, "iou": None}, evidence, None if accuracy is not None else {"message": "failed"}, "hash")


def test_majority_and_pass_at_k() -> None:
    right, wrong, other = scored(1.0, "7"), scored(0.0, "4"), scored(0.0, "5")
    metrics, majority = sample_metrics(["", "", "", ""], *[[right, wrong, right, other]] * 2, "accuracy")
    assert metrics == {"accuracy": 0.5, "reward": 0.5, "reward/accuracy": 0.5, "pass@4": 1.0, "majority@4": 1.0} and majority == "7"
    metrics, majority = sample_metrics(["", "", "", ""], *[[right, wrong, wrong, right]] * 2, "accuracy")
    assert metrics["majority@4"] == 0.5  # two answers share the majority
    metrics, _ = sample_metrics(["### The final answer is:  No\n", "### The final answer is: no"], *[[scored(0.0), scored(0.0)]] * 2, "accuracy")
    assert (metrics["pass@2"], metrics["majority@2"]) == (0.0, 0.0)
    # An error is not a wrong answer: where one response could not be graded, no majority is told.
    metrics, majority = sample_metrics(["", ""], *[[right, scored(None)]] * 2, "accuracy")
    assert metrics["accuracy"] == 1.0 and "majority@2" not in metrics and majority is None
    assert "majority@1" not in sample_metrics([""], [right], [right], "accuracy")[0]


def test_wilsons_interval_covers_the_truth_in_about_95_of_100() -> None:
    luck = random.Random(1)
    for truth in (0.05, 0.5, 0.9):
        hits = 0
        for _ in range(1000):
            low, high = wilson(sum(luck.random() < truth for _ in range(60)), 60)
            hits += low <= truth <= high
        assert 920 <= hits <= 985
    assert wilson(10, 10)[1] == 1 and wilson(10, 10)[0] < 0.8  # a bootstrap would say that it is certain


def test_intervals_are_seeded_and_hold_the_mean() -> None:
    samples = [{"reward": i / 9, "accuracy": float(i > 4)} for i in range(10)]
    first = summarize(samples, 3)
    assert first == summarize(samples, 3) and first["reward"]["low"] < first["reward"]["mean"] < first["reward"]["high"]
    assert first["accuracy"] == {"mean": 0.5, "low": pytest.approx(wilson(5, 10)[0], abs=1e-6), "high": pytest.approx(wilson(5, 10)[1], abs=1e-6)}


@pytest.mark.parametrize(
    ("answer", "kind"), [("7", "number"), ("-1,200.5 %", "number"), ("B.", "choice"), ("Yes", "yes-no"), ("[1, 2, 3, 4]", "boxes"), ("a cat", "text"), ("", "empty"), (None, "empty")]
)  # fmt: skip
def test_questions_are_told_apart_by_their_answers(answer: str | None, kind: str) -> None:
    assert question_type(answer) == kind


def test_evaluation_is_told_for_each_sample_and_each_kind_of_question(tiny: TinyProject) -> None:
    file = tiny.folder / "data" / "reasoning.jsonl"
    rows = lines(file)
    import json

    file.write_text("".join(json.dumps({**row, "answer": "red" if i % 2 else "1", "source": "drawn"}) + "\n" for i, row in enumerate(rows)))
    tiny.edit(lambda config: config["pipeline"]["evaluate"].update(samples=8))
    done = tiny.train("one", "--stages", "warm-up,evaluation")
    assert done.returncode == 0, done.output
    event = next(e for e in tiny.events("one", "evaluation") if e["dataset"] == "reasoning" and e["mode"] == "sampled")
    found = [line for line in lines(tiny.run("one") / "evaluation" / "warm-up.jsonl") if line["dataset"] == "reasoning" and line["mode"] == "sampled"]
    assert len(found) == event["n"] == 8 and {line["source"] for line in found} == {"drawn"}
    assert event["metrics"]["accuracy"]["mean"] == pytest.approx(sum(line["metrics"]["accuracy"] for line in found) / 8)
    assert {"pass@2", "majority@2"} <= set(event["metrics"])
    assert [(g["by"], g["value"], g["n"]) for g in event["groups"]] == [("type", "number", 4), ("type", "text", 4)]
    for group in event["groups"]:
        own = [line["metrics"]["accuracy"] for line in found if line["type"] == group["value"]]
        assert group["metrics"]["accuracy"]["mean"] == pytest.approx(sum(own) / 4)
