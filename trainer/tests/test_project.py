"""pebr.json: comments are read, mistakes are named with their place and remedy, overrides reach every place."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import environment
from pebr_trainer.errors import RunError
from pebr_trainer.evaluate import own_reward
from pebr_trainer.order import ordered, scaled
from pebr_trainer.project import load_project, project_from_json, project_to_json

STAGE = {"name": "reasoning", "dataset": "cards", "reward": "r.ts"}
PLAIN: dict[str, Any] = {"name": "x", "datasets": [{"id": "cards", "stage": "reasoning", "path": "d.jsonl"}], "pipeline": {"stages": [STAGE]}}


def written(folder: Path, text: str) -> Path:
    (folder / "pebr.json").write_text(text)
    return folder


def test_comments_and_defaults(tmp_path: Path) -> None:
    text = json.dumps(PLAIN, indent=1).replace('"name": "x"', '// the name\n "name": "x", /* "no": 1, */ "prompt": "a//b.jinja"').replace("}\n  ]", "},\n  ]")
    project = load_project(written(tmp_path, text))
    assert project.prompt == "a//b.jinja"
    assert project.pipeline.stages[0].learning_rate == 1e-6
    assert project_from_json(project_to_json(project), tmp_path) == project


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pipeline": {"stages": [{**STAGE, "step": 3}]}}, "pipeline.stages[0].step is not known, did you mean steps?"),
        ({"pipeline": {"stages": [{**STAGE, "steps": "3"}]}}, 'pipeline.stages[0].steps is "3"; it must be a whole number'),
        ({"pipeline": {"stages": [{**STAGE, "dataset": "other"}]}}, "pipeline.stages[0].dataset is 'other'; known are cards"),
        ({"pipeline": {"stages": [{"name": "a", "dataset": "cards"}]}}, "pipeline.stages[0].reward is missing"),
        ({"policy": {"dtype": "half"}}, "write one of auto, float32, bfloat16, float16"),
        ({"policy": {"microBatch": 3}}, "policy.microBatch is 3, which does not divide the 128 responses"),
        ({"datasets": [{**PLAIN["datasets"][0], "columns": {"question": "q"}}]}, "datasets[0].columns.question is not known"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(RunError) as caught:
        load_project(written(tmp_path, json.dumps({**PLAIN, **change})))
    assert said in caught.value.message


def test_broken_json_says_its_line(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        load_project(written(tmp_path, '{\n "name": "x",\n "datasets": [}\n'))
    assert caught.value.place == "pebr.json:3:15"


def test_overrides(tmp_path: Path) -> None:
    project = load_project(written(tmp_path, json.dumps(PLAIN)), ("pipeline.stages.reasoning.steps=5", "policy.base=org/model", "pipeline.stages.0.beta=0"))
    assert (project.pipeline.stages[0].steps, project.policy.base, project.pipeline.stages[0].beta) == (5, "org/model", 0.0)
    with pytest.raises(RunError):
        load_project(tmp_path, ("pipeline.stages.nowhere.steps=5",))


def test_orders_have_the_same_total_of_steps(tmp_path: Path) -> None:
    datasets = [{"id": kind, "stage": kind, "path": "d.jsonl"} for kind in ("perception", "reasoning")]
    stages = [{"name": kind, "dataset": kind, "reward": f"{kind}.ts", "steps": 30} for kind in ("perception", "reasoning")]
    project = load_project(written(tmp_path, json.dumps({"name": "x", "datasets": datasets, "pipeline": {"stages": stages}})))
    mixed = ordered(project, "mixed").pipeline.stages
    alone = ordered(project, "reasoning-only").pipeline.stages
    assert [s.steps for s in mixed] == [s.steps for s in alone] == [60]
    assert mixed[0].replay and mixed[0].replay.share == 0.5 and mixed[0].replay.reward == "perception.ts"
    # Reasoning alone trains on no perception sample, but its held-out perception data is evaluated like that of the other orders.
    assert alone[0].replay and alone[0].replay.share == 0 and own_reward(replace(project, pipeline=replace(project.pipeline, stages=alone)), "perception") == "perception.ts"
    assert [s.steps for s in scaled(project, 0.1).pipeline.stages] == [3, 3]


def test_help_and_config_do_not_need_torch(tmp_path: Path) -> None:
    code = "import sys; from pebr_trainer.__main__ import main; main(sys.argv[1:]); assert 'torch' not in sys.modules"
    folder = written(tmp_path, json.dumps(PLAIN))
    done = subprocess.run([sys.executable, "-c", code, "config", "--project", str(folder)], env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pipeline"]["stages"][0]["temperature"] == 1.2
