"""Which files of its own a reward file imports, read off its text without running it; `src/platform/pipeline/rewardImports.ts` finds the same."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

MOST_FILES = 500
ENDINGS = ("", ".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".json", "/index.ts", "/index.js")
SCRIPT_IMPORT = re.compile(r"""\b(?:from|import|require)\s*\(?\s*(['"])(\.[^'"\n]*)\1""")
PYTHON_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\.*)([A-Za-z0-9_.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]+))", re.MULTILINE)
NAME = re.compile(r"^\s*([A-Za-z_][A-Za-z0-9_.]*)")


def imported_files(root: Path, reward: str) -> list[str]:
    """Paths relative to the project `root` with `/`, sorted: what the file imports by a relative path (TypeScript, JavaScript) or from beside it
    (Python), and what those import. Packages are left out."""
    first = os.path.normpath(root / reward)
    found, waiting = {first}, [first]
    while waiting and len(found) <= MOST_FILES:
        file = waiting.pop()
        for each in _imports_of(file, os.path.dirname(first)):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return sorted((os.path.relpath(file, root).replace(os.sep, "/") for file in found - {first}), key=str.encode)


def _imports_of(file: str, folder: str) -> Iterator[str]:
    try:
        text = Path(file).read_bytes().decode("utf-8", "replace")
    except OSError:
        return
    if re.search(r"\.[mc]?[jt]s$", file):
        for match in SCRIPT_IMPORT.finditer(text):
            base = os.path.normpath(os.path.join(os.path.dirname(file), match[2]))
            yield from _first_file([base + ending for ending in ENDINGS] + [re.sub(r"\.([mc]?)js$", r".\1ts", base)])
    elif file.endswith(".py"):
        for match in PYTHON_IMPORT.finditer(text):
            dots, module, names, plain = match[1] or "", match[2] or "", match[3] or "", match[4] or ""
            base = os.path.normpath(os.path.join(os.path.dirname(file), *[".."] * (len(dots) - 1))) if dots else folder
            for name in _names(plain):
                yield from _modules(base, name)
            for name in _names(names.strip("()")) if match[3] else ():
                yield from _modules(base, f"{module}.{name}".strip("."))
            if match[3]:
                yield from _modules(base, module)


def _names(text: str) -> list[str]:
    return [match[1] for part in text.split(",") if (match := NAME.match(part))]


def _modules(base: str, dotted: str) -> Iterator[str]:
    """The files of a module and of the packages that it is in."""
    parts = [part for part in dotted.split(".") if part]
    for count in range(1, len(parts) + 1):
        path = os.path.join(base, *parts[:count])
        yield from _first_file([os.path.join(path, "__init__.py"), f"{path}.py"])


def _first_file(candidates: list[str]) -> Iterator[str]:
    found = next((path for path in candidates if os.path.isfile(path)), None)
    if found:
        yield found
