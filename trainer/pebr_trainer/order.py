"""Orders of the RL stages, for comparing them at the same number of steps: perception before reasoning, the other way round, reasoning alone, both at once."""

from dataclasses import replace
from typing import Literal

from .config import PipelineConfig, Project, ReplayConfig, StageConfig
from .errors import RunError

Order = Literal["two-stage", "reasoning-only", "mixed", "swapped"]
ORDERS: tuple[Order, ...] = ("two-stage", "reasoning-only", "mixed", "swapped")


def ordered(project: Project, order: Order) -> Project:
    """The project with its stages in another order and the same total of steps. Raises RunError without two stages to order."""
    if order == "two-stage":
        return project
    perception = _stage(project, "perception")
    reasoning = _stage(project, "reasoning")
    if order == "swapped":
        return replace(project, pipeline=replace(project.pipeline, stages=tuple(reversed(project.pipeline.stages))))
    total = sum(stage.steps for stage in project.pipeline.stages)
    if order == "reasoning-only":
        # A share of none: perception is not trained, but its reward is known and so its held-out data is evaluated as in the other orders.
        unseen = ReplayConfig(perception.dataset, perception.reward, 0.0, perception.difficulty)
        stage = replace(reasoning, steps=total, replay=unseen)
    else:
        share = perception.steps / total
        replay = ReplayConfig(perception.dataset, perception.reward, share, perception.difficulty)
        stage = replace(reasoning, name="mixed", steps=total, replay=replay)
    pipeline: PipelineConfig = replace(project.pipeline, stages=(stage,))
    return replace(project, pipeline=pipeline)


def scaled(project: Project, factor: float) -> Project:
    """The project with `factor` times the steps, at least one each, for short trials."""
    pipeline = project.pipeline
    stages = tuple(replace(stage, steps=max(1, round(stage.steps * factor))) for stage in pipeline.stages)
    warm = replace(pipeline.warm_up, steps=max(1, round(pipeline.warm_up.steps * factor))) if pipeline.warm_up else None
    return replace(project, pipeline=replace(pipeline, stages=stages, warm_up=warm))


def _stage(project: Project, kind: str) -> StageConfig:
    for stage in project.pipeline.stages:
        if project.dataset(stage.dataset).stage == kind:
            return stage
    raise RunError(f"there is no {kind} stage to order", f"Add a stage that trains on a {kind} dataset.", "pebr.json: pipeline.stages")
