"""Whether a policy's folder can be loaded and trained: its architecture built without weights, against the headers of its files and its processor."""

from pathlib import Path
from typing import Any

from .errors import RunError

LIMIT = 8  # faults that are told; one broken file has one for each of its tensors
CORRECT = "Correct config.json, or copy or download the files of that model again."
OTHER = "Choose a vision-language model in policy.base, such as one of LLaVA, Qwen-VL or SmolVLM."


def faults_of_policy(folder: Path) -> list[RunError]:
    """What would stop this policy when it is loaded, or let it train on weights that are not its own; empty where nothing would. Loads no weights."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        config = _config(folder)
        kind = _class_of(folder, config)
    except RunError as fault:
        return [fault]
    faults = [*_faults_of_weights(folder, config, kind), *_faults_of_processor(folder, config)]
    return faults[:LIMIT]


def _config(folder: Path) -> Any:
    from transformers import AutoConfig

    place = str(folder / "config.json")
    try:
        return AutoConfig.from_pretrained(str(folder), trust_remote_code=False)
    except Exception as error:
        text = _first(error)
        if "does not recognize this architecture" in str(error) or "Unrecognized model" in str(error):
            raise RunError(f"transformers does not know this kind of model ({text})", f"Install a transformers that knows it, or correct model_type. {OTHER}", place) from error
        if "trust_remote_code" in str(error):
            raise RunError("the model needs code of its own, which is not run", OTHER, place) from error
        raise RunError(f"it makes no model: {text}", CORRECT, place) from error


def _class_of(folder: Path, config: Any) -> Any:
    from transformers.models.auto.modeling_auto import AutoModelForImageTextToText

    kinds = AutoModelForImageTextToText._model_mapping
    if type(config) not in kinds:
        raise RunError(f"a model of type {config.model_type} takes no pictures and text", OTHER, str(folder / "config.json"))
    kind = kinds[type(config)]
    return kind[0] if isinstance(kind, tuple) else kind


def _faults_of_weights(folder: Path, config: Any, kind: Any) -> list[RunError]:
    import torch

    from .stored_weights import COPY, stored_weights, strange_values

    try:
        weights = stored_weights(folder)
    except RunError as fault:
        return [fault]
    if getattr(config, "quantization_config", None):
        return []  # packed numbers have shapes of their own
    hollow = {name: torch.empty_like(tensor, device="meta") for name, tensor in weights.tensors.items()}
    try:
        model, found = kind.from_pretrained(None, config=config, state_dict=hollow, device_map="meta", output_loading_info=True, ignore_mismatched_sizes=True)
    except Exception as error:
        return [RunError(f"it makes no {kind.__name__}: {_first(error)}", CORRECT, str(folder / "config.json"))]
    faults = [
        RunError(f"{name} is {_sides(stored)} in the weights, but {_sides(wanted)} by config.json", CORRECT, str(folder)) for name, stored, wanted in sorted(found["mismatched_keys"])
    ]
    missing = sorted(found["missing_keys"])
    if missing:
        more = f" and {len(missing) - 1} more of {len(model.state_dict())}" if len(missing) > 1 else ""
        faults.append(RunError(f"the weights lack {missing[0]}{more}; they would be random numbers", COPY, str(folder)))
    faults += [RunError(str(text), COPY, str(folder)) for text in found["error_msgs"]]
    whole = sorted(name for name, tensor in weights.tensors.items() if not tensor.is_floating_point() and tensor.dim() > 1)
    if whole:
        faults.append(RunError(f"{whole[0]} holds whole numbers, and config.json tells of no quantisation", CORRECT, str(weights.files[whole[0]])))
    return faults + strange_values(weights)


def _faults_of_processor(folder: Path, config: Any) -> list[RunError]:
    from transformers import AutoProcessor

    place, again = str(folder), "Copy the files of the processor and the tokenizer of that model again."
    try:
        processor = AutoProcessor.from_pretrained(str(folder), trust_remote_code=False)
    except Exception as error:
        return [RunError(f"its processor cannot be loaded: {_first(error)}", again, place)]
    tokenizer, pictures = getattr(processor, "tokenizer", None), getattr(processor, "image_processor", None)
    if tokenizer is None or pictures is None:
        return [RunError(f"it has no processor of {'pictures' if pictures is None else 'text'} (found: {type(processor).__name__})", again, place)]
    faults: list[RunError] = []
    tokens = max(tokenizer.get_vocab().values(), default=-1) + 1
    rows = getattr(config.get_text_config(), "vocab_size", None)
    if tokens == 0:
        faults.append(RunError("its tokenizer has no token", again, place))
    elif isinstance(rows, int) and tokens > rows:
        faults.append(RunError(f"its tokenizer has {tokens:,} tokens, but the model has {rows:,}", f"It is that of another model. {again}", place))
    marks = [getattr(owner, "image_token_id", None) for owner in (config, processor)]
    if all(isinstance(mark, int) for mark in marks) and marks[0] != marks[1]:
        faults.append(RunError(f"config.json marks pictures with token {marks[0]}, its processor with {marks[1]}", f"Both must be those of one model. {again}", place))
    return faults or _faults_of_trial(processor, folder)


def _faults_of_trial(processor: Any, folder: Path) -> list[RunError]:
    """One question with one picture through the processor."""
    from PIL import Image

    content = [{"type": "image", "image": Image.new("RGB", (64, 64), "white")}, {"type": "text", "text": "What is it?"}]
    try:
        made = processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt")
    except Exception as error:
        return [RunError(f"its processor makes no input of a question with a picture: {_first(error)}", "Copy chat_template.jinja and the processor's files of that model again.", str(folder))]
    mark = getattr(processor, "image_token_id", None)
    if made.get("pixel_values") is None or (isinstance(mark, int) and not bool((made["input_ids"] == mark).any())):
        return [RunError("its prompt of a question with a picture has no place for the picture", "Copy chat_template.jinja of that model again: it writes the mark of a picture.", str(folder))]
    return []


def _sides(shape: Any) -> str:
    return " × ".join(str(side) for side in shape) or "a single number"


def _first(error: Exception) -> str:
    """The first line of what a library says, short enough for a person."""
    text = next((line.strip() for line in str(error).splitlines() if line.strip()), "") or type(error).__name__
    named = text if isinstance(error, OSError | ValueError | ImportError) else f"{type(error).__name__}: {text}"
    return named if len(named) <= 240 else f"{named[:239]}…"
