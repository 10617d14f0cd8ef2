"""What a reward function gave, async or not, as numbers: one for each response, finite, and not more of them than can be looked at."""

from __future__ import annotations

import asyncio
import inspect
import math
from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]
MOST_COMPONENTS, LONGEST_NAME = 200, 200


class WrongResults(Exception):
    """What a function gave for a batch is no result for each of its responses."""


def score_of_dict(result: Any, total: str) -> Json:
    if not isinstance(result, dict):
        raise TypeError(f"compute_score gave a {type(result).__name__} for a response, not a dict.")
    if len(result) > MOST_COMPONENTS or any(len(str(name)) > LONGEST_NAME for name in result):
        raise ValueError(f"compute_score gave {len(result)} entries for a response; it may give {MOST_COMPONENTS}, named with {LONGEST_NAME} characters at most.")
    components = {str(name): number_of(value, str(name)) for name, value in result.items() if name != total and is_number(value)}
    if total not in result:
        return {"overall": None, "components": components, "evidence": [], "error": {"message": f'compute_score gave no "{total}" for this response.'}}
    return {"overall": number_of(result[total], total), "components": components, "evidence": []}


def is_number(value: Any) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, str)


def number_of(value: Any, name: str) -> float:
    if not is_number(value):
        raise TypeError(f'"{name}" is a {type(value).__name__}, not a number.')
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f'"{name}" is a {type(value).__name__} that is no single number: {error}') from error
    if not math.isfinite(number):
        raise ValueError(f'"{name}" is {number}, not a finite number.')
    return number


def listed(results: Any, items: list[Json], name: str) -> list[Any]:
    """One result a response, of a list, an array, a tensor or whatever else trainers go through."""
    if isinstance(results, (str, bytes, Mapping)) or not isinstance(results, Iterable):
        raise WrongResults(f"{name} gave a {type(results).__name__}, not a list of one result a response.")
    given = list(results)
    if len(given) != len(items):
        raise WrongResults(f"{name} gave {len(given)} results for {len(items)} responses.")
    return given


def awaited(value: Any) -> Any:
    return asyncio.run(value) if inspect.iscoroutine(value) else value
