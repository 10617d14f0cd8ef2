"""Command `respond`: what the playground reads."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from conftest import TinyProject, environment


def ask(tiny: TinyProject, *arguments: str, qids: str = "p0\np3\n") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pebr_trainer", "respond", "--project", str(tiny.folder), "--dataset", "perception", "--qids", "-", *arguments]
    return subprocess.run(command, input=qids, capture_output=True, text=True, env=environment(), timeout=120)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_responses_come_in_the_order_asked_for(tiny: TinyProject) -> None:
    (tiny.folder / "data" / "3.png").unlink()
    done = ask(tiny, "--responses", "2", "--seed", "1", qids='["p2", "nobody", "p0", "p3"]')
    assert done.returncode == 0, done.stderr
    made = lines(done.stdout)
    responses = [line for line in made if "qid" in line]
    assert [(r["qid"], r["index"]) for r in responses] == [("p2", 0), ("p2", 1), ("p0", 0), ("p0", 1)]
    assert all(isinstance(r["response"], str) and 0 < r["tokens"] <= 8 and r["finish"] in ("stop", "length") for r in responses)
    assert [line["left"] for line in made if "left" in line] == [
        {"qid": "nobody", "reason": "the dataset has no such sample"}, {"qid": "p3", "reason": "perception.jsonl:4 the image 3.png is missing"},
    ]  # fmt: skip
    assert [(line["progress"]["done"], line["progress"]["total"]) for line in made if "progress" in line] == [(0, 2), (0, 2), (2, 2)]
    assert done.stdout == ask(tiny, "--responses", "2", "--seed", "1", qids='["p2", "nobody", "p0", "p3"]').stdout


def test_writes_to_a_file_and_tells_what_cannot_be(tiny: TinyProject, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = ask(tiny, "--responses", "1", "--temperature", "0", "--max-tokens", "3", "--out", str(out))
    assert done.returncode == 0 and done.stdout == "", done.stderr
    assert [line["qid"] for line in lines(out.read_text()) if "qid" in line] == ["p0", "p3"]
    assert all(line["tokens"] <= 3 for line in lines(out.read_text()) if "qid" in line)
    for arguments, words in (
        (("--policy", str(tmp_path)), "cannot be loaded"), (("--responses", "0"), "at least one response"), (("--temperature", "-1"), "temperature from 0 on"), (("--dataset", "cats"), "Known are perception, reasoning"),
    ):  # fmt: skip
        failed = ask(tiny, *arguments)
        assert failed.returncode == 2 and words in failed.stderr and len(failed.stderr.strip().splitlines()[-2:]) == 2
