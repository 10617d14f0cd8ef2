"""The two ways in which a run ends early, as data."""

import errno

DISK = ("No space left", "File too large", "Disk quota", "PytorchStreamWriter failed")


class RunError(Exception):
    """A failure with its place, its cause and what to do about it. The run ends; its record says the same three things."""

    def __init__(self, cause: str, remedy: str, place: str = "") -> None:
        super().__init__(f"{place}: {cause}" if place else cause)
        self.cause = cause
        self.remedy = remedy
        self.place = place

    @property
    def message(self) -> str:
        """Place and cause in one line."""
        return str(self)


class Stopped(Exception):
    """Somebody asked the run to stop (SIGTERM, or a file named `stop` in the run folder). What is done is kept."""


def as_run_error(error: Exception) -> RunError:
    """Any failure as a RunError; the usual ones (a full disk, no GPU memory) with what to do about them."""
    if isinstance(error, RunError):
        return error
    text = f"{type(error).__name__}: {error}"
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT) or any(words in text for words in DISK):
        return RunError(f"the disk is full or a file is too large ({text})", "Make room on the disk, then resume the run.")
    if "out of memory" in text.lower():
        return RunError(text, "Lower policy.microBatch or samplesPerStep, or set policy.lora; then resume the run.")
    return RunError(text, "Read stderr.log of the run; it holds the place in the code.")
