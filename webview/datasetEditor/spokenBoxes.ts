import type { ToolBox } from './boxTool';

/**
 * What a screen reader is told about the boxes of a picture: the selected one with its place in pixels, or how many there are. A gesture changes the words,
 * and so it is told: what was drawn or moved by where it is now, what was deleted by how many are left.
 */
export function spokenBoxes(boxes: readonly ToolBox[], selection: readonly number[], labelOf: (index: number) => string): string {
  const total = boxes.length === 1 ? '1 box' : `${boxes.length.toLocaleString('en')} boxes`;
  const [only, second] = selection;
  if (only === undefined) return boxes.length === 0 ? 'No boxes' : `${total}, none selected`;
  if (second !== undefined) return `${selection.length.toLocaleString('en')} of ${total} selected`;
  const place = boxes.findIndex(box => box.index === only);
  const box = boxes[place];
  if (!box) return total;
  const [x1, y1, x2, y2] = box.bbox.map(Math.round) as unknown as ToolBox['bbox'];
  return `${labelOf(only) || 'unnamed box'}, ${place + 1} of ${boxes.length}, from ${x1}, ${y1} to ${x2}, ${y2} pixels, ${x2 - x1} by ${y2 - y1}`;
}
