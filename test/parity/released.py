"""What the released rewards of PeBR-R1 do with a response, stated anew from a description of their behaviour, with the real mathruler.

The image-text similarity is left out: it needs its model. Lengths are tokens.
"""

import re
from typing import Any

MARKERS = ("Image Description:", "Rationales:", "Step 1:", "The final answer is:")


def components(item: dict[str, Any]) -> dict[str, float]:
    from mathruler.grader import grade_answer

    response = re.sub(r"\s*([</>])\s*", r"\1", item["response"])
    found = re.search(r"### The final answer is:\s*([^\n]*)", response)
    answer = found.group(1) if found else response
    words = item["key_words"] or []
    lower = response.lower()
    return {
        "format": float(all(re.search(rf"###\s*{re.escape(marker)}", response, re.IGNORECASE) for marker in MARKERS)),
        "accuracy": float(grade_answer(answer, item["truth"].strip())),
        "key_word": sum(word.lower() in lower for word in words) / len(words) if words else 0.0,
        "length": 1.0 if item["tokens"] <= 512 else min(1.0, max(0.0, 512 / (item["tokens"] + 1e-5))),
    }


def score(item: dict[str, Any]) -> dict[str, float]:
    """The components, and the overall of each stage; perception's without its image-text part."""
    values = components(item)
    return {
        **values,
        "perception": 0.4 * values["key_word"] + 0.1 * values["format"] + 0.1 * values["length"],
        "reasoning": 0.9 * values["accuracy"] + 0.1 * values["format"],
    }
