"""What this Python environment can do, as JSON, for the editor and for people who ask for help."""

import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from .run_folder import versions

NEEDED = ("torch", "transformers", "trl", "accelerate", "peft", "datasets", "PIL", "jinja2")


def environment(policy: Path | None = None, remember: Path | None = None) -> dict[str, Any]:
    """Versions, missing packages, the GPU, and what to do where something is missing; with a policy's folder, whether that can be loaded.

    Imports torch, and transformers for a policy alone. `remember`: a file that keeps which policy was sound, so that the same files are not looked at twice.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    report: dict[str, Any] = {
        "v": 1,
        "ok": not missing,
        "executable": sys.executable,
        "versions": versions(),
        "missing": missing,
        "optional": {name: importlib.util.find_spec(name) is not None for name in ("vllm", "ray", "torchvision", "deepspeed")},
        "cores": os.cpu_count(),
        "threads": int(os.environ.get("PEBR_THREADS", "1")),
        "cuda": None,
    }
    if "torch" not in missing:
        import torch

        if torch.cuda.is_available():
            memory = torch.cuda.get_device_properties(0).total_memory
            report["cuda"] = {
                "version": torch.version.cuda, "device": torch.cuda.get_device_name(0), "count": torch.cuda.device_count(),
                "memoryBytes": memory, "bfloat16": torch.cuda.is_bf16_supported(),
            }  # fmt: skip
    if missing:
        report["remedy"] = "Install trainer/requirements-torch.txt and trainer/requirements.lock into this environment."
    if policy is not None and not missing:
        report["policy"] = _look_at(policy, remember)
        report["ok"] = not report["policy"].get("faults")
    return report


def _look_at(folder: Path, remember: Path | None) -> dict[str, Any]:
    if not folder.is_dir():
        return {"looked": False}  # a model of the hub stays where it is
    state = _state_of(folder)
    if remember and remember.is_file() and remember.read_text("utf-8", "replace") == state:
        return {"looked": True, "faults": [], "remembered": True}
    from .trial_load import faults_of_policy

    began = time.monotonic()
    faults = [{"place": fault.place, "cause": fault.cause, "remedy": fault.remedy} for fault in faults_of_policy(folder)]
    if remember and not faults:
        _keep(remember, state)
    return {"looked": True, "faults": faults, "seconds": round(time.monotonic() - began, 3)}


def _state_of(folder: Path) -> str:
    """The files of a policy by name, size and time, and who loads them."""
    looks = [Path(__file__).with_name(name).stat().st_mtime_ns for name in ("trial_load.py", "stored_weights.py")]
    files = [[file.name, file.stat().st_size, file.stat().st_mtime_ns] for file in sorted(folder.iterdir()) if file.is_file()]
    return json.dumps([str(folder.resolve()), files, versions(), looks])


def _keep(file: Path, state: str) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(state, "utf-8")
        part.replace(file)
    except OSError:
        return  # the next check looks again
