"""Scores one response with a Python reward so that a debugger can stop in it: `debug_reward.py REQUEST`.

REQUEST is the JSON of `src/platform/rewards/debugRequest.ts`. Contract and scoring are the reward worker's own; there is no deadline.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from pebr_trainer.reward_failure import describe  # noqa: E402
from pebr_trainer.reward_scores import score  # noqa: E402
from pebr_trainer.reward_source import load  # noqa: E402

Json = dict[str, Any]


def main(request_file: str) -> None:
    with open(request_file, encoding="utf-8") as file:
        request = json.load(file)
    result = scored(request["path"], request["item"])
    with open(request["result"], "w", encoding="utf-8") as file:
        json.dump(result, file, allow_nan=False)
    for name, value in result["components"].items():
        print(f"{name:16} {'does not apply' if value is None else value}")
    if "error" in result:
        print(result["error"].get("stack", result["error"]["message"]), file=sys.stderr)
    else:
        print(f"{'overall':16} {result['overall']}")


def scored(path: str, item: Json) -> Json:
    files = [path]
    try:
        reward = load(path)
        files = reward.files
        return score(reward, [item])[0]
    except BaseException as error:  # the boundary to code that a user wrote; SystemExit included
        return {"overall": None, "components": {}, "evidence": [], "error": describe(error, files)}


if __name__ == "__main__":
    main(sys.argv[1])
