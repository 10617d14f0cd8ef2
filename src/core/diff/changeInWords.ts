import type { ParsedRow } from '../dataset/row';
import type { RowDiff } from './rowDiff';

/** A changed row in a few words: `answer, boxes (1 moved, IoU 0.87)`. */
export function changeInWords({ fields, boxes }: RowDiff, boxColumn: string): string {
  if (fields.length === 0) return 'only written otherwise';
  return fields.map(field => (field === boxColumn && boxes.length > 0 ? `${field} (${boxesInWords(boxes)})` : field)).join(', ');
}

function boxesInWords(boxes: RowDiff['boxes']): string {
  return (['moved', 'relabelled', 'added', 'removed'] as const).flatMap(kind => {
    const found = boxes.filter(box => box.kind === kind);
    if (found.length === 0) return [];
    const least = Math.min(...found.map(box => ('iou' in box ? box.iou : 1)));
    return [`${found.length} ${kind}${kind === 'moved' ? `, IoU ${found.length > 1 ? '≥ ' : ''}${least.toFixed(2)}` : ''}`];
  }).join('; ');
}

/** The labels of a box change: `cat → dog`. */
export function boxInWords(box: RowDiff['boxes'][number], old: ParsedRow, now: ParsedRow): string {
  const before = 'old' in box ? (old.row?.boxes[box.old]?.label || 'no label') : '';
  const after = 'now' in box ? (now.row?.boxes[box.now]?.label || 'no label') : '';
  switch (box.kind) {
    case 'added': return after;
    case 'removed': return before;
    case 'moved': return after;
    case 'relabelled': return `${before} → ${after}`;
  }
}
