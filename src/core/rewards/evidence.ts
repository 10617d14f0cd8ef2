import type { Bbox } from '../dataset/sample';
import type { Evidence } from './score';

const kinds: readonly Evidence['kind'][] = ['description', 'answer', 'box', 'key_word', 'format', 'note'];

/** A piece of evidence as a user's component gave it: known fields of the right type are kept, the rest is left out. */
export function parseEvidence(given: unknown, component: string): Evidence | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const fields = given as Readonly<Record<string, unknown>>;
  const { kind, start, end, text, note, ok, iou } = fields;
  return {
    component,
    kind: kinds.find(known => known === kind) ?? 'note',
    ...(isOffset(start) && isOffset(end) && start <= end ? { start, end } : {}),
    ...(typeof text === 'string' ? { text } : {}),
    ...(typeof note === 'string' ? { note } : {}),
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
