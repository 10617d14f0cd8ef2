"""A list of ready rows as the `datasets.Dataset` that TRL asks for; pictures are opened when a row is used, not before."""

from collections.abc import Callable, Mapping
from typing import Any

from datasets import Dataset


class _RowAt:
    """Turns positions into rows. It is hashed by its size alone: `datasets` would otherwise pickle every row to name a cache."""

    def __init__(self, count: int, row: Callable[[int], Mapping[str, Any]]) -> None:
        self._count, self._row = count, row

    def __call__(self, batch: Mapping[str, list[int]]) -> dict[str, list[Any]]:
        rows = [self._row(index) for index in batch["index"]]
        return {key: [row[key] for row in rows] for key in rows[0]}

    def __reduce__(self) -> tuple[Any, ...]:
        return (_RowAt, (self._count, None))


def lazy_rows(count: int, row: Callable[[int], Mapping[str, Any]]) -> Dataset:
    """A dataset of `count` rows, each made by `row(position)` whenever it is read."""
    return Dataset.from_dict({"index": list(range(count))}).with_transform(_RowAt(count, row))
