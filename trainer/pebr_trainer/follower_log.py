"""The log of a process that is not the first of its run: the first writes for all, this one only tells a failure of its own."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from .run_log import RunLog, SafePoint

FIRST_SECONDS = 3.0  # for the first process to say it: most failures meet all of them at the same place


class FollowerLog(RunLog):
    """Says nothing, except that the run failed here, where nobody else has said so."""

    def event(self, kind: str, **fields: Any) -> None:
        if kind != "run-finished" or fields["status"] != "failed":
            return
        until = time.monotonic() + FIRST_SECONDS
        while not has_ended(self):
            if time.monotonic() > until:
                super().event(kind, **fields)
                return
            time.sleep(0.1)

    def rollouts(self, file: str, records: Iterable[Mapping[str, Any]]) -> None:
        pass

    def evaluated(self, stage: str, records: Iterable[Mapping[str, Any]]) -> None:
        pass

    def reserve_room(self) -> None:
        pass

    def make_room(self) -> None:
        pass

    def close(self) -> None:
        pass

    def mark(self, point: SafePoint) -> SafePoint:
        return point


def has_ended(log: RunLog) -> bool:
    """Whether the last event of the run is its end."""
    file = log.run / "events.jsonl"
    lines = file.read_bytes().rstrip().rsplit(b"\n", 1) if file.exists() else [b""]
    return b'"type":"run-finished"' in lines[-1]
