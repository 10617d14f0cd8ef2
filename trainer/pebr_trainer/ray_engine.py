"""Engine `ray`: the same trainer in every worker of a Ray Train group. A worker that dies ends the group; Ray starts it again and the run goes
on from its last checkpoint, with the record cut back to that checkpoint, so that each step stands in it once.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from . import world
from .errors import RunError
from .follower_log import has_ended
from .run_log import RunLog

FAILURES = 3  # groups that may be lost before the run gives up
STORE_BYTES = 100_000_000  # batches do not go through Ray's store


def train_on_ray(run: Path, reward_worker: list[str], workers: int, resumed: bool) -> int:
    """Runs the stages of `run` on `workers` workers, each with a GPU where there are any, and returns the exit code."""
    ray = _ray()
    from ray.train import FailureConfig, RunConfig, ScalingConfig
    from ray.train.torch import TorchConfig, TorchTrainer

    _stop_by_signal(run)
    _connect(ray, workers)
    gpu = ray.cluster_resources().get("GPU", 0) >= workers
    trainer = TorchTrainer(
        work,
        train_loop_config={"run": str(run), "worker": reward_worker, "resumed": resumed},
        torch_config=TorchConfig(backend="nccl" if gpu else "gloo", timeout_s=int(world.PATIENCE.total_seconds())),
        scaling_config=ScalingConfig(num_workers=workers, use_gpu=gpu, resources_per_worker={"CPU": 1, **({"GPU": 1} if gpu else {})}),
        run_config=RunConfig(name="ray", storage_path=str(run), failure_config=FailureConfig(max_failures=FAILURES)),
    )
    log = RunLog(run)
    try:
        trainer.fit()
    except Exception as error:
        if not has_ended(log):
            failure = {"message": f"Ray gave up: {error}"[:2000], "remedy": "stderr.log says why its workers ended; correct that, then resume the run."}
            log.event("run-finished", status="failed", seconds=0, error=failure)
        print(f"failed: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        ray.shutdown()
    return 1 if '"status":"failed"' in (run / "events.jsonl").read_text("utf-8").rstrip().rsplit("\n", 1)[-1] else 0


def work(config: dict[str, Any]) -> None:
    """What each worker does. A group that is started again goes on from the record that the one before left."""
    from .process import run_stages

    run = Path(config["run"])
    log = RunLog(run)
    if (run / "ray-started").exists() and has_ended(log):
        return  # it failed for a reason that a second time does not mend
    world.wait()
    again = (run / "events.jsonl").exists()
    world.wait()
    if world.is_first():
        (run / "ray-started").touch()
    if run_stages(run, config["worker"], config["resumed"] or again) == "failed":
        raise RunError("a worker failed", "Its record says why.")


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise RunError("Ray is not installed", "Install it (pip install -r trainer/requirements-ray.txt) or choose the engine trl.", "--engine ray") from error
    return ray


def _connect(ray: Any, workers: int) -> None:
    """Joins the cluster that RAY_ADDRESS names (a submitted job has it), else starts Ray on this machine."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(("PEBR_", "HF_")) or name in ("PYTHONPATH", "TOKENIZERS_PARALLELISM")}
    options = {"runtime_env": {"env_vars": environment}, "log_to_driver": True}
    if os.environ.get("RAY_ADDRESS"):
        ray.init(**options)
    else:
        ray.init(address="local", num_cpus=max(os.cpu_count() or 1, workers), include_dashboard=False, object_store_memory=STORE_BYTES, **options)


def _stop_by_signal(run: Path) -> None:
    """The workers look for the `stop` file; a signal to this process makes it."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        (run / "stop").touch()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, ask)
