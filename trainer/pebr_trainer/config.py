"""The resolved pebr.json as frozen dataclasses. Field names are the JSON keys in snake case; every default stands here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NewType

Difficulty = Literal["easy", "medium", "hard"]
BoxFrame = NewType("BoxFrame", str)
FRAMES = ("pixel", "norm1", "norm1000", "percent-xywh", "coco-xywh", "yolo-cxcywh", "qwen2.5-resized")
"""Names of frames; `qwen2.5-resized{factor,minPixels,maxPixels}` is one too."""
RESIZED_FRAME = re.compile(r"qwen2\.5-resized\{([1-9]\d{0,8}),(\d{1,12}),([1-9]\d{0,11})\}", re.ASCII)
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
COLUMNS = ("qid", "problem", "answer", "images", "key_words", "boxes")


@dataclass(frozen=True)
class DatasetConfig:
    """One dataset; `columns` maps the default column names to the file's own."""

    id: str
    stage: Literal["perception", "reasoning"]
    path: str
    held_out: str | None = None
    image_root: str = "."
    columns: Mapping[str, str] = field(default_factory=lambda: {name: name for name in COLUMNS})
    box_frame: BoxFrame = BoxFrame("pixel")


@dataclass(frozen=True)
class LoraConfig:
    rank: int
    alpha: int


@dataclass(frozen=True)
class PolicyConfig:
    """The model. `micro_batch`: responses in one forward and backward pass; null: a whole step on the CPU, one group on a GPU."""

    base: str = "models/base"
    lora: LoraConfig | None = None
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    vllm: bool = False
    max_prompt_tokens: int = 2048
    max_response_tokens: int = 2048
    micro_batch: int | None = None


@dataclass(frozen=True)
class WarmUpConfig:
    """Supervised warm-up. `freeze_vision` keeps the vision tower and its projector as they are, as the paper does."""

    data: str
    steps: int = 100
    batch: int = 16
    learning_rate: float = 1e-5
    freeze_vision: bool = True
    save_every: int = 50


@dataclass(frozen=True)
class SamplingConfig:
    """Dataset-level sampling: `samples` of each dataset (null: all), scored by one component of a reward."""

    reward: str
    component: str = "accuracy"
    responses: int = 8
    temperature: float = 1.2
    top_p: float = 0.99
    samples: int | None = None


@dataclass(frozen=True)
class ReplayConfig:
    """`share` of every step's samples come from another dataset and are scored by that dataset's reward."""

    dataset: str
    reward: str
    share: float = 0.25
    difficulty: tuple[Difficulty, ...] = DIFFICULTIES


@dataclass(frozen=True)
class DynamicSamplingConfig:
    """Groups that teach nothing are dropped and others drawn in their place, in at most `max_batches` generation batches a step, the first included."""

    max_batches: int = 4


@dataclass(frozen=True)
class StageConfig:
    """One GRPO stage. A step is one optimizer step; the learning rate falls linearly to zero over the stage; `beta` weighs the KL
    divergence from the policy at the stage's start. `resample` repeats the dataset-level sampling with the policy that the stage starts from;
    `pass_rate`: of the samples of its difficulty only those whose share of right answers, as sampled, lies from the first number to the second;
    `curriculum` orders the stage's samples by their pass rate."""

    name: str
    dataset: str
    reward: str
    difficulty: tuple[Difficulty, ...] = DIFFICULTIES
    steps: int = 100
    samples_per_step: int = 16
    responses: int = 8
    temperature: float = 1.2
    top_p: float = 0.99
    learning_rate: float = 1e-6
    beta: float = 0.01
    iterations: int = 1
    save_every: int = 25
    replay: ReplayConfig | None = None
    dynamic_sampling: DynamicSamplingConfig | None = None
    resample: bool = False
    pass_rate: tuple[float, ...] | None = None
    curriculum: Literal["none", "easy-first"] = "none"


@dataclass(frozen=True)
class CheckpointConfig:
    """Which checkpoints of a stage are kept: the last `keep`, and the best of those that were scored on `score_samples` held-out samples (0: none is)."""

    keep: int = 2
    score_samples: int = 0


@dataclass(frozen=True)
class EvaluateConfig:
    """Held-out evaluation; `samples` of each dataset (null: all)."""

    samples: int | None = 128
    responses: int = 4
    temperature: float = 1.0


@dataclass(frozen=True)
class PipelineConfig:
    seed: int = 0
    warm_up: WarmUpConfig | None = None
    sampling: SamplingConfig | None = None
    stages: tuple[StageConfig, ...] = ()
    evaluate: EvaluateConfig | None = None
    checkpoints: CheckpointConfig = CheckpointConfig()


@dataclass(frozen=True)
class ViewConfig:
    """A query under a name, which the editor shows; training does not look at it."""

    name: str
    dataset: str
    query: str = ""
    sort: tuple[str, ...] = ()
    group_by: str | None = None


@dataclass(frozen=True)
class Project:
    """A resolved pebr.json. `root` is the folder that its paths are relative to; `reward_numbers`: values in place of numbers of a reward file, by path and name."""

    name: str
    datasets: tuple[DatasetConfig, ...]
    prompt: str | None = None
    rewards: tuple[str, ...] = ()
    reward_numbers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    clip: str | None = None
    detector: str | None = None
    policy: PolicyConfig = PolicyConfig()
    pipeline: PipelineConfig = PipelineConfig()
    engine: Literal["trl", "ray", "easyr1", "verl"] = "trl"
    v: Literal[1] = 1
    views: tuple[ViewConfig, ...] = ()
    root: Path = Path(".")

    def path(self, relative: str) -> Path:
        """Absolute path of a path written in pebr.json."""
        return (self.root / relative).resolve()

    def dataset(self, dataset_id: str) -> DatasetConfig:
        return next(d for d in self.datasets if d.id == dataset_id)
