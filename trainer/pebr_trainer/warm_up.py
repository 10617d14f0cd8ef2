"""Stage `warm-up`: supervised training on responses in the project's grammar, by TRL's SFTTrainer."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from transformers import PrinterCallback
from trl import SFTConfig, SFTTrainer

from . import world
from .config import WarmUpConfig
from .data import WarmUpRow
from .errors import RunError
from .memory import micro_batch
from .pictures import load_image
from .policy import Policy, save_policy
from .prompt import user_message
from .rows import lazy_rows
from .run_log import SafePoint
from .stage import ExactWeights, Run, StageRecorder, lora_of, resume_folder, share_of, trainer_arguments
from .stage_names import WARM_UP


def warm_up(run: Run, policy: Policy, config: WarmUpConfig, rows: Sequence[WarmUpRow], point: SafePoint) -> None:
    """Trains `policy` in place and saves it as the stage's final policy. Continues from the stage's checkpoint if `point` has one."""
    if not rows:
        raise RunError(f"{config.data} has no usable row", "See the problems above, or set pipeline.warmUp to null.", WARM_UP)
    if config.freeze_vision:
        _freeze_vision(policy.model)
    share = share_of(config.batch, WARM_UP)
    micro = micro_batch(run.project, share, policy.small, 4)
    arguments = trainer_arguments(run, WARM_UP, policy, save_every=config.save_every, learning_rate=config.learning_rate, steps=config.steps)
    recorder = StageRecorder(run, WARM_UP, config.steps, point, _metrics)
    order = _order(len(rows), config.steps * config.batch, run.seed)
    trainer = _Trainer(
        model=policy.model,
        processing_class=policy.processor,
        args=SFTConfig(
            **arguments,
            per_device_train_batch_size=micro,
            gradient_accumulation_steps=max(1, share // micro),
            lr_scheduler_type="cosine",
            warmup_steps=max(1, config.steps // 10),
            max_length=None,
            completion_only_loss=True,
            train_sampling_strategy="sequential",
        ),
        train_dataset=lazy_rows(len(order), lambda i: _example(rows[order[i]], policy.processor)),
        peft_config=lora_of(run.project.policy.lora),
        callbacks=[recorder],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=resume_folder(run, point, WARM_UP))
    recorder.check_stopped(trainer.state.global_step)
    world.alone(lambda: save_policy(trainer.model, policy.processor, run.final(WARM_UP)))


class _Trainer(ExactWeights, SFTTrainer):
    """SFTTrainer that resumes exactly."""


def _order(count: int, needed: int, seed: int) -> list[int]:
    """Positions of the rows in the order of training: a new shuffle for each pass."""
    rng = random.Random(f"{seed}/{WARM_UP}")
    order: list[int] = []
    while len(order) < needed:
        order.extend(rng.sample(range(count), count))
    return order[:needed]


def _example(row: WarmUpRow, processor: Any) -> dict[str, Any]:
    return {
        "prompt": user_message(row.user),
        "completion": [{"role": "assistant", "content": [{"type": "text", "text": row.assistant}]}],
        "images": [load_image(path, processor) for path in row.images],
    }


def _freeze_vision(model: Any) -> None:
    for name, parameter in model.named_parameters():
        if any(part in name for part in ("vision_tower", "visual.", "vision_model", "multi_modal_projector", "connector")):
            parameter.requires_grad_(False)


def _metrics(logs: Mapping[str, float]) -> dict[str, float]:
    return {key: float(logs[key]) for key in ("loss", "grad_norm", "learning_rate") if key in logs}
