import type { Row, RowFault } from '../dataset/row';
import { type ImageSize, toPixels } from '../geometry/boxFrame';
import { isDegenerate } from '../geometry/shapeBox';
import type { BoxFrame } from '../project/project';

/** Pixels by which a box may pass the edge: what rounding to the frame's numbers can do. */
const slackPx = 0.5;

/** What the boxes of a row look like on its first image; without the size only what needs none is checked. */
export function lintBoxes(row: Row, frame: BoxFrame, size: ImageSize | undefined): readonly RowFault[] {
  return row.boxes.flatMap((box): RowFault[] => {
    const name = `Box ${box.index + 1}${box.label ? ` (${box.label})` : ''}`;
    const bbox = toPixels(box.numbers, frame, size ?? { width: 1, height: 1 });
    if (isDegenerate(bbox)) {
      return [{
        severity: 'error', rule: 'dataset/degenerate-box', field: 'boxes', message: `${name} has no area: [${box.numbers.join(', ')}].`,
        remedy: `Draw it again, or delete it. Boxes of this dataset are in the frame "${frame}".`,
      }];
    }
    const isOutside = size !== undefined && (bbox[0] < -slackPx || bbox[1] < -slackPx || bbox[2] > size.width + slackPx || bbox[3] > size.height + slackPx);
    if (!isOutside) return [];
    return [{
      severity: 'error', rule: 'dataset/box-outside', field: 'boxes',
      message: `${name} reaches outside the image (${size.width} × ${size.height} px): [${box.numbers.join(', ')}].`,
      remedy: `Drag it inside; if all boxes are off, "boxFrame" in pebr.json ("${frame}") is not the frame of the data.`,
    }];
  });
}
