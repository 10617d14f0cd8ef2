"""One response scored under Python's own debugger, as VS Code's does it: breakpoints bind to the lines of the reward file."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "pebr_trainer" / "debug_reward.py"
REWARD = """\
def compute_score(reward_inputs):
    scores = []
    for item in reward_inputs:
        words = item["response"].split()
        scores.append({"overall": len(words) / 4, "words": len(words)})
    return scores
"""


def request_in(folder: Path, source: str) -> tuple[Path, Path, Path]:
    reward, request, result = folder / "own_reward.py", folder / "request.json", folder / "score.json"
    reward.write_text(source, encoding="utf-8")
    item = {"response": "### The ünïcode answer", "tokens": 4, "sample": {"qid": "a", "problem": "?", "answer": "7", "images": [], "key_words": [], "boxes": []}}
    request.write_text(json.dumps({"path": str(reward), "clip": None, "item": item, "result": str(result)}), encoding="utf-8")
    return reward, request, result


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, input="", capture_output=True, text=True, timeout=60, check=False)


def test_scores_as_the_worker_does_and_prints_it(tmp_path: Path) -> None:
    _, request, result = request_in(tmp_path, REWARD)
    done = run(str(SCRIPT), str(request), cwd=tmp_path)
    assert json.loads(result.read_text(encoding="utf-8")) == {"overall": 1.0, "components": {"words": 4.0}, "evidence": []}
    assert done.stdout.split() == ["words", "4.0", "overall", "1.0"]


def test_stops_at_a_breakpoint_in_the_reward(tmp_path: Path) -> None:
    reward, request, _ = request_in(tmp_path, REWARD)
    done = run("-m", "pdb", "-c", f"tbreak {reward}:5", "-c", "continue", "-c", "where", "-c", "p len(words)", "-c", "continue", "-c", "quit", str(SCRIPT), str(request), cwd=tmp_path)
    assert f"{reward}(5)compute_score()" in done.stdout, done.stdout + done.stderr
    assert "\n4\n" in done.stdout


def test_tells_the_line_that_raised(tmp_path: Path) -> None:
    reward, request, result = request_in(tmp_path, REWARD.replace("len(words) / 4", "len(words) / 0"))
    done = run(str(SCRIPT), str(request), cwd=tmp_path)
    error = json.loads(result.read_text(encoding="utf-8"))["error"]
    assert (error["file"], error["line"]) == (str(reward), 5)
    assert "ZeroDivisionError" in done.stderr
