"""Image-text similarity for Python rewards: asked of the reward worker, which holds the project's image-text model."""

from __future__ import annotations

import atexit
import itertools
import os
import tempfile
import threading
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


class Model:
    """The way to the worker: one question a line out, one answer a line in."""

    def __init__(self, ask: Callable[[Json], Json], pause: Callable[[], Callable[[], None]]) -> None:
        self._ask, self._pause = ask, pause
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def similarity(self, image: str, text: str) -> float:
        with self._lock:
            resume = self._pause()  # the model's time is not the reward's
            try:
                [answer] = self._ask({"similarities": {"id": next(self._ids), "pairs": [{"image": image, "text": text}]}})["similarities"]["results"]
            finally:
                resume()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return float(answer["similarity"])


_model: Model | None = None
_notes: list[str] = []


def connect(model: Model) -> None:
    global _model
    _model = model


def clip_similarity(image: Any, text: str) -> float:
    """Cosine similarity in [-1, 1] of an image (a path, or a Pillow image) and a text, by the project's image-text model."""
    if _model is None:
        raise RuntimeError("pebr.clip_similarity works where the reward worker runs the reward.")
    return _model.similarity(file_of(image), text)


def is_image(value: Any) -> bool:
    return hasattr(value, "save") and hasattr(value, "size") or (isinstance(value, (str, os.PathLike)) and len(os.fspath(value)) < 4096 and os.path.isfile(value))


def file_of(image: Any) -> str:
    """The file of an image; one that is only in memory is written to a temporary one."""
    if isinstance(image, (str, os.PathLike)):
        return os.path.abspath(image)
    known = getattr(image, "pebr_path", None)
    if known:
        return str(known)
    handle, path = tempfile.mkstemp(prefix="pebr-image-", suffix=".png")
    atexit.register(lambda: os.path.exists(path) and os.remove(path))
    with os.fdopen(handle, "wb") as file:
        image.convert("RGB").save(file, "PNG")
    image.pebr_path = path
    return path


def note(text: str) -> None:
    """To be shown with the scores that are being made."""
    if text not in _notes:
        _notes.append(text)


def take_notes() -> list[Json]:
    """As evidence; each is given once."""
    taken = [{"component": "overall", "kind": "note", "note": text} for text in _notes]
    _notes.clear()
    return taken
