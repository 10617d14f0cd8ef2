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
from .config import DIFFICULTIES, StageConfig
from .curation import difficulty_of, read_curation
from .data import Loaded, Sample, load_samples, load_warm_up
from .errors import Offer, RunError, Stopped, as_run_error
from .evaluate import checkpoint_score, evaluate_policy, own_reward
from .grpo import grpo_stage
from .memory import memory_offers
from .plan import Pool, plan_stage
from .policy import Policy, load_policy, load_processor, seed_for
from .prompt import load_template
from .reward_bridge import RewardWorker
from .run_log import SafePoint
from .sampling import read_difficulty, sample_difficulty
from .scoring import Scorer
from .stage import Run
from .stage_names import EVALUATION, WARM_UP, is_sampling, resampling_before, stages_of, trains
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
        self._samples: dict[str, Sequence[Sample]] = {}
        self._held_out: dict[str, Sequence[Sample]] = {}

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
        self._tokenizer = load_processor(project, self._source).tokenizer
        self._load_rewards()
        self._load_data()
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
            self._report(rows, WARM_UP)
            self._start(stage, pipeline.warm_up.steps)
            warm_up(self._run, self._fresh_policy(), pipeline.warm_up, rows.rows, self._point)
        elif is_sampling(stage) and pipeline.sampling:
            policy, sampling = self._current_policy(), pipeline.sampling
            datasets = {name: self._samples[name] for name in self._datasets_of(stage)}
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
        pools = {stage.dataset: self._pool(stage.dataset, stage.difficulty)}
        if stage.replay:
            pools[stage.replay.dataset] = self._pool(stage.replay.dataset, stage.replay.difficulty)
        plan = plan_stage(stage, pools, self._run.seed)
        self._start(stage.name, stage.steps)
        seed_for(self._run.seed, stage.name)
        policy = self._fresh_policy()

        def score(model: Any) -> Mapping[str, Any] | None:
            return checkpoint_score(self._run, replace(policy, model=model), stage, self._held_out, self._scorer)

        grpo_stage(self._run, policy, stage, plan, self._scorer, self._point, score)

    def _evaluate(self) -> None:
        if self._maker not in self._point.evaluated:
            policy = self._current_policy()
            world.alone(lambda: evaluate_policy(self._run, policy, self._maker, self._held_out, self._scorer))
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

    def _pool(self, dataset: str, difficulty: Sequence[str]) -> Pool:
        chosen = set() if set(difficulty) == set(DIFFICULTIES) else set(difficulty)
        known = read_difficulty(self._run, dataset, self._last_sampling())
        decided = read_curation(self._run.project.path(self._run.project.dataset(dataset).path))
        trained = [s for s in self._samples[dataset] if s.qid not in decided or not decided[s.qid].is_left_out]
        found = {qid: sampled.difficulty for qid, sampled in known.items()}
        kept = [s for s in trained if not chosen or difficulty_of(found.get(s.qid), decided.get(s.qid)) in chosen]
        return Pool(kept, {qid: sampled.pass_rate for qid, sampled in known.items()})

    def _last_sampling(self) -> str | None:
        """The sampling that this run has done last."""
        return next((stage for stage in reversed(self._point.finished) if is_sampling(stage)), None)

    def _datasets_of(self, sampling: str) -> list[str]:
        """What is sampled: before a stage, its datasets; at first, those of which some stage wants a difficulty or an order."""
        stages = self._run.project.pipeline.stages
        before = [config for config in stages if resampling_before(config.name) == sampling]
        wanted: list[str] = []
        for stage in before or stages:
            for use in (stage, stage.replay):
                wanted += [use.dataset] if use and (before or set(use.difficulty) != set(DIFFICULTIES)) else []
            wanted += [stage.dataset] if stage.curriculum != "none" else []
        return list(dict.fromkeys(wanted or self._samples))

    def _load_rewards(self) -> None:
        """Loads every reward now: one that cannot be loaded must not stop the run after its warm-up."""
        pipeline = self._run.project.pipeline
        pairs = [(s.reward, s.dataset) for s in pipeline.stages] + [(s.replay.reward, s.replay.dataset) for s in pipeline.stages if s.replay]
        for reward, dataset in dict.fromkeys(pairs):
            self._scorer.load(reward, dataset)

    def _load_data(self) -> None:
        project = self._run.project
        template = load_template(project.path(project.prompt) if project.prompt else None)
        for dataset in project.datasets:
            self._samples[dataset.id] = self._usable(load_samples(project, dataset, template))
            if dataset.held_out and own_reward(project, dataset.id):
                self._held_out[dataset.id] = self._usable(load_samples(project, dataset, template, held_out=True))

    def _usable(self, loaded: Loaded[Sample]) -> Sequence[Sample]:
        """The samples whose prompt is not too long. Each problem of the data is reported."""
        self._report(loaded, None)
        limit = self._run.project.policy.max_prompt_tokens
        lengths = [len(ids) for ids in self._tokenizer([s.prompt for s in loaded.rows])["input_ids"]] if loaded.rows else []
        kept = [sample for sample, length in zip(loaded.rows, lengths, strict=True) if length <= limit]
        if len(kept) < len(lengths):
            message = f"{len(lengths) - len(kept)} prompts are longer than policy.maxPromptTokens ({limit}) and left out"
            self._run.log.problem("warning", message, "Raise the limit or shorten the prompt.")
        return kept

    def _report(self, loaded: Loaded[Any], stage: str | None) -> None:
        for problem in loaded.problems:
            self._run.log.problem("warning", f"{problem.place} {problem.cause}", problem.remedy, stage)

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

