"""The names and the order of a run's stages."""

from .config import Project

WARM_UP, SAMPLING, EVALUATION = "warm-up", "sampling", "evaluation"


def resampling_before(stage: str) -> str:
    """The sampling that is repeated before `stage`."""
    return f"{SAMPLING}.{stage}"


def is_sampling(stage: str) -> bool:
    return stage == SAMPLING or stage.startswith(f"{SAMPLING}.")


def trains(stage: str) -> bool:
    """Whether the stage ends with a policy of its own."""
    return stage != EVALUATION and not is_sampling(stage)


def stages_of(project: Project) -> tuple[str, ...]:
    """Every stage of a full run, in order."""
    pipeline = project.pipeline
    first = [name for name, there in ((WARM_UP, pipeline.warm_up), (SAMPLING, pipeline.sampling)) if there]
    last = (EVALUATION,) if pipeline.evaluate else ()
    rl = [name for stage in pipeline.stages for name in (*((resampling_before(stage.name),) if stage.resample else ()), stage.name)]
    return (*first, *rl, *last)
