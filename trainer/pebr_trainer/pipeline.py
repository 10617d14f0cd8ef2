"""The run from start to end: warm-up, sampling, the RL stages, and an evaluation of the policy before and after each."""

import importlib.util
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from . import world
from .config import DIFFICULTIES, StageConfig
from .curation import difficulty_of, read_curation
from .data import Loaded, Sample, load_samples, load_warm_up
from .errors import RunError, Stopped, as_run_error
from .evaluate import evaluate_policy, own_reward
from .grpo import grpo_stage
from .plan import plan_stage
from .policy import Policy, load_policy, load_processor, seed_for
from .prompt import load_template
from .reward_bridge import RewardWorker
from .run_log import SafePoint
from .sampling import read_difficulty, sample_difficulty
from .scoring import Scorer
from .stage import Run
from .stage_names import EVALUATION, SAMPLING, WARM_UP, stages_of
from .warm_up import warm_up


def run_pipeline(run: Run, stages: Sequence[str], worker: RewardWorker, resumed: bool, policy: str | None = None) -> str:
    """Runs the stages, writes `run-finished` and returns its status. `policy` is what to start from instead of `policy.base`."""
    began = time.monotonic()
    finish: dict[str, Any] = {"status": "completed"}
    try:
        point = world.alone(run.log.rewind) if resumed else SafePoint()
        run.log.event("run-started", stages=list(stages), resumed=resumed)
        _Pipeline(run, stages, worker, point, policy).run_all()
    except Stopped:
        finish = {"status": "stopped"}
    except Exception as error:  # the last line of defence: whatever it is, the record must say it
        if world.is_others(error):
            raise
        failure = as_run_error(error)
        if failure is not error:
            traceback.print_exc()
        finish = {"status": "failed", "error": {"message": failure.message, "remedy": failure.remedy}}
        print(f"failed: {failure.message}\n{failure.remedy}", file=sys.stderr, flush=True)
    finally:
        worker.close()
    try:
        run.log.event("run-finished", seconds=round(time.monotonic() - began, 3), **finish)
    except RunError as error:
        print(f"failed: {error.message}\n{error.remedy}", file=sys.stderr, flush=True)
        return "failed"
    return finish["status"]


class _Pipeline:
    """State of one run: which policy is the current one, what is done, and the data that the stages share."""

    def __init__(self, run: Run, stages: Sequence[str], worker: RewardWorker, point: SafePoint, policy: str | None) -> None:
        self._run, self._stages, self._point = run, stages, point
        self._scorer = Scorer(run.project, worker)
        self._source, self._maker = policy or run.project.policy.base, "base"
        self._policy: Policy | None = None
        self._samples: dict[str, Sequence[Sample]] = {}
        self._held_out: dict[str, Sequence[Sample]] = {}

    def run_all(self) -> None:
        project = self._run.project
        if project.policy.vllm and importlib.util.find_spec("vllm") is None:
            raise RunError("vLLM is not installed", 'Install it (pip install "./trainer[vllm]") or set policy.vllm to false.', "pebr.json: policy.vllm")
        self._tokenizer = load_processor(project, self._source).tokenizer
        self._load_rewards()
        self._load_data()
        first = next((s for s in self._stages if s not in (SAMPLING, EVALUATION)), None)
        if EVALUATION in self._stages and first not in (None, WARM_UP):
            self._evaluate()
        for stage in self._stages:
            if stage in self._point.finished:
                self._run.log.event("stage-finished", stage=stage, seconds=0, reused=True)
            else:
                self._run_stage(stage)
            if self._run.final(stage).is_dir():
                self._source, self._maker, self._policy = str(self._run.final(stage).relative_to(self._run.folder)), stage, None
            if stage == SAMPLING or stage == EVALUATION or EVALUATION not in self._stages:
                continue
            if stage != self._last_trained():  # the last policy is evaluated by the stage `evaluation`
                self._evaluate()
        print("completed", flush=True)

    def _run_stage(self, stage: str) -> None:
        began = time.monotonic()
        print(f"stage {stage}", flush=True)
        pipeline = self._run.project.pipeline
        configs = {config.name: config for config in pipeline.stages}
        if stage == WARM_UP and pipeline.warm_up:
            rows = load_warm_up(self._run.project, self._run.project.path(pipeline.warm_up.data))
            self._report(rows, WARM_UP)
            self._start(stage, pipeline.warm_up.steps)
            warm_up(self._run, self._fresh_policy(), pipeline.warm_up, rows.rows, self._point)
        elif stage == SAMPLING and pipeline.sampling:
            policy, sampling = self._current_policy(), pipeline.sampling
            world.alone(lambda: sample_difficulty(self._run, policy, sampling, self._sampled_datasets(), self._scorer))
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
        grpo_stage(self._run, self._fresh_policy(), stage, plan, self._scorer, self._point)

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

    def _pool(self, dataset: str, difficulty: Sequence[str]) -> list[Sample]:
        chosen = set() if set(difficulty) == set(DIFFICULTIES) else set(difficulty)
        known = read_difficulty(self._run, dataset) if chosen else {}
        decided = read_curation(self._run.project.path(self._run.project.dataset(dataset).path))
        trained = [s for s in self._samples[dataset] if s.qid not in decided or not decided[s.qid].is_left_out]
        return [s for s in trained if not chosen or difficulty_of(known.get(s.qid), decided.get(s.qid)) in chosen]

    def _sampled_datasets(self) -> Mapping[str, Sequence[Sample]]:
        """The datasets of which some stage wants a difficulty."""
        wanted: list[str] = []
        for stage in self._run.project.pipeline.stages:
            for use in (stage, stage.replay):
                wanted += [use.dataset] if use and set(use.difficulty) != set(DIFFICULTIES) else []
        return {name: self._samples[name] for name in dict.fromkeys(wanted or self._samples)}

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
        return load_policy(self._run.project, str(folder) if folder.is_dir() else self._source, self._source, training)

    def _last_trained(self) -> str | None:
        trained = [stage for stage in self._stages if stage not in (SAMPLING, EVALUATION)]
        return trained[-1] if trained else None

