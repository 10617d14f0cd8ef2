"""A response and its row as other trainers hand them to a reward: counts of tokens, pictures, conversations."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

Json = dict[str, Any]


class TokenCount(int):
    """A number of tokens; the PeBR-R1 fork hands over a tensor without dimensions, and rewards call its `item()`."""

    def item(self) -> int:
        return int(self)


def token_count(item: Json) -> int:
    tokens = item.get("tokens")
    return len(item["response"].split()) if tokens is None else int(tokens)


@lru_cache(maxsize=64)
def open_image(path: str) -> Any:
    """The picture, upright, RGB; as the PeBR-R1 fork hands it to rewards."""
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise ImportError(f"This reward looks at images, and Pillow is not installed in {sys.executable}.") from error
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.pebr_path = path
        return upright
