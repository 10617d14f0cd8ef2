"""What this Python environment can do, as JSON, for the editor and for people who ask for help."""

import importlib.util
import os
import sys
from typing import Any

from .run_folder import versions

NEEDED = ("torch", "transformers", "trl", "accelerate", "peft", "datasets", "PIL", "jinja2")


def environment() -> dict[str, Any]:
    """Versions, missing packages, the GPU, and what to do where something is missing. Imports torch, nothing else."""
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
    return report
