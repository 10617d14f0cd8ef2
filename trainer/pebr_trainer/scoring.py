"""Scores responses to samples through the reward worker; one place knows which reward belongs to which dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .config import Project
from .data import Sample
from .reward_bridge import RewardWorker


@dataclass(frozen=True)
class Scored:
    """One response's score. `overall` is None when the reward failed, and `error` says why: an error is not a zero."""

    overall: float | None
    components: Mapping[str, float | None]
    evidence: Sequence[Any]
    error: Mapping[str, Any] | None
    reward_hash: str


class Scorer:
    """Scores batches that mix datasets and rewards; each reward is called once a batch."""

    def __init__(self, project: Project, worker: RewardWorker) -> None:
        self._project, self._worker = project, worker

    def load(self, reward: str, dataset: str) -> None:
        """Loads a reward now, so that one that cannot be loaded stops the run before it starts."""
        self._worker.load(*self._place(reward, dataset))

    def score(self, items: Sequence[tuple[str, Sample, str, int]]) -> list[Scored]:
        """`items` are (reward file, sample, response, its tokens); the scores come in the same order."""
        groups: dict[tuple[str, str], list[int]] = {}
        for i, (reward, sample, _, _) in enumerate(items):
            groups.setdefault((reward, sample.dataset), []).append(i)
        scored: dict[int, Scored] = {}
        for (reward, dataset), places in groups.items():
            asked = [{"response": items[i][2], "tokens": items[i][3], "sample": items[i][1].row} for i in places]
            result = self._worker.score(*self._place(reward, dataset), asked)
            scored |= {i: _scored(raw, result.reward_hash) for i, raw in zip(places, result.scores, strict=True)}
        return [scored[i] for i in range(len(items))]

    def _place(self, reward: str, dataset: str) -> tuple[Any, Any]:
        return self._project.path(reward), self._project.path(self._project.dataset(dataset).image_root)


def rollout_record(run: str, stage: str, step: int, group: str, sample: Sample, index: int, response: Any, scored: Scored,
                   advantage: float | None, checkpoint: str, **more: Any) -> dict[str, Any]:
    """One line of `rollouts/<stage>.jsonl`."""
    return {
        "v": 1, "run": run, "stage": stage, "step": step, "group": group, "sampleId": sample.qid, "dataset": sample.dataset, "index": index,
        "prompt": sample.prompt, "response": response.text, "tokens": response.tokens, "finish": response.finish,
        "components": dict(scored.components), "overall": scored.overall, "advantage": advantage, "evidence": list(scored.evidence),
        **({"error": scored.error} if scored.error else {}), "rewardHash": scored.reward_hash, "checkpoint": checkpoint, **more,
    }  # fmt: skip


def _scored(raw: Mapping[str, Any], reward_hash: str) -> Scored:
    overall = raw.get("overall")
    return Scored(overall, raw.get("components", {}), raw.get("evidence", ()), raw.get("error"), reward_hash)
