"""Box frames: how a dataset writes its boxes, brought to `[x1, y1, x2, y2]` in pixels of the original image."""

import math
from collections.abc import Sequence

from .config import RESIZED_FRAME, BoxFrame


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
        case _:
            seen_width, seen_height = _seen_size(frame, width, height)
            return a * width / seen_width, b * height / seen_height, c * width / seen_width, d * height / seen_height


def _seen_size(frame: BoxFrame, width: int, height: int) -> tuple[int, int]:
    """The size that Qwen2.5-VL's processor gives an image, with the limits that the frame's name says. Sides that it refuses are taken as they are."""
    limits = RESIZED_FRAME.fullmatch(frame)
    factor, least, most = (int(limit) for limit in limits.groups()) if limits else (28, 3136, 12_845_056)
    if max(width, height) / min(width, height) > 200:
        return width, height
    whole = [round(side / factor) * factor for side in (width, height)]
    if math.prod(whole) > most:
        shrink = math.sqrt(width * height / most)
        whole = [max(factor, math.floor(side / shrink / factor) * factor) for side in (width, height)]
    elif math.prod(whole) < least:
        grow = math.sqrt(least / (width * height))
        whole = [math.ceil(side * grow / factor) * factor for side in (width, height)]
    return whole[0], whole[1]
