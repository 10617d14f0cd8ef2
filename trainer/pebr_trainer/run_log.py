"""Writes a run's events and rollouts: one strict JSON object a line, whole lines only, on disk as soon as they are written.

The log also knows the run's *safe points*. `progress.json` names the stages that are done, the checkpoint of the one under way and the
length of every log file at that moment; resuming cuts the files back to those lengths, so each step stands in them once.
"""

import json
import math
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import RunError


@dataclass(frozen=True)
class SafePoint:
    """What a resumed run starts from. `checkpoint` is relative to the run and belongs to `stage`, the stage under way."""

    finished: tuple[str, ...] = ()
    evaluated: tuple[str, ...] = ()
    stage: str | None = None
    checkpoint: str | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)


class RunLog:
    """The only writer of `events.jsonl` and `rollouts/*.jsonl` of one run folder."""

    def __init__(self, run: Path) -> None:
        self.run = run
        (run / "rollouts").mkdir(parents=True, exist_ok=True)

    def event(self, kind: str, **fields: Any) -> None:
        """Appends an event; the metrics of a step that are no finite number are left out."""
        if kind == "step":
            fields["metrics"] = finite(fields["metrics"])
        self._append(self.run / "events.jsonl", [{"v": 1, "type": kind, "time": round(time.time(), 3), **fields}])

    def problem(self, severity: str, message: str, remedy: str, stage: str | None = None) -> None:
        self.event("problem", severity=severity, message=message, remedy=remedy, **({"stage": stage} if stage else {}))

    def rollouts(self, file: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Appends rollouts of whole groups to `rollouts/<file>.jsonl` in one write."""
        self._append(self.run / "rollouts" / f"{file}.jsonl", records)

    def mark(self, point: SafePoint) -> SafePoint:
        """Makes `point` the place from which the run can be resumed. Atomic: a kill leaves the old point or the new one."""
        sizes = {str(f.relative_to(self.run)): f.stat().st_size for f in self._files()}
        marked = SafePoint(point.finished, point.evaluated, point.stage, point.checkpoint, sizes)
        write_json(self.run / "progress.json", {"v": 1, **marked.__dict__})
        return marked

    def rewind(self) -> SafePoint:
        """Cuts the files back to the last safe point and returns it."""
        try:
            raw = json.loads((self.run / "progress.json").read_text("utf-8"))
        except FileNotFoundError:
            raw = {}
        except ValueError as error:
            raise RunError(f"progress.json cannot be read: {error}", "Start a new run.", str(self.run)) from error
        point = SafePoint(
            tuple(raw.get("finished", ())), tuple(raw.get("evaluated", ())), raw.get("stage"), raw.get("checkpoint"), raw.get("sizes", {})
        )
        for file in self._files():
            os.truncate(file, min(file.stat().st_size, point.sizes.get(str(file.relative_to(self.run)), 0)))
        return point

    def _files(self) -> list[Path]:
        events = self.run / "events.jsonl"
        return [*([events] if events.exists() else []), *sorted((self.run / "rollouts").glob("*.jsonl"))]

    def _append(self, file: Path, records: Iterable[Mapping[str, Any]]) -> None:
        data = memoryview("".join(_line(record) for record in records).encode("utf-8"))
        try:
            with open(file, "ab", buffering=0) as out:
                while data:
                    data = data[out.write(data) :]
        except OSError as error:
            raise RunError(
                f"cannot write {file.name}: {error.strerror}", "Make room on the disk, then resume the run.", str(self.run)
            ) from error


def finite(metrics: Mapping[str, float | None]) -> dict[str, float]:
    """The metrics that are finite numbers: a missing number is left out, never NaN."""
    return {k: float(v) for k, v in metrics.items() if isinstance(v, int | float) and math.isfinite(v)}


def write_json(file: Path, value: Any) -> None:
    """Replaces a small JSON file in one move. Raises RunError where the disk refuses."""
    temporary = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "w", encoding="utf-8") as out:
            json.dump(value, out, allow_nan=False, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, file)
    except OSError as error:
        raise RunError(f"cannot write {file.name}: {error.strerror}", "Make room on the disk, then resume the run.", str(file.parent)) from error


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n"
