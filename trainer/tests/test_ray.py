"""Engine `ray` with two real workers: what they compute together, and what is left when one of them, or all of it, is killed."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import WORKER, TinyProject, environment, make_tiny

pytestmark = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed (trainer/requirements-ray.txt)")
STEPS, EVERY = 8, 2


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, tiny_base: Path) -> TinyProject:
    tiny = make_tiny(tmp_path_factory.mktemp("ray"), tiny_base)

    def change(config: dict[str, Any]) -> None:
        config["pipeline"]["stages"][0] |= {"steps": STEPS, "saveEvery": EVERY}
        config["pipeline"]["stages"] = config["pipeline"]["stages"][:1]

    tiny.edit(change)
    return tiny


class Driver:
    """The command line of a run on Ray, in a session of its own, which is ended whole."""

    def __init__(self, tiny: TinyProject, run: str, *arguments: str) -> None:
        self.run, self.output = tiny.run(run), tiny.folder / f"{run}.out"
        command = [sys.executable, "-m", "pebr_trainer", *arguments, "--run", str(self.run), "--reward-worker", str(WORKER)]
        with open(self.output, "ab") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=environment(), start_new_session=True)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + 300
        while not condition():
            assert self.process.poll() is None and time.monotonic() < until, self.output.read_text()[-8000:]
            time.sleep(0.02)

    def workers(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "RayTrainWorker" in " ".join(_command(child))]

    def wait(self) -> int:
        return self.process.wait(300)

    def end(self) -> None:
        children = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        for process in (self.process, *children):
            try:
                process.kill()
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue
        self.process.wait(60)
        psutil.wait_procs(children, 60)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture
def start(slow: TinyProject) -> Iterator[Callable[..., Driver]]:
    started: list[Driver] = []

    def begin(run: str, *arguments: str) -> Driver:
        started.append(Driver(slow, run, *arguments))
        return started[-1]

    yield begin
    for driver in started:
        driver.end()


def on_ray(slow: TinyProject, *more: str) -> tuple[str, ...]:
    return ("train", "--engine", "ray", "--workers", "2", "--project", str(slow.folder), *more)


def steps(tiny: TinyProject, run: str) -> list[int]:
    return [e["step"] for e in tiny.events(run, "step")] if (tiny.run(run) / "events.jsonl").exists() else []


def assert_whole(tiny: TinyProject, run: str) -> None:
    """Each step, each group and each response stands in the record once, and nothing is missing."""
    assert steps(tiny, run) == list(range(1, STEPS + 1))
    rollouts = [(r["step"], r["group"], r["index"]) for r in tiny.rollouts(run, "perception")]
    assert rollouts == [(s, f"perception-{s}-{g}", i) for s in range(1, STEPS + 1) for g in range(2) for i in range(4)]
    assert tiny.events(run)[-1]["status"] == "completed"
    assert [e["step"] for e in tiny.events(run, "checkpoint")] == list(range(EVERY, STEPS + 1, EVERY))


def facts(tiny: TinyProject, run: str) -> Any:
    metrics = [{k: v for k, v in e["metrics"].items() if k != "step_seconds"} for e in tiny.events(run, "step")]
    return metrics, [(r["sampleId"], r["response"], r["overall"], r["advantage"]) for r in tiny.rollouts(run, "perception")]


def test_a_killed_worker_is_replaced_and_the_record_stays_whole(slow: TinyProject, start: Callable[..., Driver]) -> None:
    driver = start("lost", *on_ray(slow, "--stages", "perception"))
    driver.wait_for(lambda: len(steps(slow, "lost")) >= 3)
    workers = driver.workers()
    assert len(workers) == 2
    workers[1].send_signal(signal.SIGKILL)
    assert driver.wait() == 0, driver.output.read_text()[-8000:]
    assert_whole(slow, "lost")
    assert slow.events("lost", "run-started")[-1]["resumed"]

    whole = start("whole", *on_ray(slow, "--stages", "perception"))
    assert whole.wait() == 0
    assert facts(slow, "lost") == facts(slow, "whole")


def test_a_killed_driver_is_resumed(slow: TinyProject, start: Callable[..., Driver]) -> None:
    driver = start("driver", *on_ray(slow, "--stages", "perception"))
    driver.wait_for(lambda: len(steps(slow, "driver")) >= 3)
    left = psutil.Process(driver.process.pid).children(recursive=True)
    os.kill(driver.process.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(left, 60)
    assert not [p for p in alive if "RayTrainWorker" in " ".join(_command(p))], "workers outlive their driver"
    resumed = start("driver", "resume")
    assert resumed.wait() == 0, resumed.output.read_text()[-8000:]
    assert_whole(slow, "driver")


def test_two_workers_share_the_steps_of_one(slow: TinyProject, start: Callable[..., Driver]) -> None:
    """Without sampling (warm-up) the numbers are those of a single process; with it the groups are, but each worker draws its own responses."""
    assert slow.train("single", "--stages", "warm-up,perception").returncode == 0
    assert start("double", *on_ray(slow, "--stages", "warm-up,perception")).wait() == 0
    single, double = ([e for e in slow.events(run, "step") if e["stage"] == "warm-up"] for run in ("single", "double"))
    for one, two in zip(single, double, strict=True):
        assert two["metrics"]["loss"] == pytest.approx(one["metrics"]["loss"], rel=1e-5)
        assert two["metrics"]["grad_norm"] == pytest.approx(one["metrics"]["grad_norm"], rel=1e-4)
    groups = [[(r["group"], r["index"], r["sampleId"]) for r in slow.rollouts(run, "perception")] for run in ("single", "double")]
    assert groups[0] == groups[1]
    rates = [[e["metrics"]["learning_rate"] for e in slow.events(run, "step")] for run in ("single", "double")]
    assert rates[0] == rates[1]


def test_a_reward_that_cannot_be_loaded_ends_the_run_without_another_try(slow: TinyProject, start: Callable[..., Driver]) -> None:
    reward = slow.folder / "reward.json"
    good = reward.read_text()
    try:
        reward.write_text("no reward")
        assert start("broken", *on_ray(slow, "--stages", "perception")).wait() == 1
    finally:
        reward.write_text(good)
    ends = slow.events("broken", "run-finished")
    assert len(ends) == 1 and ends[0]["status"] == "failed" and "Correct it." in ends[0]["error"]["remedy"]


def test_processes_that_do_not_divide_a_step_are_refused(slow: TinyProject, start: Callable[..., Driver]) -> None:
    arguments = ("train", "--engine", "ray", "--workers", "3", "--project", str(slow.folder), "--stages", "perception")
    assert start("three", *arguments).wait() == 1
    assert "cannot be shared by 3 processes" in slow.events("three")[-1]["error"]["message"]
