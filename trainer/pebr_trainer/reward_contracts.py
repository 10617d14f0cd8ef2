"""The contracts of Python rewards, unchanged: EasyR1's and the PeBR-R1 fork's `compute_score(reward_inputs)`, verl's
`compute_score(data_source, solution_str, ground_truth, extra_info)` and TRL's `f(prompts, completions, **columns)`.

The contract is read off the signature; a module constant `PEBR_CONTRACT` overrides it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

Json = dict[str, Any]
VERL = {"solution_str", "ground_truth"}


@dataclass
class Reward:
    """A loaded reward file."""

    path: str
    contract: str
    functions: dict[str, Callable[..., Any]]
    weights: dict[str, float]
    is_sequential: bool = False  # EasyR1: one input a call instead of the list
    is_batch: bool = False  # verl: its batch reward manager hands over lists
    sees_images: bool = False
    files: list[str] = field(default_factory=list)
    hash: str = ""
    numbers: list[Json] = field(default_factory=list)


def read_contract(module: ModuleType, path: str) -> Reward:
    """Which contract the module follows: said by `PEBR_CONTRACT`, else read off the parameters of its functions."""
    said = getattr(module, "PEBR_CONTRACT", None)
    if said not in (None, "easyr1", "verl", "trl"):
        raise ValueError(f'PEBR_CONTRACT is "{said}"; it can be "easyr1", "verl" or "trl".')
    compute = None if said == "trl" else named_function(module) or function_by_parameters(module)
    if compute is not None:
        names = set(inspect.signature(compute).parameters)
        is_batch = {"solution_strs", "ground_truths"} <= names
        if said == "verl" or (said is None and (is_batch or VERL <= names)):
            return Reward(path, "verl", {"compute_score": compute}, {}, is_batch=is_batch)
        is_sequential = getattr(module, "REWARD_TYPE", None) == "sequential" or first_parameter(compute) == "reward_input"
        return Reward(path, "easyr1", {"compute_score": compute}, {}, is_sequential)
    functions = trl_functions(module)
    if not functions:
        raise ValueError(
            "No reward function was found: expected compute_score(reward_inputs) as in EasyR1, compute_score(data_source, solution_str, "
            "ground_truth, extra_info) as in verl, or a function with a parameter `completions` as in TRL."
        )
    weights = list(getattr(module, "reward_weights", None) or [1.0] * len(functions))
    if len(weights) != len(functions):
        raise ValueError(f"reward_weights has {len(weights)} numbers for {len(functions)} reward functions.")
    return Reward(path, "trl", functions, dict(zip(functions, map(float, weights))))


def named_function(module: ModuleType) -> Callable[..., Any] | None:
    """`compute_score`, the one that `REWARD_NAME` says, or `main`."""
    for name in ("compute_score", getattr(module, "REWARD_NAME", None) or "main"):
        found = getattr(module, name, None)
        if callable(found):
            return found  # type: ignore[no-any-return]
    return None


def function_by_parameters(module: ModuleType) -> Callable[..., Any] | None:
    """The one function that has the parameters of a contract: configurations name a function as they like (`reward_function: file.py:name`)."""
    fitting = {name: function for name, function in own_functions(module).items() if is_reward(function)}
    if len(fitting) > 1:
        raise ValueError(f'Several functions could be the reward: {", ".join(fitting)}. Say which: REWARD_NAME = "{next(iter(fitting))}".')
    return next(iter(fitting.values()), None)


def is_reward(function: Callable[..., Any]) -> bool:
    names = set(inspect.signature(function).parameters)
    return first_parameter(function) in ("reward_inputs", "reward_input") or VERL <= names or {"solution_strs", "ground_truths"} <= names


def first_parameter(function: Callable[..., Any]) -> str | None:
    return next(iter(inspect.signature(function).parameters), None)


def own_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    return {name: value for name, value in vars(module).items() if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")}


def trl_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    listed = getattr(module, "reward_funcs", None)
    if listed:
        return {getattr(function, "__name__", type(function).__name__): function for function in listed}
    return {function.__name__: function for function in own_functions(module).values() if "completions" in inspect.signature(function).parameters}


def components_of(reward: Reward) -> list[str]:
    return list(reward.weights)
