"""Talks to the reward worker: a Node process that speaks JSON lines on its standard input and output.

The worker loads reward files (TypeScript or Python) and scores responses with the same code that the editor uses. A worker that dies is
started again and its rewards loaded again; a batch that kills it twice comes back as errors, never as zeros.
"""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import RunError

LOAD_SECONDS = 120.0


@dataclass(frozen=True)
class Scores:
    """The scores of a batch, in its order, and the hash of the reward that made them."""

    scores: tuple[Mapping[str, Any], ...]
    reward_hash: str


class WorkerDied(Exception):
    """The worker ended, or stayed silent past its deadline."""


class RewardWorker:
    """One reward worker process. `command` is its argument list, for example `["node", "dist/rewardWorker.js"]`."""

    def __init__(self, command: Sequence[str], clip: Path | None = None, deadline_ms: int = 5000) -> None:
        self._command = list(command)
        self._clip = clip
        self._deadline_ms = deadline_ms
        self._loaded: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._waiting: dict[int, Future[Any]] = {}
        self._ids = itertools.count(1)
        self._process: subprocess.Popen[str] | None = None
        self.restarts = 0

    def load(self, path: Path, image_root: Path) -> Mapping[str, Any]:
        """Loads a reward file (once); raises RunError with the file and line where it cannot be loaded."""
        key = (str(path), str(image_root))
        if key not in self._loaded:
            params: dict[str, Any] = {"path": key[0], "imageRoot": key[1], "deadlineMs": self._deadline_ms, "python": _python()}
            if self._clip:
                params["clip"] = str(self._clip)
            self._loaded[key] = self._call("load", params, LOAD_SECONDS)
        return self._loaded[key]

    def score(self, path: Path, image_root: Path, items: Sequence[Mapping[str, Any]]) -> Scores:
        """Scores `items` (`{response, tokens, sample}`). A score whose `overall` is None has an `error`."""
        seconds = 10 + len(items) * self._deadline_ms / 1000
        for attempt in (1, 2):
            try:
                handle = self.load(path, image_root)["reward"]
                return self._score(handle, items, seconds)
            except WorkerDied as error:
                self._restart()
                if attempt == 2:
                    return _failed(len(items), {"message": f"the reward worker ended: {error}"})
        raise AssertionError("unreachable")

    def _score(self, handle: Any, items: Sequence[Mapping[str, Any]], seconds: float) -> Scores:
        try:
            result = self._call("score", {"reward": handle, "items": list(items), "deadlineMs": self._deadline_ms}, seconds)
        except RunError as error:  # the whole batch failed: an error of each of its responses
            return _failed(len(items), {"message": error.message})
        return Scores(tuple(result["scores"]), result["rewardHash"])

    def close(self) -> None:
        """Ends the worker."""
        if self._process:
            with contextlib.suppress(OSError):
                self._process.stdin.close()  # type: ignore[union-attr]
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _call(self, method: str, params: Mapping[str, Any], seconds: float) -> Any:
        process = self._process or self._start()
        number = next(self._ids)
        answer: Future[Any] = Future()
        self._waiting[number] = answer
        try:
            process.stdin.write(json.dumps({"id": number, "method": method, "params": params}, ensure_ascii=False, default=str) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            reply = answer.result(timeout=seconds)
        except (OSError, FutureTimeout) as error:
            raise WorkerDied(str(error) or f"no answer within {seconds:.0f} s") from error
        finally:
            self._waiting.pop(number, None)
        if "error" in reply:
            raise _error(reply["error"], str(params.get("path", "")))
        return reply["result"]

    def _start(self) -> subprocess.Popen[str]:
        try:
            process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace")
        except OSError as error:
            raise RunError(f"cannot start the reward worker {self._command[0]}: {error.strerror}", "Install Node 20 or newer, or set PEBR_NODE.") from error
        self._process = process
        threading.Thread(target=self._read, args=(process,), daemon=True).start()
        return process

    def _restart(self) -> None:
        self.close()
        self.restarts += 1
        self._loaded.clear()

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            try:
                reply = json.loads(line)
                waiting = self._waiting.get(reply["id"])
            except (ValueError, KeyError, TypeError):
                continue  # a reward that prints breaks one line, which its own deadline reports
            if waiting and not waiting.done():
                waiting.set_result(reply)
        for waiting in list(self._waiting.values()):
            if self._process is process and not waiting.done():
                waiting.set_exception(WorkerDied(f"exit code {process.wait()}"))


def worker_command(worker: str | None) -> list[str]:
    """The worker's argument list: a JSON list as it stands; a JavaScript file run by `PEBR_NODE` (default `node`), a Python file by this Python."""
    if worker and worker.startswith("["):
        return [str(part) for part in json.loads(worker)]
    file = Path(worker) if worker else Path(__file__).resolve().parents[2] / "dist" / "rewardWorker.js"
    if not file.is_file():
        raise RunError(f"the reward worker {file} is missing", "Build it (node esbuild.js) or give --reward-worker.")
    return [*(_python() if file.suffix == ".py" else [os.environ.get("PEBR_NODE", "node")]), str(file.resolve())]


def _python() -> list[str]:
    return [sys.executable]


def _failed(count: int, error: Mapping[str, Any]) -> Scores:
    return Scores(({"overall": None, "components": {}, "evidence": [], "error": error},) * count, "")


def _error(error: Mapping[str, Any], path: str) -> RunError:
    place = ":".join(str(error[key]) for key in ("file", "line", "column") if error.get(key) is not None) or path
    return RunError(error.get("message", "the reward failed"), error.get("remedy", "Correct the reward file."), place)
