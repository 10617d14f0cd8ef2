"""Held-out evaluation of a policy: what it answers when sampled and when greedy, with 95 % bootstrap intervals over the samples."""

import random
from collections.abc import Mapping, Sequence
from statistics import fmean

import numpy as np

from .config import EvaluateConfig, Project
from .data import Sample
from .errors import Stopped
from .pictures import load_image
from .policy import Policy, batches, generate, seed_for
from .prompt import user_message
from .scoring import Scored, Scorer, rollout_record
from .stage import Run
from .stage_names import EVALUATION

RESAMPLES = 1000


def evaluate_policy(run: Run, policy: Policy, policy_stage: str, held_out: Mapping[str, Sequence[Sample]], scorer: Scorer) -> None:
    """One `evaluation` event for each held-out set and mode; its rollouts name the stage that made the policy."""
    config = run.project.pipeline.evaluate or EvaluateConfig()
    modes = (("sampled", config.responses, config.temperature), ("greedy", 1, 0.0))
    chosen = {name: _choose(samples, config.samples, f"{run.seed}/{name}/held-out") for name, samples in held_out.items()}
    total, done = sum(len(s) for s in chosen.values()) * len(modes), 0
    for name, samples in chosen.items():
        reward = own_reward(run.project, name)
        if reward is None or not samples:
            continue
        for mode, responses, temperature in modes:
            seed_for(run.seed, f"{EVALUATION}/{name}/{mode}")  # the same for every policy: two policies meet the same luck
            means: list[dict[str, float]] = []
            for part in batches(samples, responses):
                means += _evaluate_batch(run, policy, policy_stage, mode, part, reward, responses, temperature, scorer)
                done += len(part)
                run.log.event("progress", stage=EVALUATION, done=done, total=total)
                if run.stop:
                    raise Stopped
            metrics = summarize(means, run.seed)
            run.log.event(EVALUATION, stage=policy_stage, dataset=name, mode=mode, n=len(samples), responses=responses, metrics=metrics)


def own_reward(project: Project, dataset: str) -> str | None:
    """The reward of the stage that trains on this dataset, else the one that replays it."""
    for stage in project.pipeline.stages:
        if stage.dataset == dataset:
            return stage.reward
    return next((s.replay.reward for s in project.pipeline.stages if s.replay and s.replay.dataset == dataset), None)


def summarize(means: Sequence[Mapping[str, float]], seed: int) -> dict[str, dict[str, float]]:
    """`{metric: {mean, low, high}}` over samples; each entry of `means` holds one sample's means over its responses."""
    rng = np.random.default_rng(seed)
    out: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(name for sample in means for name in sample):
        values = np.array([sample[name] for sample in means if name in sample])
        resampled = values[rng.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
        low, high = np.quantile(resampled, (0.025, 0.975))
        out[name] = {"mean": round(float(values.mean()), 6), "low": round(float(low), 6), "high": round(float(high), 6)}
    return out


def _evaluate_batch(
    run: Run, policy: Policy, policy_stage: str, mode: str, samples: Sequence[Sample], reward: str, responses: int, temperature: float,
    scorer: Scorer,
) -> list[dict[str, float]]:  # fmt: skip
    messages = [user_message(s.prompt, [load_image(i, policy.processor) for i in s.images]) for s in samples]
    groups = generate(policy, messages, responses=responses, temperature=temperature, limit=run.project.policy.max_response_tokens)
    asked = [(s, r) for s, group in zip(samples, groups, strict=True) for r in group]
    own = scorer.score([(reward, s, r.text, r.tokens) for s, r in asked])
    sampling = run.project.pipeline.sampling
    graded = own
    if sampling and sampling.reward != reward:
        graded = scorer.score([(sampling.reward, s, r.text, r.tokens) for s, r in asked])
    component = sampling.component if sampling else "accuracy"
    means, records = [], []
    for k, sample in enumerate(samples):
        part = slice(k * responses, (k + 1) * responses)
        means.append(_sample_means(own[part], [g.components.get(component) for g in graded[part]]))
        group = f"{EVALUATION}-{policy_stage}-{mode}-{sample.dataset}-{sample.qid}"
        records += [
            rollout_record(run.folder.name, EVALUATION, 0, group, sample, i, r, s, None, policy.name, policyStage=policy_stage, mode=mode)
            for i, ((_, r), s) in enumerate(zip(asked[part], own[part], strict=True))
        ]
    run.log.rollouts(EVALUATION, records)
    return means


def _sample_means(own: Sequence[Scored], accuracies: Sequence[float | None]) -> dict[str, float]:
    """One sample's means over its responses. A failed reward is left out of them, never counted as zero."""
    columns: dict[str, list[float | None]] = {"accuracy": list(accuracies), "reward": [s.overall for s in own]}
    for name in dict.fromkeys(name for s in own for name in s.components):
        columns[f"reward/{name}"] = [s.components.get(name) for s in own]
    if "reward/iou" in columns:
        columns["iou"] = columns["reward/iou"]
    known = {name: [v for v in values if v is not None] for name, values in columns.items()}
    return {name: fmean(values) for name, values in known.items() if values}


def _choose(samples: Sequence[Sample], count: int | None, seed: str) -> Sequence[Sample]:
    return samples if count is None or count >= len(samples) else random.Random(seed).sample(list(samples), count)

