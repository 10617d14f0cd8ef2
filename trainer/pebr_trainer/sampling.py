"""Stage `sampling`: how hard each sample is for the warm policy. All responses right: easy; some: medium; none: hard (PeBR-R1).

`sampling.<stage>` is the same with the policy that <stage> starts from; it tells how difficulties changed since the sampling before.
"""

import json
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from .config import DIFFICULTIES, SamplingConfig
from .data import Sample, read_jsonl
from .errors import Stopped, cannot_write
from .pictures import load_image
from .policy import Policy, batches, generate, seed_for
from .prompt import user_message
from .scoring import Scorer, rollout_record
from .stage import Run
from .stage_names import SAMPLING


def sample_difficulty(
    run: Run, policy: Policy, config: SamplingConfig, datasets: Mapping[str, Sequence[Sample]], scorer: Scorer, stage: str = SAMPLING, before: str | None = None
) -> None:
    """Writes the difficulty of each dataset's samples (project and run folder), a `difficulty` event, and the responses as rollouts.

    `before` is the sampling of this run that `stage` repeats; a `transitions` event then compares the two.
    """
    chosen = {name: _choose(samples, config.samples, f"{run.seed}/{name}") for name, samples in datasets.items()}
    total, done = sum(len(samples) for samples in chosen.values()), 0
    run.log.event("stage-started", stage=stage, total=total)
    for name, samples in chosen.items():
        seed_for(run.seed, f"{stage}/{name}")
        lines: list[dict[str, Any]] = []
        for part in batches(samples, config.responses):
            lines += _sample_batch(run, policy, config, part, scorer, stage)
            done += len(part)
            run.log.event("progress", stage=stage, done=done, total=total)
            if run.stop:
                raise Stopped
        if len(lines) < len(samples):
            message = f"{len(samples) - len(lines)} samples of {name} could not be graded by {config.reward} and have no difficulty"
            run.log.problem("warning", message, "Look at their rollouts; the error stands there.", stage)
        _keep_history(run.project.root / ".pebr" / "difficulty", name, run.folder.name if stage == SAMPLING else f"{run.folder.name}.{stage}")
        for folder in (run.folder / "difficulty" / stage, run.folder / "difficulty", run.project.root / ".pebr" / "difficulty"):
            _write(folder / f"{name}.jsonl", lines)
        counts = {d: sum(line["difficulty"] == d for line in lines) for d in DIFFICULTIES}
        run.log.event("difficulty", dataset=name, **counts, responses=config.responses)
        if before:
            _tell_transitions(run, stage, before, name, lines)


@dataclass(frozen=True)
class Sampled:
    """What a sampling found of one sample."""

    difficulty: str
    pass_rate: float


def read_difficulty(run: Run, dataset: str, sampling: str | None) -> dict[str, Sampled]:
    """By sample id: of this run's `sampling`, else of the project's last; empty when there was none."""
    mine = (run.folder / "difficulty" / sampling, run.folder / "difficulty") if sampling else ()
    for folder in (*mine, run.project.root / ".pebr" / "difficulty"):
        file = folder / f"{dataset}.jsonl"
        if file.exists():
            return {value["qid"]: _sampled(value) for _, value in read_jsonl(file) if isinstance(value, dict) and value.get("difficulty") in DIFFICULTIES}
    return {}


def _sampled(line: Mapping[str, Any]) -> Sampled:
    correct, responses = line.get("correct"), line.get("responses")
    if isinstance(correct, int) and isinstance(responses, int) and responses > 0:
        return Sampled(line["difficulty"], correct / responses)
    return Sampled(line["difficulty"], {"easy": 1.0, "medium": 0.5, "hard": 0.0}[line["difficulty"]])


def _tell_transitions(run: Run, stage: str, before: str, dataset: str, lines: Sequence[Mapping[str, Any]]) -> None:
    old, now = read_difficulty(run, dataset, before), {line["qid"]: _sampled(line) for line in lines}
    both = [(old[qid], now[qid]) for qid in now if qid in old]
    if not both:
        return
    table = {a: {b: sum(x.difficulty == a and y.difficulty == b for x, y in both) for b in DIFFICULTIES} for a in DIFFICULTIES}
    rates = {"passRateBefore": fmean(x.pass_rate for x, _ in both), "passRateAfter": fmean(y.pass_rate for _, y in both)}
    run.log.event("transitions", stage=stage, dataset=dataset, **{"from": before}, samples=len(both), table=table, **rates)


def _sample_batch(run: Run, policy: Policy, config: SamplingConfig, samples: Sequence[Sample], scorer: Scorer, stage: str) -> list[dict[str, Any]]:
    messages = [user_message(s.prompt, [load_image(i, policy.processor) for i in s.images]) for s in samples]
    groups = generate(
        policy, messages, responses=config.responses, temperature=config.temperature, top_p=config.top_p,
        limit=run.project.policy.max_response_tokens,
    )  # fmt: skip
    scored = iter(scorer.score([(config.reward, s, r.text, r.tokens) for s, group in zip(samples, groups, strict=True) for r in group]))
    lines, records = [], []
    for sample, group in zip(samples, groups, strict=True):
        scores = [next(scored) for _ in group]
        name = f"{stage}-{sample.dataset}-{sample.qid}"
        records += [
            rollout_record(run.folder.name, stage, 0, name, sample, i, response, score, None, policy.name)
            for i, (response, score) in enumerate(zip(group, scores, strict=True))
        ]
        values = [score.components.get(config.component) for score in scores]
        known = [value for value in values if value is not None]
        if len(known) == len(values):  # an error is not a wrong answer
            lines.append(_line(run, policy, config, sample, known, scores[0].reward_hash, stage))
    run.log.rollouts(stage, records)
    return lines


def _choose(samples: Sequence[Sample], count: int | None, seed: str) -> Sequence[Sample]:
    return samples if count is None or count >= len(samples) else random.Random(seed).sample(list(samples), count)


def _line(run: Run, policy: Policy, config: SamplingConfig, sample: Sample, values: Sequence[float], reward_hash: str, stage: str) -> dict[str, Any]:
    right = sum(value >= 1 for value in values)
    return {
        "v": 1, "qid": sample.qid, "difficulty": "easy" if right == len(values) else "medium" if right else "hard",
        "correct": right, "responses": len(values), "policy": run.project.policy.base, "checkpoint": policy.name,
        "temperature": config.temperature, "topP": config.top_p, "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "rewardHash": reward_hash, "run": run.folder.name, **({} if stage == SAMPLING else {"stage": stage}),
    }  # fmt: skip


def _keep_history(folder: Path, dataset: str, now: str) -> None:
    """Keeps what another sampling found as `history/<dataset>/<its run>.jsonl`: which samples became easier is read from the two."""
    file = folder / f"{dataset}.jsonl"
    before = next((_name(value) for _, value in read_jsonl(file) if isinstance(value, dict)), None) if file.exists() else None
    if before is None or before == now or Path(before).name != before:
        return
    kept = folder / "history" / dataset / f"{before}.jsonl"
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, kept)
    except OSError as error:
        raise cannot_write(kept, error) from error


def _name(line: Mapping[str, Any]) -> str:
    """The run of a sampling, and its stage where it is not the run's first."""
    return f"{line.get('run')}.{line['stage']}" if isinstance(line.get("stage"), str) else str(line.get("run"))


def _write(file: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("".join(json.dumps(line, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines), "utf-8")
        os.replace(part, file)
    except OSError as error:
        raise cannot_write(file, error) from error
