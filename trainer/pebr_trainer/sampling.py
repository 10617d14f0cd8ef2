"""Stage `sampling`: how hard each sample is for the warm policy. All responses right: easy; some: medium; none: hard (PeBR-R1)."""

import json
import os
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .config import SamplingConfig
from .data import Sample, read_jsonl
from .errors import RunError, Stopped
from .pictures import load_image
from .policy import Policy, batches, generate, seed_for
from .prompt import user_message
from .scoring import Scorer, rollout_record
from .stage import Run
from .stage_names import SAMPLING



def sample_difficulty(
    run: Run, policy: Policy, config: SamplingConfig, datasets: Mapping[str, Sequence[Sample]], scorer: Scorer
) -> None:
    """Writes the difficulty of each dataset's samples (project and run folder), a `difficulty` event, and the responses as rollouts."""
    chosen = {name: _choose(samples, config.samples, f"{run.seed}/{name}") for name, samples in datasets.items()}
    total, done = sum(len(samples) for samples in chosen.values()), 0
    run.log.event("stage-started", stage=SAMPLING, total=total)
    for name, samples in chosen.items():
        seed_for(run.seed, f"{SAMPLING}/{name}")
        lines: list[dict[str, Any]] = []
        for part in batches(samples, config.responses):
            lines += _sample_batch(run, policy, config, part, scorer)
            done += len(part)
            run.log.event("progress", stage=SAMPLING, done=done, total=total)
            if run.stop:
                raise Stopped
        if len(lines) < len(samples):
            message = f"{len(samples) - len(lines)} samples of {name} could not be graded by {config.reward} and have no difficulty"
            run.log.problem("warning", message, "Look at their rollouts; the error stands there.", SAMPLING)
        _keep_history(run.project.root / ".pebr" / "difficulty", name, run.folder.name)
        for folder in (run.folder, run.project.root / ".pebr"):
            _write(folder / "difficulty" / f"{name}.jsonl", lines)
        counts = {d: sum(line["difficulty"] == d for line in lines) for d in ("easy", "medium", "hard")}
        run.log.event("difficulty", dataset=name, **counts, responses=config.responses)


def read_difficulty(run: Run, dataset: str) -> dict[str, str]:
    """Difficulty by sample id: of this run's own sampling, else of the project's last; empty when there was none."""
    for folder in (run.folder, run.project.root / ".pebr"):
        file = folder / "difficulty" / f"{dataset}.jsonl"
        if file.exists():
            return {value["qid"]: value["difficulty"] for _, value in read_jsonl(file) if isinstance(value, dict) and "difficulty" in value}
    return {}


def _sample_batch(run: Run, policy: Policy, config: SamplingConfig, samples: Sequence[Sample], scorer: Scorer) -> list[dict[str, Any]]:
    messages = [user_message(s.prompt, [load_image(i, policy.processor) for i in s.images]) for s in samples]
    groups = generate(
        policy, messages, responses=config.responses, temperature=config.temperature, top_p=config.top_p,
        limit=run.project.policy.max_response_tokens,
    )  # fmt: skip
    scored = iter(scorer.score([(config.reward, s, r.text, r.tokens) for s, group in zip(samples, groups, strict=True) for r in group]))
    lines, records = [], []
    for sample, group in zip(samples, groups, strict=True):
        scores = [next(scored) for _ in group]
        name = f"{SAMPLING}-{sample.dataset}-{sample.qid}"
        records += [
            rollout_record(run.folder.name, SAMPLING, 0, name, sample, i, response, score, None, policy.name)
            for i, (response, score) in enumerate(zip(group, scores, strict=True))
        ]
        values = [score.components.get(config.component) for score in scores]
        known = [value for value in values if value is not None]
        if len(known) == len(values):  # an error is not a wrong answer
            lines.append(_line(run, policy, config, sample, known, scores[0].reward_hash))
    run.log.rollouts(SAMPLING, records)
    return lines


def _choose(samples: Sequence[Sample], count: int | None, seed: str) -> Sequence[Sample]:
    return samples if count is None or count >= len(samples) else random.Random(seed).sample(list(samples), count)


def _line(run: Run, policy: Policy, config: SamplingConfig, sample: Sample, values: Sequence[float], reward_hash: str) -> dict[str, Any]:
    right = sum(value >= 1 for value in values)
    return {
        "v": 1, "qid": sample.qid, "difficulty": "easy" if right == len(values) else "medium" if right else "hard",
        "correct": right, "responses": len(values), "policy": run.project.policy.base, "checkpoint": policy.name,
        "temperature": config.temperature, "topP": config.top_p, "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "rewardHash": reward_hash, "run": run.folder.name,
    }  # fmt: skip


def _keep_history(folder: Path, dataset: str, run: str) -> None:
    """Keeps what the sampling of another run found as `history/<dataset>/<its run>.jsonl`: which samples became easier is read from the two."""
    file = folder / f"{dataset}.jsonl"
    try:
        before = next((str(value.get("run")) for _, value in read_jsonl(file) if isinstance(value, dict)), None) if file.exists() else None
        if before is None or before == run or Path(before).name != before:
            return
        kept = folder / "history" / dataset / f"{before}.jsonl"
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, kept)
    except OSError as error:
        raise RunError(f"cannot keep {file}: {error.strerror}", "Make room on the disk, then resume the run.", SAMPLING) from error


def _write(file: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("".join(json.dumps(line, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines), "utf-8")
        os.replace(part, file)
    except OSError as error:
        raise RunError(f"cannot write {file}: {error.strerror}", "Make room on the disk, then resume the run.", SAMPLING) from error
