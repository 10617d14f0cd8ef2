"""What people decided about samples, and that training follows it."""

import json
from pathlib import Path
from typing import Any

from conftest import TinyProject
from pebr_trainer.curation import difficulty_of, read_curation


def decide(dataset: Path, *decisions: dict[str, Any] | str) -> None:
    text = "".join(f"{line if isinstance(line, str) else json.dumps({'v': 1, **line})}\n" for line in decisions)
    dataset.with_name(f"{dataset.name}.curation.jsonl").write_text(text)


def test_decisions(tmp_path: Path) -> None:
    dataset = tmp_path / "d.jsonl"
    assert read_curation(dataset) == {}
    decide(
        dataset,
        {"qid": "a", "review": "rejected"},
        {"qid": "b", "stage": "excluded"},
        {"qid": "c", "stage": "reasoning", "difficulty": "hard"},
        {"qid": "d", "difficulty": "hard"},
        {"qid": "e", "tags": ["blurry"], "review": "accepted"},
        '{"qid": "half',
        {"qid": 7, "review": "rejected"},
        {"qid": "f", "stage": ["x"], "difficulty": "odd"},
    )
    decisions = read_curation(dataset)
    assert {qid for qid, decision in decisions.items() if decision.is_left_out} == {"a", "b"}
    assert difficulty_of("easy", decisions["c"]) == "medium"
    assert difficulty_of("easy", decisions["d"]) == "hard"
    assert difficulty_of("easy", decisions["e"]) == "easy"
    assert difficulty_of(None, decisions["f"]) is None
    assert difficulty_of("easy", None) == "easy"


def test_training_leaves_out_and_moves_samples(tiny: TinyProject) -> None:
    dataset = tiny.folder / json.loads((tiny.folder / "pebr.json").read_text())["datasets"][0]["path"]
    ids = [json.loads(line)["qid"] for line in dataset.read_text().splitlines()]
    difficulty = tiny.folder / ".pebr" / "difficulty" / "perception.jsonl"
    difficulty.parent.mkdir(parents=True)
    difficulty.write_text("".join(json.dumps({"v": 1, "qid": qid, "difficulty": "easy"}) + "\n" for qid in ids[2:]))
    # Two are moved into the stage by hand, one of the easy ones is sent elsewhere, the others are rejected or excluded.
    moved = [{"qid": ids[0], "stage": "perception"}, {"qid": ids[1], "difficulty": "easy"}, {"qid": ids[2], "stage": "warm-up"}]
    decide(dataset, *moved, *[{"qid": qid, "review": "rejected"} for qid in ids[3:5]], *[{"qid": qid, "stage": "excluded"} for qid in ids[5:]])
    tiny.edit(lambda config: config["pipeline"]["stages"][0].update(difficulty=["easy"], steps=1))
    done = tiny.train("one", "--stages", "perception")
    assert done.returncode == 0, done.output
    trained = {r["sampleId"] for r in tiny.rollouts("one", "perception") if r["dataset"] == "perception"}
    assert trained and trained <= {ids[0], ids[1]}


def test_sampling_keeps_what_the_one_before_found(tiny: TinyProject) -> None:
    file = tiny.folder / ".pebr" / "difficulty" / "perception.jsonl"
    file.parent.mkdir(parents=True)
    before = '{"v":1,"qid":"p0","difficulty":"hard","correct":0,"responses":8,"run":"earlier"}\n'
    file.write_text(before)
    done = tiny.train("one", "--stages", "sampling")
    assert done.returncode == 0, done.output
    assert (file.parent / "history" / "perception" / "earlier.jsonl").read_text() == before
    assert all(json.loads(line)["run"] == "one" for line in file.read_text().splitlines())
