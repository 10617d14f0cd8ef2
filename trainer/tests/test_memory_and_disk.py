"""No memory and no room on the disk: the record says so, offers numbers, and the run goes on with them."""

import json
import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
from conftest import TinyProject, make_tiny
from pebr_trainer.errors import as_run_error
from pebr_trainer.memory import memory_offers
from pebr_trainer.project import load_project


@pytest.mark.parametrize("error", [torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."), MemoryError()])
def test_lack_of_memory_is_known(error: Exception) -> None:
    assert as_run_error(error).kind == "out-of-memory"


def test_offers_halve_the_micro_batch_and_divide_every_step(tiny: TinyProject) -> None:
    project = load_project(tiny.folder)
    small, both = (memory_offers(project, "perception", True)[i] for i in (0, 2))
    assert (small.values, small.same_meaning) == ({"policy.microBatch": 4}, True)
    assert (both.values, both.same_meaning) == ({"policy.microBatch": 4, "policy.maxResponseTokens": 4}, False)
    # A large policy takes a group of four in a pass; one response is the least.
    assert memory_offers(project, "perception", False)[0].values == {"policy.microBatch": 2}
    least = load_project(tiny.folder, ("policy.microBatch=1", "policy.maxResponseTokens=1"))
    assert memory_offers(least, "perception", True) == ()


def test_out_of_memory_is_told_and_the_offer_taken(tiny: TinyProject) -> None:
    tiny.edit(lambda config: config["pipeline"]["stages"][1].update(steps=2, samplesPerStep=8, responses=64))
    process = tiny.start("one", "--stages", "perception,reasoning")
    process.wait_for(lambda: bool(tiny.events("one", "step")))
    used = int(Path(f"/proc/{process.pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(process.pid, resource.RLIMIT_AS, (used, used))  # enough for eight responses, not for 512
    done = process.wait()
    assert done.returncode == 1, done.output
    problem, finished = tiny.events("one", "problem")[-1], tiny.events("one")[-1]
    assert problem["cause"] == finished["error"]["cause"] == "out-of-memory" and problem["stage"] == "reasoning"
    offer = finished["error"]["offers"][0]
    assert offer["set"] == {"policy.microBatch": 256} and offer["sameMeaning"]
    resumed = tiny.resume("one", *(f"--set={key}={json.dumps(value)}" for key, value in offer["set"].items()))
    assert resumed.returncode == 0, resumed.output
    assert [e["step"] for e in tiny.events("one", "step")] == [1, 2, 3, 4, 1, 2]
    record = json.loads((tiny.run("one") / "run.json").read_text())
    assert record["config"]["policy"]["microBatch"] == 256 and record["changes"][0]["set"] == offer["set"]


def test_a_smaller_micro_batch_is_the_same_optimisation(tmp_path: Path, tiny_base: Path) -> None:
    def losses(name: str, *arguments: str) -> list[list[float]]:
        folder = tmp_path / name
        folder.mkdir()
        tiny = make_tiny(folder, tiny_base)
        assert tiny.train("one", "--stages", "perception", *arguments).returncode == 0
        return [[e["metrics"][key] for key in ("reward", "kl", "entropy", "response_tokens")] for e in tiny.events("one", "step")]

    assert losses("whole") == [pytest.approx(values, abs=1e-3) for values in losses("parts", "--set", "policy.microBatch=2")]


def test_what_is_done_already_cannot_be_changed(tiny: TinyProject) -> None:
    assert tiny.train("one", "--stages", "perception").returncode == 0
    for change in ("pipeline.stages.perception.samplesPerStep=4", "policy.base=other", "pipeline.seed=3"):
        refused = tiny.resume("one", "--set", change)
        assert refused.returncode == 2 and "cannot be changed in a run that has begun" in refused.output
    assert "changes" not in json.loads((tiny.run("one") / "run.json").read_text())
    assert tiny.resume("one", "--set", "pipeline.stages.perception.saveEvery=3").returncode == 0


def mounted(folder: Path, size: str) -> bool:
    folder.mkdir()
    return os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True).returncode == 0


def test_a_full_disk_is_told_on_it_and_the_run_resumes_with_room(tmp_path: Path, tiny_base: Path) -> None:
    disk = tmp_path / "disk"
    if not mounted(disk, "4m"):
        pytest.skip("needs the right to mount a small disk")
    try:
        tiny = make_tiny(disk, tiny_base)
        tiny.edit(lambda config: config["pipeline"]["stages"][0].update(steps=40))
        ballast = disk / "ballast"
        process = tiny.start("one", "--stages", "perception")
        process.wait_for(lambda: bool(tiny.events("one", "checkpoint")))
        with open(ballast, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(4096))
            except OSError:
                pass
        done = process.wait()
        assert done.returncode == 1, done.output
        problem, finished = tiny.events("one", "problem")[-1], tiny.events("one")[-1]
        assert problem["cause"] == finished["error"]["cause"] == "disk-full" and "Make room" in finished["error"]["remedy"]
        ballast.unlink()
        resumed = tiny.resume("one")
        assert resumed.returncode == 0, resumed.output
        assert [e["step"] for e in tiny.events("one", "step")] == list(range(1, 41))
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
        shutil.rmtree(disk, ignore_errors=True)
