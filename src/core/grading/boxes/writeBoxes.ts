import type { Bbox, Box } from '../../dataset/sample';
import { frameDecimals, fromPixels, type ImageSize } from '../../geometry/boxFrame';
import type { BoxFrame } from '../../project/project';
import type { BoxGrammar, WrittenBox } from './parseBoxes';

/** Boxes as text in a grammar; `parseBoxes` reads the same again. Numbers are in the frame that is meant already, labels lose the signs that the grammar takes for its own. */
export function writeBoxes(boxes: readonly Box[], grammar: BoxGrammar): string {
  const written = boxes.map(box => writeBox(box, grammar));
  switch (grammar) {
    case 'json':
    case 'corners':
    case 'position': return `[${written.join(', ')}]`;
    case 'loc': return written.join(' ; ');
    case 'box tag': return written.join('');
    case 'list': return written.join('; ');
  }
}

function writeBox({ label, bbox }: Box, grammar: BoxGrammar): string {
  const [x1, y1, x2, y2] = bbox;
  const name = label.replace(/[<>;,.:=()[\]{}\n"'#\\]/g, ' ').trim().slice(0, 60).trim();
  switch (grammar) {
    case 'json': return `{"bbox_2d": [${bbox.join(', ')}], "label": "${name}"}`;
    case 'corners': return `{"x1": ${x1}, "y1": ${y1}, "x2": ${x2}, "y2": ${y2}, "label": "${name}"}`;
    case 'position': return `{'Position': [${bbox.join(', ')}], 'label': '${name}'}`;
    case 'box tag': return `${name === '' ? '' : `<ref>${name}</ref>`}<box>(${x1},${y1}),(${x2},${y2})</box>`;
    case 'loc': return `${[y1, x1, y2, x2].map(value => `<loc${String(Math.max(0, Math.min(1023, Math.round(value)))).padStart(4, '0')}>`).join('')}${name === '' ? '' : ` ${name}`}`;
    case 'list': return `${name === '' ? '' : `${name}: `}[${bbox.join(', ')}]`;
  }
}

/** Pixels of the original image in a frame that responses use; as many decimals as the frame is usually written with. */
export function pixelsToWritten(bbox: Bbox, frame: AnswerFrame, size: ImageSize): Bbox {
  if (frame === 'norm1024') return bbox.map((value, side) => Math.round((value * 1024) / (side % 2 === 0 ? size.width : size.height))) as unknown as Bbox;
  return fromPixels(bbox, frame, size, frameDecimals(frame, []));
}

/** Whether a text is nothing but boxes and what a grammar puts around them, so that it can be written anew from its boxes. */
export function isOnlyBoxes(text: string, boxes: readonly WrittenBox[]): boolean {
  let rest = '';
  let from = 0;
  for (const { span } of boxes) {
    rest += text.slice(from, span.start);
    from = span.end;
  }
  rest += text.slice(from);
  return boxes.length > 0 && /^[\s[\],;]*$/.test(rest.replace(/```(?:json)?/g, ''));
}

/** A frame in which an answer's boxes may be meant. */
export type AnswerFrame = BoxFrame | 'norm1024';

export const answerFrames: readonly AnswerFrame[] = ['pixel', 'norm1000', 'norm1', 'qwen2.5-resized', 'norm1024', 'coco-xywh', 'percent-xywh', 'yolo-cxcywh'];
