"""What kind of question a sample asks; src/core/query/answerType.ts says the same of answers, src/platform/routing/readReport.ts of sources."""

import re
from typing import Any

from .data import Sample

# The first that fits decides.
_TYPES = (
    ("empty", r"^[ \t\r\n]*$"),
    ("number", r"^[ ]*[-+]?[$]?(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?[ ]*[%°]?[ ]*$"),
    ("choice", r"^[ ]*[(]?[A-Z][).:]?[ ]*$"),
    ("yes-no", r"^[ ]*([Yy]es|[Nn]o|YES|NO|[Tt]rue|[Ff]alse|TRUE|FALSE)[.]?[ ]*$"),
    ("boxes", r"bbox|<box>|<[|]box_start[|]>|^[ ]*[\[(][\[( ]*-?[0-9.]+[ ]*,[ ]*-?[0-9.]+[ ]*,[ ]*-?[0-9.]+[ ]*,[ ]*-?[0-9.]+[ ]*[\])]"),
)
_SOURCES = ("source", "data_source", "dataset", "dataset_name")


def question_type(answer: Any) -> str:
    """`number`, `choice`, `yes-no`, `boxes`, `text` or `empty`, told from the answer alone."""
    text = "" if answer is None else str(answer)
    return next((name for name, pattern in _TYPES if re.search(pattern, text)), "text")


def source_of(sample: Sample) -> str:
    """Where the row says that it comes from; the dataset where it says nothing."""
    named = (sample.row.get(name) for name in _SOURCES)
    return next((value for value in named if isinstance(value, str) and value), sample.dataset)
