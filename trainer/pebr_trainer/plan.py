"""Which samples each step of a GRPO stage uses: decided before the stage starts, from the seed alone, so a resumed run repeats it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .config import StageConfig
from .data import Sample
from .errors import RunError

NEAR = 4  # with a curriculum, the samples of nearest pass rate that a draw chooses from, as a multiple of what it needs


@dataclass(frozen=True)
class Planned:
    """One group to be: a sample and the reward that scores it; `replayed` from the other stage's dataset."""

    sample: Sample
    reward: str
    replayed: bool


@dataclass(frozen=True)
class Pool:
    """The samples of a dataset that a stage may use, and their pass rates as far as they were sampled (0..1, by id)."""

    samples: Sequence[Sample]
    pass_rates: Mapping[str, float]

    def pass_rate(self, sample: Sample) -> float:
        return self.pass_rates.get(sample.qid, 0.5)


@dataclass(frozen=True)
class Plan:
    """`samplesPerStep` groups for each batch of responses, in order, and where others come from when some are dropped."""

    groups: Sequence[Planned]
    stage: StageConfig
    pools: Mapping[str, Pool]
    seed: int

    def draw(self, step: int, batch: int, slots: Sequence[Planned], used: set[str]) -> dict[int, Planned]:
        """Another sample for each slot that can have one, of its own kind and new to the step; by the place of the slot."""
        drawn: dict[int, Planned] = {}
        for replayed in (False, True):
            places = [i for i, slot in enumerate(slots) if slot.replayed == replayed]
            if not places:
                continue
            pool = self.pools[slots[places[0]].sample.dataset]
            fresh = [sample for sample in pool.samples if sample.qid not in used]
            if self.stage.curriculum == "easy-first":
                level = sum(pool.pass_rate(slots[i].sample) for i in places) / len(places)
                fresh = sorted(fresh, key=lambda sample: abs(pool.pass_rate(sample) - level))[: NEAR * len(places)]
            rng = random.Random(f"{self.seed}/{self.stage.name}/{step}/{batch}/{replayed}")
            chosen = rng.sample(fresh, min(len(places), len(fresh)))
            drawn |= {place: Planned(sample, slots[place].reward, replayed) for place, sample in zip(places, chosen, strict=False)}
        return drawn


def plan_stage(stage: StageConfig, pools: Mapping[str, Pool], seed: int) -> Plan:
    """Deals the samples of `pools` (by dataset, already filtered) to the stage's batches."""
    batches = -(-stage.steps // stage.iterations)
    replayed = 0
    if stage.replay:
        replayed = min(stage.samples_per_step, round(stage.replay.share * stage.samples_per_step))
    width = stage.samples_per_step - replayed
    own = _deal(pools[stage.dataset], batches * width, f"{seed}/{stage.name}/own", stage.name, stage.dataset)
    if stage.curriculum == "easy-first":
        own.sort(key=lambda sample: -pools[stage.dataset].pass_rate(sample))  # stable: equal ones stay in their dealt order
    other: list[Sample] = []
    if stage.replay:
        other = _deal(pools[stage.replay.dataset], batches * replayed, f"{seed}/{stage.name}/replay", stage.name, stage.replay.dataset)
    groups: list[Planned] = []
    for batch in range(batches):
        groups += [Planned(s, stage.reward, False) for s in own[batch * width : (batch + 1) * width]]
        if stage.replay:
            groups += [Planned(s, stage.replay.reward, True) for s in other[batch * replayed : (batch + 1) * replayed]]
    return Plan(groups, stage, pools, seed)


def _deal(pool: Pool, needed: int, seed: str, stage: str, dataset: str) -> list[Sample]:
    """`needed` draws, every sample once before any comes again."""
    if needed and not pool.samples:
        raise RunError(
            f"no sample of {dataset} has the difficulty and pass rate that stage {stage} asks for",
            "Sample more rows (pipeline.sampling.samples), warm the policy up more or less, or widen the stage's difficulty or passRate.",
            f"stage {stage}",
        )
    rng = random.Random(seed)
    dealt: list[Sample] = []
    while len(dealt) < needed:
        dealt.extend(rng.sample(list(pool.samples), len(pool.samples)))
    return dealt[:needed]
