"""What a run reads: the samples of its datasets, those held out, and which of them a stage may draw."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from .config import DIFFICULTIES, ReplayConfig, StageConfig
from .curation import difficulty_of, read_curation
from .data import Loaded, Problem, Sample, load_samples
from .errors import RunError
from .evaluate import own_reward
from .plan import Pool
from .prompt import load_template
from .sampling import read_difficulty
from .stage import Run
from .stage_names import resampling_before


class RunData:
    """The samples whose prompts are not too long. Whatever is wrong with a row becomes a problem of the run.

    Raises RunError where a stage would train on a dataset of which no row is left.
    """

    def __init__(self, run: Run, tokenizer: Any) -> None:
        self._run, self._tokenizer = run, tokenizer
        samples: dict[str, Sequence[Sample]] = {}
        held_out: dict[str, Sequence[Sample]] = {}
        project = run.project
        template = load_template(project.path(project.prompt) if project.prompt else None)
        trained = {use.dataset for stage in project.pipeline.stages for use in (stage, stage.replay) if use}
        for dataset in project.datasets:
            loaded = load_samples(project, dataset, template)
            samples[dataset.id] = self._usable(loaded)
            if dataset.id in trained and not samples[dataset.id]:
                raise _nothing_left(str(project.path(dataset.path)), loaded, project.policy.max_prompt_tokens)
            if dataset.held_out and own_reward(project, dataset.id):
                held_out[dataset.id] = self._usable(load_samples(project, dataset, template, held_out=True))
        self.samples: Mapping[str, Sequence[Sample]] = samples
        self.held_out: Mapping[str, Sequence[Sample]] = held_out

    def pool(self, use: StageConfig | ReplayConfig, sampling: str | None) -> Pool:
        """What a stage draws from, or replays. `sampling`: the sampling of this run that tells the difficulty."""
        dataset, difficulty = use.dataset, use.difficulty
        chosen = set() if set(difficulty) == set(DIFFICULTIES) else set(difficulty)
        known = read_difficulty(self._run, dataset, sampling)
        decided = read_curation(self._run.project.path(self._run.project.dataset(dataset).path))
        trained = [s for s in self.samples[dataset] if s.qid not in decided or not decided[s.qid].is_left_out]
        found = {qid: sampled.difficulty for qid, sampled in known.items()}
        kept = [s for s in trained if not chosen or difficulty_of(found.get(s.qid), decided.get(s.qid)) in chosen]
        if isinstance(use, StageConfig) and use.pass_rate:
            low, high = use.pass_rate
            kept = [s for s in kept if s.qid in known and low <= known[s.qid].pass_rate <= high]
        return Pool(kept, {qid: sampled.pass_rate for qid, sampled in known.items()})

    def sampled(self, sampling: str) -> dict[str, Sequence[Sample]]:
        """What is sampled: before a stage, its datasets; at first, those of which some stage wants a difficulty or an order."""
        stages = self._run.project.pipeline.stages
        before = [config for config in stages if resampling_before(config.name) == sampling]
        wanted: list[str] = []
        for stage in before or stages:
            for use in (stage, stage.replay):
                wanted += [use.dataset] if use and (before or set(use.difficulty) != set(DIFFICULTIES)) else []
            wanted += [stage.dataset] if stage.curriculum != "none" or stage.pass_rate else []
        return {name: self.samples[name] for name in dict.fromkeys(wanted or self.samples)}

    def report(self, loaded: Loaded[Any], stage: str | None) -> None:
        """Tells each problem of the data."""
        for problem in loaded.problems:
            self._run.log.problem("warning", f"{problem.place} {problem.cause}", problem.remedy, stage)

    def _usable(self, loaded: Loaded[Sample]) -> Sequence[Sample]:
        self.report(loaded, None)
        limit = self._run.project.policy.max_prompt_tokens
        lengths = [len(ids) for ids in self._tokenizer([s.prompt for s in loaded.rows])["input_ids"]] if loaded.rows else []
        kept = [sample for sample, length in zip(loaded.rows, lengths, strict=True) if length <= limit]
        if len(kept) < len(lengths):
            message = f"{len(lengths) - len(kept)} prompts are longer than policy.maxPromptTokens ({limit}) and left out"
            self._run.log.problem("warning", message, "Raise the limit or shorten the prompt.")
        return kept


def _nothing_left(file: str, loaded: Loaded[Sample], limit: int) -> RunError:
    """Why no row can be used: the first row of each kind of problem, and how many have it."""
    if not loaded.rows and not loaded.problems:
        return RunError("it has no row", "Add rows, or name another file in pebr.json.", file)
    counts = Counter(problem.remedy for problem in loaded.problems)
    firsts: dict[str, Problem] = {}
    for problem in loaded.problems:
        firsts.setdefault(problem.remedy, problem)
    causes = [f"{count:,} like {firsts[remedy].place} ({firsts[remedy].cause})" for remedy, count in counts.most_common(3)]
    if loaded.rows:
        causes.append(f"{len(loaded.rows):,} have prompts longer than policy.maxPromptTokens ({limit})")
    remedy = counts.most_common(1)[0][0] if counts else "Raise the limit or shorten the prompt."
    return RunError(f"none of its rows can be used: {'; '.join(causes)}", remedy, file)
