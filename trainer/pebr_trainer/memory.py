"""What to offer a run that had not enough memory: smaller numbers that `resume --set` takes."""

from . import world
from .config import Project
from .errors import Offer


def micro_batch(project: Project, total: int, small: bool, usual: int) -> int:
    """Responses (or warm-up rows) in one pass: what the project says, else all `total` of a small policy and `usual` of a large one."""
    return min(total, project.policy.micro_batch or (total if small else usual))


def memory_offers(project: Project, stage: str, small: bool) -> tuple[Offer, ...]:
    """Half the micro batch with twice the accumulation, which is the same optimisation; half the length of a response, which is not."""
    offers: list[Offer] = []
    now = _micro_batch_of(project, stage, small)
    half = _divisor(project, now // 2) if now else None
    if now and half:
        offers.append(Offer(f"{half} instead of {now} in one pass, {now // half} times the passes", {"policy.microBatch": half}, True))
    tokens = project.policy.max_response_tokens
    if tokens >= 2:
        offers.append(Offer(f"responses of at most {tokens // 2} instead of {tokens} tokens", {"policy.maxResponseTokens": tokens // 2}, False))
    if half and tokens >= 2:
        offers.append(Offer("both", {"policy.microBatch": half, "policy.maxResponseTokens": tokens // 2}, False))
    return tuple(offers)


def _micro_batch_of(project: Project, stage: str, small: bool) -> int | None:
    pipeline = project.pipeline
    if stage == "warm-up" and pipeline.warm_up:
        return micro_batch(project, pipeline.warm_up.batch // world.size(), small, 4)
    config = next((c for c in pipeline.stages if c.name == stage), None)
    return micro_batch(project, config.samples_per_step * config.responses // world.size(), small, config.responses) if config else None


def _divisor(project: Project, most: int) -> int | None:
    """The largest number up to `most` that divides every stage's step."""
    totals = [c.samples_per_step * c.responses for c in project.pipeline.stages]
    totals += [project.pipeline.warm_up.batch] if project.pipeline.warm_up else []
    shares = [total // world.size() for total in totals]
    return next((n for n in range(most, 0, -1) if all(share % min(n, share) == 0 for share in shares)), None)
