"""A reward worker in Python that speaks the protocol of docs/FORMATS.md, for tests of the bridge alone: a real child process.

A reward file is JSON: `{"words": {"red": 1.0}, "throw_on": "text", "die_once": "file", "hang_on": "text"}`; the score is the share of `words`
found in the response. `throw_on` in a response makes its score an error; a missing `die_once` file is made and the process ends.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

loaded: list[tuple[dict, str]] = []


def load(params: dict) -> dict:
    text = Path(params["path"]).read_text()
    loaded.append((json.loads(text), hashlib.sha256(text.encode()).hexdigest()))
    return {"reward": len(loaded) - 1, "hash": loaded[-1][1], "contract": "pebr", "components": ["accuracy", "words"], "weights": {}}


def score(params: dict) -> dict:
    reward, digest = loaded[params["reward"]]
    if "die_once" in reward and not os.path.exists(reward["die_once"]):
        Path(reward["die_once"]).touch()
        os._exit(9)
    if reward.get("die_always") or any(item["response"] == reward.get("die_on") for item in params["items"]):
        os._exit(9)
    if reward.get("hang"):
        time.sleep(3600)
    return {"scores": [one(reward, item) for item in params["items"]], "rewardHash": digest, "ms": 1}


def one(reward: dict, item: dict) -> dict:
    response = item["response"]
    if reward.get("throw_on", "\0") in response:
        return {"overall": None, "components": {}, "evidence": [], "error": {"message": "it threw", "file": "reward.json", "line": 1}}
    words = [response.count(" " + word) / max(1, len(response.split())) for word in reward["words"]]
    accuracy = float(str(item["sample"].get("answer")) in response)
    return {"overall": sum(words), "components": {"accuracy": accuracy, "words": sum(words)}, "evidence": [{"component": "words", "kind": "note"}]}


for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = {"result": {"load": load, "score": score}[request["method"]](request["params"])}
    except Exception as error:
        reply = {"error": {"message": str(error), "file": request["params"].get("path"), "line": 3, "remedy": "Correct it."}}
    print(json.dumps({"id": request["id"], **reply}), flush=True)
