"""Ends a Python reward at its deadline or over its memory limit, telling where it stood."""

from __future__ import annotations

import faulthandler
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from .reward_failure import place_of_frame

Json = dict[str, Any]
LOOK_SECONDS = 0.05
LAST_RESORT_SECONDS = 0.03  # after the deadline, where the reward holds the interpreter in one long native call
end_process = os._exit  # the sandbox takes it from the reward


class Guard:
    """Ends the process at the deadline or over the memory limit, after telling at which line of the reward it stood."""

    def __init__(self, answer: Callable[[Json], None]) -> None:
        self._answer = answer
        self._main = threading.main_thread().ident
        self._deadline = math.inf
        self._told = 0.0
        self._count: int | None = None
        self._files: list[str] = []
        self._limit_mb, self._growth_mb = math.inf, math.inf
        if hasattr(faulthandler, "register"):
            faulthandler.register(signal.SIGUSR1, file=2)  # asked from outside, where the reward holds the interpreter and more memory than it may
        self._parent = os.getppid()
        self._begun = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def begin(self, budget_ms: float, told_ms: float, files: list[str], count: int | None) -> None:
        self._files, self._told, self._count = files, told_ms, count
        self._deadline = time.monotonic() + budget_ms / 1000
        faulthandler.dump_traceback_later(budget_ms / 1000 + LAST_RESORT_SECONDS, exit=True, file=2)
        self._begun.set()

    def end(self) -> None:
        self._deadline = math.inf
        faulthandler.cancel_dump_traceback_later()

    def pause(self) -> Callable[[], None]:
        """Stops the clock; the function that is returned lets it go on."""
        left = self._deadline - time.monotonic()
        self.end()

        def resume() -> None:
            if left < math.inf:
                self._deadline = time.monotonic() + left
                faulthandler.dump_traceback_later(max(0.001, left + LAST_RESORT_SECONDS), exit=True, file=2)

        return resume

    def limit_memory(self, growth_mb: float) -> float:
        """What importing took (torch alone is some 300 MB) does not count."""
        self._limit_mb, self._growth_mb = resident_mb() + growth_mb, growth_mb
        return self._limit_mb

    def _watch(self) -> None:
        while True:
            self._begun.wait(max(0.0, min(LOOK_SECONDS, self._deadline - time.monotonic())))
            self._begun.clear()
            if self._deadline < math.inf and time.monotonic() > self._deadline:
                many = f" for {self._count} responses in one call" if self._count and self._count > 1 else ""
                self._stop(f"The reward did not finish within {self._told:.0f} ms{many} and was ended.")
            if resident_mb() > self._limit_mb:
                self._stop(f"The reward used more than {self._growth_mb:.0f} MB of memory and was ended.")
            if os.getppid() != self._parent:
                end_process(70)  # nobody waits for an answer any more

    def _stop(self, message: str) -> None:
        self._answer({"stalled": {"message": message, **place_of_frame(sys._current_frames().get(self._main or 0), self._files)}})
        end_process(70)


def resident_mb() -> float:
    """Memory in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0
