"""Scores a batch in the contract of its reward; one response that fails, or that changes what all share, does not touch the others."""

from __future__ import annotations

import asyncio
import builtins
import inspect
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from .reward_clip import take_notes
from .reward_contracts import Reward
from .reward_failure import describe

Json = dict[str, Any]
MOST_COMPONENTS, LONGEST_NAME = 200, 200


class WrongResults(Exception):
    """What a function gave for a batch is no result for each of its responses."""


class TokenCount(int):
    """A number of tokens; the PeBR-R1 fork hands over a tensor without dimensions, and rewards call its `item()`."""

    def item(self) -> int:
        return int(self)


class Shared:
    """What every piece of Python code uses, as it was before the reward: one response must not change it for the next."""

    def __init__(self) -> None:
        shared = {"builtins": builtins, "json": json, "json.encoder": json.encoder, "json.decoder": json.decoder, "math": math, "re": re}
        shared |= {"json.JSONEncoder": json.JSONEncoder, "json.JSONDecoder": json.JSONDecoder}
        self._holders = [(name, holder, dict(vars(holder))) for name, holder in shared.items()]

    def put_back(self) -> str | None:
        """The name of something that was changed, or None."""
        changed = None
        for holder_name, holder, was in self._holders:
            now = vars(holder)
            wrong = [name for name in {*was, *now} if now.get(name) is not was.get(name) and name not in ("_", "__warningregistry__")]
            for name in wrong:
                if name in was:
                    setattr(holder, name, was[name])
                else:
                    delattr(holder, name)
                changed = f"{holder_name}.{name}"
        return changed


shared = Shared()


def score(reward: Reward, items: list[Json]) -> list[Json]:
    """One score an item. A function that fails on the whole list is called again item by item, so that one response cannot fail the others."""
    call = {"easyr1": score_easyr1, "verl": score_verl, "trl": score_trl, "swift": score_trl, "openrlhf": score_openrlhf}[reward.contract]
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
            return [failed(told)]
        alone = [score(reward, [item])[0] for item in items]
        if isinstance(error, WrongResults) and all(each["overall"] is not None for each in alone):
            return [failed(describe(error, reward.files)) for _ in items]  # nobody's fault alone: in training the batch fails too
        return alone


def failed(error: Json) -> Json:
    return {"overall": None, "components": {}, "evidence": [], "error": error}


def score_easyr1(reward: Reward, items: list[Json]) -> list[Json]:
    compute = reward.functions["compute_score"]
    inputs = [easyr1_input(item, reward.sees_images) for item in items]
    results = [compute(each) for each in inputs] if reward.is_sequential else compute(inputs)
    return [score_of_dict(result, "overall") for result in listed(results, items, "compute_score")]


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
        results = listed(awaited(compute(**lists)), items, "compute_score")
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
        if reward.is_plain:
            raise
        try:
            found = values(True)
        except Exception:  # noqa: BLE001
            raise error from None
        reward.is_plain = True
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


def score_openrlhf(reward: Reward, items: list[Json]) -> list[Json]:
    [(name, function)] = reward.functions.items()
    prompts = [item["sample"]["problem"] for item in items]
    queries = [prompt + item["response"] for prompt, item in zip(prompts, items)]
    result = awaited(function(queries, prompts, [item["sample"]["answer"] for item in items]))
    given = result if isinstance(result, dict) else {"rewards": result}
    if "rewards" not in given:
        raise WrongResults(f'{name} gave no "rewards".')
    logged = {key: listed(values, items, key) for key, values in (given.get("extra_logs") or {}).items()}
    rewards = listed(given["rewards"], items, name)
    return [score_of_dict({"rewards": value, **{key: values[index] for key, values in logged.items()}}, "rewards") for index, value in enumerate(rewards)]


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


def listed(results: Any, items: list[Json], name: str) -> list[Any]:
    """One result a response, of a list, an array, a tensor or whatever else trainers go through."""
    if isinstance(results, (str, bytes, Mapping)) or not isinstance(results, Iterable):
        raise WrongResults(f"{name} gave a {type(results).__name__}, not a list of one result a response.")
    given = list(results)
    if len(given) != len(items):
        raise WrongResults(f"{name} gave {len(given)} results for {len(items)} responses.")
    return given


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
