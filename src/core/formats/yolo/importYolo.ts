import type { FrameBox } from '../../dataset/row';
import type { ForeignBox, Imported, ImportFault, ImportOptions } from '../importedRow';
import { labelledRow } from '../labelledRow';

/** An image of a YOLO folder with the text of its label file; without one nothing is on it. */
export interface YoloImage {
  /** Path relative to the folder, with `/`. */
  readonly image: string;
  readonly labels: string | undefined;
  readonly names: readonly string[];
  /** `data.yaml` says `kpt_shape`: key points follow the box. */
  readonly isPose?: boolean;
}

/**
 * YOLO: a line `class cx cy w h [confidence]` a box, in parts of the image; a line of more points is an outline (segmentation, oriented box) and becomes its extent.
 */
export function importYolo({ image, labels, names, isPose = false }: YoloImage, options: ImportOptions): Imported {
  const faults: ImportFault[] = [];
  const outlines: number[] = [];
  const boxes = (labels ?? '').split(/\r?\n/).flatMap((text, index): readonly ForeignBox[] => {
    const words = text.trim().split(/\s+/);
    if (words[0] === '' || words[0] === undefined) return [];
    const numbers = words.map(Number);
    const [group = -1, ...rest] = numbers;
    const isBox = rest.length === 4 || rest.length === 5 || (isPose && rest.length > 5);
    const isOutline = !isBox && rest.length >= 6 && rest.length % 2 === 0;
    if (!Number.isInteger(group) || group < 0 || numbers.some(number => !Number.isFinite(number)) || (!isBox && !isOutline)) {
      faults.push({ severity: 'warning', rule: 'import/malformed-label', message: `Line ${index + 1} of its label file is no "class cx cy w h".`, remedy: 'It is left out; correct it in the label file.' });
      return [];
    }
    if (isOutline) outlines.push(index + 1);
    const label = names[group];
    if (label === undefined) faults.push({ severity: 'warning', rule: 'import/unknown-class', message: `Class ${group} on line ${index + 1} of its label file has no name.`, remedy: `The label is "${group}". Name it in data.yaml or classes.txt.` });
    return [{
      label: label ?? String(group), numbers: isOutline ? extentOf(rest) : (rest.slice(0, 4) as unknown as FrameBox), claim: 'yolo-cxcywh', layout: 'cxcywh', ...(rest.length === 5 ? { extra: { confidence: rest[4] } } : {}),
    }];
  });
  if (outlines.length > 0) {
    faults.push({ severity: 'info', rule: 'import/outline', message: `${outlines.length} of its lines ${outlines.length === 1 ? 'is an outline' : 'are outlines'} (segmentation or oriented box).`, remedy: 'The box is the extent of the outline.' });
  }
  const qid = image.replace(/\.[^./]+$/, '').replace(/(^|\/)images\//, '$1');
  return { rows: [labelledRow({ qid, images: [image], boxes, extra: {}, sources: { qid: 'the file name', images: 'the file name', boxes: 'the label file' } }, options)], faults };
}

function extentOf(points: readonly number[]): FrameBox {
  const xs = points.filter((_, index) => index % 2 === 0);
  const ys = points.filter((_, index) => index % 2 === 1);
  const [x1, x2, y1, y2] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
}
