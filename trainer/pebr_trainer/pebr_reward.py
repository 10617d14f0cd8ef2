"""One reward file, the same numbers in every trainer. Standard library only; `pebr reward shim` writes this file with its SETTINGS filled in.

    TRL                  reward_funcs=[pebr_reward.trl_reward]
    verl                 reward.custom_reward_function.path=pebr_reward.py  .name=compute_score
    EasyR1, PeBR-R1      worker.reward.reward_function=pebr_reward.py:compute_score   (batch or sequential)
    ms-swift             --external_plugins pebr_reward.py --reward_funcs pebr
    OpenRLHF             --reward.remote_url pebr_reward.py

A reward worker (Node) is started when first needed, once a process, and again after a crash. With PEBR_REWARD_URL and PEBR_REWARD_TOKEN set, a
`pebr reward serve` is asked instead. PEBR_REWARD_FILE, PEBR_REWARD_WORKER (a JSON list) and PEBR_ON_ERROR stand before the SETTINGS.

An error is never a zero: TRL gets None, which it leaves out. The other engines need a number: set "onError" to the number you want there, or leave
"raise", which ends the step with the reward's own message.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any

SETTINGS: dict[str, Any] = {"reward": None, "worker": None, "clip": None, "imageRoot": None, "deadlineMs": 5000, "onError": "raise"}

REWARD_NAME, REWARD_TYPE = "pebr", "batch"  # EasyR1 reads these
LOAD_SECONDS = 120.0
RETRIES = 5
BUFFER_BYTES = 2**16
MARGIN_SECONDS = 10.0  # over the deadlines of a batch, for a machine under load
LOOK_SECONDS = 0.5


class RewardFailed(Exception):
    """What the worker says about a request; `details` has message, file, line and remedy where they are known."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        place = ":".join(str(details[key]) for key in ("file", "line") if details.get(key) is not None)
        super().__init__(" ".join(part for part in (f"{place}:" if place else "", details.get("message", "the reward failed"), details.get("remedy")) if part))
        self.details = dict(details)


class WorkerDied(Exception):
    """The worker ended, or stayed silent past its deadline."""


class Worker:
    """One reward worker process and the rewards it holds; may be asked by several threads. `command` is its argument list."""

    def __init__(
        self, command: Sequence[str], clip: str | None = None, deadline_ms: int = 5000, rewrite: Callable[[str, Mapping[str, Any]], str | None] | None = None
    ) -> None:
        """`rewrite` is given a path and what its load answered, and may return a text to load in the file's place."""
        self._command, self._clip, self._deadline_ms, self._rewrite = list(command), clip, deadline_ms, rewrite
        self._loaded: dict[tuple[str, str | None], Mapping[str, Any]] = {}
        self._due: dict[int, float] = {}
        self._answers: dict[int, Any] = {}
        self._is_reading = False
        self._turn = threading.Condition()
        self._ids = itertools.count(1)
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self.restarts = 0

    def load(self, path: str, image_root: str | None = None) -> Mapping[str, Any]:
        """Loads a reward file (once); raises RewardFailed with file and line where it cannot be loaded."""
        key = (path, image_root)
        with self._lock:
            if key not in self._loaded:
                params = {"path": path, "imageRoot": image_root, "clip": self._clip, "deadlineMs": self._deadline_ms, "python": [sys.executable]}
                params = {name: value for name, value in params.items() if value is not None}
                loaded = self._call("load", params, LOAD_SECONDS)
                source = self._rewrite(path, loaded) if self._rewrite else None
                self._loaded[key] = loaded if source is None else self._call("load", {**params, "source": source}, LOAD_SECONDS)
            return self._loaded[key]

    def score(self, path: str, items: Sequence[Mapping[str, Any]], image_root: str | None = None, attempts: int = 2) -> dict[str, Any]:
        """`{scores, rewardHash}` of `items` (`{response, tokens, sample}`). Should items kill the worker itself, the batch is halved until they stand alone."""
        died = WorkerDied("it was not asked")
        for _ in range(attempts):
            try:
                return self._scores(self.load(path, image_root), items)
            except WorkerDied as error:
                died = error
                self.restarts += 1
        if len(items) == 1:
            return {"scores": [failed({"message": f"the reward worker ended: {died}"})], "rewardHash": ""}
        half = len(items) // 2
        parts = [self.score(path, part, image_root, attempts=1) for part in (items[:half], items[half:])]
        return {"scores": [score for part in parts for score in part["scores"]], "rewardHash": parts[0]["rewardHash"] or parts[1]["rewardHash"]}

    def _scores(self, loaded: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        seconds = MARGIN_SECONDS + len(items) * self._deadline_ms / 1000
        given, texts = texts_apart(items) if loaded.get("texts") else (list(items), None)
        try:
            return self._call("score", {"reward": loaded["reward"], "deadlineMs": self._deadline_ms, "items": given}, seconds, texts, loaded)
        except RewardFailed as error:  # the whole batch failed: an error of each of its responses
            return {"scores": [failed(error.details)] * len(items), "rewardHash": ""}

    def close(self) -> None:
        """Ends the worker."""
        with self._lock:
            process, self._process = self._process, None
            self._loaded.clear()
        if process:
            with contextlib.suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]
            process.terminate()
            process.wait()

    def _call(self, method: str, params: Mapping[str, Any], seconds: float, texts: Sequence[bytes] | None = None, loaded: Mapping[str, Any] | None = None) -> Any:
        """`loaded`: what the request is meant for; another thread may have had to start the worker again."""
        number = next(self._ids)
        follows = {} if texts is None else {"bytes": sum(map(len, texts))}
        line = json.dumps({"id": number, "method": method, **follows, "params": params}, default=str, separators=(",", ":"))
        with self._lock:
            if loaded is not None and all(each is not loaded for each in self._loaded.values()):
                raise WorkerDied("it was started again meanwhile")
            process = self._process or self._start()
            self._due[number] = time.monotonic() + seconds
            with contextlib.suppress(OSError, ValueError):  # it is gone: there is no answer either
                process.stdin.write(b"".join([line.encode(), b"\n", *(texts or ())]))  # type: ignore[union-attr]  # in one go: each part would wake it
                process.stdin.flush()  # type: ignore[union-attr]
        try:
            reply = self._answer(process, number)
        finally:
            late = time.monotonic() > self._due.pop(number)
        if reply is None:
            code = self._drop(process)
            raise WorkerDied(f"no answer within {seconds:.0f} s" if late else f"exit code {code}")
        if "error" in reply:
            raise RewardFailed({"file": params.get("path"), **reply["error"]})
        return reply["result"]

    def _answer(self, process: subprocess.Popen[bytes], number: int) -> Any:
        """The answer, None where the process ended without. Whoever waits reads, one at a time, and lays down what is for others:
        a thread that only reads would cost every answer two changes of threads."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: number in self._answers or not self._is_reading)
                if number in self._answers:
                    return self._answers.pop(number)
                self._is_reading = True
            reply: Any = {}
            try:
                reply = self._read(process)
            finally:
                with self._turn:
                    self._is_reading = False
                    if reply and reply["id"] in self._due:
                        self._answers[reply["id"]] = reply
                    self._turn.notify_all()
            if reply is None:
                return None

    def _read(self, process: subprocess.Popen[bytes]) -> Any:
        for line in process.stdout or ():
            with contextlib.suppress(ValueError, KeyError, TypeError):  # no answer: the one that is missing is told by its deadline
                reply = json.loads(line)
                hash(reply["id"])
                return reply
        return None

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=BUFFER_BYTES)
        except OSError as error:
            raise RewardFailed({"message": f"cannot start the reward worker {self._command[0]}: {error.strerror}", "remedy": "Install Node 20 or newer, or set PEBR_NODE."}) from error
        widen(process)
        self._process = process
        threading.Thread(target=self._watch, args=(process,), daemon=True).start()
        return process

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Ends a worker that is silent past a deadline: who reads its answers then finds their end."""
        while self._process is process:
            time.sleep(LOOK_SECONDS)
            if time.monotonic() > min(list(self._due.values()), default=math.inf):
                process.kill()

    def _drop(self, process: subprocess.Popen[bytes]) -> int | None:
        """Ends a worker that is of no use any more, so that the next request starts another."""
        with self._lock:
            if self._process is process:
                self.close()
        return process.poll()


def texts_apart(items: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[bytes]]:
    """The items with the length of each response in its place, and the responses in bytes, to stand after the line: nobody then writes and reads megabytes of JSON."""
    texts: list[bytes] = []
    short = []
    for item in items:
        try:
            texts.append(item["response"].encode())
            short.append({**item, "response": len(texts[-1])})
        except (KeyError, AttributeError, UnicodeEncodeError):  # half a character can only be told in JSON
            short.append(item)
    return short, texts


def widen(process: subprocess.Popen[bytes]) -> None:
    """Pipes that hold a whole batch, where the system allows it: then neither side waits for the other in the middle of a line."""
    try:
        import fcntl

        for pipe in (process.stdin, process.stdout):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 2**20)  # type: ignore[arg-type,attr-defined]
    except (ImportError, AttributeError, OSError):
        pass  # a smaller pipe is slower, no more


def failed(error: Mapping[str, Any]) -> dict[str, Any]:
    return {"overall": None, "components": {}, "evidence": [], "error": dict(error)}


# What the contracts share: the worker of this process, and the row that a response belongs to.

_held: dict[int, Worker] = {}  # by process: a forked trainer starts its own
_guard = threading.Lock()


def score_items(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One score an item, by the server where one is named, else by the worker of this process."""
    if not items:
        return []
    url = os.environ.get("PEBR_REWARD_URL")
    if url:
        return ask_server(url, items)
    reward = os.environ.get("PEBR_REWARD_FILE") or SETTINGS["reward"]
    if not reward:
        raise RewardFailed({"message": "No reward file is named.", "remedy": "Write this file with `pebr reward shim FILE`, or set PEBR_REWARD_FILE."})
    return held_worker().score(os.path.abspath(reward), items, SETTINGS["imageRoot"])["scores"]


def held_worker() -> Worker:
    with _guard:
        if os.getpid() not in _held:
            named = os.environ.get("PEBR_REWARD_WORKER")
            command = json.loads(named) if named else SETTINGS["worker"]
            if not command:
                raise RewardFailed({"message": "No reward worker is named.", "remedy": 'Set PEBR_REWARD_WORKER to ["node", "…/dist/rewardWorker.js"].'})
            _held[os.getpid()] = Worker(command, SETTINGS["clip"], SETTINGS["deadlineMs"])
            atexit.register(_held[os.getpid()].close)
        return _held[os.getpid()]


def ask_server(url: str, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """POSTs the items; tries again, waiting longer each time, while the server cannot be reached or is busy."""
    body = json.dumps({"items": list(items)}, ensure_ascii=False, default=str).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ.get('PEBR_REWARD_TOKEN', '')}"}
    for attempt in itertools.count(1):
        try:
            request = urllib.request.Request(url.rstrip("/") + "/score", data=body, headers=headers, method="POST")
            with urllib.request.urlopen(request, timeout=MARGIN_SECONDS + len(items) * SETTINGS["deadlineMs"] / 1000) as reply:
                return json.load(reply)["scores"]
        except urllib.error.HTTPError as error:
            if error.code not in (429, 502, 503, 504) or attempt == RETRIES:
                raise RewardFailed({"message": f"{url} answered {error.code}: {error.read(300).decode(errors='replace')}"}) from error
        except OSError as error:
            if attempt == RETRIES:
                raise RewardFailed({"message": f"{url} cannot be reached: {error}", "remedy": "Start `pebr reward serve` there."}) from error
        time.sleep(0.25 * 2**attempt)
    raise AssertionError("unreachable")


def item_of(response: Any, row: Mapping[str, Any], tokens: Any = None) -> dict[str, Any]:
    """A response and its row under the default column names; what other trainers call their columns is understood."""
    row = {key: value for key, value in row.items() if value is not None}
    answer = next((row[name] for name in ("answer", "solution", "ground_truth", "label") if name in row), "")
    carried = columns_in(answer)
    tokens = carried.pop("response_length", None) if tokens is None else tokens
    row = {**row, **carried}
    key_words = row.get("key_words", row.get("key_word", []))
    images = row.get("images", row.get("image", row.get("image_path", [])))
    sample = {
        "qid": str(row.get("qid", row.get("id", row.get("index", "")))),
        "problem": text_of(row.get("problem", row.get("question", row.get("prompt", "")))),
        "answer": str(carried.get("answer", answer)),
        "images": [image_path(each) for each in (images if isinstance(images, (list, tuple)) else [images])],
        "key_words": [str(word) for word in key_words],
        "boxes": row.get("boxes", []),
    }
    plain = {key: value for key, value in row.items() if key not in sample and is_plain(value)}
    return {"response": text_of(response), **({} if tokens is None else {"tokens": int(tokens)}), "sample": {**plain, **sample}}


def columns_in(answer: Any) -> dict[str, Any]:
    """Columns that were carried as JSON in the answer, for trainers that hand nothing else to a reward."""
    if isinstance(answer, str) and answer.startswith("{"):
        with contextlib.suppress(ValueError):
            columns = json.loads(answer)
            if isinstance(columns, dict) and "answer" in columns:
                return columns
    return {}


def text_of(message: Any) -> str:
    """Plain text of a string, or of the last message of a conversation, whose content may be in parts."""
    if isinstance(message, str):
        return message
    if isinstance(message, Mapping):
        content = message.get("content", "")
        return content if isinstance(content, str) else "".join(part.get("text", "") for part in content or [] if isinstance(part, Mapping))
    return text_of(message[-1]) if isinstance(message, Sequence) and message else ""


def image_path(image: Any) -> str:
    """The file of an image; one that is only in memory is written to a temporary one."""
    if isinstance(image, Mapping):
        image = image.get("path") or image.get("bytes")
    if isinstance(image, (str, os.PathLike)):
        return os.path.join(SETTINGS["imageRoot"] or "", os.fspath(image))
    known = getattr(image, "filename", "")
    if known and os.path.isfile(known):
        return os.path.abspath(known)
    handle, path = tempfile.mkstemp(prefix="pebr-image-", suffix=".png")
    atexit.register(lambda: os.path.exists(path) and os.remove(path))
    with os.fdopen(handle, "wb") as file:
        file.write(image) if isinstance(image, (bytes, bytearray)) else image.save(file, "PNG")
    return path


def is_plain(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def number_of(score: Mapping[str, Any], may_be_none: bool = False) -> float | None:
    """`overall`, or what the settings say for a response that could not be scored."""
    if score["overall"] is not None:
        return score["overall"]
    error = score.get("error") or {"message": "The reward gave no score for this response."}
    print(f"pebr: {RewardFailed(error)}", file=sys.stderr)
    policy = os.environ.get("PEBR_ON_ERROR") or SETTINGS["onError"]
    if isinstance(policy, (int, float)) and not isinstance(policy, bool):
        return float(policy)
    if policy not in ("raise", "none"):
        return float(policy)
    if may_be_none and (policy == "none" or "PEBR_ON_ERROR" not in os.environ):
        return None
    raise RewardFailed({**error, "remedy": 'A response could not be scored, and an error is no zero: set "onError" (or PEBR_ON_ERROR) to the number it shall count as.'})


def components_of(score: Mapping[str, Any]) -> dict[str, float]:
    return {name: value for name, value in score["components"].items() if value is not None}


# The contracts.


def trl_reward(prompts: Sequence[Any], completions: Sequence[Any], completion_ids: Sequence[Sequence[int]] | None = None, **columns: Any) -> list[float | None]:
    """TRL: one number a completion, plain or conversational; None where it could not be scored. A module-level function, so it can be pickled."""
    rows = [{name: values[index] for name, values in columns.items() if isinstance(values, Sequence) and len(values) == len(completions)} for index in range(len(completions))]
    items = [
        item_of(completion, {"prompt": prompts[index], **rows[index]}, None if completion_ids is None else len(completion_ids[index]))
        for index, completion in enumerate(completions)
    ]
    return [number_of(score, may_be_none=True) for score in score_items(items)]


def compute_score(*inputs: Any, **named: Any) -> Any:
    """EasyR1 and the PeBR-R1 fork: `compute_score(reward_inputs)`, a list of dicts or one dict. verl: `compute_score(data_source, solution_str, ground_truth, extra_info)`,
    and lists under the plural names from its batch reward manager. Raises TypeError for any other call: a made-up score is the worst answer."""
    if "solution_strs" in named:
        return verl_scores(**named)
    given = named.get("reward_inputs", named.get("reward_input", inputs[0] if inputs else None))
    if isinstance(given, Mapping):
        return easyr1_scores([given])[0]
    if isinstance(given, Sequence) and not isinstance(given, str):
        return easyr1_scores(given)
    names = ("data_source", "solution_str", "ground_truth", "extra_info")
    return verl_score(**{**dict(zip(names, inputs)), **named})


def easyr1_scores(reward_inputs: Sequence[Mapping[str, Any]]) -> list[dict[str, float | None]]:
    scores = score_items([item_of(each["response"], without(each, "response", "response_length"), each.get("response_length")) for each in reward_inputs])
    return [{"overall": number_of(score), **components_of(score)} for score in scores]


def verl_score(data_source: Any, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None = None, **_: Any) -> dict[str, Any]:
    return verl_scores([data_source], [solution_str], [ground_truth], [extra_info])[0]


def verl_scores(
    data_sources: Sequence[Any], solution_strs: Sequence[str], ground_truths: Sequence[Any], extra_infos: Sequence[Mapping[str, Any] | None] | None = None, **_: Any
) -> list[dict[str, Any]]:
    """`qid` beside the numbers is written into verl's dump of responses, which names no sample otherwise."""
    items = []
    for data_source, solution, truth, extra_info in zip(data_sources, solution_strs, ground_truths, extra_infos or [None] * len(solution_strs), strict=True):
        extra = dict(extra_info or {})
        items.append(item_of(solution, {**without(extra, "answer"), "data_source": data_source, "ground_truth": truth}, extra.get("response_length")))
    return [{"score": number_of(score), **components_of(score), "qid": item["sample"]["qid"]} for item, score in zip(items, score_items(items), strict=True)]


def reward_func(queries: Sequence[str], prompts: Sequence[Any], labels: Sequence[Any], **_: Any) -> dict[str, Any]:
    """OpenRLHF: `queries` are prompt and response in one text. Tensors where torch is there, else lists."""
    items = []
    for query, prompt, label in zip(queries, prompts, labels):
        asked = text_of(prompt)
        items.append(item_of(query[len(asked) :] if query.startswith(asked) else query, {"prompt": asked, "answer": label}))
    scores = score_items(items)
    rewards = as_tensor([number_of(score) for score in scores])
    logged = [components_of(score) for score in scores]
    names = [name for name in (logged[0] if logged else {}) if all(name in each for each in logged)]  # a component that some do not have has no mean to log
    return {"rewards": rewards, "scores": rewards, "extra_logs": {name: as_tensor([each[name] for each in logged]) for name in names}}


def as_tensor(numbers: list[float | None]) -> Any:
    try:
        import torch
    except ImportError:
        return numbers
    return torch.tensor(numbers, dtype=torch.float64)


def without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in names}


try:
    from swift.rewards import ORM, orms  # type: ignore[import-not-found]
except ImportError:
    ORM, orms = object, {}


class PebrReward(ORM):  # type: ignore[misc]
    """ms-swift: `__call__(completions, **columns)`, completions as strings."""

    def __call__(self, completions: Sequence[Any], **columns: Any) -> list[float | None]:
        rows = [{name: values[index] for name, values in columns.items() if isinstance(values, Sequence) and len(values) == len(completions)} for index in range(len(completions))]
        prompts = columns.get("messages") or [[] for _ in completions]
        ids = columns.get("response_token_ids")
        items = [
            item_of(each, {"prompt": question_of(prompts[index]), **without(rows[index], "messages", "response_token_ids")}, len(ids[index]) if ids else None)
            for index, each in enumerate(completions)
        ]
        return [number_of(score) for score in score_items(items)]


def question_of(messages: Any) -> str:
    asked = [message for message in messages if isinstance(message, Mapping) and message.get("role") == "user"]
    return text_of(asked[-1]) if asked else ""


orms["pebr"] = PebrReward
