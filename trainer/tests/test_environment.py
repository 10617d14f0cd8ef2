"""The command line as another program calls it."""

import json
import subprocess
import sys

from conftest import environment


def test_check_prints_one_json_line() -> None:
    done = subprocess.run([sys.executable, "-m", "pebr_trainer", "check"], env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["ok"] and report["versions"]["trl"] and report["missing"] == []


def test_wrong_use_says_what_to_do(tmp_path: object) -> None:
    arguments = ["train", "--project", str(tmp_path), "--run", f"{tmp_path}/run"]
    done = subprocess.run([sys.executable, "-m", "pebr_trainer", *arguments], env=environment(), capture_output=True, text=True)
    assert done.returncode == 2
    assert "Choose the folder that holds pebr.json." in done.stderr
