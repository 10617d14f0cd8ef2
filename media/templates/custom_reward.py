"""A reward of your own in EasyR1's contract, which the released PeBR-R1 code uses too.

`compute_score` is given one dict a response and returns one dict a response, in the same order.

Given: `response` (text), `response_length` (tokens), `ground_truth` (the answer), `key_word` (list of texts), `qid`;
the picture too (Pillow, RGB) for a file that names its key, see docs/REWARDS.md. Returned: `overall`, which training uses,
and any numbers of your own, which are logged. An exception fails that response alone and is shown with its line; it is never a 0.
"""

ANSWER_WEIGHT = 0.8


def compute_score(reward_inputs: list[dict]) -> list[dict]:
    return [score(item) for item in reward_inputs]


def score(item: dict) -> dict:
    response = item["response"].lower()
    answer = response.rsplit(":", 1)[-1].strip(" .\n")
    accuracy = float(answer == item["ground_truth"].lower().strip())
    key_words = item["key_word"] or []
    mentioned = sum(word.lower() in response for word in key_words) / len(key_words) if key_words else 1.0
    return {"overall": ANSWER_WEIGHT * accuracy + (1 - ANSWER_WEIGHT) * mentioned, "accuracy": accuracy, "key_word": mentioned}
