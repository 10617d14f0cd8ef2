"""SHA-256 of every file that a run depends on, for `run.json`. The editor finds the same numbers (`src/platform/pipeline`) and tells by them what must run again."""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .config import Project
from .data import read_jsonl
from .reward_imports import imported_files

MEGABYTE = 1 << 20
PICTURE_END = 4096


def hashes(project: Project) -> dict[str, Any]:
    """None where there is no such file; `curation` is what people decided about a dataset's rows, `imports` the files that a reward imports,
    `pictures` those that the rows of a file name."""

    def of(path: str | None) -> str | None:
        return _sha256(project.path(path)) if path else None

    warm_up = project.pipeline.warm_up
    return {
        "datasets": {d.id: of(d.path) for d in project.datasets},
        "heldOut": {d.id: of(d.held_out) for d in project.datasets},
        "curation": {d.id: of(f"{d.path}.curation.jsonl") for d in project.datasets},
        "pictures": _pictures_of(project),
        "rewards": {path: of(path) for path in _rewards(project)},
        "imports": {path: {name: of(name) for name in imported_files(project.root, path)} for path in _rewards(project)},
        "prompt": of(project.prompt),
        "warmUp": of(warm_up.data if warm_up else None),
        "policy": _folder_hash(project.path(project.policy.base)),
        "clip": _folder_hash(project.path(project.clip)) if project.clip else None,
    }


def _rewards(project: Project) -> list[str]:
    used = [s.reward for s in project.pipeline.stages] + [s.replay.reward for s in project.pipeline.stages if s.replay]
    if project.pipeline.sampling:
        used.append(project.pipeline.sampling.reward)
    return list(dict.fromkeys([*project.rewards, *used]))


def _pictures_of(project: Project) -> dict[str, str | None]:
    found = {}
    for dataset in project.datasets:
        for path in (dataset.path, dataset.held_out):
            if path:
                found[path] = _pictures_hash(project.path(path), dataset.columns["images"], project.path(dataset.image_root))
    if project.pipeline.warm_up:
        data = project.pipeline.warm_up.data
        found[data] = _pictures_hash(project.path(data), "images", project.path(data).parent)
    return found


def _pictures_hash(rows: Path, column: str, root: Path) -> str | None:
    """Of the name, size and last 4 KB of each picture that the rows name: what is drawn changes the checksums there or the size. None where they name none."""
    names: set[str] = set()
    if rows.is_file():
        for _, row in read_jsonl(rows):
            value = row.get(column) if isinstance(row, dict) else None
            names.update(name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str) and _is_text(name))
    if not names:
        return None
    whole = hashlib.sha256()
    ordered = sorted(names, key=str.encode)
    with ThreadPoolExecutor(16) as pool:
        for name, (size, end) in zip(ordered, pool.map(_end_of(root), ordered), strict=True):
            whole.update(f"{name}\n{size}\n".encode() + end)
    return whole.hexdigest()


def _end_of(root: Path) -> Callable[[str], tuple[int, bytes]]:
    """Size and end of a picture below `root`; -1 and nothing where there is none."""

    def read(name: str) -> tuple[int, bytes]:
        path = os.path.normpath(os.path.join(root, name))
        if not path.startswith(os.path.join(root, "")):
            return -1, b""
        try:
            with open(path, "rb") as content:
                size = os.fstat(content.fileno()).st_size
                content.seek(max(0, size - PICTURE_END))
                return size, content.read(PICTURE_END)
        except (OSError, ValueError):
            return -1, b""

    return read


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no file has such a name
        return False
    return True


def _folder_hash(folder: Path) -> str | None:
    """Of the names, sizes and contents of a model's files; of large ones only the first and last megabyte. None where there is no such folder."""
    if not folder.is_dir():
        return None
    whole = hashlib.sha256()
    for file in sorted(f for f in folder.iterdir() if f.is_file()):
        size = file.stat().st_size
        whole.update(f"{file.name}\n{size}\n".encode())
        with open(file, "rb") as content:
            if size <= 2 * MEGABYTE:
                whole.update(content.read())
            else:
                whole.update(content.read(MEGABYTE))
                content.seek(-MEGABYTE, os.SEEK_END)
                whole.update(content.read())
    return whole.hexdigest()


def _sha256(file: Path) -> str | None:
    try:
        with open(file, "rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None
