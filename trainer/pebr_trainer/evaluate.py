"""Held-out evaluation of a policy: what it answers when sampled and when greedy, with 95 % intervals, over all and by kind of question."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .config import EvaluateConfig, Project, StageConfig
from .data import Sample
from .errors import Stopped
from .estimates import summarize
from .pictures import load_image
from .policy import Policy, Response, batches, generate, kept_luck, seed_for
from .prompt import user_message
from .question import question_type, source_of
from .sample_metrics import sample_metrics
from .scoring import Scored, Scorer, rollout_record
from .stage import Run
from .stage_names import EVALUATION

MOST_GROUPS = 12  # of one kind in an event; the rest is in evaluation/<stage>.jsonl


@dataclass(frozen=True)
class Evaluated:
    """What the policy came to on one held-out sample."""

    sample: Sample
    metrics: Mapping[str, float]
    majority: str | None

    @property
    def type(self) -> str:
        return question_type(self.sample.row.get("answer"))

    @property
    def source(self) -> str:
        return source_of(self.sample)


def evaluate_policy(run: Run, policy: Policy, policy_stage: str, held_out: Mapping[str, Sequence[Sample]], scorer: Scorer) -> None:
    """One `evaluation` event for each held-out set and mode; its rollouts name the stage that made the policy, and so do its lines on single samples."""
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
            found: list[Evaluated] = []
            for part in batches(samples, responses):
                evaluated, records = _evaluate_batch(run, policy, policy_stage, mode, part, reward, responses, temperature, scorer)
                run.log.rollouts(EVALUATION, records)
                found += evaluated
                done += len(part)
                run.log.event("progress", stage=EVALUATION, done=done, total=total)
                if run.stop:
                    raise Stopped
            run.log.evaluated(policy_stage, (_line(e, policy_stage, mode, responses) for e in found))
            metrics = summarize([e.metrics for e in found], run.seed)
            groups = _groups(found, run.seed)
            told = {"n": len(samples), "responses": responses, "metrics": metrics, **({"groups": groups} if groups else {})}
            run.log.event(EVALUATION, stage=policy_stage, dataset=name, mode=mode, **told)


def checkpoint_score(run: Run, policy: Policy, stage: StageConfig, held_out: Mapping[str, Sequence[Sample]], scorer: Scorer) -> dict[str, Any] | None:
    """The stage's own reward on held-out samples, answered greedily, None where nobody asked. Training's random numbers stay as they are."""
    count, samples = run.project.pipeline.checkpoints.score_samples, held_out.get(stage.dataset, ())
    if not count or not samples:
        return None
    found: list[Evaluated] = []
    with kept_luck():
        for part in batches(_choose(samples, count, f"{run.seed}/{stage.dataset}/held-out"), 1):
            found += _evaluate_batch(run, policy, stage.name, "greedy", part, stage.reward, 1, 0.0, scorer)[0]
    reward = summarize([e.metrics for e in found], run.seed).get("reward")
    return {"dataset": stage.dataset, "metric": "reward", **reward} if reward else None


def own_reward(project: Project, dataset: str) -> str | None:
    """The reward of the stage that trains on this dataset, else the one that replays it."""
    for stage in project.pipeline.stages:
        if stage.dataset == dataset:
            return stage.reward
    return next((s.replay.reward for s in project.pipeline.stages if s.replay and s.replay.dataset == dataset), None)


def _evaluate_batch(
    run: Run, policy: Policy, policy_stage: str, mode: str, samples: Sequence[Sample], reward: str, responses: int, temperature: float,
    scorer: Scorer,
) -> tuple[list[Evaluated], list[dict[str, Any]]]:  # fmt: skip
    """What the samples came to, and their rollouts."""
    messages = [user_message(s.prompt, [load_image(i, policy.processor) for i in s.images]) for s in samples]
    groups = generate(policy, messages, responses=responses, temperature=temperature, limit=run.project.policy.max_response_tokens)
    asked = [(s, r) for s, group in zip(samples, groups, strict=True) for r in group]
    own = scorer.score([(reward, s, r.text, r.tokens) for s, r in asked])
    sampling = run.project.pipeline.sampling
    graded = own
    if sampling and sampling.reward != reward:
        graded = scorer.score([(sampling.reward, s, r.text, r.tokens) for s, r in asked])
    component = sampling.component if sampling else "accuracy"
    found, records = [], []
    for k, sample in enumerate(samples):
        part = slice(k * responses, (k + 1) * responses)
        metrics, majority = sample_metrics([r.text for _, r in asked[part]], own[part], graded[part], component)
        found.append(Evaluated(sample, metrics, majority))
        records += _records(run, policy, policy_stage, mode, sample, [r for _, r in asked[part]], own[part])
    return found, records


def _records(run: Run, policy: Policy, policy_stage: str, mode: str, sample: Sample, responses: Sequence[Response], own: Sequence[Scored]) -> list[dict[str, Any]]:
    group = f"{EVALUATION}-{policy_stage}-{mode}-{sample.dataset}-{sample.qid}"
    return [
        rollout_record(run.folder.name, EVALUATION, 0, group, sample, i, response, scored, None, policy.name, policyStage=policy_stage, mode=mode)
        for i, (response, scored) in enumerate(zip(responses, own, strict=True))
    ]


def _line(found: Evaluated, policy_stage: str, mode: str, responses: int) -> dict[str, Any]:
    """One line of `evaluation/<stage>.jsonl`."""
    metrics = {name: round(value, 6) for name, value in found.metrics.items()}
    return {
        "v": 1, "stage": policy_stage, "dataset": found.sample.dataset, "mode": mode, "qid": found.sample.qid, "type": found.type, "source": found.source,
        "n": responses, "metrics": metrics, **({"majority": found.majority} if found.majority is not None else {}),
    }  # fmt: skip


def _groups(found: Sequence[Evaluated], seed: int) -> list[dict[str, Any]]:
    """The same metrics by type of answer and by source, the largest groups first; nothing where all samples are of one."""
    groups: list[dict[str, Any]] = []
    for by in ("type", "source"):
        members: dict[str, list[Evaluated]] = {}
        for each in found:
            members.setdefault(getattr(each, by), []).append(each)
        if len(members) < 2:
            continue
        largest = sorted(members.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:MOST_GROUPS]
        groups += [{"by": by, "value": value, "n": len(own), "metrics": _main(summarize([e.metrics for e in own], seed))} for value, own in largest]
    return groups


def _main(metrics: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metrics.items() if not name.startswith("reward/")}


def _choose(samples: Sequence[Sample], count: int | None, seed: str) -> Sequence[Sample]:
    return samples if count is None or count >= len(samples) else random.Random(seed).sample(list(samples), count)
