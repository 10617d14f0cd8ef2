"""One process of a run, the only one or one of several: its log, its reward worker, and the stages."""

from collections.abc import Sequence
from pathlib import Path

from . import world
from .follower_log import FollowerLog
from .pipeline import run_pipeline
from .reward_bridge import RewardWorker
from .run_folder import StopRequest, read_run
from .run_log import RunLog
from .stage import Run


def run_stages(run: Path, reward_worker: Sequence[str], resumed: bool) -> str:
    """Runs the stages that `run.json` names and returns how they ended: `completed`, `stopped` or `failed`."""
    record = read_run(run)
    project = record.project
    log = RunLog(run) if world.is_first() else FollowerLog(run)
    rewards = RewardWorker(reward_worker, project.path(project.clip) if project.clip else None)
    return run_pipeline(Run(project, run, log, StopRequest(run)), record.stages, rewards, resumed, record.policy)
