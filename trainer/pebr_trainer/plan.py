"""Which samples each step of a GRPO stage uses: decided before the stage starts, from the seed alone, so a resumed run repeats it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .config import StageConfig
from .data import Sample
from .errors import RunError


@dataclass(frozen=True)
class Planned:
    """One group to be: a sample and the reward that scores it; `replayed` from the other stage's dataset."""

    sample: Sample
    reward: str
    replayed: bool


def plan_stage(stage: StageConfig, pools: Mapping[str, Sequence[Sample]], seed: int) -> list[Planned]:
    """`samplesPerStep` groups for each batch of responses, in order; `pools` holds the samples of each dataset, already filtered."""
    batches = -(-stage.steps // stage.iterations)
    replayed = 0
    if stage.replay:
        replayed = min(stage.samples_per_step, round(stage.replay.share * stage.samples_per_step))
    width = stage.samples_per_step - replayed
    own = _deal(pools[stage.dataset], batches * width, f"{seed}/{stage.name}/own", stage.name, stage.dataset)
    other: list[Sample] = []
    if stage.replay:
        other = _deal(pools[stage.replay.dataset], batches * replayed, f"{seed}/{stage.name}/replay", stage.name, stage.replay.dataset)
    plan: list[Planned] = []
    for batch in range(batches):
        plan += [Planned(s, stage.reward, False) for s in own[batch * width : (batch + 1) * width]]
        if stage.replay:
            plan += [Planned(s, stage.replay.reward, True) for s in other[batch * replayed : (batch + 1) * replayed]]
    return plan


def _deal(pool: Sequence[Sample], needed: int, seed: str, stage: str, dataset: str) -> list[Sample]:
    """`needed` draws, every sample once before any comes again."""
    if needed and not pool:
        raise RunError(
            f"no sample of {dataset} has the difficulty that stage {stage} asks for",
            "Sample more rows (pipeline.sampling.samples), warm the policy up more or less, or widen the stage's difficulty.",
            f"stage {stage}",
        )
    rng = random.Random(seed)
    dealt: list[Sample] = []
    while len(dealt) < needed:
        dealt.extend(rng.sample(list(pool), len(pool)))
    return dealt[:needed]
