"""Means over samples with 95 % intervals: Wilson's where every value is 0 or 1, else a seeded bootstrap."""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np

RESAMPLES = 1000
Z = 1.959964  # of a 95 % interval


def summarize(samples: Sequence[Mapping[str, float]], seed: int) -> dict[str, dict[str, float]]:
    """`{metric: {mean, low, high}}` over samples; each entry holds one sample's own means over its responses."""
    rng = np.random.default_rng(seed)
    out: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(name for sample in samples for name in sample):
        values = np.array([sample[name] for sample in samples if name in sample])
        low, high = _bootstrap(values, rng)
        if np.isin(values, (0, 1)).all():  # a bootstrap of values that are all equal knows no doubt
            low, high = wilson(float(values.sum()), len(values))
        out[name] = {"mean": round(float(values.mean()), 6), "low": round(low, 6), "high": round(high, 6)}
    return out


def wilson(right: float, count: int) -> tuple[float, float]:
    """Wilson's score interval of `right` out of `count`."""
    share = right / count
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return (0.0 if right == 0 else middle - half), (1.0 if right == count else middle + half)


def _bootstrap(values: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    resampled = values[rng.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(resampled, (0.025, 0.975))
    return float(low), float(high)
