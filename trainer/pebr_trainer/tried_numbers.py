"""Numbers of reward files that a run has otherwise than the file: `rewardNumbers` of pebr.json; `src/core/rewards/authoring/triedNumbers.ts` does it for the editor."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import RunError


def text_with_numbers(file: Path, numbers: Sequence[Mapping[str, Any]], tried: Mapping[str, float]) -> str:
    """The file's text with the tried values in place of its own; `numbers` are `{name, value, start, end}` as the reward worker found them,
    in UTF-16 units. Raises RunError for a name that the file does not have."""
    places = {number["name"]: number for number in numbers}
    for name in tried:
        if name not in places:
            known = ", ".join(places) or "none"
            raise RunError(f"{file.name} has no number {name} that can be changed", f"Known are {known}.", "pebr.json: rewardNumbers")
    text = file.read_text("utf-8-sig").encode("utf-16-le")
    for name, value in sorted(tried.items(), key=lambda item: -places[item[0]]["start"]):
        start, end = 2 * places[name]["start"], 2 * places[name]["end"]
        text = text[:start] + repr(value).encode("utf-16-le") + text[end:]
    return text.decode("utf-16-le")
