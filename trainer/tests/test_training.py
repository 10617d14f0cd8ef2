"""The whole pipeline on a tiny real model."""

import re
from itertools import groupby

from conftest import TinyProject


def test_pipeline_trains_and_records_everything(tiny: TinyProject) -> None:
    done = tiny.train("one")
    assert done.returncode == 0, done.output
    assert [e["stage"] for e in tiny.events("one", "stage-finished")] == ["warm-up", "sampling", "perception", "reasoning", "evaluation"]
    assert tiny.events("one")[-1]["status"] == "completed"
    for stage in ("perception", "reasoning"):
        steps = [e for e in tiny.events("one", "step") if e["stage"] == stage]
        assert [e["step"] for e in steps] == [1, 2, 3, 4]
        assert any(e["metrics"]["grad_norm"] > 0 for e in steps)
        rollouts = tiny.rollouts("one", stage)
        groups = [list(group) for _, group in groupby(rollouts, key=lambda r: r["group"])]
        assert [len(group) for group in groups] == [4] * 8
        assert any(len({r["overall"] for r in group}) > 1 for group in groups)
        assert any(r["advantage"] != 0 for r in rollouts)
    evaluated = {(e["stage"], e["dataset"], e["mode"]) for e in tiny.events("one", "evaluation")}
    assert len(evaluated) == 3 * 2 * 2
    for event in tiny.events("one", "evaluation"):
        reward = event["metrics"]["reward"]
        assert 0 <= reward["low"] <= reward["mean"] <= reward["high"]
    said = done.output.splitlines()
    for pattern in (
        r"perception 1/4: reward \d\.\d{3}, loss -?\d\.\d{4}, zero-std \d+%, KL \d\.\d{4}, \d+ tokens, \d+\.\d s", r"warm-up \d+/\d+: loss \d+\.\d{4}, \d+\.\d s",
        r"sampling \d+/\d+", r"\w+: \d+ easy, \d+ medium, \d+ hard", r"perception: kept checkpoints/perception/checkpoint-\d+", r"after reasoning, \w+, greedy: .*reward \d\.\d{3}.*",
    ):  # fmt: skip
        assert any(re.fullmatch(pattern, line) for line in said), f"{pattern} in\n{done.output}"
    assert "gradient_checkpointing` is deprecated" not in done.output
