"""Checkpoints that can be trusted: a manifest of every file's size and hash, written last. Without it, or with another hash, a checkpoint does not count."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .run_log import write_json

MANIFEST = "manifest.json"


def seal(folder: Path, score: Mapping[str, Any] | None = None) -> None:
    """Writes the manifest of a checkpoint whose files are all there; `score` is what it was worth on held-out samples."""
    files = {str(file.relative_to(folder)): {"bytes": file.stat().st_size, "sha256": _hash(file)} for file in _files(folder)}
    write_json(folder / MANIFEST, {"v": 1, "files": files, **({"score": dict(score)} if score else {})})


def fault_of(folder: Path) -> str | None:
    """Why a checkpoint cannot be used; None where every file is as it was written."""
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        for name, written in files.items():
            if (folder / name).stat().st_size != written["bytes"] or _hash(folder / name) != written["sha256"]:
                return f"{name} is not as it was written"
    except FileNotFoundError as error:
        name = Path(str(error.filename)).name
        return "it was not written to its end" if name == MANIFEST else f"{name} is missing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"its manifest cannot be read: {error}"
    return None


def is_sealed(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def step_of(checkpoint: Path) -> int:
    """The step in the name `checkpoint-<step>`."""
    return int(checkpoint.name.rpartition("-")[2])


def checkpoints_of(stage_folder: Path) -> list[Path]:
    """The `checkpoint-<step>` folders of a stage, the latest last."""
    return sorted((f for f in stage_folder.glob("checkpoint-*") if f.name.rpartition("-")[2].isdecimal()), key=step_of)


def best_of(checkpoints: Iterable[Path]) -> Path | None:
    """The one with the highest held-out score, of equal ones the earlier; None where none was scored."""
    scores = {folder: score for folder in checkpoints if (score := _score(folder)) is not None}
    return max(scores, key=lambda folder: scores[folder]) if scores else None


def to_prune(stage_folder: Path, keep: int) -> list[Path]:
    """What the rule deletes: all sealed checkpoints but the last `keep` and the best."""
    sealed = [folder for folder in checkpoints_of(stage_folder) if is_sealed(folder)]
    return [folder for folder in sealed[:-keep] if folder != best_of(sealed)]


def remove_unsealed(run: Path) -> None:
    """Deletes what was being written when the run ended: it cannot be used, and on a full disk its room is needed."""
    for folder in (run / "checkpoints").glob("*/*"):
        if folder.is_dir() and not is_sealed(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _score(folder: Path) -> float | None:
    try:
        return float(json.loads((folder / MANIFEST).read_text("utf-8"))["score"]["mean"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.name != MANIFEST)


def _hash(file: Path) -> str:
    with open(file, "rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
