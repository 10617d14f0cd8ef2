"""The reasoning reward in EasyR1's contract: one list of inputs in, one dict of scores a response out."""

import re

SECTIONS = ("### Image Description:", "### Rationales:", "### Step 1:", "### The final answer is:")
ANSWER = re.compile(r"### The final answer is:\s*([^\n]*)")


def compute_score(reward_inputs: list[dict], format_weight: float = 0.1) -> list[dict]:
    return [score(item["response"], item["ground_truth"], format_weight) for item in reward_inputs]


def score(response: str, ground_truth: str, format_weight: float) -> dict:
    accuracy = float(normal(answer_of(response)) == normal(ground_truth))
    form = float(all(section.lower() in response.lower() for section in SECTIONS))
    return {"overall": (1 - format_weight) * accuracy + format_weight * form, "accuracy": accuracy, "format": form}


def answer_of(response: str) -> str:
    """The text after the last heading; the whole response when the heading is missing."""
    found = ANSWER.search(response)
    return found.group(1) if found else response


def normal(answer: str) -> str:
    return " ".join(answer.lower().rstrip(" .").split())
