"""The run folder's own records: `run.json` (what was run), `process.json` (who runs it), and how a run is asked to stop."""

import importlib.metadata
import json
import os
import platform
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from . import world
from .config import Project
from .errors import RunError
from .file_hashes import hashes
from .project import override, project_from_json, project_to_json
from .run_log import write_json

PACKAGES = ("torch", "transformers", "trl", "accelerate", "peft", "datasets", "pillow", "vllm", "ray")
# What `resume --set` takes at any time: it changes how the work is done, not what was done.
CHANGEABLE = ("policy.microBatch", "policy.maxResponseTokens", "pipeline.checkpoints")


def write_run(run: Path, project: Project, stages: tuple[str, ...], command: list[str], policy: str | None = None, workers: int = 1, reused: str | None = None) -> None:
    """Writes `run.json` with the resolved project, and the hashes and versions that tell two runs apart. `reused`: the run whose first stages it took over."""
    write_json(
        run / "run.json",
        {
            "v": 1,
            "id": run.name,
            "name": project.name,
            "project": str(project.root),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "config": project_to_json(project),
            "seed": project.pipeline.seed,
            "engine": project.engine,
            "command": command,
            "workers": workers,
            "hashes": hashes(project),
            "versions": versions(),
            "stages": list(stages),
            **({"policy": policy} if policy else {}),
            **({"reused": reused} if reused else {}),
        },
    )


@dataclass(frozen=True)
class RunRecord:
    """The project exactly as it was when the run began, the run's stages, and the policy it starts from if not `policy.base`."""

    project: Project
    stages: tuple[str, ...]
    policy: str | None
    workers: int = 1


def read_run(run: Path) -> RunRecord:
    """What `run.json` says. Raises RunError where it cannot be read."""
    try:
        raw = json.loads((run / "run.json").read_text("utf-8"))
        return RunRecord(project_from_json(raw["config"], Path(raw["project"])), tuple(raw["stages"]), raw.get("policy"), raw.get("workers", 1))
    except (OSError, ValueError, KeyError) as error:
        raise RunError(f"run.json cannot be read: {error}", "Choose a run folder, or start a new run.", str(run)) from error


def change_run(run: Path, changes: tuple[str, ...]) -> None:
    """Applies `key=value` overrides to a run that goes on, and records them. Raises RunError for a key that would change what was done already."""
    raw = json.loads((run / "run.json").read_text("utf-8"))
    begun = _begun(run)
    values = dict(override(raw["config"], change) for change in changes)
    for key in values:
        if not _may_change(key, raw["config"], begun):
            raise RunError(
                f"{key} cannot be changed in a run that has begun",
                f"Change one of {', '.join(CHANGEABLE)}, saveEvery of a stage, or a stage that has not begun; for anything else start a new run.", "--set",
            )
    raw["config"] = project_to_json(project_from_json(raw["config"], Path(raw["project"])))
    raw["changes"] = [*raw.get("changes", ()), {"date": datetime.now(UTC).isoformat(timespec="seconds"), "set": values}]
    write_json(run / "run.json", raw)


def _begun(run: Path) -> set[str]:
    """The stages that are done or under way."""
    try:
        raw = json.loads((run / "progress.json").read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    return {*raw.get("finished", ()), *((raw["stage"],) if raw.get("stage") else ())}


def _may_change(key: str, config: Mapping[str, Any], begun: set[str]) -> bool:
    if any(key == free or key.startswith(f"{free}.") for free in CHANGEABLE):
        return True
    match = re.fullmatch(r"pipeline\.stages\.([^.]+)\.(.+)", key)
    if not match:
        return False
    stages = config["pipeline"]["stages"]
    name = next((s["name"] for i, s in enumerate(stages) if match[1] in (str(i), s["name"])), None)
    return match[2] == "saveEvery" or (name not in begun and match[2] not in ("name", "resample"))


def write_process(run: Path) -> None:
    """Writes `process.json`, by which another window finds this process again. Raises RunError while another process runs the folder."""
    try:
        other = json.loads((run / "process.json").read_text("utf-8"))
    except (OSError, ValueError):
        other = {}
    pid, ticks = other.get("pid"), other.get("startTicks")
    if other.get("host") == socket.gethostname() and isinstance(pid, int) and pid not in (os.getpid(), os.getppid()) and ticks and _start_ticks(pid) == ticks:
        raise RunError(f"process {pid} is still running this run", "Stop it first.", str(run))
    pid = os.getpid() if world.size() == 1 else os.getppid()  # whoever started several processes ends them together
    write_json(run / "process.json", {"v": 1, "pid": pid, "host": socket.gethostname(), "started": time.time(), "startTicks": _start_ticks(pid)})


def versions() -> dict[str, str]:
    """Python and the installed packages that training depends on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


class StopRequest:
    """True once somebody asked the run to stop: SIGTERM, SIGINT, or a file named `stop` in the run folder."""

    def __init__(self, run: Path) -> None:
        self._file = run / "stop"
        self._file.unlink(missing_ok=True)
        self._signalled = False
        if threading.current_thread() is threading.main_thread():  # a worker of Ray is a thread; its launcher hears the signals
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, self._on_signal)

    def __bool__(self) -> bool:
        return self._signalled or self._file.exists()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._signalled and number == signal.SIGINT:
            sys.exit(130)  # a second Ctrl+C does not wait for the step
        self._signalled = True


def _start_ticks(pid: int) -> int | None:
    """When a process started (field 22 of its stat), None where it is gone or the system does not say."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if state in "ZX" else int(fields[18])  # ended, only its exit code is not fetched yet
    except (OSError, ValueError, IndexError):
        return None
