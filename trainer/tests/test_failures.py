"""What goes wrong for users, and what the record then says."""

import json
from pathlib import Path

import pytest
from conftest import TinyProject


def test_throwing_reward_is_recorded_and_the_run_goes_on(tiny: TinyProject) -> None:
    (tiny.folder / "reward.json").write_text(json.dumps({"words": ["red"], "throw_on": "blue"}))
    done = tiny.train("one", "--stages", "perception")
    assert done.returncode == 0, done.output
    rollouts = tiny.rollouts("one", "perception")
    failed = [r for r in rollouts if r["overall"] is None]
    assert failed and all("blue" in r["response"] for r in failed)
    assert all(r["advantage"] is None and r["error"]["message"] == "it threw" for r in failed)
    assert all(r["advantage"] is not None for r in rollouts if r["overall"] is not None)
    errors = [e["metrics"]["errors"] for e in tiny.events("one", "step")]
    assert sum(errors) * 8 == pytest.approx(len(failed))


@pytest.mark.parametrize(("size", "told_by"), [(40_000, "events"), (1_500, "stderr")])
def test_full_disk_ends_the_run_with_a_clear_error(tiny: TinyProject, size: int, told_by: str) -> None:
    done = tiny.train("one", "--stages", "warm-up", file_limit=size)
    assert done.returncode != 0
    assert "Make room on the disk" in done.output
    if told_by == "events":
        last = tiny.events("one")[-1]
        assert last["status"] == "failed" and "Make room on the disk" in last["error"]["remedy"]
        resumed = tiny.resume("one")
        assert resumed.returncode == 0, resumed.output
        assert [e["step"] for e in tiny.events("one", "step")] == [1, 2, 3, 4]


def test_no_sample_of_the_wanted_difficulty(tiny: TinyProject) -> None:
    tiny.edit(lambda config: config["pipeline"]["stages"][0].update(difficulty=["easy"]))
    difficulty = tiny.folder / ".pebr" / "difficulty" / "perception.jsonl"
    difficulty.parent.mkdir(parents=True)
    difficulty.write_text('{"v":1,"qid":"p0","difficulty":"hard"}\n')
    assert tiny.train("one", "--stages", "perception").returncode == 1
    error = tiny.events("one")[-1]["error"]
    assert "perception" in error["message"] and "Sample more rows" in error["remedy"]


def test_reward_that_cannot_be_loaded_stops_before_training(tiny: TinyProject) -> None:
    (tiny.folder / "reward.json").write_text("no reward")
    assert tiny.train("one").returncode == 1
    error = tiny.events("one")[-1]["error"]
    assert f"{tiny.folder / 'reward.json'}:3" in error["message"] and error["remedy"] == "Correct it."
    assert not tiny.events("one", "step")


def test_bad_rows_become_problems_and_the_others_are_used(tiny: TinyProject) -> None:
    file: Path = tiny.folder / "data" / "perception.jsonl"
    lines = file.read_text().splitlines()
    lines[1:4] = ['{"qid": "p1", "problem"', '{"qid": NaN}', '{"qid": "p3", "problem": "<image>?", "images": ["../../../etc/passwd"]}']
    file.write_text("\ufeff" + "\r\n".join(lines))
    assert tiny.train("one", "--stages", "perception").returncode == 0
    messages = [e["message"] for e in tiny.events("one", "problem")]
    assert [m.split()[0] for m in messages[:3]] == ["perception.jsonl:2", "perception.jsonl:3", "perception.jsonl:4"]
    assert {r["sampleId"] for r in tiny.rollouts("one", "perception") if r["dataset"] == "perception"} <= {"p0", "p4", "p5", "p6", "p7"}


def test_rows_of_which_none_can_be_used_end_the_run_before_it_trains(tiny: TinyProject) -> None:
    file: Path = tiny.folder / "data" / "perception.jsonl"
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps({**row, "images": ["none.png"]} if at > 0 else {"qid": row["qid"]}) + "\n" for at, row in enumerate(rows)))
    assert tiny.train("one").returncode == 1
    error = tiny.events("one")[-1]["error"]
    assert f"{file}: none of its rows can be used: {len(rows) - 1} like perception.jsonl:2 (the image none.png is missing)" in error["message"]
    assert "1 like perception.jsonl:1 (has no text 'problem')" in error["message"] and error["remedy"] == "Add the file or delete the row."
    assert not tiny.events("one", "stage-started")


def test_a_picture_that_was_cut_is_named_and_the_run_resumes_with_a_whole_one(tiny: TinyProject) -> None:
    picture = tiny.folder / "data" / "1.png"
    whole = picture.read_bytes()
    picture.write_bytes(whole[: len(whole) // 2])
    done = tiny.train("one", "--stages", "perception")
    assert done.returncode == 1, done.output
    error = tiny.events("one")[-1]["error"]
    assert f"{picture}: the picture cannot be read" in error["message"] and "then resume the run" in error["remedy"]
    picture.write_bytes(whole)
    assert tiny.resume("one").returncode == 0
    assert [e["step"] for e in tiny.events("one", "step")] == [1, 2, 3, 4]
