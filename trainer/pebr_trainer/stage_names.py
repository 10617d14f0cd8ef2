"""The names and the order of a run's stages."""

from .config import Project

WARM_UP, SAMPLING, EVALUATION = "warm-up", "sampling", "evaluation"


def stages_of(project: Project) -> tuple[str, ...]:
    """Every stage of a full run, in order."""
    pipeline = project.pipeline
    first = [name for name, there in ((WARM_UP, pipeline.warm_up), (SAMPLING, pipeline.sampling)) if there]
    last = (EVALUATION,) if pipeline.evaluate else ()
    return (*first, *(stage.name for stage in pipeline.stages), *last)
