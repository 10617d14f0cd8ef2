"""One reward through every trainer's contract, called as that trainer calls it, with byte-equal scores."""

import importlib.util
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import HERE, WORKER
from pebr_trainer import pebr_reward

REPOSITORY = HERE.parents[1]
CLI = REPOSITORY / "dist" / "cli.js"
REWARD = """
import { accuracy, defineReward, format, iou, keyWords, length } from 'pebr';
export default defineReward({
  components: { accuracy: accuracy({ mode: 'tolerant' }), format: format(), iou: iou(), key_word: keyWords(), length: length({ limit: 12 }) },
  weights: { accuracy: 0.37, format: 0.11, iou: 0.23, key_word: 0.19, length: 0.1 },
});
"""
ROWS = [
    {"qid": "a", "problem": "<image>Which digit?", "answer": "7", "images": ["a.png"], "key_words": ["red 7", "blue 3"], "boxes": [{"label": "red 7", "bbox": [0, 0, 8, 9]}]},
    {"qid": "b", "problem": "<image>How much?", "answer": "\\frac{1}{3}", "images": ["b.png"], "key_words": ["third"], "boxes": []},
    {"qid": "c", "problem": "<image>Wo? 😀", "answer": "über", "images": ["c.png"], "key_words": ["für", "wand"], "boxes": []},
]
RESPONSES = [
    "### Image Description:\nred 7 at [0, 0, 7, 8].\n### Rationales:\nx\n### Step 1:\ny\n### The final answer is: 7",
    "a third\n### The final answer is: 1/3",
    "nonsense 😀 " * 9,
]
DONE = [(row, response) for row in ROWS for response in RESPONSES]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image

    folder = tmp_path_factory.mktemp("shim")
    if not CLI.exists():
        subprocess.run(["node", "esbuild.js"], cwd=REPOSITORY, check=True, capture_output=True)
    for row in ROWS:
        Image.new("RGB", (32, 32), "red").save(folder / row["images"][0])
    (folder / "one.reward.ts").write_text(REWARD)
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (folder / "pebr.json").write_text(json.dumps({"name": "p", "datasets": [{"id": "d", "stage": "perception", "path": "rows.jsonl"}], "rewards": ["one.reward.ts"]}))
    return folder


@pytest.fixture(scope="module")
def shim(project: Path) -> Iterator[ModuleType]:
    """The file that `pebr reward shim` writes, imported as a trainer would."""
    out = project / "generated_reward.py"
    subprocess.run(["node", str(CLI), "reward", "shim", "one.reward.ts", "--project", str(project), "--out", str(out)], check=True, capture_output=True)
    yield imported(out)


def imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def expected(project: Path) -> list[str]:
    """What `pebr score` gives for the same responses, as the text of the numbers."""
    run = project / "run"
    (run / "rollouts").mkdir(parents=True)
    lines = [
        {"v": 1, "run": "r", "stage": "s", "step": 1, "group": row["qid"], "sampleId": row["qid"], "dataset": "d", "index": index % len(RESPONSES), "response": response,
         "tokens": 20, "components": {}, "overall": 0, "evidence": [], "rewardHash": "x"}
        for index, (row, response) in enumerate(DONE)
    ]  # fmt: skip
    (run / "rollouts" / "s.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    arguments = ["score", "--project", str(project), "--reward", "one.reward.ts", "--run", str(run), "--stage", "s", "--json"]
    done = subprocess.run(["node", str(CLI), *arguments], check=True, capture_output=True, text=True)
    scores = [json.loads(line, parse_float=str, parse_int=str) for line in done.stdout.splitlines()]
    by_group: dict[str, list[str]] = {}
    for score in scores:
        by_group.setdefault(score["qid"], []).append(score["overall"])
    return [number for row in ROWS for number in by_group[row["qid"]]]


def columns(name: str) -> list[Any]:
    return [row[name] for row, _ in DONE]


def by_trl(shim: ModuleType) -> list[Any]:
    prompts = [[{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": row["problem"]}]}] for row, _ in DONE]
    completions = [[{"role": "assistant", "content": response}] for _, response in DONE]
    rest = {name: columns(name) for name in ("qid", "answer", "images", "key_words", "boxes")}
    return shim.trl_reward(prompts=prompts, completions=completions, completion_ids=[[0] * 20] * len(DONE), trainer_state=None, log_extra=print, log_metric=print, **rest)


def by_plain_trl(shim: ModuleType) -> list[Any]:
    rest = {name: columns(name) for name in ("qid", "answer", "images", "key_words", "boxes")}
    return shim.trl_reward(prompts=columns("problem"), completions=[response for _, response in DONE], completion_ids=[[0] * 20] * len(DONE), **rest)


def by_verl(shim: ModuleType) -> list[Any]:
    def one(done: tuple[dict[str, Any], str]) -> Any:
        row, response = done
        extra = {"index": row["qid"], "question": row["problem"], "image_path": row["images"][0], "key_words": row["key_words"], "boxes": row["boxes"], "response_length": 20}
        return shim.compute_score(data_source="cards", solution_str=response, ground_truth=row["answer"], extra_info={**extra, "split": "train", "num_turns": 2})["score"]

    with ThreadPoolExecutor(4) as pool:  # verl runs sync rewards in threads
        return list(pool.map(one, DONE))


def by_verl_batch(shim: ModuleType) -> list[Any]:
    extras = [{"index": row["qid"], "question": row["problem"], "image_path": row["images"][0], "key_words": row["key_words"], "boxes": row["boxes"], "response_length": 20} for row, _ in DONE]
    scores = shim.compute_score(data_sources=["cards"] * len(DONE), solution_strs=[r for _, r in DONE], ground_truths=columns("answer"), extra_infos=extras, num_examine=0)
    assert [score["qid"] for score in scores] == [str(row["qid"]) for row, _ in DONE]  # verl's dump of responses names no sample otherwise
    return [score["score"] for score in scores]


class Length:
    """What the fork hands over: a tensor without dimensions."""

    def __int__(self) -> int:
        return 20


def by_fork(shim: ModuleType) -> list[Any]:
    from PIL import Image

    inputs = [
        {"response": response, "response_length": Length(), "ground_truth": row["answer"], "key_word": row["key_words"], "image": Image.new("RGB", (28, 28)), "boxes": row["boxes"]}
        for row, response in DONE
    ]
    return [score["overall"] for score in shim.compute_score(inputs)]


def by_easyr1(shim: ModuleType) -> list[Any]:
    """It hands over nothing but the answer, so the columns travel in it."""
    assert (shim.REWARD_TYPE, shim.REWARD_NAME) == ("batch", "pebr")
    carried = [json.dumps({name: row[name] for name in ("answer", "key_words", "boxes")}) for row, _ in DONE]
    return [score["overall"] for score in shim.compute_score(reward_inputs=[{"response": r, "response_length": 20, "ground_truth": c} for (_, r), c in zip(DONE, carried)])]


def by_sequential_easyr1(shim: ModuleType) -> list[Any]:
    return [shim.compute_score({"response": r, "response_length": 20, "ground_truth": row["answer"], "key_words": row["key_words"], "boxes": row["boxes"]})["overall"] for row, r in DONE]


def by_swift(shim: ModuleType) -> list[Any]:
    rest = {name: columns(name) for name in ("key_words", "boxes")}
    messages = [[{"role": "user", "content": row["problem"]}, {"role": "assistant", "content": response}] for row, response in DONE]
    images = [[{"path": row["images"][0], "bytes": None}] for row, _ in DONE]
    return shim.orms["pebr"]()(completions=[r for _, r in DONE], messages=messages, images=images, solution=columns("answer"), response_token_ids=[[0] * 20] * len(DONE), **rest)


def by_openrlhf(shim: ModuleType) -> list[Any]:
    labels = [json.dumps({**{name: row[name] for name in ("answer", "key_words", "boxes")}, "response_length": 20}) for row, _ in DONE]
    prompts = [f"<|user|>{row['problem']}<|assistant|>" for row, _ in DONE]
    result = shim.reward_func(queries=[p + r for p, (_, r) in zip(prompts, DONE)], prompts=prompts, labels=labels)
    assert set(result) == {"rewards", "scores", "extra_logs"}
    assert "accuracy" in result["extra_logs"]
    return result["rewards"].tolist()


CONTRACTS = [by_trl, by_plain_trl, by_verl, by_verl_batch, by_fork, by_easyr1, by_sequential_easyr1, by_swift, by_openrlhf]


@pytest.mark.parametrize("call", CONTRACTS, ids=lambda call: call.__name__[3:])
def test_every_contract_gives_the_scores_of_pebr_score(shim: ModuleType, expected: list[str], call: Callable[[ModuleType], list[Any]]) -> None:
    assert len(set(expected)) > 4
    assert [json.dumps(number) for number in call(shim)] == expected


def test_a_call_of_no_contract_is_refused(shim: ModuleType) -> None:
    for wrong in ({}, {"solution": "x"}, {"data_source": "cards"}, {"solution_str": "x"}):
        with pytest.raises(TypeError):
            shim.compute_score(**wrong)


def test_the_reward_can_be_pickled(shim: ModuleType) -> None:
    assert pickle.loads(pickle.dumps(shim.trl_reward)) is shim.trl_reward
    assert isinstance(pickle.loads(pickle.dumps(shim.PebrReward())), shim.PebrReward)


def test_trl_trains_with_it(shim: ModuleType, tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datasets import Dataset
    from transformers import AutoModelForImageTextToText, AutoProcessor
    from trl import GRPOConfig, GRPOTrainer

    given: list[dict[str, Any]] = []
    scored: list[dict[str, Any]] = []
    score_items = shim.score_items

    def recorded(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        scores = score_items(items)
        given.extend(items)
        scored.extend(scores)
        return scores

    monkeypatch.setattr(shim, "score_items", recorded)
    from PIL import Image

    rows = [{"prompt": [{"role": "user", "content": row["problem"].replace("<image>", "")}], "images": [Image.new("RGB", (28, 28))], **{k: row[k] for k in ("qid", "answer", "key_words")}} for row in ROWS]
    config = GRPOConfig(
        output_dir=str(tmp_path), use_cpu=True, bf16=False, per_device_train_batch_size=4, num_generations=4, max_completion_length=8, max_steps=2, report_to=[],
        logging_steps=1, save_strategy="no", disable_tqdm=True,
    )  # fmt: skip
    model = AutoModelForImageTextToText.from_pretrained(tiny_base)
    trainer = GRPOTrainer(model=model, reward_funcs=[shim.trl_reward], args=config, train_dataset=Dataset.from_list(rows), processing_class=AutoProcessor.from_pretrained(tiny_base))
    trainer.train()
    assert len(given) == 8
    assert all(item["sample"]["qid"] in "abc" and item["tokens"] <= 8 and os.path.isfile(item["sample"]["images"][0]) for item in given)
    logged = [line["reward"] for line in trainer.state.log_history if "reward" in line]
    assert logged == pytest.approx([sum(s["overall"] for s in scored[at : at + 4]) / 4 for at in (0, 4)])


def test_a_response_that_fails_is_none_for_trl_and_never_a_zero(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "throws.reward.ts").write_text(
        "import { defineReward } from 'pebr';\nexport default defineReward({ components: { a: ({ response }) => {\n  if (response === 'bad') throw new Error('no good');\n  return 1;\n} }, weights: { a: 1 } });\n"
    )
    out = project / "throwing_reward.py"
    subprocess.run(["node", str(CLI), "reward", "shim", str(project / "throws.reward.ts"), "--out", str(out)], check=True, capture_output=True)
    throwing = imported(out)
    assert throwing.trl_reward(["p"] * 3, ["good", "bad", "good"]) == [1, None, 1]
    assert re.search(r"throws\.reward\.ts:3: .*no good", capsys.readouterr().err)
    inputs = [{"response": "good", "ground_truth": ""}, {"response": "bad", "ground_truth": ""}]
    with pytest.raises(throwing.RewardFailed, match=r"no good.*onError"):
        throwing.compute_score(inputs)
    monkeypatch.setenv("PEBR_ON_ERROR", "-0.5")
    assert [score["overall"] for score in throwing.compute_score(inputs)] == [1, -0.5]
    monkeypatch.setenv("PEBR_ON_ERROR", "raise")
    with pytest.raises(throwing.RewardFailed):
        throwing.trl_reward(["p"], ["bad"])


def test_a_response_that_kills_the_worker_fails_alone(tmp_path: Path) -> None:
    file = tmp_path / "reward.json"
    file.write_text(json.dumps({"words": ["red"], "die_on": "deadly"}))
    worker = pebr_reward.Worker([sys.executable, str(WORKER)], deadline_ms=200)
    try:
        items = [{"response": r, "sample": {"qid": "a"}} for r in (" red", "deadly", " red", " blue", " red red")]
        scores = worker.score(str(file), items)["scores"]
    finally:
        worker.close()
    assert [score["overall"] for score in scores] == [1, None, 1, 0, 1]
    assert "exit code 9" in scores[1]["error"]["message"]


UNITS_TS = """
import { defineReward } from 'pebr';
const units = (text: string): number => [...Array(text.length).keys()].reduce((sum, at) => (sum * 31 + text.charCodeAt(at)) % 1000003, text.length);
export default defineReward({ components: { units: ({ response }) => units(response) }, weights: { units: 1 } });
"""
UNITS_PY = """
def compute_score(reward_inputs):
    return [{"overall": units(each["response"].encode("utf-16-le", "surrogatepass"))} for each in reward_inputs]

def units(data):
    total = len(data) // 2
    for at in range(0, len(data), 2):
        total = (total * 31 + int.from_bytes(data[at:at + 2], "little")) % 1000003
    return total
"""
TEXTS = ["", "7", "ü", "红色 7 号", "😀" * 3, "half \ud83d of one", "\ufeffmark", "nul \0 and\r\nlines\u2028", '"quoted \\"', "x" * 70_000, "ü" * 300_000]


@pytest.mark.parametrize("source", [UNITS_TS, UNITS_PY], ids=["typescript", "python"])
def test_every_text_comes_to_the_reward_as_it_is(tmp_path: Path, source: str) -> None:
    path = tmp_path / ("units.reward.ts" if source is UNITS_TS else "units.py")
    path.write_text(source)
    names: dict[str, Any] = {}
    exec(UNITS_PY, names)
    worker = pebr_reward.Worker(["node", str(REPOSITORY / "dist" / "rewardWorker.js")])
    try:
        for batch in (TEXTS, TEXTS[::-1], TEXTS[:1], TEXTS[5:6]):
            scores = worker.score(str(path), [{"response": text, "sample": ROWS[0]} for text in batch])["scores"]
            assert [score["overall"] for score in scores] == [each["overall"] for each in names["compute_score"]([{"response": text} for text in batch])]
        with pytest.raises(pebr_reward.RewardFailed, match="not as long as their texts"):
            worker._call("score", {"reward": worker.load(str(path))["reward"], "items": [{"response": 3, "sample": ROWS[0]}]}, 20, [b"four"])
        assert worker.score(str(path), [{"response": "7", "sample": ROWS[0]}])["scores"][0]["overall"] is not None
    finally:
        worker.close()


def test_the_worker_is_started_again_after_it_was_killed(shim: ModuleType) -> None:
    before = shim.compute_score([{"response": RESPONSES[0], "ground_truth": "7"}])
    process = shim.held_worker()._process
    process.kill()
    process.wait()
    assert shim.compute_score([{"response": RESPONSES[0], "ground_truth": "7"}]) == before


def test_it_asks_a_server_where_one_is_named(shim: ModuleType, project: Path, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["node", str(CLI), "reward", "serve", "one.reward.ts", "--project", str(project)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = dict(server.stdout.readline().strip().split("=", 1) for _ in range(2))  # type: ignore[union-attr]
            monkeypatch.setattr(shim, "held_worker", lambda: pytest.fail("a worker was asked"))
            for name, value in said.items():
                monkeypatch.setenv(name, value)
            assert [json.dumps(number) for number in by_trl(shim)] == expected
            monkeypatch.setenv("PEBR_REWARD_TOKEN", "wrong")
            with pytest.raises(shim.RewardFailed, match="401"):
                by_trl(shim)
        finally:
            server.terminate()
    assert server.returncode == 0


def test_a_server_that_is_not_there_is_told_after_retries(shim: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(shim.time, "sleep", waited.append)
    monkeypatch.setenv("PEBR_REWARD_URL", "http://127.0.0.1:9")
    with pytest.raises(shim.RewardFailed, match="cannot be reached.*pebr reward serve"):
        by_trl(shim)
    assert waited == [0.5, 1.0, 2.0, 4.0]
