"""Box frames: how a dataset writes its boxes, brought to `[x1, y1, x2, y2]` in pixels of the original image."""

from collections.abc import Sequence

from .config import BoxFrame


def to_pixels(bbox: Sequence[float], frame: BoxFrame, width: int, height: int) -> tuple[float, float, float, float]:
    """`bbox` of a `width` x `height` image (after EXIF rotation) in pixels, origin top left, x2 and y2 exclusive."""
    a, b, c, d = (float(value) for value in bbox)
    match frame:
        case "pixel":
            return a, b, c, d
        case "norm1":
            return a * width, b * height, c * width, d * height
        case "norm1000":
            return a * width / 1000, b * height / 1000, c * width / 1000, d * height / 1000
        case "percent-xywh":
            return a * width / 100, b * height / 100, (a + c) * width / 100, (b + d) * height / 100
        case "coco-xywh":
            return a, b, a + c, b + d
        case "yolo-cxcywh":
            return (a - c / 2) * width, (b - d / 2) * height, (a + c / 2) * width, (b + d / 2) * height
