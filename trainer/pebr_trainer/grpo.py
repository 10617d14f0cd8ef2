"""One GRPO stage through TRL's GRPOTrainer; every group is recorded whole, with the advantages that TRL used."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from transformers import PrinterCallback
from trl import GRPOConfig, GRPOTrainer

from . import world
from .config import StageConfig
from .pictures import load_image
from .plan import Planned
from .policy import Policy, Response, end_tokens, placeholder_tokens, save_policy
from .prompt import user_message
from .rows import lazy_rows
from .run_log import SafePoint
from .scoring import Scored, Scorer, rollout_record
from .stage import ExactWeights, Run, StageRecorder, lora_of, resume_folder, share_of, trainer_arguments

# Names of TRL's metrics in our events.
TRL_METRICS = {
    "loss": "loss", "grad_norm": "grad_norm", "learning_rate": "learning_rate", "kl": "kl", "entropy": "entropy",
    "frac_reward_zero_std": "zero_std", "completions/mean_length": "response_tokens", "completions/clipped_ratio": "clipped",
}  # fmt: skip


def grpo_stage(run: Run, policy: Policy, stage: StageConfig, plan: Sequence[Planned], scorer: Scorer, point: SafePoint) -> None:
    """Trains `policy` in place and saves it as the stage's final policy. Continues from the stage's checkpoint if `point` has one."""
    total = stage.samples_per_step * stage.responses
    share = share_of(total, f"stage {stage.name}")
    micro = min(share, run.project.policy.micro_batch or (share if policy.small else stage.responses))
    arguments = trainer_arguments(run, stage.name, policy, save_every=stage.save_every, learning_rate=stage.learning_rate, steps=stage.steps)
    rollouts = _Rollouts(run, stage, policy, plan, scorer)
    recorder = StageRecorder(run, stage.name, stage.steps, point, rollouts.metrics)
    trainer = _RecordingTrainer(
        model=policy.model,
        processing_class=policy.processor,
        reward_funcs=[rollouts.reward],
        args=GRPOConfig(
            **arguments,
            per_device_train_batch_size=micro,
            gradient_accumulation_steps=share // micro,
            steps_per_generation=share // micro,
            num_generations=stage.responses,
            num_iterations=stage.iterations,
            max_completion_length=run.project.policy.max_response_tokens,
            temperature=stage.temperature,
            top_p=stage.top_p,
            top_k=0,
            beta=stage.beta,
            epsilon=0.2,
            epsilon_high=0.3,
            lr_scheduler_type="linear",  # falls to zero, so that the last steps average out the noise of the first
            shuffle_dataset=False,
            log_completions=False,
            **_generation(run, policy),
        ),
        train_dataset=lazy_rows(len(plan), lambda i: _row(plan[i], i, policy.processor)),
        peft_config=lora_of(run.project.policy.lora),
        callbacks=[recorder],
    )
    trainer.rollouts = rollouts
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=resume_folder(run, point, stage.name))
    recorder.check_stopped(trainer.state.global_step)
    world.alone(lambda: save_policy(trainer.model, policy.processor, run.final(stage.name)))


class _RecordingTrainer(ExactWeights, GRPOTrainer):
    """GRPOTrainer that hands each batch's advantages to the recorder before TRL shuffles it."""

    rollouts: "_Rollouts"

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        output = super()._generate_and_score_completions(inputs)
        self.rollouts.write(self.state.global_step + 1, output["advantages"].tolist())
        return output


class _Rollouts:
    """The reward function that TRL calls, and the record of what it scored."""

    def __init__(self, run: Run, stage: StageConfig, policy: Policy, plan: Sequence[Planned], scorer: Scorer) -> None:
        self._run, self._stage, self._policy, self._plan, self._scorer = run, stage, policy, plan, scorer
        self._ends = end_tokens(policy)
        self._batch: list[tuple[Planned, Response, Scored]] = []
        self._means: dict[str, float] = {}

    def reward(self, prompts: Any, completions: Any, completion_ids: Any, place: list[int], **_: Any) -> list[float | None]:
        """TRL's contract; None where the reward failed, which TRL turns into advantage 0."""
        planned = [self._plan[i] for i in place]
        responses = [
            Response(completion[0]["content"], len(ids), "stop" if ids and ids[-1] in self._ends else "length")
            for completion, ids in zip(completions, completion_ids, strict=True)
        ]
        scored = self._scorer.score([(p.reward, p.sample, r.text, r.tokens) for p, r in zip(planned, responses, strict=True)])
        self._batch = list(zip(planned, responses, scored, strict=True))
        return [s.overall for s in scored]

    def write(self, step: int, advantages: Sequence[float]) -> None:
        """Appends the batch, group after group, in one write. Each process brings its part; together, in the order of ranks, they are the batch."""
        count = self._stage.responses
        parts = world.gather((self._batch, list(advantages)))
        batch = [entry for part, _ in parts for entry in part]
        advantages = [advantage for _, part in parts for advantage in part]
        self._means = _means(batch)
        records = [
            rollout_record(
                self._run.folder.name, self._stage.name, step, f"{self._stage.name}-{step}-{i // count}", planned.sample, i % count,
                response, scored, None if scored.overall is None else round(advantage, 6), self._policy.name,
            )
            for i, ((planned, response, scored), advantage) in enumerate(zip(batch, advantages, strict=True))
        ]  # fmt: skip
        self._run.log.rollouts(self._stage.name, records)

    def metrics(self, logs: Mapping[str, float]) -> dict[str, float]:
        """TRL's metrics under our names; rewards are those of the stage's own samples, replayed ones stand under `replay/reward`."""
        named = {ours: float(logs[theirs]) for theirs, ours in TRL_METRICS.items() if logs.get(theirs) is not None}
        return named | self._means


def _generation(run: Run, policy: Policy) -> dict[str, Any]:
    """vLLM beside the trainer where asked for, else Transformers' own generation."""
    if run.project.policy.vllm:
        return {"use_vllm": True, "vllm_mode": "colocate"}
    return {"generation_kwargs": {"suppress_tokens": placeholder_tokens(policy)}}


def _means(batch: Sequence[tuple[Planned, Response, Scored]]) -> dict[str, float]:
    own = [scored for planned, _, scored in batch if not planned.replayed]
    overalls = [s.overall for s in own if s.overall is not None]
    replayed = [s.overall for planned, _, s in batch if planned.replayed and s.overall is not None]
    means = {"errors": sum(s.overall is None for _, _, s in batch) / len(batch)}
    if overalls:
        mean = fmean(overalls)
        means |= {"reward": mean, "reward_std": fmean((o - mean) ** 2 for o in overalls) ** 0.5}
    if replayed:
        means["replay/reward"] = fmean(replayed)
    for name in dict.fromkeys(name for s in own for name in s.components):
        values = [v for s in own if (v := s.components.get(name)) is not None]
        if values:
            means[f"reward/{name}"] = fmean(values)
    return means


def _row(planned: Planned, place: int, processor: Any) -> dict[str, Any]:
    return {"prompt": user_message(planned.sample.prompt), "images": [load_image(path, processor) for path in planned.sample.images], "place": place}
