"""The run from start to end: warm-up, sampling, the RL stages, and an evaluation of the policy before and after each."""

import importlib.util
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from . import world
from .checkpoints import checkpoints_of, fault_of, is_sealed, remove_unsealed
from .config import StageConfig
from .data import load_warm_up
from .errors import Offer, RunError, Stopped, as_run_error
from .evaluate import checkpoint_score, evaluate_policy
from .grpo import grpo_stage
from .memory import memory_offers
from .plan import plan_stage
from .policy import Policy, load_policy, load_processor, seed_for
from .reward_bridge import RewardWorker
from .run_data import RunData
from .run_log import SafePoint
from .sampling import sample_difficulty
from .scoring import Scorer
from .stage import Run
from .stage_names import EVALUATION, WARM_UP, is_sampling, stages_of, trains
from .trial_load import faults_of_policy
from .warm_up import warm_up


def run_pipeline(run: Run, stages: Sequence[str], worker: RewardWorker, resumed: bool, policy: str | None = None) -> str:
    """Runs the stages, writes `run-finished` and returns its status. `policy` is what to start from instead of `policy.base`."""
    began = time.monotonic()
    finish: dict[str, Any] = {"status": "completed"}
    pipeline = _Pipeline(run, stages, worker, policy)
    try:
        pipeline.run_all(resumed)
    except Stopped:
        finish = {"status": "stopped"}
    except Exception as error:  # the last line of defence: whatever it is, the record must say it
        if world.is_others(error):
            raise
        failure = as_run_error(error)
        if failure is not error:
            traceback.print_exc()
        print(f"failed: {failure.message}\n{failure.remedy}", file=sys.stderr, flush=True)
        finish = {"status": "failed", "error": _tell_failure(run, failure, pipeline.offers(failure), pipeline.stage)}
    finally:
        worker.close()
    try:
        run.log.event("run-finished", seconds=round(time.monotonic() - began, 3), **finish)
    except RunError as error:
        print(f"failed: {error.message}\n{error.remedy}", file=sys.stderr, flush=True)
        return "failed"
    run.log.close()
    return finish["status"]


def _tell_failure(run: Run, failure: RunError, offers: tuple[Offer, ...], stage: str | None) -> dict[str, Any]:
    """Tells a failure that has a usual cause as a problem too, and returns what `run-finished` says of it."""
    if failure.kind == "disk-full":
        run.log.make_room()
        if world.is_first():
            remove_unsealed(run.folder)
    if failure.kind:
        try:
            run.log.problem("error", failure.message, failure.remedy, stage, failure.kind, offers)
        except RunError as error:
            print(f"failed: {error.message}\n{error.remedy}", file=sys.stderr, flush=True)
    more = {"cause": failure.kind, "offers": [offer.to_json() for offer in offers]}
    return {"message": failure.message, "remedy": failure.remedy, **{key: value for key, value in more.items() if value}}


class _Pipeline:
    """State of one run: which policy is the current one, what is done, and the data that the stages share."""

    def __init__(self, run: Run, stages: Sequence[str], worker: RewardWorker, policy: str | None) -> None:
        self._run, self._stages, self._point = run, stages, SafePoint()
        self.stage: str | None = None
        self._small = True
        self._scorer = Scorer(run.project, worker)
        self._source, self._maker = policy or run.project.policy.base, "base"
        self._policy: Policy | None = None
        self._data: RunData

    def offers(self, failure: RunError) -> tuple[Offer, ...]:
        """Smaller numbers, where memory was what failed."""
        return memory_offers(self._run.project, self.stage, self._small) if failure.kind == "out-of-memory" and self.stage else ()

    def run_all(self, resumed: bool) -> None:
        project = self._run.project
        damaged: tuple[str, ...] = ()
        if resumed:
            self._point, damaged = world.alone(lambda: self._run.log.rewind(self._fault_of))
        self._run.log.event("run-started", stages=list(self._stages), resumed=resumed)
        self._run.log.reserve_room()
        self._tell_damage(damaged)
        if project.policy.vllm and importlib.util.find_spec("vllm") is None:
            raise RunError("vLLM is not installed", 'Install it (pip install "./trainer[vllm]") or set policy.vllm to false.', "pebr.json: policy.vllm")
        self._look_at_policy()
        tokenizer = load_processor(project, self._source).tokenizer
        self._load_rewards()
        self._data = RunData(self._run, tokenizer)
        first = next((s for s in self._stages if trains(s)), None)
        if EVALUATION in self._stages and first not in (None, WARM_UP):
            self._evaluate()
        for stage in self._stages:
            if stage in self._point.finished:
                self._run.log.event("stage-finished", stage=stage, seconds=0, reused=True)
            else:
                self._run_stage(stage)
            if self._run.final(stage).is_dir():
                self._source, self._maker, self._policy = str(self._run.final(stage).relative_to(self._run.folder)), stage, None
            if not trains(stage) or EVALUATION not in self._stages:
                continue
            if stage != self._last_trained():  # the last policy is evaluated by the stage `evaluation`
                self._evaluate()
        print("completed", flush=True)

    def _run_stage(self, stage: str) -> None:
        began = time.monotonic()
        self.stage = stage
        print(f"stage {stage}", flush=True)
        pipeline = self._run.project.pipeline
        configs = {config.name: config for config in pipeline.stages}
        if stage == WARM_UP and pipeline.warm_up:
            rows = load_warm_up(self._run.project, self._run.project.path(pipeline.warm_up.data))
            self._data.report(rows, WARM_UP)
            self._start(stage, pipeline.warm_up.steps)
            warm_up(self._run, self._fresh_policy(), pipeline.warm_up, rows.rows, self._point)
        elif is_sampling(stage) and pipeline.sampling:
            policy, sampling = self._current_policy(), pipeline.sampling
            datasets = self._data.sampled(stage)
            world.alone(lambda: sample_difficulty(self._run, policy, sampling, datasets, self._scorer, stage, self._last_sampling()))
        elif stage == EVALUATION:
            self._start(stage, None)
            self._evaluate()
        elif stage in configs:
            self._train(configs[stage])
        else:
            raise RunError(f"there is no stage {stage}", f"Known are {', '.join(stages_of(self._run.project))}.", "--stages")
        self._run.log.event("stage-finished", stage=stage, seconds=round(time.monotonic() - began, 3), reused=False)
        self._mark(finished=(*self._point.finished, stage))

    def _train(self, stage: StageConfig) -> None:
        pools = {use.dataset: self._data.pool(use, self._last_sampling()) for use in (stage, stage.replay) if use}
        plan = plan_stage(stage, pools, self._run.seed)
        self._start(stage.name, stage.steps)
        seed_for(self._run.seed, stage.name)
        policy = self._fresh_policy()

        def score(model: Any) -> Mapping[str, Any] | None:
            return checkpoint_score(self._run, replace(policy, model=model), stage, self._data.held_out, self._scorer)

        grpo_stage(self._run, policy, stage, plan, self._scorer, self._point, score)

    def _evaluate(self) -> None:
        if self._maker not in self._point.evaluated:
            policy = self._current_policy()
            world.alone(lambda: evaluate_policy(self._run, policy, self._maker, self._data.held_out, self._scorer))
            self._mark(evaluated=(*self._point.evaluated, self._maker))

    def _start(self, stage: str, total: int | None) -> None:
        if self._point.stage != stage:  # a stage that goes on from its checkpoint has started before
            self._run.log.event("stage-started", stage=stage, total=total)

    def _mark(self, **done: tuple[str, ...]) -> None:
        self._point = self._run.log.mark(replace(self._point, stage=None, checkpoint=None, **done))

    def _fault_of(self, point: SafePoint) -> str | None:
        """Why the run cannot go on from a safe point: its checkpoint is damaged, or the policy that its last stage made."""
        trained = [stage for stage in point.finished if trains(stage)]
        for folder in ([self._run.folder / point.checkpoint] if point.checkpoint else []) + [self._run.final(stage) for stage in trained[-1:]]:
            fault = fault_of(folder)
            if fault:
                return f"{self._run.relative(folder)} cannot be used: {fault}"
        return None

    def _tell_damage(self, damaged: tuple[str, ...]) -> None:
        point = self._point
        place = point.checkpoint or (f"the end of stage {point.finished[-1]}" if point.finished else "the start")
        for fault in damaged:
            self._run.log.problem("warning", fault, f"The run goes on from {place}, the last place that is whole.", point.stage, "checkpoint-damaged")
        for folder in checkpoints_of(self._run.folder / "checkpoints" / (point.stage or "")) if point.stage else ():
            if not is_sealed(folder):
                message = f"{self._run.relative(folder)} was not written to its end"
                self._run.log.problem("warning", message, f"The run goes on from {place}.", point.stage, "checkpoint-damaged")

    def _look_at_policy(self) -> None:
        """Refuses a policy that cannot be loaded, or that transformers would load with random numbers in place of weights that are missing."""
        folder = self._run.project.path(self._source)
        faults = world.alone(lambda: faults_of_policy(folder) if folder.is_dir() else [])
        if faults:
            raise faults[0]

    def _last_sampling(self) -> str | None:
        """The sampling that this run has done last."""
        return next((stage for stage in reversed(self._point.finished) if is_sampling(stage)), None)

    def _load_rewards(self) -> None:
        """Loads every reward now: one that cannot be loaded must not stop the run after its warm-up."""
        pipeline = self._run.project.pipeline
        pairs = [(s.reward, s.dataset) for s in pipeline.stages] + [(s.replay.reward, s.replay.dataset) for s in pipeline.stages if s.replay]
        for reward, dataset in dict.fromkeys(pairs):
            self._scorer.load(reward, dataset)

    def _current_policy(self) -> Policy:
        """The policy to sample from; loaded once."""
        if self._policy is None:
            self._policy = self._load(training=False)
        return self._policy

    def _fresh_policy(self) -> Policy:
        """A policy to train: its own copy, because training changes it in place."""
        self._policy = None
        return self._load(training=True)

    def _load(self, training: bool) -> Policy:
        folder = self._run.folder / self._source
        policy = load_policy(self._run.project, str(folder) if folder.is_dir() else self._source, self._source, training)
        self._small = policy.small
        return policy

    def _last_trained(self) -> str | None:
        trained = [stage for stage in self._stages if trains(stage)]
        return trained[-1] if trained else None

