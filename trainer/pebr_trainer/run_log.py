"""Writes a run's events and rollouts: one strict JSON object a line, whole lines only, on disk as soon as they are written.

The log also knows the run's *safe points*. `progress.json` names the stages that are done, the checkpoint of the one under way and the
length of every log file at that moment; resuming cuts the files back to those lengths, so each step stands in them once. The points before it
are kept as well: where a checkpoint turns out to be damaged, the run goes on from the one before.
"""

import json
import math
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .errors import Offer, ProblemCause, RunError, cannot_write
from .log_line import log_line

RESERVE = 65536  # bytes that are given back when the disk is full, so that the last events can be written


@dataclass(frozen=True)
class SafePoint:
    """What a resumed run starts from. `checkpoint` is relative to the run and belongs to `stage`, the stage under way."""

    finished: tuple[str, ...] = ()
    evaluated: tuple[str, ...] = ()
    stage: str | None = None
    checkpoint: str | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)


class RunLog:
    """The only writer of `events.jsonl`, `rollouts/*.jsonl` and `evaluation/*.jsonl` of one run folder."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self._points: tuple[SafePoint, ...] = ()
        for folder in ("rollouts", "evaluation"):
            (run / folder).mkdir(parents=True, exist_ok=True)
        self._reserve = run / ".reserve"

    def event(self, kind: str, **fields: Any) -> None:
        """Appends an event, and says it in the log; the metrics of a step that are no finite number are left out."""
        if kind == "step":
            fields["metrics"] = finite(fields["metrics"])
        self._append(self.run / "events.jsonl", [{"v": 1, "type": kind, "time": round(time.time(), 3), **fields}])
        if line := log_line(kind, fields):
            print(line, flush=True)

    def problem(
        self, severity: str, message: str, remedy: str, stage: str | None = None, cause: ProblemCause | None = None, offers: tuple[Offer, ...] = ()
    ) -> None:
        """Something that is wrong; `offers` are ways out that `resume --set` takes."""
        more = {"stage": stage, "cause": cause, "offers": [offer.to_json() for offer in offers]}
        self.event("problem", severity=severity, message=message, remedy=remedy, **{key: value for key, value in more.items() if value})

    def reserve_room(self) -> None:
        """Takes room on the disk for the last events of a run that fills it."""
        try:
            self._reserve.write_bytes(bytes(RESERVE))
        except OSError as error:
            raise cannot_write(self._reserve, error) from error

    def make_room(self) -> None:
        """Gives the reserve back to a full disk."""
        self._reserve.unlink(missing_ok=True)

    def close(self) -> None:
        """The run has ended; nothing is written any more."""
        self._reserve.unlink(missing_ok=True)

    def evaluated(self, stage: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Appends what the policy after `stage` came to on single samples."""
        self._append(self.run / "evaluation" / f"{stage}.jsonl", records)

    def rollouts(self, file: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Appends rollouts of whole groups to `rollouts/<file>.jsonl` in one write."""
        self._append(self.run / "rollouts" / f"{file}.jsonl", records)

    def mark(self, point: SafePoint) -> SafePoint:
        """Makes `point` the place from which the run can be resumed. Atomic: a kill leaves the old point or the new one."""
        sizes = {str(f.relative_to(self.run)): f.stat().st_size for f in self._files()}
        marked = replace(point, sizes=sizes)
        self._points = (marked, *(p for p in self._points if p.checkpoint is None or (self.run / p.checkpoint).is_dir()))
        write_json(self.run / "progress.json", {"v": 1, **marked.__dict__, "earlier": [p.__dict__ for p in self._points[1:]]})
        return marked

    def rewind(self, fault_of: Callable[[SafePoint], str | None]) -> tuple[SafePoint, tuple[str, ...]]:
        """Cuts the files back to the last safe point without a fault. Returns it, and the faults of the points after it."""
        points, faults = read_points(self.run), []
        while points and (fault := fault_of(points[0])):
            faults.append(fault)
            points = points[1:]
        self._points = points
        point = points[0] if points else SafePoint()
        for file in self._files():
            os.truncate(file, min(file.stat().st_size, point.sizes.get(str(file.relative_to(self.run)), 0)))
        return point, tuple(dict.fromkeys(faults))

    def _files(self) -> list[Path]:
        events = self.run / "events.jsonl"
        return [*([events] if events.exists() else []), *sorted(f for folder in ("rollouts", "evaluation") for f in (self.run / folder).glob("*.jsonl"))]

    def _append(self, file: Path, records: Iterable[Mapping[str, Any]]) -> None:
        data = memoryview("".join(_line(record) for record in records).encode("utf-8"))
        try:
            with open(file, "ab", buffering=0) as out:
                while data:
                    data = data[out.write(data) :]
        except OSError as error:
            raise cannot_write(file, error) from error


def read_points(run: Path) -> tuple[SafePoint, ...]:
    """The last safe point of a run and those before it whose checkpoints are still there; none where it has not come so far."""
    try:
        raw = json.loads((run / "progress.json").read_text("utf-8"))
        last, *earlier = (_point(each) for each in (raw, *raw.get("earlier", ())))
        return (last, *(p for p in earlier if p.checkpoint is None or (run / p.checkpoint).is_dir()))
    except FileNotFoundError:
        return ()
    except (ValueError, AttributeError, TypeError) as error:
        raise RunError(f"progress.json cannot be read: {error}", "Start a new run.", str(run)) from error


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
        raise cannot_write(file, error) from error


def _point(raw: Mapping[str, Any]) -> SafePoint:
    return SafePoint(tuple(raw.get("finished", ())), tuple(raw.get("evaluated", ())), raw.get("stage"), raw.get("checkpoint"), raw.get("sizes", {}))


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n"
