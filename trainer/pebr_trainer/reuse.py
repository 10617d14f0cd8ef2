"""Starting a run where another one stood: what its first stages made is taken over, and the new run goes on as if it had made it itself."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .checkpoints import fault_of
from .config import Project
from .errors import RunError, cannot_write
from .file_hashes import hashes
from .project import project_to_json
from .run_log import RunLog, read_points
from .stage_names import EVALUATION, is_sampling, trains

# What an event says of the other run as a whole, or of what is not taken over.
LEFT = ("run-started", "run-finished", "stage-started", "stage-finished", "progress", "checkpoint", "problem")


def reuse_stages(run: Path, source: Path, until: str, stages: tuple[str, ...], project: Project) -> None:
    """Fills the new folder `run`, whose run.json is written, with what `source` had when its stage `until` was done and evaluated.

    Checkpoints are linked where the disk can; records are copied up to that moment; what the policies came to on held-out data is left out where
    the new run measures that otherwise: it then measures them anew. Raises RunError where `source` never came so far, did other
    stages before, or is damaged.
    """
    wanted = stages[: stages.index(until) + 1] if until in stages else ()
    if not wanted:
        raise RunError(f"there is no stage {until}", f"Known are {', '.join(stages)}.", "--reuse-until")
    points = [point for point in read_points(source) if point.stage is None and point.finished == wanted]
    if not points:
        raise RunError(f"{source.name} has not finished {', '.join(wanted)}", "Choose another run or an earlier stage.", "--reuse")
    measured = _measures(source) == _measures_of(project)
    point = points[0] if measured else replace(points[0], evaluated=())
    left = LEFT if measured else (*LEFT, EVALUATION)
    try:
        run.mkdir(parents=True, exist_ok=True)
        for name, size in point.sizes.items():
            if name != "events.jsonl" and (measured or not (name.startswith("evaluation/") or name == f"rollouts/{EVALUATION}.jsonl")):
                _copy_start(source / name, run / name, size)
        _copy_events(source / "events.jsonl", run / "events.jsonl", point.sizes.get("events.jsonl", 0), left)
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


def _measures(source: Path) -> Any:
    """All that held-out numbers of a run depend on besides the policy; None where its record does not say."""
    try:
        raw = json.loads((source / "run.json").read_text("utf-8"))
        return _measures_in(raw["config"], raw["hashes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _measures_of(project: Project) -> Any:
    return json.loads(json.dumps(_measures_in(project_to_json(project), hashes(project))))


def _measures_in(config: Mapping[str, Any], found: Mapping[str, Any]) -> Any:
    pipeline = config["pipeline"]
    graders = {s["dataset"]: s["reward"] for s in sorted((use for s in pipeline["stages"] for use in (s, s.get("replay")) if use), key=lambda use: use["dataset"])}
    parts = [found[name] for name in ("heldOut", "rewards", "imports", "prompt", "clip")]
    pictures = {d["heldOut"]: found["pictures"].get(d["heldOut"]) for d in config["datasets"] if d.get("heldOut")}
    return [pipeline["evaluate"], pipeline["seed"], config["policy"]["maxResponseTokens"], config.get("rewardNumbers", {}), graders, pictures, *parts]


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


def _copy_events(source: Path, target: Path, size: int, left: tuple[str, ...]) -> None:
    with open(source, "rb") as read:
        lines = read.read(size).decode("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if _event(line).get("type") not in left]
    target.write_text("".join(kept), "utf-8")


def _event(line: str) -> Mapping[str, Any]:
    value = json.loads(line)
    return value if isinstance(value, dict) else {}
