"""Command `respond`: new responses of a policy to some samples of a dataset, a JSON line each, for the reward playground.

Lines of the output: `{"progress": {"done", "total", "what"}}`, `{"qid", "index", "response", "tokens", "finish"}`,
`{"left": {"qid", "reason"}}`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from .config import DatasetConfig, Project
from .data import Problem, Sample, load_samples
from .errors import RunError
from .pictures import load_image
from .policy import batches, generate, load_policy, seed_for
from .prompt import load_template, user_message


@dataclass(frozen=True)
class Wish:
    """What is asked for: `policy` is a folder or an id."""

    dataset: str
    qids: tuple[str, ...]
    responses: int
    temperature: float
    top_p: float
    limit: int
    policy: str
    seed: int


def respond(project: Project, wish: Wish, out: TextIO) -> None:
    """Writes the lines as they come. Raises RunError where the dataset or the policy cannot be used."""
    if wish.responses < 1 or wish.temperature < 0 or not 0 < wish.top_p <= 1 or wish.limit < 1:
        raise RunError("these numbers cannot be used", "Ask for at least one response and one token, a temperature from 0 on, and a top_p in (0, 1].", "respond")
    samples = tuple(_find(project, wish, out))
    total = len(samples)
    if not samples:
        return
    _write(out, progress={"done": 0, "total": total, "what": "loading the policy"})
    policy = load_policy(project, wish.policy, wish.policy)
    seed_for(wish.seed, "respond")
    _write(out, progress={"done": 0, "total": total, "what": "generating"})
    done = 0
    for part in batches(samples, wish.responses * 4):  # smaller parts than in training: somebody is watching
        messages = [user_message(s.prompt, [load_image(i, policy.processor) for i in s.images]) for s in part]
        groups = generate(policy, messages, responses=wish.responses, temperature=wish.temperature, top_p=wish.top_p, limit=wish.limit)
        for sample, group in zip(part, groups, strict=True):
            for index, response in enumerate(group):
                _write(out, qid=sample.qid, index=index, response=response.text, tokens=response.tokens, finish=response.finish)
        done += len(part)
        _write(out, progress={"done": done, "total": total, "what": "generating"})


def _find(project: Project, wish: Wish, out: TextIO) -> Iterable[Sample]:
    """The samples in the order asked for, from the dataset and its held-out rows; what is not there is told."""
    dataset = next((d for d in project.datasets if d.id == wish.dataset), None)
    if dataset is None:
        raise RunError(f"there is no dataset {wish.dataset}", f"Known are {', '.join(d.id for d in project.datasets)}.", "--dataset")
    template = load_template(project.path(project.prompt) if project.prompt else None)
    found: dict[str, Sample] = {}
    problems: list[Problem] = []
    for held_out in (False, True) if dataset.held_out else (False,):
        if len(found) < len(set(wish.qids)):
            _read(project, dataset, template, held_out, wish.qids, found, problems)
    for qid in wish.qids:
        if qid in found:
            yield found[qid]
            continue
        _write(out, left={"qid": qid, "reason": _why(qid, problems)})


def _read(
    project: Project, dataset: DatasetConfig, template: Any, held_out: bool, qids: Sequence[str], found: dict[str, Sample], problems: list[Problem],
) -> None:  # fmt: skip
    loaded = load_samples(project, dataset, template, held_out, only=frozenset(qids))
    problems.extend(loaded.problems)
    for sample in loaded.rows:
        found.setdefault(sample.qid, sample)


def _why(qid: str, problems: Sequence[Problem]) -> str:
    told = next((p for p in problems if p.qid == qid), None)
    return f"{told.place} {told.cause}" if told else "the dataset has no such sample"


def _write(out: TextIO, **line: Any) -> None:
    out.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
    out.flush()
