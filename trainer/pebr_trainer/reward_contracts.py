"""The contracts of Python rewards, unchanged: EasyR1's and the PeBR-R1 fork's `compute_score(reward_inputs)`, verl's
`compute_score(data_source, solution_str, ground_truth, extra_info)`, TRL's `f(prompts, completions, **columns)`, ms-swift's classes whose
`__call__(completions, **columns)` takes plain texts, and OpenRLHF's `reward_func(queries, prompts, labels)`.

The contract is read off the signature; a module constant `PEBR_CONTRACT` overrides it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from types import ModuleType
from typing import Any

Json = dict[str, Any]
VERL_RESPONSES = ("solution_str", "predict_str")  # the second one in verl's own rewards, which its dispatcher calls by position
EASYR1_TEXTS = (["predicts", "ground_truths"], ["predict", "ground_truth"])  # before its inputs were dicts: a batch, a response
OPENRLHF = {"queries", "prompts", "labels"}
CONTRACTS = ("easyr1", "verl", "trl", "swift", "openrlhf")


@dataclass
class Reward:
    """A loaded reward file."""

    path: str
    contract: str
    functions: dict[str, Callable[..., Any]]
    weights: dict[str, float]
    is_sequential: bool = False  # EasyR1: one input a call instead of the list
    is_batch: bool = False  # verl: its batch reward manager hands over lists
    takes_texts: bool = False  # EasyR1 before its inputs were dicts: responses and truths
    is_plain: bool = False  # TRL: completions are texts, as from a dataset whose prompts are texts
    sees_images: bool = False
    files: list[str] = field(default_factory=list)
    hash: str = ""
    numbers: list[Json] = field(default_factory=list)


def read_contract(module: ModuleType, path: str) -> Reward:
    """Which contract the module follows: said by `PEBR_CONTRACT`, else read off the parameters of its functions."""
    said = getattr(module, "PEBR_CONTRACT", None)
    if said is not None and said not in CONTRACTS:
        raise ValueError(f'PEBR_CONTRACT is "{said}"; it can be {", ".join(CONTRACTS)}.')
    compute = None if said in ("trl", "swift") else named_function(module) or function_by_parameters(module)
    if compute is not None:
        names = set(inspect.signature(compute).parameters)
        is_batch = {"solution_strs", "ground_truths"} <= names
        if said == "openrlhf" or (said is None and OPENRLHF <= names):
            return Reward(path, "openrlhf", {getattr(compute, "__name__", "reward_func"): compute}, {})
        if said == "verl" or (said is None and (is_batch or is_verl(names))):
            return Reward(path, "verl", {"compute_score": compute}, {}, is_batch=is_batch)
        is_sequential = getattr(module, "REWARD_TYPE", None) == "sequential" or first_parameter(compute) in ("reward_input", "predict")
        return Reward(path, "easyr1", {"compute_score": compute}, {}, is_sequential, takes_texts=first_two(compute) in EASYR1_TEXTS)
    functions = {} if said == "swift" else trl_functions(module)
    objects = {} if functions else swift_objects(module)
    if objects:
        return Reward(path, "swift", objects, dict.fromkeys(objects, 1.0), is_plain=True)
    if not functions:
        raise ValueError(
            "No reward function was found: expected compute_score(reward_inputs) as in EasyR1, compute_score(data_source, solution_str, "
            "ground_truth, extra_info) as in verl, a function with a parameter `completions` as in TRL, a class with such a `__call__` as in ms-swift, or "
            "reward_func(queries, prompts, labels) as in OpenRLHF."
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
    is_easyr1 = first_parameter(function) in ("reward_inputs", "reward_input") or first_two(function) in EASYR1_TEXTS
    return is_easyr1 or is_verl(names) or {"solution_strs", "ground_truths"} <= names or OPENRLHF <= names


def is_verl(names: set[str]) -> bool:
    return "ground_truth" in names and not names.isdisjoint(VERL_RESPONSES)


def first_parameter(function: Callable[..., Any]) -> str | None:
    return next(iter(inspect.signature(function).parameters), None)


def first_two(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)[:2]


def own_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Functions of the file, and partials (`strict = partial(graded, limit=3)`), by their names in it. What a partial is made of is no reward beside it."""
    own = {name: value for name, value in vars(module).items() if is_own(value, module)}
    parts = [unwrapped(value) for value in own.values() if isinstance(value, partial)]
    return {name: value for name, value in own.items() if not name.startswith("_") and value not in parts}


def is_own(value: Any, module: ModuleType) -> bool:
    return inspect.isfunction(unwrapped(value)) and (isinstance(value, partial) or value.__module__ == module.__name__)


def unwrapped(value: Any) -> Any:
    while isinstance(value, partial):
        value = value.func
    return value


def trl_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    listed = getattr(module, "reward_funcs", None)
    if listed:
        functions = listed if isinstance(listed, (list, tuple)) else [listed]
        for function in functions:
            if not callable(function):
                raise ValueError(f"reward_funcs has {function!r}, which is no function: a reward model runs in its trainer alone.")
        return with_names(functions, module)
    found = {id(function): function for function in own_functions(module).values() if "completions" in inspect.signature(function).parameters}
    return with_names(found.values(), module)


def with_names(functions: Iterable[Callable[..., Any]], module: ModuleType) -> dict[str, Callable[..., Any]]:
    """A function by its own name, a partial by that of its variable, else of what it wraps; functions that share a name (closures do) are numbered."""
    variables = {id(value): name for name, value in vars(module).items() if isinstance(value, partial)}
    named: dict[str, Callable[..., Any]] = {}
    for function in functions:
        inner = unwrapped(function)
        own = variables.get(id(function)) or getattr(inner, "__name__", type(inner).__name__)
        free = (name for name in chain([own], (f"{own}_{number}" for number in count(2))) if name not in named)
        named[next(free)] = function
    return named


def swift_objects(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """One of each class of the file that is called with completions, under the name it was given in `orms`."""
    classes = [value for value in vars(module).values() if inspect.isclass(value) and value.__module__ == module.__name__ and "completions" in parameters_of_call(value)]
    registered = getattr(module, "orms", None)
    names = {kind: name for name, kind in registered.items()} if isinstance(registered, dict) else {}
    return {str(names.get(kind, kind.__name__)): kind() for kind in classes}


def parameters_of_call(kind: type) -> set[str]:
    call = vars(kind).get("__call__")
    return set(inspect.signature(call).parameters) if inspect.isfunction(call) else set()


def components_of(reward: Reward) -> list[str]:
    return list(reward.weights)
