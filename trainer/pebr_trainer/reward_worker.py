"""Runs one Python reward file for the reward worker: one JSON request a line in, one JSON answer a line out.

Started as a script by `src/platform/rewards/python/pythonRuntime.ts`. Standard library only; Pillow is imported when the reward looks at images.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from pebr_trainer.reward_clip import Model, connect  # noqa: E402
from pebr_trainer.reward_contracts import Reward, components_of  # noqa: E402
from pebr_trainer.reward_failure import describe  # noqa: E402
from pebr_trainer.reward_guard import Guard  # noqa: E402
from pebr_trainer.reward_sandbox import Sandbox  # noqa: E402
from pebr_trainer.reward_scores import score  # noqa: E402
from pebr_trainer.reward_source import load  # noqa: E402

Json = dict[str, Any]
encode = json.JSONEncoder(allow_nan=False).encode  # as it was before the reward was loaded


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever the reward or a C library prints goes to stderr: stdout carries answers only
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
    questions = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a reward that reads its input finds the end of it, and not the next request
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    lock = threading.Lock()

    def answer(message: Json) -> None:
        with lock:
            answers.write(encode(message) + "\n")
            answers.flush()

    reward: Reward | None = None
    guard = Guard(answer)

    def ask(question: Json) -> Json:
        answer(question)
        return json.loads(questions.readline())

    connect(Model(ask, guard.pause))
    sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "reward_modules"))
    for line in iter(questions.readline, ""):
        request = json.loads(line)
        try:
            if request["method"] == "load":
                guard.begin(request["deadlineMs"], request["deadlineMs"], [request["path"]], None)
                Sandbox(os.path.dirname(request["path"])).enter()
                reward = load(request["path"], request.get("source"))
                guard.end()
                answer({"id": request["id"], "result": {**loaded(reward), "limitMb": guard.limit_memory(request["memoryMb"])}})
            elif reward is not None:
                guard.begin(request["deadlineMs"], request["toldMs"], reward.files, len(request["items"]))
                scores = score(reward, request["items"])
                guard.end()
                answer({"id": request["id"], "result": {"scores": scores}})
        except BaseException as error:  # the boundary to code that a user wrote; SystemExit included
            guard.end()
            files = reward.files if reward else [request.get("path", "")]
            answer({"id": request["id"], "error": describe(error, files)})


def loaded(reward: Reward) -> Json:
    return {
        "hash": reward.hash,
        "contract": reward.contract,
        "components": components_of(reward),
        "weights": reward.weights,
        "files": reward.files,
        "numbers": reward.numbers,
    }


if __name__ == "__main__":
    main()
