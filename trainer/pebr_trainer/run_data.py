"""What a run reads: the samples of its datasets, those held out, and which of them a stage may draw."""

from collections.abc import Mapping, Sequence
from typing import Any

from .config import DIFFICULTIES
from .curation import difficulty_of, read_curation
from .data import Loaded, Sample, load_samples
from .evaluate import own_reward
from .plan import Pool
from .prompt import load_template
from .sampling import read_difficulty
from .stage import Run
from .stage_names import resampling_before


class RunData:
    """The samples whose prompts are not too long. Whatever is wrong with a row becomes a problem of the run."""

    def __init__(self, run: Run, tokenizer: Any) -> None:
        self._run, self._tokenizer = run, tokenizer
        samples: dict[str, Sequence[Sample]] = {}
        held_out: dict[str, Sequence[Sample]] = {}
        project = run.project
        template = load_template(project.path(project.prompt) if project.prompt else None)
        for dataset in project.datasets:
            samples[dataset.id] = self._usable(load_samples(project, dataset, template))
            if dataset.held_out and own_reward(project, dataset.id):
                held_out[dataset.id] = self._usable(load_samples(project, dataset, template, held_out=True))
        self.samples: Mapping[str, Sequence[Sample]] = samples
        self.held_out: Mapping[str, Sequence[Sample]] = held_out

    def pool(self, dataset: str, difficulty: Sequence[str], sampling: str | None) -> Pool:
        """What a stage draws from. `sampling`: the sampling of this run that tells the difficulty."""
        chosen = set() if set(difficulty) == set(DIFFICULTIES) else set(difficulty)
        known = read_difficulty(self._run, dataset, sampling)
        decided = read_curation(self._run.project.path(self._run.project.dataset(dataset).path))
        trained = [s for s in self.samples[dataset] if s.qid not in decided or not decided[s.qid].is_left_out]
        found = {qid: sampled.difficulty for qid, sampled in known.items()}
        kept = [s for s in trained if not chosen or difficulty_of(found.get(s.qid), decided.get(s.qid)) in chosen]
        return Pool(kept, {qid: sampled.pass_rate for qid, sampled in known.items()})

    def sampled(self, sampling: str) -> dict[str, Sequence[Sample]]:
        """What is sampled: before a stage, its datasets; at first, those of which some stage wants a difficulty or an order."""
        stages = self._run.project.pipeline.stages
        before = [config for config in stages if resampling_before(config.name) == sampling]
        wanted: list[str] = []
        for stage in before or stages:
            for use in (stage, stage.replay):
                wanted += [use.dataset] if use and (before or set(use.difficulty) != set(DIFFICULTIES)) else []
            wanted += [stage.dataset] if stage.curriculum != "none" else []
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
