"""The trainer's end of the reward worker: `pebr_reward.Worker`, the one implementation of its protocol, with the trainer's own errors.

The worker loads reward files (TypeScript or Python) and scores responses with the same code that the editor uses. A worker that dies is
started again and its rewards loaded again; a batch that kills it comes back as errors, never as zeros.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import RunError
from .pebr_reward import RewardFailed, Worker
from .tried_numbers import text_with_numbers


@dataclass(frozen=True)
class Scores:
    """The scores of a batch, in its order, and the hash of the reward that made them."""

    scores: tuple[Mapping[str, Any], ...]
    reward_hash: str


class RewardWorker:
    """One reward worker process. `command` is its argument list, for example `["node", "dist/rewardWorker.js"]`."""

    def __init__(self, command: Sequence[str], clip: Path | None = None, deadline_ms: int = 5000, numbers: Mapping[Path, Mapping[str, float]] | None = None) -> None:
        """`numbers`: values in place of those of a reward file, by its path and their names."""
        tried = {str(path): values for path, values in (numbers or {}).items() if values}

        def rewrite(path: str, loaded: Mapping[str, Any]) -> str | None:
            return text_with_numbers(Path(path), loaded.get("numbers", ()), tried[path]) if path in tried else None

        self._worker = Worker(command, str(clip) if clip else None, deadline_ms, rewrite if tried else None)

    @property
    def restarts(self) -> int:
        return self._worker.restarts

    def load(self, path: Path, image_root: Path) -> Mapping[str, Any]:
        """Loads a reward file (once); raises RunError with the file and line where it cannot be loaded."""
        try:
            return self._worker.load(str(path), str(image_root))
        except RewardFailed as error:
            raise run_error(error.details, str(path)) from error

    def score(self, path: Path, image_root: Path, items: Sequence[Mapping[str, Any]]) -> Scores:
        """Scores `items` (`{response, tokens, sample}`). A score whose `overall` is None has an `error`."""
        try:
            result = self._worker.score(str(path), items, str(image_root))
        except RewardFailed as error:
            raise run_error(error.details, str(path)) from error
        return Scores(tuple(result["scores"]), result["rewardHash"])

    def close(self) -> None:
        """Ends the worker."""
        self._worker.close()


def worker_command(worker: str | None) -> list[str]:
    """The worker's argument list: a JSON list as it stands; a JavaScript file run by `PEBR_NODE` (default `node`), a Python file by this Python."""
    if worker and worker.startswith("["):
        return [str(part) for part in json.loads(worker)]
    file = Path(worker) if worker else Path(__file__).resolve().parents[2] / "dist" / "rewardWorker.js"
    if not file.is_file():
        raise RunError(f"the reward worker {file} is missing", "Build it (node esbuild.js) or give --reward-worker.")
    return [*([sys.executable] if file.suffix == ".py" else [os.environ.get("PEBR_NODE", "node")]), str(file.resolve())]


def run_error(error: Mapping[str, Any], path: str) -> RunError:
    place = ":".join(str(error[key]) for key in ("file", "line", "column") if error.get(key) is not None) or path
    return RunError(error.get("message", "the reward failed"), error.get("remedy", "Correct the reward file."), place)
