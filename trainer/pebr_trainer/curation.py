"""What people decided about samples, `<dataset file>.curation.jsonl`; `src/core/routing/destination.ts` says the same."""

from dataclasses import dataclass
from pathlib import Path

from .data import read_jsonl


# The route of PeBR-R1 the other way round: a sample that a person sends to a stage is chosen as if sampling had.
_DIFFICULTY_OF_STAGE = {"perception": "easy", "reasoning": "medium", "warm-up": "hard"}
_DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Decision:
    """`difficulty` takes the place of what sampling found, where it is not None. A sample that is left out trains in no stage."""

    is_left_out: bool
    difficulty: str | None


def read_curation(dataset_file: Path) -> dict[str, Decision]:
    """Decisions by sample id; empty where nobody decided anything. Of two lines for one sample the last counts; a line that is none is passed over."""
    file = dataset_file.with_name(f"{dataset_file.name}.curation.jsonl")
    if not file.exists():
        return {}
    decisions: dict[str, Decision] = {}
    for _, value in read_jsonl(file):
        if not isinstance(value, dict) or not isinstance(value.get("qid"), str):
            continue
        stage, difficulty = value.get("stage"), value.get("difficulty")
        decided = _DIFFICULTY_OF_STAGE.get(stage) if isinstance(stage, str) else None
        is_left_out = value.get("review") == "rejected" or stage == "excluded"
        decisions[value["qid"]] = Decision(is_left_out, decided or (difficulty if difficulty in _DIFFICULTIES else None))
    return decisions


def difficulty_of(sampled: str | None, decision: Decision | None) -> str | None:
    """The difficulty that stages choose a sample by: a person's, else what sampling found."""
    return decision.difficulty if decision and decision.difficulty else sampled
