import type { ImageSize } from '../geometry/boxFrame';
import { clipBox, isDegenerate, roundBox } from '../geometry/shapeBox';
import { frameInWords, type WrittenFrame, writtenToPixels } from '../geometry/writtenFrame';
import { boxGrammars, parseBoxes } from '../grading/boxes/parseBoxes';
import type { BoxFrame } from '../project/project';
import { mapLabel } from './mapLabel';
import type { Proposal } from './proposal';
import { suppress } from './suppress';

const mostLabels = 100;

/** The question to a vision-language model. Its numbers are whatever it was trained to write: the frame is told to us, and named to it. */
export function proposalPrompt(labels: readonly string[], frame: BoxFrame, extra = ''): string {
  const wanted = labels.length === 0 ? 'Find every object in the image.' : `Find every one of these in the image: ${labels.slice(0, mostLabels).join(', ')}.`;
  const corners = frame === 'norm1000' ? 'as thousandths of the width and the height' : frame === 'norm1' ? 'as parts of 1 of the width and the height' : frame === 'pixel' ? 'in pixels of the image' : `as ${frameInWords(frame)}`;
  return [wanted, `Answer with a JSON list and nothing else: [{"bbox_2d": [x1, y1, x2, y2], "label": "…", "score": 0.9}], corners ${corners}. An empty list where there is none.`, extra].filter(Boolean).join('\n');
}

export interface ReadAnswer {
  readonly proposals: readonly Proposal[];
  /** Boxes of the answer that are no place in the image, and why the first is none. */
  readonly unusable: number;
  readonly reason?: string;
}

/** The boxes of a model's answer in pixels of the original. A grammar that decides its frame (`<loc…>`) is read in that one. */
export function readAnswer(text: string, frame: BoxFrame, size: ImageSize, labels: readonly string[]): ReadAnswer {
  const found: Proposal[] = [];
  let unusable = 0;
  let reason: string | undefined;
  for (const { label, bbox, grammar, fault, span } of parseBoxes(text)) {
    const facts = boxGrammars[grammar];
    const own: WrittenFrame = facts.isDecided ? (facts.usual ?? frame) : frame;
    const clipped = fault === undefined ? roundBox(clipBox(tryPixels(bbox, own, size) ?? [0, 0, 0, 0], size)) : bbox;
    if (fault !== undefined || isDegenerate(clipped)) {
      unusable++;
      reason ??= fault ?? `[${bbox.join(', ')}] is no place in an image of ${size.width} × ${size.height}, read as ${frameInWords(own)}`;
      continue;
    }
    found.push({ label: mapLabel(label ?? (labels.length === 1 ? (labels[0] ?? '') : 'object'), labels), score: scoreIn(span.text), bbox: clipped });
  }
  return { proposals: suppress(found), unusable, ...(reason !== undefined && { reason }) };
}

function tryPixels(bbox: Proposal['bbox'], frame: WrittenFrame, size: ImageSize): Proposal['bbox'] | undefined {
  try {
    return writtenToPixels(bbox, frame, size);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a picture that the frame's processor refuses
    throw error;
  }
}

function scoreIn(text: string): number | null {
  const written = /["'](?:score|confidence)["']\s{0,4}:\s{0,4}(\d{1,3}(?:\.\d{1,10})?)/i.exec(text)?.[1];
  if (written === undefined) return null;
  const score = Number(written);
  return score <= 1 ? score : score <= 100 ? score / 100 : null;
}
