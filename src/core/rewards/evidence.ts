import type { Bbox } from '../dataset/sample';
import type { Evidence } from './score';
import { shortened } from './shortened';

const mostPieces = 500;
const kinds: readonly Evidence['kind'][] = ['description', 'answer', 'box', 'key_word', 'format', 'note'];

/** All evidence of one component and response, up to a number that can be looked at. */
export function parseAllEvidence(given: readonly unknown[], component: string): readonly Evidence[] {
  const parsed = given.slice(0, mostPieces).flatMap(each => parseEvidence(each, component) ?? []);
  const rest = given.length - mostPieces;
  return rest > 0 ? [...parsed, { component, kind: 'note', note: `${rest} more pieces of evidence are left out.` }] : parsed;
}

/** A piece of evidence as a user's component gave it: known fields of the right type are kept, the rest is left out. */
export function parseEvidence(given: unknown, component: string): Evidence | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const fields = given as Readonly<Record<string, unknown>>;
  const { kind, start, end, text, note, ok, iou } = fields;
  return {
    component,
    kind: kinds.find(known => known === kind) ?? 'note',
    ...(isOffset(start) && isOffset(end) && start <= end ? { start, end } : {}),
    ...(typeof text === 'string' ? { text: shortened(text) } : {}),
    ...(typeof note === 'string' ? { note: shortened(note) } : {}),
    ...(typeof ok === 'boolean' ? { ok } : {}),
    ...(isBbox(fields['bbox']) ? { bbox: fields['bbox'] } : {}),
    ...(isBbox(fields['gold']) ? { gold: fields['gold'] } : {}),
    ...(typeof iou === 'number' && Number.isFinite(iou) ? { iou } : {}),
  };
}

function isOffset(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isBbox(value: unknown): value is Bbox {
  return Array.isArray(value) && value.length === 4 && value.every(each => typeof each === 'number' && Number.isFinite(each));
}
