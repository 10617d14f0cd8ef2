"""A new run that takes over the first stages of another one gives what a whole run would have given."""

import json
from pathlib import Path

import pytest
from conftest import TinyProject, make_tiny
from test_resume import facts


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, tiny_base: Path) -> TinyProject:
    tiny = make_tiny(tmp_path_factory.mktemp("reuse"), tiny_base)
    assert tiny.train("whole").returncode == 0
    return tiny


def test_a_run_from_the_second_stage_on_equals_the_whole(whole: TinyProject) -> None:
    done = whole.train("again", "--reuse", str(whole.run("whole")), "--reuse-until", "perception")
    assert done.returncode == 0, done.output
    assert facts(whole, "again") == facts(whole, "whole")
    finished = {e["stage"]: e["reused"] for e in whole.events("again", "stage-finished")}
    assert finished == {"warm-up": True, "sampling": True, "perception": True, "reasoning": False, "evaluation": False}
    assert len(whole.events("again", "run-started")) == 1
    record = json.loads((whole.run("again") / "run.json").read_text())
    assert record["reused"] == "whole"
    assert (whole.run("again") / "checkpoints" / "perception" / "final" / "manifest.json").is_file()


def test_what_comes_after_may_be_otherwise(whole: TinyProject) -> None:
    done = whole.train("other", "--reuse", str(whole.run("whole")), "--reuse-until", "sampling", "--set", "pipeline.stages.0.beta=0.5")
    assert done.returncode == 0, done.output
    steps = [e for e in whole.events("other", "step") if e["stage"] == "warm-up"]
    assert [{k: v for k, v in e.items() if k != "time"} for e in steps] == [
        {k: v for k, v in e.items() if k != "time"} for e in whole.events("whole", "step") if e["stage"] == "warm-up"
    ]


@pytest.mark.parametrize(("run", "until", "reason"), [("whole", "nowhere", "there is no stage nowhere"), ("gone", "warm-up", "gone has not finished warm-up")])
def test_says_why_it_cannot(whole: TinyProject, run: str, until: str, reason: str) -> None:
    done = whole.train(f"never-{until}", "--reuse", str(whole.run(run)), "--reuse-until", until)
    assert done.returncode == 2
    assert reason in done.output
    assert not (whole.run(f"never-{until}") / "run.json").exists()


def test_a_damaged_policy_is_not_taken_over(whole: TinyProject) -> None:
    final = whole.run("whole") / "checkpoints" / "warm-up" / "final" / "config.json"
    before = final.read_bytes()
    final.write_bytes(before + b" ")
    try:
        done = whole.train("damaged", "--reuse", str(whole.run("whole")), "--reuse-until", "warm-up")
    finally:
        final.write_bytes(before)
    assert done.returncode == 2
    assert "config.json is not as it was written" in done.output


def test_held_out_numbers_are_taken_over_only_where_they_are_measured_alike(whole: TinyProject) -> None:
    done = whole.train("measured", "--reuse", str(whole.run("whole")), "--reuse-until", "perception", "--set", "pipeline.evaluate.responses=3")
    assert done.returncode == 0, done.output
    assert {e["responses"] for e in whole.events("measured", "evaluation") if e["mode"] == "sampled"} == {3}
    assert {e["stage"] for e in whole.events("measured", "evaluation")} == {e["stage"] for e in whole.events("whole", "evaluation")}
