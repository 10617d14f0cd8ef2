"""The contract of TRL, and of ms-swift, which calls its classes the same way."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .reward_contracts import Reward
from .reward_inputs import open_image, token_count
from .reward_results import awaited, listed, number_of

Json = dict[str, Any]


def score_trl(reward: Reward, items: list[Json]) -> list[Json]:
    samples = [item["sample"] for item in items]
    columns = {name: [sample.get(name) for sample in samples] for name in {name for sample in samples for name in sample}}
    if reward.sees_images:
        columns["images"] = [[open_image(path) for path in sample.get("images", [])] for sample in samples]
        columns["image"] = [next(iter(images), None) for images in columns["images"]]
    given = {
        **columns,
        "completion_ids": [[0] * token_count(item) for item in items],  # as many as there are tokens; their ids are the policy's business
        "trainer_state": None,
        "log_extra": lambda *_: None,
        "log_metric": lambda *_: None,
    }
    columns_of_functions = values_of_functions(reward, given, items)
    return [total_of(reward, {name: values[index] for name, values in columns_of_functions.items()}) for index in range(len(items))]


def values_of_functions(reward: Reward, columns: Json, items: list[Json]) -> dict[str, list[Any]]:
    """TRL hands over texts where the prompts of the dataset are texts, and conversations where they are such: what a function was written for shows when it is called."""

    def values(is_plain: bool) -> dict[str, list[Any]]:
        given = {**columns, **(texts_of(items) if is_plain else conversations_of(items))}
        return {name: call_trl(name, function, given, items) for name, function in reward.functions.items()}

    try:
        return values(reward.is_plain)
    except (TypeError, AttributeError) as error:
        try:
            found = values(not reward.is_plain)
        except Exception:  # noqa: BLE001
            raise error from None
        reward.is_plain = not reward.is_plain
        return found


def texts_of(items: list[Json]) -> Json:
    return {"prompts": [item["sample"]["problem"] for item in items], "completions": [item["response"] for item in items]}


def conversations_of(items: list[Json]) -> Json:
    prompts = [[{"role": "user", "content": item["sample"]["problem"]}] for item in items]
    return {"prompts": prompts, "completions": [[{"role": "assistant", "content": item["response"]}] for item in items]}


def call_trl(name: str, function: Callable[..., Any], given: Json, items: list[Json]) -> list[Any]:
    parameters = inspect.signature(function).parameters
    absent = [key for key, each in parameters.items() if key not in given and each.default is each.empty and each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    if absent:
        raise LookupError(f'{name} asks for "{absent[0]}", and the samples have no such column; they have {", ".join(sorted(given))}.')
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return listed(awaited(function(**(given if takes_all else {key: given[key] for key in parameters if key in given}))), items, name)


def total_of(reward: Reward, values: dict[str, Any]) -> Json:
    """TRL's sum: a None does not apply and is left out."""
    components = {name: None if value is None else number_of(value, name) for name, value in values.items()}
    applying = [name for name, value in components.items() if value is not None]
    if not applying:
        return {"overall": None, "components": components, "evidence": [], "error": {"message": "Every reward function returned None for this response."}}
    return {"overall": sum(reward.weights[name] * components[name] for name in applying), "components": components, "evidence": []}
