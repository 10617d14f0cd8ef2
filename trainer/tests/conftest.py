"""A small real project on disk (pictures, rows, rewards, tiny policy) and helpers that run the trainer as a person would."""

import json
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
WORKER = HERE / "stand_in_worker.py"
sys.path[:0] = [str(HERE), str(HERE.parent)]
os.environ |= {"PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pebr_trainer.pipeline"])


@dataclass(frozen=True)
class TinyProject:
    """A project folder and ways to run the trainer on it in a process of its own."""

    folder: Path

    def edit(self, change: Any) -> None:
        """Rewrites pebr.json through `change(config)`."""
        file = self.folder / "pebr.json"
        config = json.loads(file.read_text())
        change(config)
        file.write_text(json.dumps(config))

    def train(self, run: str, *arguments: str, file_limit: int | None = None) -> "Done":
        return self.start(run, *arguments, file_limit=file_limit).wait()

    def start(self, run: str, *arguments: str, file_limit: int | None = None) -> "Trainer":
        return Trainer(["train", "--project", str(self.folder), "--run", str(self.run(run)), *arguments], self.folder / f"{run}.out", file_limit)

    def resume(self, run: str, *arguments: str) -> "Done":
        return self.start_resume(run, *arguments).wait()

    def start_resume(self, run: str, *arguments: str) -> "Trainer":
        return Trainer(["resume", "--run", str(self.run(run)), *arguments], self.folder / f"{run}.resumed.out")

    def run(self, name: str) -> Path:
        return self.folder / ".pebr" / "runs" / name

    def events(self, run: str, kind: str | None = None) -> list[dict[str, Any]]:
        return [e for e in lines(self.run(run) / "events.jsonl") if kind in (None, e["type"])]

    def rollouts(self, run: str, stage: str) -> list[dict[str, Any]]:
        return lines(self.run(run) / "rollouts" / f"{stage}.jsonl")


def lines(file: Path) -> list[dict[str, Any]]:
    """Every line as strict JSON: NaN in it is an error."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} in {file}")

    return [json.loads(line, parse_constant=refuse) for line in file.read_text().splitlines()] if file.exists() else []


@dataclass(frozen=True)
class Done:
    returncode: int
    output: str


class Trainer:
    """The trainer's command line in a process of its own, forked from a server that has imported it: torch takes seconds to import."""

    def __init__(self, arguments: list[str], output: Path, file_limit: int | None = None) -> None:
        self._output = output
        self._process = FORKS.Process(target=_run_trainer, args=([*arguments, "--reward-worker", str(WORKER)], str(output), file_limit))
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Returns once `condition()` holds; fails when the process ended before."""
        while not condition():
            assert self._process.is_alive(), f"the trainer ended early:\n{self._output.read_text()}"
            time.sleep(0.01)

    def end(self, number: signal.Signals) -> "Done":
        os.kill(self._process.pid or 0, number)
        return self.wait()

    def kill_after(self, seconds: float) -> None:
        """Kills it, unless it has ended before."""
        self._process.join(seconds)
        self._process.kill()
        self._process.join()

    def wait(self) -> "Done":
        self._process.join(300)
        assert self._process.exitcode is not None, f"the trainer hangs:\n{self._output.read_text()}"
        return Done(self._process.exitcode, self._output.read_text())


def _run_trainer(arguments: list[str], output: str, file_limit: int | None) -> None:
    out = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    if file_limit is not None:  # a full disk in small: no file may grow past it
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    from pebr_trainer.__main__ import main

    sys.exit(main(arguments))


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(HERE.parent)}


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tiny_policy import save_tiny_policy

    folder = tmp_path_factory.mktemp("models") / "base"
    save_tiny_policy(folder)
    return folder


@pytest.fixture
def tiny(tmp_path: Path, tiny_base: Path) -> TinyProject:
    return make_tiny(tmp_path, tiny_base)


def make_tiny(folder: Path, base: Path) -> TinyProject:
    """Two datasets of eight rows over four pictures, one reward, two stages of four steps."""
    from PIL import Image

    data = folder / "data"
    data.mkdir()
    for i, colour in enumerate(("red", "blue", "green", "black")):
        Image.new("RGB", (32, 32), colour).save(data / f"{i}.png")
    for name in ("perception", "reasoning"):
        rows = [{"qid": f"{name[0]}{i}", "problem": "<image>Which card is red?", "answer": str(i % 3 + 1), "images": [f"{i % 4}.png"]} for i in range(8)]
        (data / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    warm = [
        {
            "qid": f"w{i}",
            "messages": [{"role": "user", "content": "<image>Which card is red?"}, {"role": "assistant", "content": f" red {i % 3 + 1}."}],
            "images": [f"{i % 4}.png"],
        }
        for i in range(8)
    ]
    (data / "warmup.jsonl").write_text("".join(json.dumps(row) + "\n" for row in warm))
    (folder / "reward.json").write_text(json.dumps({"words": ["red"]}))
    (folder / "pebr.json").write_text(json.dumps(_config(str(base))))
    return TinyProject(folder)


def _config(base: str) -> dict[str, Any]:
    stage = {"reward": "reward.json", "steps": 4, "samplesPerStep": 2, "responses": 4, "saveEvery": 2, "learningRate": 0.01, "temperature": 1.0}
    return {
        "v": 1,
        "name": "tiny",
        "datasets": [
            {"id": name, "stage": name, "path": f"data/{name}.jsonl", "heldOut": f"data/{name}.jsonl", "imageRoot": "data"}
            for name in ("perception", "reasoning")
        ],
        "policy": {"base": base, "maxResponseTokens": 8},
        "pipeline": {
            "warmUp": {"data": "data/warmup.jsonl", "steps": 4, "batch": 4, "learningRate": 0.01, "saveEvery": 2},
            "sampling": {"reward": "reward.json", "responses": 2, "samples": 6},
            "stages": [
                {"name": "perception", "dataset": "perception", **stage, "replay": {"dataset": "reasoning", "reward": "reward.json", "share": 0.5}},
                {"name": "reasoning", "dataset": "reasoning", **stage},
            ],
            "evaluate": {"samples": 4, "responses": 2},
        },
    }
