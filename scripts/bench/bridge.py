"""`python bridge.py WORKER_JSON REWARD COUNT`: milliseconds of each batch of 64 through the shim, worker and back."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "trainer"))
from pebr_trainer import pebr_reward  # noqa: E402

worker = pebr_reward.Worker(json.loads(sys.argv[1]))
text = "### Image Description:\nred 7 on the left.\n### Rationales:\n" + "because of this and that, " * 70 + "\n### Step 1:\nlook.\n### The final answer is: 7"
items = [{"response": text + str(index), "tokens": 400, "sample": {"qid": str(index), "problem": "?", "answer": "7", "images": [], "key_words": ["red 7"], "boxes": []}} for index in range(64)]
times = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    scores = worker.score(sys.argv[2], items)["scores"]
    times.append((time.perf_counter() - start) * 1000)
    assert len(scores) == 64 and scores[0]["overall"] == 1
worker.close()
print(json.dumps(times[len(times) // 3 :]))  # the first ones warm it up
