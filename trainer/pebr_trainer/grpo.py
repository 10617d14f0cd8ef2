"""One GRPO stage through TRL's GRPOTrainer; every group is recorded whole, with the advantages that TRL used."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from transformers import PrinterCallback
from trl import GRPOConfig, GRPOTrainer

from . import world
from .config import StageConfig
from .dynamic_sampling import Drawn, Rollout, draw_groups, input_row
from .errors import RunError
from .memory import micro_batch
from .plan import Plan, Planned
from .policy import Policy, Response, end_tokens, placeholder_tokens, save_policy
from .rows import lazy_rows
from .run_log import SafePoint
from .scoring import Scorer, rollout_record
from .stage import ExactWeights, Run, StageRecorder, lora_of, resume_folder, share_of, trainer_arguments

# Names of TRL's metrics in our events.
TRL_METRICS = {
    "loss": "loss", "grad_norm": "grad_norm", "learning_rate": "learning_rate", "kl": "kl", "entropy": "entropy",
    "frac_reward_zero_std": "zero_std", "completions/mean_length": "response_tokens", "completions/clipped_ratio": "clipped",
}  # fmt: skip


def grpo_stage(
    run: Run, policy: Policy, stage: StageConfig, plan: Plan, scorer: Scorer, point: SafePoint, score: Callable[[Any], Mapping[str, Any] | None]
) -> None:
    """Trains `policy` in place and saves it as the stage's final policy. Continues from the stage's checkpoint if `point` has one.

    `score` tells what a checkpoint's model is worth on held-out samples, None where nobody asked.
    """
    total = stage.samples_per_step * stage.responses
    share = share_of(total, f"stage {stage.name}")
    micro = micro_batch(run.project, share, policy.small, stage.responses)
    save_every = -(-stage.save_every // stage.iterations) * stage.iterations  # in between, responses are still in use that a resumed run would not have
    arguments = trainer_arguments(run, stage.name, policy, save_every=save_every, learning_rate=stage.learning_rate, steps=stage.steps)
    rollouts = Rollouts(run, stage, policy, plan, scorer)
    recorder = StageRecorder(run, stage.name, stage.steps, point, rollouts.metrics, score, stage.iterations)
    trainer = (DynamicTrainer if stage.dynamic_sampling else RecordingTrainer)(
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
        train_dataset=lazy_rows(len(plan.groups), lambda i: input_row(plan.groups[i], i, policy.processor)),
        peft_config=lora_of(run.project.policy.lora),
        callbacks=[recorder],
    )
    trainer.rollouts = rollouts
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=resume_folder(run, point, stage.name))
    recorder.check_stopped(trainer.state.global_step)
    world.alone(lambda: save_policy(trainer.model, policy.processor, run.final(stage.name)))


class RecordingTrainer(ExactWeights, GRPOTrainer):
    """GRPOTrainer that hands each batch's advantages to the recorder before TRL shuffles it."""

    rollouts: "Rollouts"

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        output = super()._generate_and_score_completions(inputs)
        self.rollouts.write(self.state.global_step + 1, output["advantages"].tolist())
        return output


class DynamicTrainer(RecordingTrainer):
    """Draws until the step's groups teach something (DAPO's dynamic sampling), then lets TRL go on with these groups as if it had drawn them."""

    _drawn: Drawn | None = None

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        if self.accelerator.num_processes > 1:
            raise RunError("dynamic sampling draws in one process only", "Set dynamicSampling of the stage to null, or train in one process.", "pebr.json")
        self._drawn = draw_groups(self, inputs)
        self.rollouts.drawn(self._drawn)
        try:
            return super()._generate_and_score_completions(self._drawn.inputs)
        finally:
            self._drawn = None

    def _generate(self, prompts: list[Any]) -> Any:
        return super()._generate(prompts) if self._drawn is None else self._drawn.generated(self._metrics["train"])


class Rollouts:
    """The reward function that TRL calls, and the record of what it scored."""

    def __init__(self, run: Run, stage: StageConfig, policy: Policy, plan: Plan, scorer: Scorer) -> None:
        self._run, self.stage, self.policy, self.plan, self._scorer = run, stage, policy, plan, scorer
        self._ends = end_tokens(policy)
        self._batch: list[Rollout] = []
        self._drawn: Drawn | None = None
        self._means: dict[str, float] = {}

    def reward(self, prompts: Any, completions: Any, completion_ids: Any, place: list[int], **_: Any) -> list[float | None]:
        """TRL's contract; None where the reward failed, which TRL turns into advantage 0."""
        self._batch = self._drawn.rollouts if self._drawn else self.score([self.plan.groups[i] for i in place], completions, completion_ids)
        return [scored.overall for _, _, scored in self._batch]

    def score(self, planned: Sequence[Planned], completions: Any, completion_ids: Any) -> list[Rollout]:
        """Responses as TRL has them, scored."""
        responses = [
            Response(completion[0]["content"], len(ids), "stop" if ids and ids[-1] in self._ends else "length")
            for completion, ids in zip(completions, completion_ids, strict=True)
        ]
        scored = self._scorer.score([(p.reward, p.sample, r.text, r.tokens) for p, r in zip(planned, responses, strict=True)])
        return list(zip(planned, responses, scored, strict=True))

    def drawn(self, drawn: Drawn) -> None:
        """The next batch was drawn and scored already."""
        self._drawn = drawn

    def write(self, step: int, advantages: Sequence[float]) -> None:
        """Appends the batch, group after group, in one write; then the groups that dynamic sampling dropped.

        Each process brings its part; together, in the order of ranks, they are the batch.
        """
        parts = world.gather((self._batch, list(advantages)))
        batch = [entry for part, _ in parts for entry in part]
        known = [None if scored.overall is None else round(advantage, 6) for (_, _, scored), advantage in zip(batch, (a for _, part in parts for a in part), strict=True)]
        self._means = _means(batch)
        records = self._records(step, "", batch, known)
        if self._drawn:
            dropped = self._drawn.dropped
            self._means |= self._drawn.metrics
            records += self._records(step, "d", dropped, [None if scored.overall is None else 0.0 for _, _, scored in dropped], dropped=True)
            self._drawn = None
        self._run.log.rollouts(self.stage.name, records)

    def _records(self, step: int, mark: str, batch: Sequence[Rollout], advantages: Sequence[float | None], **more: Any) -> list[dict[str, Any]]:
        name, count = self.stage.name, self.stage.responses
        return [
            rollout_record(
                self._run.folder.name, name, step, f"{name}-{step}-{mark}{i // count}", planned.sample, i % count, response, scored, advantage, self.policy.name, **more
            )
            for i, ((planned, response, scored), advantage) in enumerate(zip(batch, advantages, strict=True))
        ]

    def metrics(self, logs: Mapping[str, float]) -> dict[str, float]:
        """TRL's metrics under our names; rewards are those of the stage's own samples, replayed ones stand under `replay/reward`."""
        named = {ours: float(logs[theirs]) for theirs, ours in TRL_METRICS.items() if logs.get(theirs) is not None}
        return named | self._means


def _generation(run: Run, policy: Policy) -> dict[str, Any]:
    """vLLM beside the trainer where asked for, else Transformers' own generation."""
    if run.project.policy.vllm:
        return {"use_vllm": True, "vllm_mode": "colocate"}
    return {"generation_kwargs": {"suppress_tokens": placeholder_tokens(policy)}}


def _means(batch: Sequence[Rollout]) -> dict[str, float]:
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
