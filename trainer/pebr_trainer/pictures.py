"""Opens the samples' pictures. The last ones stay in memory, because the responses of a group share theirs."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import RunError


def image_size(path: Path) -> tuple[int, int]:
    """Width and height after EXIF rotation; the pixels are not decoded. Raises OSError where it is no image."""
    from PIL import Image

    with Image.open(path) as image:
        width, height = image.size
        return (height, width) if image.getexif().get(0x0112, 1) >= 5 else (width, height)


def load_image(path: Path, processor: Any) -> Any:
    """The picture for a processor: RGB, EXIF rotation applied, already in the size that the processor would give it. Raises RunError where it is broken."""
    images = processor.image_processor
    size = getattr(images, "size", None) or {}
    width, height = (size.get("width"), size.get("height")) if getattr(images, "do_resize", False) else (None, None)
    return _load(path, width, height, int(getattr(images, "resample", None) or 0))


@lru_cache(maxsize=256)
def _load(path: Path, width: int | None, height: int | None, resample: int) -> Any:
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # cut, or broken behind its header
        raise RunError(f"the picture cannot be read: {error}", "Put a whole file in its place, then resume the run; or exclude its rows and start anew.", str(path)) from error
    # The processor resizes a picture of its own size to itself, so doing it here once saves doing it for every response.
    return picture.resize((width, height), Image.Resampling(resample)) if width and height else picture
