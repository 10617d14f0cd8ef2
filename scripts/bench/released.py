"""A re-statement of the released rewards' work, without CLIP: `python released.py ITEMS.json` prints the seconds that scoring all items once takes."""

import json
import re
import sys
import time

from mathruler.grader import grade_answer

HEADINGS = [re.compile(pattern, re.IGNORECASE) for pattern in (r"###\s*Image Description:", r"###\s*Rationales:", r"###\s*Step 1:", r"###\s*The final answer is:")]


def format_reward(response):
    return 1.0 if all(heading.search(response) for heading in HEADINGS) else 0.0


def accuracy_reward(response, ground_truth):
    found = re.search(r"### The final answer is:\s*([^\n]*)", response)
    return 1.0 if grade_answer(found.group(1).strip() if found else response.strip(), ground_truth.strip()) else 0.0


def key_word_reward(response, key_words):
    return sum(word.lower() in response.lower() for word in key_words) / len(key_words) if key_words else 0.0


def length_reward(length, limit=512):
    return 1.0 if length <= limit else max(0.0, min(1.0, limit / (length + 1e-5)))


def compute_score(reward_inputs):
    scores = []
    for each in reward_inputs:
        response = re.sub(r"\s*(<|>|/)\s*", r"\1", each["response"])
        accuracy, form = accuracy_reward(response, each["ground_truth"]), format_reward(response)
        key_word, length = key_word_reward(response, each["key_word"]), length_reward(each["response_length"])
        scores.append({"overall": 0.5 * accuracy + 0.3 * key_word + 0.1 * form + 0.1 * length, "accuracy": accuracy, "key_word": key_word, "format": form, "length": length})
    return scores


with open(sys.argv[1], encoding="utf-8") as file:
    items = json.load(file)
inputs = [
    {"response": each["response"], "ground_truth": each["sample"]["answer"], "key_word": each["sample"]["key_words"], "response_length": each["tokens"]} for each in items
]
compute_score(inputs[:20])  # imports and caches are not the reward's
best = float("inf")
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    scores = compute_score(inputs)
    best = min(best, time.perf_counter() - start)
print(json.dumps({"seconds": best, "overall": [score["overall"] for score in scores]}))
