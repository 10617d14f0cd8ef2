"""Python rewards as people have them, and as nobody should, in the worker's child process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "pebr_trainer" / "reward_worker.py"
ROW = {"qid": "q", "problem": "What?", "answer": "7", "images": [], "key_words": [], "boxes": []}


def run(path: Path, *responses: str) -> list[dict[str, Any]]:
    """The answers to a load and to one scoring of the responses together."""
    items = [{"response": response, "sample": ROW} for response in responses]
    requests = [
        {"id": 1, "method": "load", "path": str(path), "memoryMb": 512, "deadlineMs": 20_000},
        {"id": 2, "method": "score", "items": items, "deadlineMs": 20_000, "toldMs": 20_000},
    ]
    child = subprocess.run(
        [sys.executable, str(SCRIPT)], input="".join(json.dumps(request) + "\n" for request in requests), capture_output=True, text=True, timeout=60, check=False
    )
    return [json.loads(line) for line in child.stdout.splitlines()]


def scores(path: Path, *responses: str) -> list[dict[str, Any]]:
    load, scored = run(path, *responses)
    assert "result" in load, load
    return scored["result"]["scores"]


@pytest.fixture
def reward(tmp_path: Path):
    def write(source: str, name: str = "reward.py") -> Path:
        path = tmp_path / "project" / "rewards" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
        return path

    return write


def hostile(body: str) -> str:
    """A sequential reward that pays 1, and runs `body` for the response `bad`."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"import os, sys\nHERE = os.path.dirname(__file__)\n\ndef compute_score(reward_input):\n    if reward_input['response'] == 'bad':\n{lines}\n    return {{'overall': 1.0}}\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("class E(BaseException):\n    def __str__(self): raise RuntimeError('nested')\nraise E()", "cannot be read"),
        ("open(os.path.join(HERE, 'x'), 'w')", "may not write"),
        ("os.remove(os.path.join(HERE, '..', 'kept.txt'))", "may not write"),
        ("os.open('pwned', os.O_CREAT | os.O_WRONLY, dir_fd=os.open(HERE, os.O_RDONLY))", "may not write"),
        ("os.mkdir('pwned', dir_fd=os.open(HERE, os.O_RDONLY))", "may not write"),
        ("os.rename('reward.py', 'other.py', src_dir_fd=os.open(HERE, os.O_RDONLY), dst_dir_fd=os.open(HERE, os.O_RDONLY))", "may not write"),
        ("input()", "EOFError"),
    ],
)
def test_a_hostile_response_fails_alone(reward: Any, body: str, message: str) -> None:
    path = reward(hostile(body))
    kept = path.parents[1] / "kept.txt"
    kept.write_text("kept", "utf-8")
    before = sorted(os.listdir(path.parent))
    first, bad, last = scores(path, "a", "bad", "b")
    assert (first["overall"], bad["overall"], last["overall"]) == (1.0, None, 1.0)
    assert message in bad["error"]["message"]
    assert sorted(os.listdir(path.parent)) == before and kept.read_text("utf-8") == "kept"


def test_a_reward_that_closes_or_reads_its_input_does_not_touch_the_worker(reward: Any) -> None:
    path = reward(hostile("sys.stdin.close()\nos.close(0)"))
    assert [each["overall"] for each in scores(path, "a", "bad", "b")] == [1.0, 1.0, 1.0]
    path = reward(hostile("assert sys.stdin.read() == ''"))
    assert [each["overall"] for each in scores(path, "a", "bad", "b")] == [1.0, 1.0, 1.0]


def test_a_reward_has_a_folder_to_write_in(reward: Any) -> None:
    path = reward(hostile("import tempfile\nwith tempfile.TemporaryDirectory() as folder:\n    open(os.path.join(folder, 'x'), 'w').write('y')\nwith tempfile.NamedTemporaryFile('w') as file:\n    file.write('z')"))
    assert [each["overall"] for each in scores(path, "bad")] == [1.0]


@pytest.mark.parametrize(
    ("source", "contract", "component"),
    [
        ("def perception_score(reward_inputs):\n    return [{'overall': 1.0, 'accuracy': 0.5} for _ in reward_inputs]\n", "easyr1", 0.5),
        ("def helper(x):\n    return x\n\ndef grade(reward_input):\n    return {'overall': 1.0, 'accuracy': 0.5}\n", "easyr1", 0.5),
        ("def my_reward_fn(data_source, solution_str, ground_truth, extra_info=None):\n    return {'score': 1.0, 'accuracy': 0.5}\n", "verl", 0.5),
        (
            "def compute_score(data_sources, solution_strs, ground_truths, extra_infos, **kwargs):\n"
            "    assert len(data_sources) == len(solution_strs) == len(ground_truths) == len(extra_infos)\n"
            "    return [{'score': 1.0, 'accuracy': 0.5} for _ in solution_strs]\n",
            "verl",
            0.5,
        ),
    ],
)
def test_a_reward_is_known_by_its_parameters_whatever_its_name(reward: Any, source: str, contract: str, component: float) -> None:
    load, scored = run(reward(source), "a", "b")
    assert load["result"]["contract"] == contract
    assert [(each["overall"], each["components"]["accuracy"]) for each in scored["result"]["scores"]] == [(1.0, component)] * 2


def test_two_functions_that_could_be_the_reward_are_told(reward: Any) -> None:
    (load, *_) = run(reward("def one(reward_inputs):\n    return []\n\ndef two(reward_inputs):\n    return []\n"), "a")
    assert "one, two" in load["error"]["message"] and "REWARD" in load["error"]["message"]


def test_a_value_that_is_no_single_number_is_named(reward: Any) -> None:
    (score,) = scores(reward("class Two:\n    def __float__(self): raise TypeError('two numbers')\n\ndef compute_score(reward_input):\n    return {'overall': 1.0, 'iou': Two()}\n"), "a")
    assert score["overall"] is None and '"iou"' in score["error"]["message"]


def test_a_missing_package_is_named_as_it_is_installed(reward: Any) -> None:
    (load, *_) = run(reward("from swift_that_is_absent.plugin import ORM\n"), "a")
    assert "pip install swift_that_is_absent" in load["error"]["remedy"]
    sys.path.insert(0, str(SCRIPT.parents[1]))
    from pebr_trainer.reward_failure import PACKAGES

    assert PACKAGES["swift"] == "ms-swift"
