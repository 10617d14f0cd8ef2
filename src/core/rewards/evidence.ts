import type { Bbox } from '../dataset/sample';
import type { Evidence } from './score';
import { shortened } from './shortened';

const mostPieces = 500;
const kinds: readonly Evidence['kind'][] = ['description', 'answer', 'box', 'key_word', 'format', 'note'];

/** All evidence of one component and response, up to a number that can be looked at. */
export function parseAllEvidence(given: readonly unknown[], component: string): readonly Evidence[] {
  const parsed: Evidence[] = [];
  for (let index = 0; index < given.length && index < mostPieces; index++) {
    const piece = parseEvidence(given[index], component);
    if (piece) parsed.push(piece);
  }
  const rest = given.length - mostPieces;
  return rest > 0 ? [...parsed, { component, kind: 'note', note: `${rest} more pieces of evidence are left out.` }] : parsed;
}

/** A piece of evidence as a user's component gave it: known fields of the right type are kept, the rest is left out. */
export function parseEvidence(given: unknown, component: string): Evidence | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const fields = given as Readonly<Record<string, unknown>>;
  const { kind, start, end, text, note, ok, iou } = fields;
  // Field by field: spreading a little object for each would be the most expensive part of scoring.
  const evidence: { -readonly [name in keyof Evidence]: Evidence[name] } = { component, kind: kinds.find(known => known === kind) ?? 'note' };
  if (isOffset(start) && isOffset(end) && start <= end) {
    evidence.start = start;
    evidence.end = end;
  }
  if (typeof text === 'string') evidence.text = shortened(text);
  if (typeof note === 'string') evidence.note = shortened(note);
  if (typeof ok === 'boolean') evidence.ok = ok;
  const bbox = bboxOf(fields['bbox']);
  const gold = bboxOf(fields['gold']);
  if (bbox) evidence.bbox = bbox;
  if (gold) evidence.gold = gold;
  if (isNumber(iou)) evidence.iou = iou;
  return evidence;
}

function isOffset(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Each number is read once and into a list of ours: theirs may say another one the next time, or write itself as it likes. */
function bboxOf(value: unknown): Bbox | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [x1, y1, x2, y2] = value as readonly unknown[];
  return isNumber(x1) && isNumber(y1) && isNumber(x2) && isNumber(y2) ? [x1, y1, x2, y2] : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
