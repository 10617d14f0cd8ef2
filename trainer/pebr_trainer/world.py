"""Several processes that train one policy together (`accelerate launch`, Ray Train). Every process runs the same code on its share of each
batch; the first one writes the record. A single process needs nothing of this, and none of it then does anything.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from .errors import Stopped, as_run_error

T = TypeVar("T")
PATIENCE = timedelta(hours=12)  # the others wait while the first samples and evaluates; a process that dies is noticed by its launcher
LOST = ("closed by peer", "reset by peer", "Broken pipe", "gloo", "NCCL", "Socket Timeout")


class OthersFailed(Exception):
    """Another process of the run failed, or is gone; it, or whoever started it, tells why."""


def rank() -> int:
    return int(os.environ.get("RANK", "0"))


def size() -> int:
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    return rank() == 0


def join() -> None:
    """Meets the other processes, where a launcher started several."""
    if size() > 1:
        import torch
        from accelerate import PartialState

        PartialState(cpu=not torch.cuda.is_available(), **({} if torch.distributed.is_initialized() else {"timeout": PATIENCE}))


def gather(value: T) -> list[T]:
    """The values of all processes, in the order of their ranks; everybody gets them."""
    if size() == 1:
        return [value]
    from torch import distributed

    values: list[Any] = [None] * size()
    distributed.all_gather_object(values, value)
    return values


def wait() -> None:
    """Until all processes are here."""
    gather(None)


def alone(work: Callable[[], T]) -> T:
    """Lets the first process do `work`; the others wait and get the same result, or the same end."""
    if size() == 1:
        return work()
    from torch import distributed

    said: list[Any] = [None]
    failure: Exception | None = None
    if is_first():
        try:
            said = [("done", work())]
        except Stopped as error:
            failure, said = error, [("stopped", None)]
        except Exception as error:
            failure, said = error, [("failed", as_run_error(error).message)]
    distributed.broadcast_object_list(said, src=0)
    if failure:
        raise failure
    end, result = said[0]
    if end == "stopped":
        raise Stopped
    if end == "failed":
        raise OthersFailed(result)
    return result


def is_others(error: Exception) -> bool:
    """Whether an error only says that another process failed or is gone."""
    return isinstance(error, OthersFailed) or (size() > 1 and isinstance(error, RuntimeError) and any(word in str(error) for word in LOST))
