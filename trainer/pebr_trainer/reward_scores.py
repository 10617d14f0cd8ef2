"""Scores a batch in the contract of its reward; one response that fails, or that changes what all share, does not touch the others."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .reward_clip import take_notes
from .reward_contracts import Reward, unwrapped
from .reward_failure import describe
from .reward_inputs import TokenCount, open_image, token_count
from .reward_results import WrongResults, awaited, listed, score_of_dict
from .reward_shared import shared
from .reward_trl import score_trl

Json = dict[str, Any]


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
            return [failed({**told, **place_of_function(reward, error, told)})]
        alone = [score(reward, [item])[0] for item in items]
        if isinstance(error, WrongResults) and all(each["overall"] is not None for each in alone):
            told = describe(error, reward.files)  # nobody's fault alone: in training the batch fails too
            return [failed({**told, **place_of_function(reward, error, told)}) for _ in items]
        return alone


def place_of_function(reward: Reward, error: BaseException, told: Json) -> Json:
    """Where a function begins that gave something else than results, or cannot be called as its trainer does; the message names it where there are several."""
    if "line" in told or not isinstance(error, (WrongResults, RuntimeError, TypeError, ValueError, LookupError)):
        return {}
    named = [function for name, function in reward.functions.items() if name in str(error)]
    function = unwrapped((named or list(reward.functions.values()))[0])
    code = getattr(function, "__code__", None) or getattr(getattr(type(function), "__call__", None), "__code__", None)
    return {"file": code.co_filename, "line": code.co_firstlineno} if code and code.co_filename in reward.files else {}


def failed(error: Json) -> Json:
    return {"overall": None, "components": {}, "evidence": [], "error": error}


def score_easyr1(reward: Reward, items: list[Json]) -> list[Json]:
    compute = reward.functions["compute_score"]
    if reward.takes_texts:
        texts, truths = [item["response"] for item in items], [item["sample"]["answer"] for item in items]
        results = [compute(*each) for each in zip(texts, truths)] if reward.is_sequential else compute(texts, truths)
        return [score_of_dict(result if isinstance(result, dict) else {"overall": result}, "overall") for result in listed(results, items, "compute_score")]
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
    inputs = [verl_input(item) for item in items]
    if reward.is_batch:
        lists = {f"{name}s": [each[name] for each in inputs] for name in ("data_source", "solution_str", "ground_truth", "extra_info")}
        results = listed(awaited(compute(**taken(compute, lists))), items, "compute_score")
    else:
        results = [awaited(compute(**taken(compute, each))) for each in inputs]
    return [score_of_dict(result if isinstance(result, dict) else {"score": result}, "score") for result in results]


def taken(function: Callable[..., Any], given: Json) -> Json:
    """What the function has parameters for: verl's own rewards have none for the source, and some call the response `predict_str`."""
    parameters = parameters_of(function)
    if "predict_str" in parameters:
        given = {**given, "predict_str": given["solution_str"]}
    return given if "**" in parameters else {name: value for name, value in given.items() if name in parameters}


@lru_cache(maxsize=8)
def parameters_of(function: Callable[..., Any]) -> frozenset[str]:
    """By name; `**` stands for any others."""
    return frozenset("**" if each.kind is each.VAR_KEYWORD else name for name, each in inspect.signature(function).parameters.items())


def verl_input(item: Json) -> Json:
    sample = item["sample"]
    extra = {**sample, "index": sample["qid"], "question": sample["problem"], "image_path": next(iter(sample.get("images", [])), None), "split": "train"}
    return {"data_source": sample.get("data_source", "pebr"), "solution_str": item["response"], "ground_truth": sample["answer"], "extra_info": extra}


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
