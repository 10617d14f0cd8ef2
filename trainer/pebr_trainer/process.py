"""One process of a run, the only one or one of several: its log, its reward worker, and the stages."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from . import world
from .errors import RunError
from .follower_log import FollowerLog
from .pipeline import run_pipeline
from .reward_bridge import RewardWorker
from .run_folder import StopRequest, read_run
from .run_log import RunLog
from .stage import Run

WRITER_SECONDS = 120.0


def run_stages(run: Path, reward_worker: Sequence[str], resumed: bool) -> str:
    """Runs the stages that `run.json` names and returns how they ended: `completed`, `stopped` or `failed`."""
    record = read_run(run)
    project = record.project
    log = RunLog(run) if world.is_first() else FollowerLog(run)
    with sole_writer(run) if world.is_first() else nullcontext():
        numbers = {project.path(reward): values for reward, values in project.reward_numbers.items()}
        rewards = RewardWorker(reward_worker, project.path(project.clip) if project.clip else None, numbers=numbers)
        return run_pipeline(Run(project, run, log, StopRequest(run)), record.stages, rewards, resumed, record.policy)


@contextmanager
def sole_writer(run: Path) -> Iterator[None]:
    """Holds the record of the run for this process. Workers of a cluster live on for seconds after their driver was killed: they are waited for."""
    try:
        import fcntl
    except ImportError:  # Windows; process.json alone tells there
        yield
        return
    with open(run / "writer.lock", "a") as file:
        until = time.monotonic() + WRITER_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() > until:
                    raise RunError("another process still writes this run", "End it, then resume the run.", str(run)) from error
                time.sleep(0.2)
        yield
