import type { Row, RowBox, RowFault } from '../dataset/row';
import { type ImageSize, toPixels } from '../geometry/boxFrame';
import { isDegenerate } from '../geometry/shapeBox';
import type { BoxFrame } from '../project/project';

/** Pixels by which a box may pass the edge: what rounding to the frame's numbers can do. */
const slackPx = 0.5;

/** What the boxes of a row look like on its first image; without the size only what needs none is checked. */
export function lintBoxes(row: Row, frame: BoxFrame, size: ImageSize | undefined): readonly RowFault[] {
  const found: RowFault[] = [];
  for (const box of row.boxes) {
    const fault = lintBox(box, frame, size);
    if (fault) found.push(fault);
  }
  if (hasRepeated(row.boxes)) found.push(...repeatedBoxes(row.boxes));
  return found;
}

function lintBox(box: RowBox, frame: BoxFrame, size: ImageSize | undefined): RowFault | undefined {
  const bbox = toPixels(box.numbers, frame, size ?? unitSize);
  const [x1, y1, x2, y2] = bbox;
  if (x2 < x1 || y2 < y1) {
    return {
      severity: 'error', rule: 'dataset/swapped-box', field: 'boxes', message: `${nameOf(box)} has swapped corners: [${box.numbers.join(', ')}].`,
      remedy: `Swap them; if all boxes look so, "boxFrame" in pebr.json ("${frame}") is not the frame of the data.`,
    };
  }
  if (isDegenerate(bbox)) {
    return {
      severity: 'error', rule: 'dataset/degenerate-box', field: 'boxes', message: `${nameOf(box)} has no area: [${box.numbers.join(', ')}].`,
      remedy: `Draw it again, or delete it. Boxes of this dataset are in the frame "${frame}".`,
    };
  }
  if (x2 - x1 < 1 && y2 - y1 < 1 && (size !== undefined || frame === 'pixel')) {
    return {
      severity: 'warning', rule: 'dataset/tiny-box', field: 'boxes', message: `${nameOf(box)} is smaller than a pixel: [${box.numbers.join(', ')}].`,
      remedy: `Draw it again; if all boxes look so, "boxFrame" in pebr.json ("${frame}") is not the frame of the data.`,
    };
  }
  const isOutside = size !== undefined && (x1 < -slackPx || y1 < -slackPx || x2 > size.width + slackPx || y2 > size.height + slackPx);
  if (!isOutside) return undefined;
  return {
    severity: 'error', rule: 'dataset/box-outside', field: 'boxes',
    message: `${nameOf(box)} reaches outside the image (${size.width} × ${size.height} px): [${box.numbers.join(', ')}].`,
    remedy: `Drag it inside; if all boxes are off, "boxFrame" in pebr.json ("${frame}") is not the frame of the data.`,
  };
}

const unitSize: ImageSize = { width: 1, height: 1 };

/** Whether two boxes are the same; a few are compared one by one, because most rows have no two alike and need no set. */
function hasRepeated(boxes: readonly RowBox[]): boolean {
  if (boxes.length > 12) return true;
  return boxes.some((box, index) => boxes.some((other, at) => at < index && other.label === box.label && box.numbers.every((number, side) => number === other.numbers[side])));
}

function repeatedBoxes(boxes: readonly RowBox[]): RowFault[] {
  const seen = new Set<string>();
  return boxes.flatMap((box): RowFault[] => {
    const key = `${box.label}\0${box.numbers.join(',')}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ severity: 'warning', rule: 'dataset/repeated-box', field: 'boxes', message: `${nameOf(box)} stands twice.`, remedy: 'Delete one of the two.' }];
  });
}

function nameOf(box: RowBox): string {
  return `Box ${box.index + 1}${box.label ? ` (${box.label})` : ''}`;
}
