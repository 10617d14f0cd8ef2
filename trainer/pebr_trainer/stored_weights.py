"""The weights of a model folder as they are stored: names, shapes and a sample of the values, however large they are."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from .errors import RunError

INDEX = "model.safetensors.index.json"
SAMPLED_BYTES = 64 << 20  # of all tensors together; a tiny model is read whole
RUN = 4096  # values that are read in one piece
COPY = "Copy or download the files of that model again."


@dataclass(frozen=True)
class StoredWeights:
    """Lazily mapped tensors by name, and the file that each lies in."""

    tensors: dict[str, torch.Tensor]
    files: dict[str, Path]


def stored_weights(folder: Path) -> StoredWeights:
    """All tensors that a model would be loaded from. Nothing is read but headers. Raises RunError where a part is missing or cannot be read."""
    whole = folder / "model.safetensors"
    shards = [whole] if whole.is_file() else _indexed(folder) or sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    if not shards:
        raise RunError("there are no weights (*.safetensors or pytorch_model*.bin)", "Copy or download the whole model folder.", str(folder))
    tensors: dict[str, torch.Tensor] = {}
    files: dict[str, Path] = {}
    for shard in shards:
        found = _mapped(shard)
        tensors |= found
        files |= dict.fromkeys(found, shard)
    return StoredWeights(tensors, files)


def strange_values(weights: StoredWeights) -> list[RunError]:
    """A fault for each file with NaN or infinite values among those sampled, or with matrices of zeros alone, as a download that was broken off leaves them."""
    share = SAMPLED_BYTES // max(1, len(weights.tensors))
    broken: dict[Path, list[str]] = {}
    filled: dict[Path, bool] = {}
    for name, tensor in weights.tensors.items():
        if not tensor.is_floating_point() or tensor.numel() == 0:
            continue
        values = _sample(tensor, share)
        file = weights.files[name]
        if not bool(torch.isfinite(values).all()):
            broken.setdefault(file, []).append(name)
        if tensor.dim() > 1:
            filled[file] = filled.get(file, False) or bool(values.any())
    faults = [RunError(f"{names[0]}{_more(names)} has NaN or infinite values", "Take the weights from before the training went wrong, or download them again.", str(file))
              for file, names in broken.items()]  # fmt: skip
    return faults + [RunError("all its matrices are zero", COPY, str(file)) for file, is_filled in filled.items() if not is_filled and file not in broken]


def _more(names: list[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""


def _indexed(folder: Path) -> list[Path]:
    """The parts that the index names, each with the tensors it says."""
    file = folder / INDEX
    if not file.is_file():
        return []
    try:
        parts: dict[str, str] = json.loads(file.read_text("utf-8"))["weight_map"]
        names = sorted(set(parts.values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"it is no index of weights ({type(error).__name__}: {error})", COPY, str(file)) from error
    for name in names:
        if Path(name).name != name or not (folder / name).is_file():
            raise RunError(f"its part {name} is missing", "Copy or download the whole model folder.", str(file))
        held = set(_mapped(folder / name))
        lost = sorted(tensor for tensor, part in parts.items() if part == name and tensor not in held)
        if lost:
            raise RunError(f"{name} has no {lost[0]}{_more(lost)}, which the index names", COPY, str(file))
    return [folder / name for name in names]


def _mapped(file: Path) -> dict[str, torch.Tensor]:
    try:
        if file.suffix == ".bin":
            return {name: value for name, value in torch.load(file, mmap=True, weights_only=True, map_location="cpu").items() if isinstance(value, torch.Tensor)}
        with safe_open(file, "pt") as opened:
            return {name: opened.get_tensor(name) for name in opened.keys()}
    except (OSError, SafetensorError, RuntimeError, ValueError, AttributeError, EOFError, KeyError) as error:
        raise RunError(f"it cannot be read ({error})".splitlines()[0], COPY, str(file)) from error
    except Exception as error:  # pickles that hold code are refused by an error of their own
        raise RunError(f"it cannot be read ({type(error).__name__})", "Store the weights as safetensors.", str(file)) from error


def _sample(tensor: torch.Tensor, most: int) -> Any:
    """Values of the tensor, `most` bytes of them at most, in pieces from all over it; float32 where its own type cannot be asked."""
    flat = tensor.reshape(-1)
    pieces = max(1, most // (RUN * tensor.element_size()))
    if flat.numel() > pieces * RUN:
        starts = torch.linspace(0, flat.numel() - RUN, pieces).long().tolist()
        flat = torch.cat([flat[start : start + RUN] for start in starts])
    return flat.float() if flat.element_size() == 1 else flat
