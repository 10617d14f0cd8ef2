"""A small real project on disk (pictures, rows, rewards, tiny policy) and helpers that run the trainer as a person would."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
WORKER = HERE / "stand_in_worker.py"
sys.path[:0] = [str(HERE), str(HERE.parent)]


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

    def train(self, run: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return trainer("train", "--project", str(self.folder), "--run", str(self.run(run)), *arguments, **options)

    def start(self, run: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command("train", "--project", str(self.folder), "--run", str(self.run(run)), *arguments),
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def resume(self, run: str) -> subprocess.CompletedProcess[str]:
        return trainer("resume", "--run", str(self.run(run)))

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


def command(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pebr_trainer", name, *arguments, "--reward-worker", str(WORKER)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(HERE.parent), "HF_HUB_OFFLINE": "1"}


def trainer(name: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(name, *arguments), env=environment(), capture_output=True, text=True, timeout=300, **options)


def wait_for(condition: Any, process: subprocess.Popen[str]) -> None:
    """Returns once `condition()` holds; fails when the process ended before."""
    while not condition():
        if process.poll() is not None:
            raise AssertionError(f"the trainer ended early:\n{process.stdout.read() if process.stdout else ''}")
        time.sleep(0.02)


def end(process: subprocess.Popen[str], number: signal.Signals) -> int:
    process.send_signal(number)
    process.communicate(timeout=120)
    return process.returncode


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
