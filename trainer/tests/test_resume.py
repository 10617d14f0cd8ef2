"""Stopping, killing and resuming: the record of a resumed run equals that of an unbroken one."""

import json
import os
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from conftest import TinyProject, make_tiny

TIMES = ("time", "step_seconds", "seconds", "date")


def facts(tiny: TinyProject, run: str) -> dict[str, Any]:
    """Everything of a run that must not depend on how often it was broken off: no times, no starts and ends."""
    steps = [(e["stage"], e["step"], {k: v for k, v in e["metrics"].items() if k not in TIMES}) for e in tiny.events(run, "step")]
    evaluations = [{k: v for k, v in e.items() if k not in TIMES} for e in tiny.events(run, "evaluation")]
    rollouts = {
        stage: [{k: v for k, v in r.items() if k != "run"} for r in tiny.rollouts(run, stage)]
        for stage in ("sampling", "perception", "reasoning", "evaluation")
    }
    return {"steps": steps, "evaluations": evaluations, "rollouts": rollouts}


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, tiny_base: Path) -> TinyProject:
    """Long enough in every stage that a kill meets it under way, with the unbroken run `whole` to compare with."""
    tiny = make_tiny(tmp_path_factory.mktemp("slow"), tiny_base)

    def change(config: dict[str, Any]) -> None:
        config["pipeline"]["warmUp"]["steps"] = 9
        for stage in config["pipeline"]["stages"]:
            stage["steps"] = 9
            stage["saveEvery"] = 3

    tiny.edit(change)
    assert tiny.train("whole").returncode == 0
    return tiny


def step_reached(tiny: TinyProject, run: str, stage: str, step: int) -> bool:
    file = tiny.run(run) / "events.jsonl"
    return file.exists() and any(f'"stage":"{stage}","step":{step},' in line for line in file.read_text().splitlines())


@pytest.mark.parametrize(("stage", "step"), [("warm-up", 5), ("perception", 7), ("reasoning", 2)])
def test_killed_run_resumes_to_the_same_record(slow: TinyProject, stage: str, step: int) -> None:
    process = slow.start(f"killed-{stage}")
    process.wait_for(lambda: step_reached(slow, f"killed-{stage}", stage, step))
    process.end(signal.SIGKILL)
    resumed = slow.resume(f"killed-{stage}")
    assert resumed.returncode == 0, resumed.output
    assert facts(slow, f"killed-{stage}") == facts(slow, "whole")
    order = ["warm-up", "sampling", "perception", "reasoning"]
    reused = [e["stage"] for e in slow.events(f"killed-{stage}", "stage-finished") if e["reused"]]
    assert reused == order[: order.index(stage)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_again_and_again_at_random_moments_ends_in_the_same_record(slow: TinyProject, seed: int) -> None:
    """Moments are counted in system time, so they meet everything: a step, a checkpoint half written, the sampling, an evaluation."""
    luck, run = random.Random(seed), f"often-{seed}"
    for _ in range(4):
        process = slow.start(run) if not (slow.run(run) / "run.json").exists() else slow.start_resume(run)
        process.kill_after(luck.uniform(0.5, 6))
    done = slow.resume(run)
    assert done.returncode == 0, done.output
    assert facts(slow, run) == facts(slow, "whole")


def test_killed_while_a_checkpoint_is_written(slow: TinyProject) -> None:
    process = slow.start("writing", "--stages", "perception")
    half = slow.run("writing") / "checkpoints" / "perception" / "checkpoint-6"
    process.wait_for(lambda: half.is_dir() and any(half.iterdir()))
    process.end(signal.SIGKILL)
    (half / "manifest.json").unlink(missing_ok=True)  # the kill may have come after it
    assert slow.resume("writing").returncode == 0
    whole = [step for step in facts(slow, "whole")["steps"] if step[0] == "perception"]
    assert [step[1] for step in facts(slow, "writing")["steps"]] == [step[1] for step in whole]
    assert [e["cause"] for e in slow.events("writing", "problem")] == ["checkpoint-damaged"]


@pytest.mark.parametrize("damage", ["cut", "flipped", "manifest gone", "final cut"])
def test_a_damaged_checkpoint_is_told_and_the_one_before_is_used(slow: TinyProject, damage: str) -> None:
    run = f"damaged-{damage}"
    process = slow.start(run)
    process.wait_for(lambda: step_reached(slow, run, "perception", 7))
    process.end(signal.SIGKILL)
    last = slow.run(run) / json.loads((slow.run(run) / "progress.json").read_text())["checkpoint"]
    weights = (slow.run(run) / "checkpoints" / "warm-up" / "final" if damage == "final cut" else last) / "model.safetensors"
    if damage == "manifest gone":
        (last / "manifest.json").unlink()
    elif damage == "flipped":
        data = bytearray(weights.read_bytes())
        data[len(data) // 2] ^= 1
        weights.write_bytes(data)
    else:
        os.truncate(weights, weights.stat().st_size - 8)
    resumed = slow.resume(run)
    assert resumed.returncode == 0, resumed.output
    assert facts(slow, run) == facts(slow, "whole")
    told = slow.events(run, "problem")
    assert told and all(e["cause"] == "checkpoint-damaged" and e["severity"] == "warning" for e in told)
    name = "checkpoints/warm-up/final" if damage == "final cut" else str(last.relative_to(slow.run(run)))
    assert name in told[0]["message"] and "The run goes on from" in told[0]["remedy"]


def test_the_last_checkpoints_and_the_best_are_kept(slow: TinyProject) -> None:
    arguments = ("--stages", "perception", "--set", "pipeline.stages.perception.saveEvery=1", "--set", "pipeline.checkpoints.keep=2")
    assert slow.train("kept", *arguments, "--set", "pipeline.checkpoints.scoreSamples=4").returncode == 0
    saved = slow.events("kept", "checkpoint")
    best = max(saved, key=lambda e: e["score"]["mean"])  # of equal ones the first
    kept = {path.name for path in (slow.run("kept") / "checkpoints" / "perception").iterdir() if path.is_dir()}
    assert kept == {"final", "checkpoint-8", "checkpoint-9", Path(best["path"]).name}
    assert [e["step"] for e in saved if e.get("best")][-1] == best["step"]
    removed = [path for e in saved for path in e.get("removed", ())]
    assert {Path(path).name for path in removed} == {f"checkpoint-{n}" for n in range(1, 10)} - kept
    # Scoring draws no luck from training: the metrics are those of a run without it.
    assert slow.train("unscored", "--stages", "perception").returncode == 0
    assert facts(slow, "kept")["steps"] == facts(slow, "unscored")["steps"]


def test_killed_adapter_training_resumes_to_the_same_record(slow: TinyProject) -> None:
    arguments = ("--set", 'policy.lora={"rank": 2, "alpha": 4}', "--stages", "perception")
    assert slow.train("adapter", *arguments).returncode == 0
    process = slow.start("killed-adapter", *arguments)
    process.wait_for(lambda: step_reached(slow, "killed-adapter", "perception", 5))
    process.end(signal.SIGKILL)
    assert slow.resume("killed-adapter").returncode == 0
    assert facts(slow, "killed-adapter") == facts(slow, "adapter")


def test_killed_between_a_stages_last_checkpoint_and_its_end(slow: TinyProject) -> None:
    shutil.copytree(slow.run("whole"), slow.run("broken"))
    # What a kill right after the last checkpoint of perception leaves behind: no later safe point, a half-made final folder.
    log = slow.run("broken") / "events.jsonl"
    text = log.read_text().splitlines(keepends=True)
    last = next(i for i, line in enumerate(text) if '"type":"checkpoint"' in line and '"stage":"perception","step":9' in line)
    rollouts = slow.run("broken") / "rollouts"
    evaluated = [line for line in (rollouts / "evaluation.jsonl").read_text().splitlines(keepends=True) if '"policyStage":"warm-up"' in line]
    sizes = {
        "events.jsonl": len("".join(text[: last + 1]).encode()),
        "rollouts/sampling.jsonl": (rollouts / "sampling.jsonl").stat().st_size,
        "rollouts/perception.jsonl": (rollouts / "perception.jsonl").stat().st_size,
        "rollouts/evaluation.jsonl": len("".join(evaluated).encode()),
    }
    from pebr_trainer.run_log import write_json

    checkpoint = "checkpoints/perception/checkpoint-9"
    write_json(
        slow.run("broken") / "progress.json",
        {"v": 1, "finished": ["warm-up", "sampling"], "evaluated": ["warm-up"], "stage": "perception", "checkpoint": checkpoint, "sizes": sizes},
    )
    shutil.rmtree(slow.run("broken") / "checkpoints" / "reasoning")
    resumed = slow.resume("broken")
    assert resumed.returncode == 0, resumed.output
    assert facts(slow, "broken") == facts(slow, "whole")


@pytest.mark.parametrize("how", ["SIGTERM", "stop file"])
def test_stop_keeps_a_checkpoint_and_resumes(slow: TinyProject, how: str) -> None:
    run = f"stopped-{how[:4]}"
    process = slow.start(run, "--set", "pipeline.stages.perception.saveEvery=100", "--stages", "perception")
    process.wait_for(lambda: step_reached(slow, run, "perception", 2))
    if how == "SIGTERM":
        done = process.end(signal.SIGTERM)
    else:
        (slow.run(run) / "stop").touch()
        done = process.wait()
    assert done.returncode == 0, done.output
    assert slow.events(run)[-1]["status"] == "stopped"
    saved = slow.events(run, "checkpoint")[-1]
    assert (slow.run(run) / saved["path"] / "trainer_state.json").exists()
    assert slow.events(run, "step")[-1]["step"] == saved["step"] < 9
    resumed = slow.resume(run)
    assert resumed.returncode == 0, resumed.output
    assert [e["step"] for e in slow.events(run, "step")] == list(range(1, 10))
    assert slow.events(run)[-1]["status"] == "completed"


def test_a_running_run_is_not_resumed_by_a_second_process(slow: TinyProject) -> None:
    process = slow.start("twice", "--stages", "perception")
    process.wait_for(lambda: step_reached(slow, "twice", "perception", 1))
    second = slow.resume("twice")
    assert second.returncode == 2 and "is still running this run" in second.output
    assert process.wait().returncode == 0
