"""The bridge to the reward worker, with a real child process."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import HERE, WORKER
from pebr_trainer.errors import RunError
from pebr_trainer.reward_bridge import RewardWorker, worker_command

REPOSITORY = HERE.parents[1]
ITEMS = [{"response": " red red", "tokens": 2, "sample": {"qid": "a", "answer": "red"}}, {"response": " blue", "tokens": 1, "sample": {"qid": "b"}}]


@pytest.fixture
def worker() -> RewardWorker:
    worker = RewardWorker(worker_command(str(WORKER)), deadline_ms=200)
    yield worker
    worker.close()


def reward(folder: Path, **options: object) -> Path:
    file = folder / "reward.json"
    file.write_text(json.dumps({"words": ["red"], **options}))
    return file


def test_scores_come_in_order_with_the_rewards_hash(worker: RewardWorker, tmp_path: Path) -> None:
    scores = worker.score(reward(tmp_path), tmp_path, ITEMS)
    assert [s["overall"] for s in scores.scores] == [1.0, 0.0]
    assert len(scores.reward_hash) == 64


def test_a_worker_that_dies_is_started_again(worker: RewardWorker, tmp_path: Path) -> None:
    scores = worker.score(reward(tmp_path, die_once=str(tmp_path / "died")), tmp_path, ITEMS)
    assert worker.restarts == 1
    assert [s["overall"] for s in scores.scores] == [1.0, 0.0]


def test_a_batch_that_kills_the_worker_twice_is_an_error_and_no_zero(worker: RewardWorker, tmp_path: Path) -> None:
    scores = worker.score(reward(tmp_path, die_always=True), tmp_path, ITEMS)
    assert [s["overall"] for s in scores.scores] == [None, None]
    assert "exit code 9" in scores.scores[0]["error"]["message"]
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"words": ["blue"]}))
    assert [s["overall"] for s in worker.score(other, tmp_path, ITEMS).scores] == [0.0, 1.0]


def test_threads_that_ask_at_once_get_their_own_scores_also_when_the_worker_dies(worker: RewardWorker, tmp_path: Path) -> None:
    file = reward(tmp_path)
    dies = tmp_path / "dies.json"
    dies.write_text(json.dumps({"words": ["red"], "die_once": str(tmp_path / "died")}))

    def ask(turn: int) -> bool:
        texts = [" red" if (turn + each) % 3 == 0 else " blue" for each in range(turn % 5 + 1)]
        items = [{"response": text, "tokens": 1, "sample": {"qid": "a"}} for text in texts]
        scores = worker.score(dies if turn == 20 else file, tmp_path, items).scores
        return [s["overall"] for s in scores] == [float(text == " red") for text in texts]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(60)))
    assert worker.restarts >= 1


def test_a_reward_that_cannot_be_loaded_names_its_place(worker: RewardWorker, tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        worker.load(tmp_path / "missing.json", tmp_path)
    assert caught.value.place.startswith(str(tmp_path / "missing.json"))


def test_the_real_worker_scores_a_typescript_reward(tmp_path: Path) -> None:
    built = REPOSITORY / "dist" / "rewardWorker.js"
    if not built.exists():
        subprocess.run(["node", "esbuild.js"], cwd=REPOSITORY, check=True, capture_output=True)
    file = tmp_path / "exact.reward.ts"
    file.write_text(
        "import { accuracy, defineReward, format } from 'pebr';\n"
        "export default defineReward({ components: { accuracy: accuracy(), format: format() }, weights: { accuracy: 0.9, format: 0.1 } });\n"
    )
    answer = "### The final answer is: 7"
    items = [{"response": r, "tokens": 5, "sample": {"qid": "a", "problem": "?", "answer": "7", "images": []}} for r in (answer, answer.replace("7", "8"))]
    worker = RewardWorker(worker_command(str(built)))
    try:
        scores = worker.score(file, tmp_path, items).scores
    finally:
        worker.close()
    assert [s["components"]["accuracy"] for s in scores] == [1, 0]
    assert [s["overall"] for s in scores] == pytest.approx([0.9, 0])
