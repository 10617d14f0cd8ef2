"""Dynamic sampling, sampling between stages, and the curriculum."""

import json
import signal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from conftest import TinyProject, lines
from pebr_trainer.data import Sample
from pebr_trainer.config import ReplayConfig, StageConfig
from pebr_trainer.plan import Pool, plan_stage

DYNAMIC = 'pipeline.stages.perception.dynamicSampling={"maxBatches": 3}'


def groups_of(rollouts: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [list(group) for _, group in groupby(rollouts, key=lambda r: r["group"])]


def teaches(group: list[dict[str, Any]]) -> bool:
    return len({r["overall"] for r in group}) > 1


def test_groups_that_teach_nothing_are_drawn_again(tiny: TinyProject) -> None:
    tiny.edit(lambda config: config["pipeline"]["stages"][0].update(steps=8, responses=2))
    arguments = ("--stages", "perception", "--set", "pipeline.stages.perception.replay=null")
    assert tiny.train("plain", *arguments).returncode == 0
    done = tiny.train("dynamic", *arguments, "--set", DYNAMIC)
    assert done.returncode == 0, done.output
    for step in tiny.events("dynamic", "step"):
        groups = groups_of([r for r in tiny.rollouts("dynamic", "perception") if r["step"] == step["step"]])
        trained, dropped = ([g for g in groups if bool(g[0].get("dropped")) == is_dropped] for is_dropped in (False, True))
        metrics = step["metrics"]
        assert len(trained) == 2 and all(len(g) == 2 for g in groups)
        assert (metrics["drawn"], metrics["dropped"]) == (len(groups), len(dropped)) and 1 <= metrics["batches"] <= 3
        assert not any(teaches(g) for g in dropped) and all(r["advantage"] == 0 for g in dropped for r in g)
        assert metrics["zero_std"] == pytest.approx(sum(not teaches(g) for g in trained) / 2)
        assert metrics["zero_std_drawn"] == pytest.approx(sum(not teaches(g) for g in groups) / len(groups))
        assert metrics["cap_reached"] == (0 if all(map(teaches, trained)) else 1)
        assert len({g[0]["sampleId"] for g in groups}) == len(groups)
        assert metrics["response_tokens"] == pytest.approx(sum(r["tokens"] for g in trained for r in g) / 4)

    def flat(run: str) -> float:
        return sum(e["metrics"]["zero_std"] for e in tiny.events(run, "step"))

    assert sum(e["metrics"]["dropped"] for e in tiny.events("dynamic", "step")) > 0
    assert flat("dynamic") < flat("plain")


def test_a_killed_run_draws_the_same_again(tiny: TinyProject) -> None:
    tiny.edit(lambda config: config["pipeline"]["stages"][0].update(steps=8, responses=2, saveEvery=3))
    arguments = ("--stages", "perception", "--set", DYNAMIC)
    assert tiny.train("whole", *arguments).returncode == 0
    process = tiny.start("killed", *arguments)
    process.wait_for(lambda: any(e["step"] >= 5 for e in tiny.events("killed", "step")))
    process.end(signal.SIGKILL)
    assert tiny.resume("killed").returncode == 0
    facts = [[{k: v for k, v in r.items() if k != "run"} for r in tiny.rollouts(run, "perception")] for run in ("whole", "killed")]
    assert facts[0] == facts[1]


def test_sampling_again_before_a_stage_tells_what_became_easier(tiny: TinyProject) -> None:
    tiny.edit(lambda config: config["pipeline"]["stages"][1].update(resample=True, difficulty=["easy", "medium", "hard"]))
    done = tiny.train("one")
    assert done.returncode == 0, done.output
    stages = [e["stage"] for e in tiny.events("one", "stage-finished")]
    assert stages == ["warm-up", "sampling", "perception", "sampling.reasoning", "reasoning", "evaluation"]
    (told,) = tiny.events("one", "transitions")
    run = tiny.run("one")
    before, after = ({r["qid"]: r for r in lines(run / "difficulty" / stage / "reasoning.jsonl")} for stage in ("sampling", "sampling.reasoning"))
    assert set(before) == set(after) and told["samples"] == len(before) == 6
    assert (told["stage"], told["from"], told["dataset"]) == ("sampling.reasoning", "sampling", "reasoning")
    for old in ("easy", "medium", "hard"):
        for new in ("easy", "medium", "hard"):
            assert told["table"][old][new] == sum(before[q]["difficulty"] == old and after[q]["difficulty"] == new for q in before)
    assert told["passRateAfter"] == pytest.approx(sum(r["correct"] / r["responses"] for r in after.values()) / 6)
    assert {r["checkpoint"] for r in tiny.rollouts("one", "sampling.reasoning")} == {"checkpoints/perception/final"}
    project = tiny.folder / ".pebr" / "difficulty"
    assert (run / "difficulty" / "reasoning.jsonl").read_text() == (project / "reasoning.jsonl").read_text()
    assert lines(project / "history" / "reasoning" / "one.jsonl") == list(before.values())


def test_a_curriculum_goes_from_easy_to_hard(tiny: TinyProject) -> None:
    difficulty = tiny.folder / ".pebr" / "difficulty" / "perception.jsonl"
    difficulty.parent.mkdir(parents=True)
    rates = {f"p{i}": (3 * i) % 8 for i in range(8)}
    difficulty.write_text("".join(json.dumps({"qid": q, "difficulty": "medium", "correct": c, "responses": 8}) + "\n" for q, c in rates.items()))
    arguments = ("--stages", "perception", "--set", "pipeline.stages.perception.curriculum=easy-first", "--set", "pipeline.stages.perception.replay=null")
    assert tiny.train("one", *arguments).returncode == 0
    seen = [rates[g[0]["sampleId"]] for g in groups_of(tiny.rollouts("one", "perception"))]
    assert seen == sorted(rates.values(), reverse=True)


def test_only_samples_of_a_band_of_pass_rates_are_drawn(tiny: TinyProject) -> None:
    difficulty = tiny.folder / ".pebr" / "difficulty" / "perception.jsonl"
    difficulty.parent.mkdir(parents=True)
    rates = {f"p{i}": i for i in range(7)}  # p7 was not sampled
    difficulty.write_text("".join(json.dumps({"qid": q, "difficulty": "medium", "correct": c, "responses": 8}) + "\n" for q, c in rates.items()))
    arguments = ("--stages", "perception", "--set", "pipeline.stages.perception.replay=null", "--set")
    assert tiny.train("one", *arguments, "pipeline.stages.perception.passRate=[0.25, 0.5]").returncode == 0
    assert {r["sampleId"] for r in tiny.rollouts("one", "perception")} == {"p2", "p3", "p4"}
    none = tiny.train("none", *arguments, "pipeline.stages.perception.passRate=[0.9, 1]")
    assert none.returncode == 1 and "the difficulty and pass rate that stage perception asks for" in none.output
    turned = tiny.train("turned", *arguments, "pipeline.stages.perception.passRate=[0.5, 0.25]")
    assert turned.returncode != 0 and "passRate is [0.5, 0.25]" in turned.output


def test_other_samples_are_drawn_from_the_slots_own_pool_and_near_its_level() -> None:
    def pool(name: str) -> Pool:
        return Pool([Sample(f"{name}{i}", name, "", (), {}) for i in range(40)], {f"{name}{i}": i / 40 for i in range(40)})

    stage = StageConfig("s", "a", "a.ts", steps=4, samples_per_step=8, replay=ReplayConfig("b", "b.ts", 0.25), curriculum="easy-first")
    plan = plan_stage(stage, {"a": pool("a"), "b": pool("b")}, 7)
    slots = list(plan.groups[:8])
    drawn = plan.draw(1, 1, slots, {s.sample.qid for s in slots})
    assert drawn == plan.draw(1, 1, slots, {s.sample.qid for s in slots}) != plan.draw(2, 1, slots, {s.sample.qid for s in slots})
    assert sorted(drawn) == list(range(8))
    assert [drawn[i].sample.dataset for i in range(8)] == ["a"] * 6 + ["b"] * 2 and [drawn[i].reward for i in (0, 7)] == ["a.ts", "b.ts"]
    assert not {d.sample.qid for d in drawn.values()} & {s.sample.qid for s in slots}
    assert min(plan.pools["a"].pass_rate(drawn[i].sample) for i in range(6)) > 0.2
    assert plan.draw(1, 1, slots, {f"{name}{i}" for name in "ab" for i in range(40)}) == {}
