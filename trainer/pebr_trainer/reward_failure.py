"""Says in which line of the reward's own files something was raised, or a frame stands."""

from __future__ import annotations

import os
import sys
import traceback
from types import FrameType
from typing import Any

Json = dict[str, Any]


PACKAGES = {
    "PIL": "pillow", "cv2": "opencv-python-headless", "sklearn": "scikit-learn", "yaml": "pyyaml", "Levenshtein": "levenshtein", "skimage": "scikit-image",
    "swift": "ms-swift", "flash_attn": "flash-attn", "dotenv": "python-dotenv", "bs4": "beautifulsoup4", "fitz": "pymupdf", "attr": "attrs", "google": "protobuf",
}  # fmt: skip
FOR_SIMILARITY = ("ray", "torch", "transformers")


def remedy_of(error: BaseException) -> str | None:
    """What to do about an import or an environment variable that is missing."""
    if isinstance(error, KeyError) and is_of_environment(error):
        return f"Set the environment variable {error.args[0]} where PeBR is started, or give a default: os.environ.get({error.args[0]!r}, …)."
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    package = error.name.partition(".")[0]
    install = f"Install it into the Python that runs rewards: {sys.executable} -m pip install {PACKAGES.get(package, package)}"
    if package not in FOR_SIMILARITY:
        return f"{install}."
    return (
        f"{install}. Or, where it only serves image-text similarity (FG-CLIP), write `import pebr.stand_in` above the import: PeBR's own image-text model then "
        "answers, and every score says so; `from pebr import clip_similarity` is the function itself."
    )


def is_of_environment(error: KeyError) -> bool:
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].name == "__getitem__" and os.path.basename(frames[-1].filename) in ("os.py", "<frozen os>")


def describe(error: BaseException, files: list[str]) -> Json:
    try:
        remedy = remedy_of(error)
        return {**described(error, files), **({"remedy": remedy} if remedy else {})}
    except Exception:  # noqa: BLE001
        return {"message": "Something was raised that cannot be read.", **({"file": files[0]} if files else {})}


def described(error: BaseException, files: list[str]) -> Json:
    """What was raised and the last line of the reward's own files on the way there."""
    name, text = type(error).__name__, words_of(error)
    message = shortened(f"{name}: {text}" if text else name)
    if isinstance(error, SystemExit):
        message = f"The reward ended its own process (sys.exit, code {error.code})."
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if os.path.abspath(frame.filename) in files]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return {"message": message, "file": error.filename, "line": error.lineno, "column": error.offset or 1}
    if not frames:
        return {"message": message, "file": files[0]} if files else {"message": message}
    last = frames[-1]
    column = getattr(last, "colno", None)
    place = {"file": last.filename, "line": last.lineno, **({"column": column + 1} if column is not None else {})}
    return {"message": message, **place, "stack": message + "\n" + "".join(traceback.format_list(frames[:50]))}


def words_of(error: BaseException) -> str:
    """The message of an exception, which is code of the reward's and may fail in turn."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001
        return "(its message cannot be read)"


def shortened(text: str, limit: int = 2000) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def place_of_frame(frame: FrameType | None, files: list[str]) -> Json:
    while frame is not None:
        if os.path.abspath(frame.f_code.co_filename) in files:
            return {"file": frame.f_code.co_filename, "line": frame.f_lineno}
        frame = frame.f_back
    return {"file": files[0]} if files else {}
