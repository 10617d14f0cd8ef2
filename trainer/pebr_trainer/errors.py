"""The two ways in which a run ends early, as data."""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ProblemCause = Literal["out-of-memory", "disk-full", "checkpoint-damaged"]
DISK_NUMBERS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
DISK = ("No space left", "File too large", "Disk quota", "PytorchStreamWriter failed")
MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "no available memory for the cache blocks")


@dataclass(frozen=True)
class Offer:
    """A way out of a failure: values for `resume --set`. `same_meaning`: the optimisation stays what it was."""

    label: str
    values: dict[str, Any]
    same_meaning: bool

    def to_json(self) -> dict[str, Any]:
        return {"label": self.label, "set": self.values, "sameMeaning": self.same_meaning}


class RunError(Exception):
    """A failure with its place, its cause and what to do about it. The run ends; its record says the same three things."""

    def __init__(self, cause: str, remedy: str, place: str = "", kind: ProblemCause | None = None) -> None:
        super().__init__(f"{place}: {cause}" if place else cause)
        self.cause = cause
        self.remedy = remedy
        self.place = place
        self.kind = kind

    @property
    def message(self) -> str:
        """Place and cause in one line."""
        return str(self)


class Stopped(Exception):
    """Somebody asked the run to stop (SIGTERM, or a file named `stop` in the run folder). What is done is kept."""


def cannot_write(file: Path, error: OSError) -> RunError:
    """A file of the run that the disk does not take."""
    kind: ProblemCause | None = "disk-full" if error.errno in DISK_NUMBERS else None
    return RunError(f"cannot write {file.name}: {error.strerror}", "Make room on the disk, then resume the run.", str(file.parent), kind)


def as_run_error(error: Exception) -> RunError:
    """Any failure as a RunError; the usual ones (a full disk, no memory) with what to do about them."""
    if isinstance(error, RunError):
        return error
    text = f"{type(error).__name__}: {error}"
    if getattr(error, "errno", None) in DISK_NUMBERS or any(words in text for words in DISK):
        return RunError(f"the disk is full or a file is too large ({text})", "Make room on the disk, then resume the run.", kind="disk-full")
    if isinstance(error, MemoryError) or any(words in text.lower() for words in MEMORY):
        return RunError(f"there is not enough memory ({text})", "Resume the run with smaller numbers, or close what else uses the memory.", kind="out-of-memory")
    return RunError(text, "Read stderr.log of the run; it holds the place in the code.")
