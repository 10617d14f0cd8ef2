"""Reads pebr.json. Wrong keys and values are reported with their place and what to write instead; torch is not needed."""

import difflib
import json
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from .config import COLUMNS, FRAMES, RESIZED_FRAME, BoxFrame, Project
from .errors import RunError
from .jsonc import parse_jsonc

RESERVED_STAGES = ("warm-up", "sampling", "evaluation", "base")


def load_project(folder: Path, overrides: tuple[str, ...] = ()) -> Project:
    """Reads `folder/pebr.json` and applies `key=value` overrides such as `pipeline.stages.perception.steps=5`."""
    file = folder / "pebr.json"
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise RunError(f"cannot read {file}: {error.strerror}", "Choose the folder that holds pebr.json.") from error
    raw = parse_jsonc(text, "pebr.json")
    for change in overrides:
        override(raw, change)
    return project_from_json(raw, folder)


def project_from_json(raw: Any, root: Path) -> Project:
    """A project from parsed JSON. Raises RunError that lists every problem, not only the first."""
    problems: list[str] = []
    project = _build(Project, raw, "", problems, skip=("root",), extra={"root": root.resolve()})
    if not problems:
        problems = _check(project)
    if problems:
        raise RunError("; ".join(problems), "Correct these places of pebr.json.", "pebr.json")
    return project


def project_to_json(project: Any) -> Any:
    """The resolved pebr.json, every default written out."""
    if is_dataclass(project):
        return {_camel(f.name): project_to_json(getattr(project, f.name)) for f in fields(project) if f.name != "root"}
    if isinstance(project, tuple):
        return [project_to_json(item) for item in project]
    return {key: project_to_json(value) for key, value in project.items()} if isinstance(project, Mapping) else project


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _build(cls: type, raw: Any, place: str, problems: list[str], skip: tuple[str, ...] = (), extra: Mapping[str, Any] | None = None) -> Any:
    if not isinstance(raw, dict):
        problems.append(f"{place or 'the file'} must be an object")
        return None
    hints = get_type_hints(cls)
    known = {_camel(f.name): f for f in fields(cls) if f.name not in skip}
    for key in raw:
        if key not in known and key != "$schema":
            near = difflib.get_close_matches(key, known, 1)
            problems.append(f"{_join(place, key)} is not known" + (f", did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"))
    values: dict[str, Any] = dict(extra or {})
    for key, spec in known.items():
        if key in raw:
            values[spec.name] = _value(hints[spec.name], raw[key], _join(place, key), problems)
        elif spec.default is MISSING and spec.default_factory is MISSING:
            problems.append(f"{_join(place, key)} is missing")
            values[spec.name] = None
    return cls(**values)


def _value(hint: Any, raw: Any, place: str, problems: list[str]) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if raw is None:
            return None
        return _value(next(a for a in get_args(hint) if a is not type(None)), raw, place, problems)
    if origin is Literal:
        if raw not in get_args(hint):
            problems.append(f"{place} is {json.dumps(raw)}; write one of {', '.join(map(str, get_args(hint)))}")
        return raw
    if origin is tuple:
        if not isinstance(raw, list):
            problems.append(f"{place} must be a list")
            return ()
        return tuple(_value(get_args(hint)[0], item, f"{place}[{i}]", problems) for i, item in enumerate(raw))
    if origin is Mapping and get_args(hint)[1] is not str:
        if not isinstance(raw, dict):
            problems.append(f"{place} must be an object")
            return {}
        return {key: _value(get_args(hint)[1], value, _join(place, key), problems) for key, value in raw.items()}
    if origin is Mapping:
        if not isinstance(raw, dict) or not all(isinstance(v, str) for v in raw.values()):
            problems.append(f"{place} must map column names to column names")
            return {}
        problems.extend(f"{place}.{key} is not known; known are {', '.join(COLUMNS)}" for key in raw if key not in COLUMNS)
        return {name: raw.get(name, name) for name in COLUMNS}
    if is_dataclass(hint):
        return _build(hint, raw, place, problems)
    if hint is BoxFrame:
        if raw not in FRAMES and not (isinstance(raw, str) and RESIZED_FRAME.fullmatch(raw)):
            problems.append(f"{place} is {json.dumps(raw)}; write one of {', '.join(FRAMES)} or qwen2.5-resized{{factor,minPixels,maxPixels}}")
        return raw
    if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, hint) or (hint is not bool and isinstance(raw, bool)):
        words = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
        problems.append(f"{place} is {json.dumps(raw)}; it must be {words[hint]}")
    return raw


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _check(project: Project) -> list[str]:
    """What the types do not say: names that must exist, ranges that must hold."""
    ids = [d.id for d in project.datasets]
    problems = [f"datasets: two have the id {i}" for i in {i for i in ids if ids.count(i) > 1}]
    names = [s.name for s in project.pipeline.stages]
    problems += [f"pipeline.stages: two have the name {n}" for n in {n for n in names if names.count(n) > 1}]
    for i, stage in enumerate(project.pipeline.stages):
        place = f"pipeline.stages[{i}]"
        if stage.name in RESERVED_STAGES or stage.name.startswith("sampling.") or not re.fullmatch(r"[\w-][\w.-]*", stage.name):
            problems.append(f"{place}.name is {stage.name!r}; use letters, digits and -, and none of {', '.join(RESERVED_STAGES)}")
        for where, used in ((place, stage.dataset), (f"{place}.replay", stage.replay.dataset if stage.replay else stage.dataset)):
            if used not in ids:
                problems.append(f"{where}.dataset is {used!r}; known are {', '.join(ids)}")
        if stage.replay and not 0 <= stage.replay.share <= 1:
            problems.append(f"{place}.replay.share is {stage.replay.share}; write a number from 0 to 1")
        for key, least in (("steps", 1), ("samples_per_step", 1), ("responses", 2), ("iterations", 1), ("save_every", 1)):
            if getattr(stage, key) < least:
                problems.append(f"{place}.{_camel(key)} is {getattr(stage, key)}; the least is {least}")
        micro = project.policy.micro_batch
        if micro and (stage.samples_per_step * stage.responses) % min(micro, stage.samples_per_step * stage.responses):
            total = stage.samples_per_step * stage.responses
            problems.append(f"policy.microBatch is {micro}, which does not divide the {total} responses of a step of {place}")
        if stage.dynamic_sampling and stage.dynamic_sampling.max_batches < 2:
            problems.append(f"{place}.dynamicSampling.maxBatches is {stage.dynamic_sampling.max_batches}; the least is 2, or write null for no dynamic sampling")
        if stage.resample and not project.pipeline.sampling:
            problems.append(f"{place}.resample is true, but pipeline.sampling does not say how to sample")
        if stage.pass_rate is not None and not (len(stage.pass_rate) == 2 and 0 <= stage.pass_rate[0] <= stage.pass_rate[1] <= 1):
            problems.append(f"{place}.passRate is {json.dumps(stage.pass_rate)}; write the lowest and the highest, such as [0.2, 0.6], or null for all")
        if stage.temperature <= 0:
            problems.append(f"{place}.temperature is {stage.temperature}; it must be above 0")
    if not 0 <= project.pipeline.seed < 2**32:
        problems.append(f"pipeline.seed is {project.pipeline.seed}; write a whole number from 0 to 2^32 - 1")
    for key, least in (("keep", 1), ("score_samples", 0)):
        if getattr(project.pipeline.checkpoints, key) < least:
            problems.append(f"pipeline.checkpoints.{_camel(key)} is {getattr(project.pipeline.checkpoints, key)}; the least is {least}")
    return problems


def override(raw: Any, change: str) -> tuple[str, Any]:
    """Sets one place of the parsed pebr.json and returns its key and value; an item of a list is named by its `name`, `id` or position."""
    key, sign, text = change.partition("=")
    if not sign:
        raise RunError(f"--set {change}", "Write key=value, for example pipeline.stages.perception.steps=5.")
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    *parents, last = key.split(".")
    here = raw
    for part in parents:
        here = _child(here, part, key)
    if not isinstance(here, dict):
        raise RunError(f"--set {key}: no such place", "Name a key of pebr.json.")
    here[last] = value
    return key, value


def _child(here: Any, part: str, key: str) -> Any:
    if isinstance(here, dict):
        return here.setdefault(part, {})
    if isinstance(here, list):
        for i, item in enumerate(here):
            if part == str(i) or (isinstance(item, dict) and part in (item.get("name"), item.get("id"))):
                return item
    raise RunError(f"--set {key}: there is no {part}", "Name a key of pebr.json, or a list item by its name.")
