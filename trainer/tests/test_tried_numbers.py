"""Numbers of a reward file that a run has otherwise than the file."""

from pathlib import Path

import pytest

from pebr_trainer.config import StageConfig
from pebr_trainer.errors import RunError
from pebr_trainer.order import ordered
from pebr_trainer.project import project_from_json, project_to_json
from pebr_trainer.tried_numbers import text_with_numbers

RAW = {"name": "x", "datasets": [{"id": "p", "stage": "perception", "path": "p"}, {"id": "r", "stage": "reasoning", "path": "r"}],
       "pipeline": {"stages": [{"name": "p", "dataset": "p", "reward": "a", "steps": 3}, {"name": "r", "dataset": "r", "reward": "b", "steps": 5}]}}  # fmt: skip


def test_writes_values_where_the_worker_found_them(tmp_path: Path) -> None:
    file = tmp_path / "a.reward.ts"
    text = "// \U0001f600 two units of UTF-16\nweights: { clip: 0.2, iou: 0.3 }\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    at = {name: len(text[: text.index(value)].encode("utf-16-le")) // 2 for name, value in (("weights.clip", "0.2"), ("weights.iou", "0.3"))}
    numbers = [{"name": name, "value": 0.2, "start": start, "end": start + 3} for name, start in at.items()]
    assert text_with_numbers(file, numbers, {"weights.clip": 0.0, "weights.iou": 0.375}) == text.replace("0.2", "0.0").replace("0.3", "0.375")
    with pytest.raises(RunError, match=r"has no number weights\.no"):
        text_with_numbers(file, numbers, {"weights.no": 1.0})


def test_reward_numbers_are_read_checked_and_written_back(tmp_path: Path) -> None:
    project = project_from_json({**RAW, "rewardNumbers": {"a.reward.ts": {"weights.clip": 0}}}, tmp_path)
    assert project_to_json(project)["rewardNumbers"] == {"a.reward.ts": {"weights.clip": 0.0}}
    with pytest.raises(RunError, match=r"rewardNumbers\.a\.weights is \"no\""):
        project_from_json({**RAW, "rewardNumbers": {"a": {"weights": "no"}}}, tmp_path)


def test_swapped_stages_have_the_same_steps(tmp_path: Path) -> None:
    stages: tuple[StageConfig, ...] = ordered(project_from_json(RAW, tmp_path), "swapped").pipeline.stages
    assert [(stage.name, stage.steps) for stage in stages] == [("r", 5), ("p", 3)]
