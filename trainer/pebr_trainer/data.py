"""Datasets and warm-up rows, read tolerantly: a bad line becomes a problem with file and line, the others are used."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from .boxes import to_pixels
from .config import DatasetConfig, Project
from .errors import RunError
from .pictures import image_size
from .prompt import render_prompt


T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """Something wrong in the user's data, to be shown and counted. `place` is `file:line`."""

    place: str
    cause: str
    remedy: str
    qid: str | None = None


@dataclass(frozen=True)
class Sample:
    """One row of a dataset. `prompt` is the user's turn as rendered, `<image>` marks still in it; `row` is what a reward sees: the default
    column names, absolute image paths, boxes in pixels."""

    qid: str
    dataset: str
    prompt: str
    images: tuple[Path, ...]
    row: Mapping[str, Any]


@dataclass(frozen=True)
class WarmUpRow:
    """One supervised example: the user's text (with `<image>` marks), the response to learn, and the images."""

    qid: str
    user: str
    assistant: str
    images: tuple[Path, ...]


@dataclass(frozen=True)
class Loaded(Generic[T]):
    rows: tuple[T, ...]
    problems: tuple[Problem, ...] = field(default=())


def read_jsonl(file: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Every line that is not empty, with its number (from 1): an object, or the problem of that line."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RunError(f"cannot read {file}: {error.strerror}", "Correct the path in pebr.json.") from error
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        text = line.strip()
        if not text:
            continue
        place = f"{file.name}:{number}"
        try:
            value = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            yield number, Problem(place, f"not a JSON object: {error}", "Correct or delete the line.")
            continue
        yield number, value if isinstance(value, dict) else Problem(place, "not a JSON object", "Correct or delete the line.")


def load_samples(
    project: Project, dataset: DatasetConfig, template: Any, held_out: bool = False, only: frozenset[str] | None = None
) -> Loaded[Sample]:
    """The samples of a dataset, or of its held-out file, with their prompts. A row that cannot be used is left out and reported.

    With `only` the rows of these ids alone are looked at.
    """
    root = project.path(dataset.image_root)
    file = project.path(dataset.held_out if held_out and dataset.held_out else dataset.path)
    samples: dict[str, Sample] = {}
    problems: list[Problem] = []
    for number, value in read_jsonl(file):
        place = f"{file.name}:{number}"
        qid = None if isinstance(value, Problem) else str(value.get(dataset.columns["qid"]))
        if only is not None and qid not in only:
            continue
        made = value if isinstance(value, Problem) else _sample(dataset, root, template, value, place)
        if isinstance(made, Problem):
            problems.append(replace(made, qid=qid))
        elif made.qid in samples:
            problems.append(Problem(place, f"the id {made.qid} is there twice", "Give every row its own id; the first is used."))
        else:
            samples[made.qid] = made
    return Loaded(tuple(samples.values()), tuple(problems))


def load_warm_up(project: Project, file: Path) -> Loaded[WarmUpRow]:
    """Warm-up rows in the paper's form. Image paths are relative to the file. Reflection phrases, missing and tiny images are left out."""
    rows: list[WarmUpRow] = []
    problems: list[Problem] = []
    for number, value in read_jsonl(file):
        place = f"{file.name}:{number}"
        made = value if isinstance(value, Problem) else _warm_up_row(file.parent, value, place)
        (problems if isinstance(made, Problem) else rows).append(made)  # type: ignore[arg-type]
    return Loaded(tuple(rows), tuple(problems))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _sample(dataset: DatasetConfig, root: Path, template: Any, raw: Mapping[str, Any], place: str) -> Sample | Problem:
    names = dataset.columns
    row = {key: value for key, value in raw.items() if key not in names.values()}
    row |= {column: raw[name] for column, name in names.items() if name in raw}
    if not isinstance(row.get("problem"), str) or "qid" not in row:
        missing = names["qid"] if "qid" not in row else names["problem"]
        return Problem(place, f"has no text {missing!r}", f"Add it, or map the column in pebr.json (datasets {dataset.id}).")
    images = _images(root, row.get("images"), place)
    if isinstance(images, Problem):
        return images
    if row["problem"].count("<image>") != len(images):
        return Problem(place, f"has {len(images)} images but {row['problem'].count('<image>')} <image> marks", "Write one <image> for each image.")
    row["images"] = [str(path) for path in images]
    if row.get("boxes"):
        try:
            row["boxes"] = _boxes(row["boxes"], dataset, images)
        except (TypeError, ValueError, KeyError, OSError) as error:
            return Problem(place, f"has a box that cannot be read: {error}", "Write boxes as {label, bbox: [four numbers]}.")
    return Sample(str(row["qid"]), dataset.id, render_prompt(template, row["problem"], row), images, row)


def _boxes(boxes: list[Mapping[str, Any]], dataset: DatasetConfig, images: tuple[Path, ...]) -> list[dict[str, Any]]:
    if dataset.box_frame in ("pixel", "coco-xywh"):
        width = height = 0
    else:
        width, height = image_size(images[0])
    return [{**box, "bbox": list(to_pixels(box["bbox"], dataset.box_frame, width, height))} for box in boxes]


def _images(root: Path, value: Any, place: str) -> tuple[Path, ...] | Problem:
    names = [value] if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return Problem(place, "its images are not paths", "Write one path or a list of paths.")
    paths = []
    for name in names:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            return Problem(place, f"the image {name} leaves the image folder", "Keep images inside imageRoot.")
        if not path.is_file():
            return Problem(place, f"the image {name} is missing", "Add the file or delete the row.")
        paths.append(path)
    return tuple(paths)


def _warm_up_row(root: Path, raw: Mapping[str, Any], place: str) -> WarmUpRow | Problem:
    messages = raw.get("messages")
    try:
        user = next(m["content"] for m in messages or () if m["role"] == "user")
        assistant = next(m["content"] for m in messages or () if m["role"] == "assistant")
    except (StopIteration, KeyError, TypeError):
        return Problem(place, "has no user and assistant message", 'Write "messages": [{"role": "user", …}, {"role": "assistant", …}].')
    if "let me rethink it" in assistant.lower():
        return Problem(place, "its response takes itself back (let me rethink it)", "It is left out, as in the paper's filter.")
    images = _images(root.resolve(), raw.get("images"), place)
    if isinstance(images, Problem):
        return images
    for path in images:
        try:
            if min(image_size(path)) < 28:
                return Problem(place, f"the image {path.name} is smaller than 28 pixels", "It is left out, as in the paper's filter.")
        except OSError as error:
            return Problem(place, f"the image {path.name} cannot be opened: {error}", "Replace the file.")
    return WarmUpRow(str(raw.get("qid", place)), user, assistant, images)
