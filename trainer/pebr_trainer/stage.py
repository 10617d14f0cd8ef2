"""What the warm-up and the GRPO stages share: trainer arguments, and the callback that records steps, checkpoints and stops."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel, Trainer, TrainerCallback

from . import world
from .checkpoints import best_of, checkpoints_of, is_sealed, seal, step_of, to_prune
from .config import LoraConfig, Project
from .errors import RunError, Stopped
from .policy import Policy, dtype_of
from .run_folder import StopRequest
from .run_log import RunLog, SafePoint


@dataclass(frozen=True)
class Run:
    """What every part of a run needs: the project, the folder, its log, and whether somebody asked to stop."""

    project: Project
    folder: Path
    log: RunLog
    stop: StopRequest

    @property
    def seed(self) -> int:
        return self.project.pipeline.seed

    def relative(self, path: Path) -> str:
        """A path in the run folder as records name it."""
        return path.relative_to(self.folder).as_posix()

    def final(self, stage: str) -> Path:
        """Where the policy of a finished stage lies."""
        return self.folder / "checkpoints" / stage / "final"


def trainer_arguments(run: Run, stage: str, policy: Policy, *, save_every: int, learning_rate: float, steps: int) -> dict[str, Any]:
    """Arguments of a Hugging Face trainer that are the same in every stage: one precision, no network, no progress bars."""
    cpu = not torch.cuda.is_available()
    return {
        "output_dir": str(run.folder / "checkpoints" / stage),
        "max_steps": steps,
        "learning_rate": learning_rate,
        "weight_decay": 0.01,
        "max_grad_norm": 1.0,
        "logging_steps": 1,
        "save_strategy": "steps",
        "save_steps": min(save_every, steps),
        "use_cpu": cpu,
        "bf16": dtype_of(run.project.policy) == torch.bfloat16,
        "fp16": dtype_of(run.project.policy) == torch.float16,
        "gradient_checkpointing": not policy.small,
        "remove_unused_columns": False,
        "dataloader_num_workers": 0,
        "dataloader_pin_memory": not cpu,
        "report_to": [],
        "disable_tqdm": True,
        "seed": run.seed,
    }


def share_of(total: int, stage: str) -> int:
    """Responses (or rows) of a step that each process takes: the step stays the same, however many share it."""
    if total % world.size():
        raise RunError(f"the {total} responses of a step cannot be shared by {world.size()} processes", "Choose a number of processes that divides them.", stage)
    return total // world.size()


def lora_of(config: LoraConfig | None) -> Any:
    """The adapter for TRL, or None for full training."""
    if config is None:
        return None
    from peft import LoraConfig as PeftLora

    return PeftLora(r=config.rank, lora_alpha=config.alpha, target_modules="all-linear", task_type="CAUSAL_LM")


def resume_folder(run: Run, point: SafePoint, stage: str) -> str | None:
    """The checkpoint that this stage goes on from. Later ones are removed: the stage writes them again."""
    kept = run.folder / point.checkpoint if point.checkpoint and point.stage == stage else None

    def remove_others() -> None:
        for other in checkpoints_of(run.folder / "checkpoints" / stage):
            if kept is None or step_of(other) > step_of(kept) or not is_sealed(other):
                shutil.rmtree(other)

    world.alone(remove_others)
    return str(kept) if kept else None


class ExactWeights(Trainer):
    """Loads a checkpoint's weights through `from_pretrained`.

    Transformers saves vision-language models under other key names than those in memory, and its own resuming then leaves the weights as
    they were, with only a warning (seen with LLaVA in 5.23).
    """

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        if not isinstance(self.model, PreTrainedModel) or self.is_fsdp_enabled:
            super()._load_from_checkpoint(resume_from_checkpoint, model)  # an adapter, or a sharded model
            return
        saved = type(self.model).from_pretrained(resume_from_checkpoint, dtype=self.model.dtype)
        self.model.load_state_dict(saved.state_dict())


class StageRecorder(TrainerCallback):
    """Writes one `step` event a step and one safe point a checkpoint; ends the stage after a step when asked to.

    `score` gives what the policy is worth on held-out samples; `pace`: steps that share their responses, between which nothing is saved.
    """

    def __init__(
        self, run: Run, stage: str, total: int, point: SafePoint, metrics: Callable[[Mapping[str, float]], dict[str, float]],
        score: Callable[[Any], Mapping[str, Any] | None] = lambda model: None, pace: int = 1,
    ) -> None:  # fmt: skip
        self._run, self._stage, self._total, self._metrics, self._score, self._pace = run, stage, total, metrics, score, pace
        self.point = point
        self._began = time.monotonic()

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._began = time.monotonic()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if any(world.gather(bool(self._run.stop))) and state.global_step < self._total and state.global_step % self._pace == 0:
            control.should_training_stop = control.should_save = True

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, float] | None = None, **_: Any) -> None:
        if logs and "loss" in logs:
            metrics = self._metrics(logs) | {"step_seconds": round(time.monotonic() - self._began, 4)}
            self._run.log.event("step", stage=self._stage, step=state.global_step, total=self._total, metrics=metrics)

    def on_save(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        world.wait()  # each process has written its part of the checkpoint
        self.point = world.alone(lambda: self._keep(state.global_step, model))

    def _keep(self, step: int, model: Any) -> SafePoint:
        """Scores and seals the checkpoint, makes it the safe point, and deletes those that the rule does not keep."""
        stages = self._run.folder / "checkpoints" / self._stage
        checkpoint = stages / f"checkpoint-{step}"
        score = self._score(model)
        seal(checkpoint, score)
        old = to_prune(stages, self._run.project.pipeline.checkpoints.keep)
        told = {"score": score, "best": score is not None and best_of(checkpoints_of(stages)) == checkpoint, "removed": [self._run.relative(o) for o in old]}
        path = self._run.relative(checkpoint)
        self._run.log.event("checkpoint", stage=self._stage, step=step, path=path, **{key: value for key, value in told.items() if value})
        point = self._run.log.mark(replace(self.point, stage=self._stage, checkpoint=path))
        for folder in old:
            shutil.rmtree(folder)
        return point

    def check_stopped(self, step: int) -> None:
        """Raises Stopped when the stage ended before its last step."""
        if step < self._total:
            raise Stopped
