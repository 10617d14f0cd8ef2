"""Loads a Python reward file, saved or as it stands in an editor, and says what it is made of."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import io
import linecache
import os
import sys
import tokenize
from types import ModuleType

from .reward_contracts import Reward, read_contract
from .reward_numbers import reward_numbers

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def load(path: str, given: str | None = None) -> Reward:
    """The reward in `path`; `given` takes the place of the file's content."""
    folder = os.path.dirname(path)
    sys.path[0] = folder  # the reward's own neighbours, not this package's modules
    before = set(sys.modules)
    source = bytes_of(path, given)
    if b"\0" in source:
        raise ValueError("The file is no UTF-8 text: it has NUL bytes, as UTF-16 has. Save it as UTF-8.")
    module = run(path, source)
    reward = read_contract(module, path)
    files = {os.path.abspath(getattr(sys.modules[name], "__file__", None) or os.devnull) for name in set(sys.modules) - before}
    reward.files = [path] + sorted(file for file in files if file != path and is_below(file, folder) and os.path.isfile(file))
    contents = {file: source if file == path else bytes_of(file) for file in reward.files}
    reward.hash = content_hash(contents, folder)
    reward.sees_images = any(b"image" in content for content in contents.values())
    reward.numbers = reward_numbers(text_of(source), {function.__name__ for function in reward.functions.values() if hasattr(function, "__name__")})
    return reward


class SourceLoader(importlib.machinery.SourceFileLoader):
    """Runs the text it is given. Compiled code is neither read nor kept: it could be that of the moment before."""

    def __init__(self, name: str, path: str, source: bytes) -> None:
        super().__init__(name, path)
        self._source = source

    def get_data(self, path: str) -> bytes:
        return self._source if path == self.path else super().get_data(path)

    def path_stats(self, path: str) -> dict[str, float]:
        raise OSError("No compiled code is kept.")


def run(path: str, source: bytes) -> ModuleType:
    name = os.path.splitext(os.path.basename(path))[0]
    if name in sys.modules or name in sys.stdlib_module_names:
        name = f"reward_file_{name}"  # re.py must not become everybody's `re`
    spec = importlib.util.spec_from_file_location(name, path, loader=SourceLoader(name, path, source))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    text = text_of(source)
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)  # tracebacks show what ran
    spec.loader.exec_module(module)
    return module


def bytes_of(path: str, given: str | None = None) -> bytes:
    """The content of a file without byte order mark, or the given text as it would have been saved."""
    if given is None:
        with open(path, "rb") as file:
            return file.read().removeprefix(BYTE_ORDER_MARK)
    saved = given.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    return saved if encoding_of(saved) == "utf-8" else given.encode(encoding_of(saved), "replace")


def text_of(source: bytes) -> str:
    """Line ends stay as they are: positions in the text are positions in the file."""
    return source.decode(encoding_of(source), "replace")


def encoding_of(source: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(source).readline)[0]
    except SyntaxError:
        return "utf-8"  # an unknown encoding is told when the file is run


def is_below(file: str, folder: str) -> bool:
    return file.startswith(folder + os.sep) and "site-packages" not in file


def content_hash(contents: dict[str, bytes], folder: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(contents):
        digest.update(os.path.relpath(file, folder).encode() + b"\0" + contents[file] + b"\0")
    return digest.hexdigest()[:16]
