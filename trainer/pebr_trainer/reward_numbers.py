"""Finds the numbers of a Python reward file that can be tried with another value."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def reward_numbers(text: str, entries: set[str]) -> list[Json]:
    """`{name, value, start, end, line}` of numeric defaults of the entry functions, of `reward_weights` and of module-level constants.

    `start` and `end` are UTF-16 offsets of the literal with its sign. A name that is bound again counts where it is bound last.
    """
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)  # as the parser counts them: "\n", "\r\n" and "\r" end a line
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + utf16_length(line))

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + utf16_length(lines[line - 1].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass"))

    found: dict[str, Json] = {}
    for name, node in named_values(ast.parse(text), entries):
        value = number_in(node)
        found.pop(name, None)
        if value is not None:
            place = {"start": offset(node.lineno, node.col_offset), "end": offset(node.end_lineno or node.lineno, node.end_col_offset or 0)}
            found[name] = {"name": name, "value": value, **place, "line": node.lineno}
    return sorted(found.values(), key=lambda number: number["start"])


def named_values(tree: ast.Module, entries: set[str]) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name in entries:
            given = statement.args
            positional = [*given.posonlyargs, *given.args]
            for argument, default in [*zip(positional[len(positional) - len(given.defaults) :], given.defaults), *zip(given.kwonlyargs, given.kw_defaults)]:
                if default is not None:
                    yield f"{statement.name}.{argument.arg}", default
        for name, value in bound_names(statement):
            yield name, value
            if name == "reward_weights" and isinstance(value, (ast.List, ast.Tuple)):
                yield from ((f"{name}.{index}", element) for index, element in enumerate(value.elts))
            elif isinstance(value, ast.Dict):
                for key, element in zip(value.keys, value.values):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield f"{name}.{key.value}", element


def bound_names(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if isinstance(statement, ast.AnnAssign) else []
    value = getattr(statement, "value", None)
    if targets and isinstance(targets[0], ast.Name) and value is not None:
        yield targets[0].id, value


def number_in(node: ast.expr) -> float | int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)) and isinstance(node.operand, ast.Constant):
        size = number_in(node.operand)
        return None if size is None else -size if isinstance(node.op, ast.USub) else size
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return None
    return node.value if math.isfinite(node.value) and abs(node.value) < 2**53 else None


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
