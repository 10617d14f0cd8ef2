"""JSON with comments and trailing commas, read strictly: `NaN` is refused and an error says its line."""

import json
from typing import Any

from .errors import RunError


def parse_jsonc(text: str, place: str) -> Any:
    """The value of a JSONC text. Raises RunError with `place:line:column` where the text is not JSON."""
    try:
        return json.loads(_blank_comments(text.removeprefix("\ufeff")), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise RunError(error.msg, "Correct the JSON there.", f"{place}:{error.lineno}:{error.colno}") from error
    except ValueError as error:
        raise RunError(str(error), "Write a number.", place) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _blank_comments(text: str) -> str:
    """Comments and trailing commas become blanks, so every other character keeps its line and column."""
    out: list[str] = []
    comma = -1  # index in `out` of a comma with nothing but blanks after it
    i = 0
    while i < len(text):
        char = text[i]
        if char == '"':
            end = i + 1
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            out.extend(text[i : end + 1])
            comma = -1
            i = end + 1
        elif text.startswith("//", i):
            end = text.find("\n", i)
            end = len(text) if end < 0 else end
            out.extend(" " * (end - i))
            i = end
        elif text.startswith("/*", i):
            end = text.find("*/", i)
            end = len(text) if end < 0 else end + 2
            out.extend(c if c == "\n" else " " for c in text[i:end])
            i = end
        else:
            if char in "}]" and comma >= 0:
                out[comma] = " "
            if char == ",":
                comma = len(out)
            elif not char.isspace():
                comma = -1
            out.append(char)
            i += 1
    return "".join(out)
