"""The policy: a Hugging Face vision-language model with its processor, from a folder or an id. Loads, saves, generates."""

import random
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy
import torch
from transformers import AutoModelForImageTextToText, AutoProcessor, set_seed

from .checkpoints import seal
from .config import PolicyConfig, Project
from .errors import RunError

T = TypeVar("T")
SMALL = 50_000_000  # parameters; a smaller model runs a whole step in one pass and needs no gradient checkpointing


@dataclass(frozen=True)
class Policy:
    """`source` is the folder or id that the weights came from; `name` is how records call it."""

    model: Any
    processor: Any
    source: str
    name: str

    @property
    def small(self) -> bool:
        return self.model.num_parameters() < SMALL


@dataclass(frozen=True)
class Response:
    """One completion. `finish` is `length` when it was cut at the limit."""

    text: str
    tokens: int
    finish: str


def load_processor(project: Project, source: str) -> Any:
    """The tokenizer and image processor of a policy."""
    folder = project.path(source)
    try:
        return AutoProcessor.from_pretrained(str(folder) if folder.is_dir() else source, padding_side="left", truncation_side="left")
    except (OSError, ValueError, ImportError) as error:
        raise _cannot_load(source, error) from error


def load_policy(project: Project, source: str, name: str, training: bool = False) -> Policy:
    """Loads a policy. Raises RunError where the model or its processor cannot be had.

    All weights that are to be trained are kept in float32, whatever the precision of the computation: steps of 1e-6 vanish in bfloat16.
    """
    folder = project.path(source)
    path = str(folder) if folder.is_dir() else source
    processor = load_processor(project, source)
    try:
        dtype = torch.float32 if training and project.policy.lora is None else dtype_of(project.policy)
        model = AutoModelForImageTextToText.from_pretrained(path, dtype=dtype)
    except (OSError, ValueError, ImportError) as error:
        raise _cannot_load(source, error) from error
    return Policy(model.to(device()), processor, path, name)


def save_policy(model: Any, processor: Any, folder: Path) -> None:
    """Writes the model and its processor. A LoRA adapter is merged first; the folder appears only when it is whole."""
    if hasattr(model, "merge_and_unload"):
        model = model.merge_and_unload()
    part = folder.with_name(f".{folder.name}.part")
    for old in (part, folder):
        if old.exists():
            shutil.rmtree(old)
    model.save_pretrained(part)
    processor.save_pretrained(part)
    seal(part)
    part.rename(folder)


def generate(policy: Policy, messages: Sequence[Any], *, responses: int, temperature: float, top_p: float = 1.0, limit: int) -> list[list[Response]]:
    """`responses` completions of every message (one conversation each) in one batch. Temperature 0 is greedy."""
    tokenizer = policy.processor.tokenizer
    ends = end_tokens(policy)
    choice = {"do_sample": True, "temperature": temperature, "top_p": top_p, "top_k": 0} if temperature > 0 else {"do_sample": False}
    inputs = policy.processor.apply_chat_template(
        list(messages), add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt", processor_kwargs={"padding": True}
    ).to(policy.model.device)
    if inputs.get("pixel_values") is not None:
        inputs["pixel_values"] = inputs["pixel_values"].to(policy.model.dtype)
    policy.model.eval()
    with torch.no_grad():
        out = policy.model.generate(
            **inputs, num_return_sequences=responses, max_new_tokens=limit, pad_token_id=tokenizer.pad_token_id,
            suppress_tokens=placeholder_tokens(policy), **choice,
        )  # fmt: skip
    made = [_response(tokenizer, row, ends) for row in out[:, inputs["input_ids"].shape[1] :].tolist()]
    return [made[i * responses : (i + 1) * responses] for i in range(len(messages))]


def batches(items: Sequence[T], responses: int) -> Iterator[Sequence[T]]:
    """The items in parts that make about 128 responses at once."""
    size = max(1, 128 // responses)
    for start in range(0, len(items), size):
        yield items[start : start + size]


def end_tokens(policy: Policy) -> set[int]:
    """The tokens that end a response."""
    declared = policy.model.generation_config.eos_token_id
    return {policy.processor.tokenizer.eos_token_id, *(declared if isinstance(declared, list) else [] if declared is None else [declared])}


def placeholder_tokens(policy: Policy) -> list[int]:
    """Tokens that stand for a picture. A response must not hold them: the model would look for a picture that is not there."""
    names = ("image_token_id", "video_token_id")
    owners = (policy.processor, policy.model.config)
    return sorted({value for owner in owners for name in names if isinstance(value := getattr(owner, name, None), int)})


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def dtype_of(policy: PolicyConfig) -> torch.dtype:
    """The precision of the computation. `auto`: bfloat16 on a GPU that has it, else float32."""
    if policy.dtype == "auto":
        return torch.bfloat16 if torch.cuda.is_available() and torch.cuda.is_bf16_supported() else torch.float32
    return getattr(torch, policy.dtype)


def seed_for(seed: int, purpose: str) -> None:
    """Seeds the random numbers by the run's seed and the purpose alone, so that they do not depend on what ran before."""
    set_seed((seed * 1_000_003 + zlib.crc32(purpose.encode())) % 2**31)


@contextmanager
def kept_luck() -> Iterator[None]:
    """Whatever is sampled inside, the random numbers after it are those that would have come without it."""
    python, numbers, here = random.getstate(), numpy.random.get_state(), torch.get_rng_state()
    gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    try:
        yield
    finally:
        random.setstate(python)
        numpy.random.set_state(numbers)
        torch.set_rng_state(here)
        if gpus:
            torch.cuda.set_rng_state_all(gpus)


def _cannot_load(source: str, error: Exception) -> RunError:
    remedy = "Set policy.base to a folder with a model and its processor, or to a Hugging Face id that is reachable."
    return RunError(f"the policy {source} cannot be loaded: {error}", remedy, "pebr.json: policy.base")


def _response(tokenizer: Any, ids: list[int], ends: set[int]) -> Response:
    length = next((i + 1 for i, token in enumerate(ids) if token in ends), None)
    kept = ids if length is None else ids[:length]
    return Response(tokenizer.decode(kept, skip_special_tokens=True), len(kept), "length" if length is None else "stop")

