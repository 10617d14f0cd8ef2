"""Starting a run where another one stood: what its first stages made is taken over, and the new run goes on as if it had made it itself."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .checkpoints import fault_of
from .errors import RunError, cannot_write
from .run_log import RunLog, SafePoint, read_points
from .stage_names import is_sampling, trains

# What an event says of the other run as a whole, or of what is not taken over.
LEFT = ("run-started", "run-finished", "stage-started", "stage-finished", "progress", "checkpoint", "problem")


def reuse_stages(run: Path, source: Path, until: str, stages: tuple[str, ...]) -> None:
    """Fills the new folder `run`, whose run.json is written, with what `source` had when its stage `until` was done and evaluated.

    Checkpoints are linked where the disk can; records are copied up to that moment. Raises RunError where `source` never came so far, did other
    stages before, or is damaged.
    """
    wanted = stages[: stages.index(until) + 1] if until in stages else ()
    if not wanted:
        raise RunError(f"there is no stage {until}", f"Known are {', '.join(stages)}.", "--reuse-until")
    points = [point for point in read_points(source) if point.stage is None and point.finished == wanted]
    if not points:
        raise RunError(f"{source.name} has not finished {', '.join(wanted)}", "Choose another run or an earlier stage.", "--reuse")
    point = points[0]
    try:
        for name, size in point.sizes.items():
            if name != "events.jsonl":
                _copy_start(source / name, run / name, size)
        _copy_events(source / "events.jsonl", run / "events.jsonl", point.sizes.get("events.jsonl", 0))
        for stage in wanted:
            _take_over(run, source, stage)
        latest = [stage for stage in wanted if is_sampling(stage)][-1:]
        for stage in latest:
            shutil.copytree(source / "difficulty" / stage, run / "difficulty", dirs_exist_ok=True)
    except OSError as error:
        raise cannot_write(run, error) from error
    RunLog(run).mark(replace(point, sizes={}))


def _take_over(run: Path, source: Path, stage: str) -> None:
    if trains(stage):
        final = source / "checkpoints" / stage / "final"
        fault = fault_of(final)
        if fault:
            raise RunError(f"the policy of stage {stage} of {source.name} cannot be used: {fault}", "Choose another run or an earlier stage.", "--reuse")
        shutil.copytree(final, run / "checkpoints" / stage / "final", copy_function=_link)
    elif is_sampling(stage):
        shutil.copytree(source / "difficulty" / stage, run / "difficulty" / stage)


def _link(source: str, target: str) -> None:
    """A second name for the file; a copy where the file system has none. Nothing writes into a finished policy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _copy_start(source: Path, target: Path, size: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(source, "rb") as read, open(target, "wb") as write:
        write.write(read.read(size))


def _copy_events(source: Path, target: Path, size: int) -> None:
    with open(source, "rb") as read:
        lines = read.read(size).decode("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if _event(line).get("type") not in LEFT]
    target.write_text("".join(kept), "utf-8")


def _event(line: str) -> Mapping[str, Any]:
    value = json.loads(line)
    return value if isinstance(value, dict) else {}
