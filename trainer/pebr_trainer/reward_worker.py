"""Runs one Python reward file for the reward worker: one JSON request a line in, one JSON answer a line out.

Started by `src/platform/rewards/pythonRuntime.ts`. Knows three contracts, unchanged: EasyR1's and the PeBR-R1 fork's
`compute_score(reward_inputs)`, verl's `compute_score(data_source, solution_str, ground_truth, extra_info)` and TRL's
`f(prompts, completions, **columns)`. The contract is read off the signature; a module constant `PEBR_CONTRACT` overrides it.
Standard library only; Pillow is imported when the reward looks at images.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import inspect
import json
import math
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from types import FrameType, ModuleType
from typing import Any

Json = dict[str, Any]


@dataclass
class Reward:
    """A loaded reward file."""

    path: str
    contract: str
    functions: dict[str, Callable[..., Any]]
    weights: dict[str, float]
    is_sequential: bool = False  # EasyR1: one input a call instead of the list
    sees_images: bool = False
    files: list[str] = field(default_factory=list)
    hash: str = ""


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever the reward or a C library prints goes to stderr: stdout carries answers only
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
    lock = threading.Lock()

    def answer(message: Json) -> None:
        with lock:
            answers.write(json.dumps(message, allow_nan=False) + "\n")
            answers.flush()

    reward: Reward | None = None
    guard = Guard(answer)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["method"] == "load":
                guard.begin(request["deadlineMs"], request["deadlineMs"], [request["path"]], None)
                reward = load(request["path"])
                guard.end()
                guard.limit_memory(request["memoryMb"])
                answer({"result": {"hash": reward.hash, "contract": reward.contract, "components": components_of(reward), "weights": reward.weights, "files": reward.files}})
            elif reward is not None:
                guard.begin(request["deadlineMs"], request["toldMs"], reward.files, len(request["items"]))
                scores = score(reward, request["items"])
                guard.end()
                answer({"result": {"scores": scores}})
        except BaseException as error:  # the boundary to code that a user wrote; SystemExit included
            guard.end()
            files = reward.files if reward else [request.get("path", "")]
            answer({"error": describe(error, files)})


class Guard:
    """Ends the process at the deadline or over the memory limit, after telling at which line of the reward it stood."""

    def __init__(self, answer: Callable[[Json], None]) -> None:
        self._answer = answer
        self._main = threading.main_thread().ident
        self._deadline = math.inf
        self._told = 0.0
        self._count: int | None = None
        self._files: list[str] = []
        self._limit_mb = math.inf
        self._parent = os.getppid()
        threading.Thread(target=self._watch, daemon=True).start()

    def begin(self, budget_ms: float, told_ms: float, files: list[str], count: int | None) -> None:
        self._files, self._told, self._count = files, told_ms, count
        self._deadline = time.monotonic() + budget_ms / 1000

    def end(self) -> None:
        self._deadline = math.inf

    def limit_memory(self, growth_mb: float) -> None:
        """What importing took (torch alone is some 300 MB) does not count."""
        self._limit_mb = resident_mb() + growth_mb

    def _watch(self) -> None:
        while True:
            time.sleep(0.05)
            if self._deadline < math.inf and time.monotonic() > self._deadline:
                many = f" for {self._count} responses in one call" if self._count and self._count > 1 else ""
                self._stop(f"The reward did not finish within {self._told:.0f} ms{many} and was ended.")
            if resident_mb() > self._limit_mb:
                self._stop("The reward used more memory than it may and was ended.")
            if os.getppid() != self._parent:
                os._exit(70)  # nobody waits for an answer any more

    def _stop(self, message: str) -> None:
        self._answer({"stalled": {"message": message, **place_of_frame(sys._current_frames().get(self._main or 0), self._files)}})
        os._exit(70)


def resident_mb() -> float:
    """Memory in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


def load(path: str) -> Reward:
    folder = os.path.dirname(path)
    sys.path[0] = folder  # the reward's own neighbours, not this package's modules
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    reward = read_contract(module, path)
    reward.files = [path] + sorted(file for file in map(file_of, list(sys.modules.values())) if file != path and is_below(file, folder))
    reward.hash = content_hash(reward.files, folder)
    reward.sees_images = any("image" in read(file) for file in reward.files)
    return reward


def file_of(module: ModuleType) -> str:
    return os.path.abspath(getattr(module, "__file__", None) or os.devnull)


def is_below(file: str, folder: str) -> bool:
    return file.startswith(folder + os.sep) and "site-packages" not in file


def read(file: str) -> str:
    with open(file, encoding="utf-8", errors="replace") as source:
        return source.read()


def content_hash(files: list[str], folder: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        with open(file, "rb") as source:
            digest.update(os.path.relpath(file, folder).encode() + b"\0" + source.read() + b"\0")
    return digest.hexdigest()[:16]


def read_contract(module: ModuleType, path: str) -> Reward:
    """Which contract the module follows: said by `PEBR_CONTRACT`, else read off the parameters of its functions."""
    said = getattr(module, "PEBR_CONTRACT", None)
    if said not in (None, "easyr1", "verl", "trl"):
        raise ValueError(f'PEBR_CONTRACT is "{said}"; it can be "easyr1", "verl" or "trl".')
    compute = getattr(module, "compute_score", None) or getattr(module, getattr(module, "REWARD_NAME", "") or "main", None)
    if callable(compute) and said != "trl":
        names = list(inspect.signature(compute).parameters)
        if said == "verl" or (said is None and {"solution_str", "ground_truth"} <= set(names)):
            return Reward(path, "verl", {"compute_score": compute}, {})
        is_sequential = getattr(module, "REWARD_TYPE", None) == "sequential" or names[:1] == ["reward_input"]
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


def trl_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    listed = getattr(module, "reward_funcs", None)
    if listed:
        return {getattr(function, "__name__", type(function).__name__): function for function in listed}
    own = [value for name, value in vars(module).items() if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")]
    return {function.__name__: function for function in own if "completions" in inspect.signature(function).parameters}


def components_of(reward: Reward) -> list[str]:
    return list(reward.weights)


def score(reward: Reward, items: list[Json]) -> list[Json]:
    """One score an item. A function that fails on the whole list is called again item by item, so that one response cannot fail the others."""
    call = {"easyr1": score_easyr1, "verl": score_verl, "trl": score_trl}[reward.contract]
    try:
        return call(reward, items)
    except Exception as error:
        if len(items) == 1:
            return [{"overall": None, "components": {}, "evidence": [], "error": describe(error, reward.files)}]
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
        "response_length": token_count(item),
        "ground_truth": sample["answer"],
        "key_word": sample.get("key_words"),
        "qid": sample["qid"],
    }
    if sees_images and sample.get("images"):
        given["image"] = open_image(sample["images"][0])
    return given


def score_verl(reward: Reward, items: list[Json]) -> list[Json]:
    compute = reward.functions["compute_score"]
    scores = []
    for item in items:
        sample = item["sample"]
        extra = {**sample, "index": sample["qid"], "question": sample["problem"], "image_path": next(iter(sample.get("images", [])), None), "split": "train"}
        result = awaited(compute(data_source=sample.get("data_source", "pebr"), solution_str=item["response"], ground_truth=sample["answer"], extra_info=extra))
        scores.append(score_of_dict(result, "score") if isinstance(result, dict) else score_of_dict({"score": result}, "score"))
    return scores


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
    components = {str(name): number_of(value, str(name)) for name, value in result.items() if name != total and is_number(value)}
    if total not in result:
        return {"overall": None, "components": components, "evidence": [], "error": {"message": f'compute_score gave no "{total}" for this response.'}}
    return {"overall": number_of(result[total], total), "components": components, "evidence": []}


def is_number(value: Any) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, str)


def number_of(value: Any, name: str) -> float:
    if not is_number(value):
        raise TypeError(f'"{name}" is a {type(value).__name__}, not a number.')
    number = float(value)
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
        return ImageOps.exif_transpose(image).convert("RGB")


def describe(error: BaseException, files: list[str]) -> Json:
    """What was raised and the last line of the reward's own files on the way there."""
    name = type(error).__name__
    message = f"{name}: {error}" if str(error) else name
    if isinstance(error, SystemExit):
        message = f"The reward ended its own process (sys.exit, code {error.code})."
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if os.path.abspath(frame.filename) in files]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return {"message": message, "file": error.filename, "line": error.lineno, "column": error.offset or 1}
    if not frames:
        return {"message": message, "file": files[0]} if files else {"message": message}
    last = frames[-1]
    column = getattr(last, "colno", None)
    place = {"file": last.filename, "line": last.lineno, **({"column": column + 1} if column is not None else {})}
    return {"message": message, **place, "stack": message + "\n" + "".join(traceback.format_list(frames))}


def place_of_frame(frame: FrameType | None, files: list[str]) -> Json:
    while frame is not None:
        if os.path.abspath(frame.f_code.co_filename) in files:
            return {"file": frame.f_code.co_filename, "line": frame.f_lineno}
        frame = frame.f_back
    return {"file": files[0]} if files else {}


if __name__ == "__main__":
    main()
