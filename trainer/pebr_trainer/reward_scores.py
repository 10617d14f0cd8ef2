"""Scores a batch in the contract of its reward; one response that fails, or that changes what all share, does not touch the others."""

from __future__ import annotations

import asyncio
import builtins
import inspect
import json
import math
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .reward_clip import take_notes
from .reward_contracts import Reward
from .reward_failure import describe

Json = dict[str, Any]
MOST_COMPONENTS, LONGEST_NAME = 200, 200


class TokenCount(int):
    """A number of tokens; the PeBR-R1 fork hands over a tensor without dimensions, and rewards call its `item()`."""

    def item(self) -> int:
        return int(self)


class Shared:
    """What every piece of Python code uses, as it was before the reward: one response must not change it for the next."""

    def __init__(self) -> None:
        self._modules = [(module, dict(vars(module))) for module in (builtins, json, math, re)]

    def put_back(self) -> str | None:
        """The name of something that was changed, or None."""
        changed = None
        for module, was in self._modules:
            now = vars(module)
            wrong = [name for name in {*was, *now} if now.get(name) is not was.get(name) and name not in ("_", "__warningregistry__")]
            for name in wrong:
                now.pop(name, None)
                if name in was:
                    now[name] = was[name]
                changed = f"{module.__name__}.{name}"
        return changed


shared = Shared()


def score(reward: Reward, items: list[Json]) -> list[Json]:
    """One score an item. A function that fails on the whole list is called again item by item, so that one response cannot fail the others."""
    call = {"easyr1": score_easyr1, "verl": score_verl, "trl": score_trl}[reward.contract]
    try:
        scores = call(reward, items)
        notes = take_notes()
        changed = shared.put_back()
        if changed:
            raise RuntimeError(f"A reward may not change {changed}, which all code shares; it was put back.")
        return [{**each, "evidence": [*each["evidence"], *notes]} for each in scores] if notes else scores
    except BaseException as error:  # sys.exit() included: it ends the response, not the batch
        shared.put_back()
        if len(items) == 1:
            described = describe(error, reward.files)
            remedy = described.pop("remedy", None)
            told = {**described, "message": f"{described['message']} {remedy}"} if remedy else described
            return [{"overall": None, "components": {}, "evidence": [], "error": told}]
        return [score(reward, [item])[0] for item in items]


def score_easyr1(reward: Reward, items: list[Json]) -> list[Json]:
    compute = reward.functions["compute_score"]
    inputs = [easyr1_input(item, reward.sees_images) for item in items]
    results = [compute(each) for each in inputs] if reward.is_sequential else compute(inputs)
    check_count(results, items, "compute_score")
    return [score_of_dict(result, "overall") for result in results]


def easyr1_input(item: Json, sees_images: bool) -> Json:
    sample = item["sample"]
    given: Json = {
        "response": item["response"],
        "response_length": TokenCount(token_count(item)),
        "ground_truth": sample["answer"],
        "key_word": sample.get("key_words"),
        "qid": sample["qid"],
    }
    if sees_images and sample.get("images"):
        given["image"] = open_image(sample["images"][0])
    return given


def score_verl(reward: Reward, items: list[Json]) -> list[Json]:
    compute = reward.functions["compute_score"]
    given = [verl_input(item) for item in items]
    if reward.is_batch:
        lists = {f"{name}s": [each[name] for each in given] for name in ("data_source", "solution_str", "ground_truth", "extra_info")}
        results = awaited(compute(**lists))
        check_count(results, items, "compute_score")
    else:
        results = [awaited(compute(**each)) for each in given]
    return [score_of_dict(result if isinstance(result, dict) else {"score": result}, "score") for result in results]


def verl_input(item: Json) -> Json:
    sample = item["sample"]
    extra = {**sample, "index": sample["qid"], "question": sample["problem"], "image_path": next(iter(sample.get("images", [])), None), "split": "train"}
    return {"data_source": sample.get("data_source", "pebr"), "solution_str": item["response"], "ground_truth": sample["answer"], "extra_info": extra}


def score_trl(reward: Reward, items: list[Json]) -> list[Json]:
    samples = [item["sample"] for item in items]
    columns = {name: [sample.get(name) for sample in samples] for name in {name for sample in samples for name in sample}}
    if reward.sees_images:
        columns["images"] = [[open_image(path) for path in sample.get("images", [])] for sample in samples]
        columns["image"] = [next(iter(images), None) for images in columns["images"]]
    given = {
        **columns,
        "prompts": [[{"role": "user", "content": sample["problem"]}] for sample in samples],
        "completions": [[{"role": "assistant", "content": item["response"]}] for item in items],
        "completion_ids": [[0] * token_count(item) for item in items],  # as many as there are tokens; their ids are the policy's business
        "trainer_state": None,
        "log_extra": lambda *_: None,
        "log_metric": lambda *_: None,
    }
    columns_of_functions = {name: call_trl(name, function, given, items) for name, function in reward.functions.items()}
    return [total_of(reward, {name: values[index] for name, values in columns_of_functions.items()}) for index in range(len(items))]


def call_trl(name: str, function: Callable[..., Any], given: Json, items: list[Json]) -> list[Any]:
    parameters = inspect.signature(function).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    values = awaited(function(**(given if takes_all else {key: given[key] for key in parameters if key in given})))
    check_count(values, items, name)
    return list(values)


def total_of(reward: Reward, values: dict[str, Any]) -> Json:
    """TRL's sum: a None does not apply and is left out."""
    components = {name: None if value is None else number_of(value, name) for name, value in values.items()}
    applying = [name for name, value in components.items() if value is not None]
    if not applying:
        return {"overall": None, "components": components, "evidence": [], "error": {"message": "Every reward function returned None for this response."}}
    return {"overall": sum(reward.weights[name] * components[name] for name in applying), "components": components, "evidence": []}


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


def check_count(results: Any, items: list[Json], name: str) -> None:
    if not isinstance(results, (list, tuple)):
        raise TypeError(f"{name} gave a {type(results).__name__}, not a list of one result a response.")
    if len(results) != len(items):
        raise ValueError(f"{name} gave {len(results)} results for {len(items)} responses.")


def token_count(item: Json) -> int:
    tokens = item.get("tokens")
    return len(item["response"].split()) if tokens is None else int(tokens)


def awaited(value: Any) -> Any:
    return asyncio.run(value) if inspect.iscoroutine(value) else value


@lru_cache(maxsize=64)
def open_image(path: str) -> Any:
    """The picture, upright, RGB; as the PeBR-R1 fork hands it to rewards."""
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise ImportError(f"This reward looks at images, and Pillow is not installed in {sys.executable}.") from error
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.pebr_path = path
        return upright
