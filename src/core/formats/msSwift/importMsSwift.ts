import { chatRows, type TurnPair } from '../chatRows';
import { boxesOf } from '../foreignBoxes';
import type { ForeignFrame } from '../foreignFrame';
import { type ForeignBox, type Imported, type ImportOptions, isObject, type JsonObject, own } from '../importedRow';
import { parseLiteral } from '../parseForeignJson';
import type { RecordFields } from '../recordFields';
import { turnsOf } from '../chatTurns';

interface SwiftObjects {
  readonly refs: readonly string[];
  readonly boxes: readonly unknown[];
  readonly imageIds: readonly number[];
  /** What `bbox_type` says; without one the format means pixels. */
  readonly frame: ForeignFrame | undefined;
}

const mark = /<ref-object>|<bbox>/g;

/**
 * ms-swift: `{messages, images, objects: {ref, bbox, bbox_type, image_id}}`, or the older list of `{caption, bbox, bbox_type, image}`. `<ref-object>` and `<bbox>` in the
 * texts are filled in. `bbox_type` says the frame: `real` (pixels; meant where it is missing) or `norm1`.
 */
export function importMsSwift(record: JsonObject, options: ImportOptions): Imported {
  const objects = objectsOf(own(record, 'objects'));
  const withMessages = own(record, 'messages') === undefined && typeof own(record, 'query') === 'string'
    ? { ...record, messages: [{ role: 'user', content: own(record, 'query') }, ...(typeof own(record, 'response') === 'string' ? [{ role: 'assistant', content: own(record, 'response') }] : [])] }
    : record;
  return chatRows(withMessages, options, {
    lists: ['messages', 'conversations'],
    texts: pair => filledIn(pair, objects),
    boxes: fields => {
      for (const key of ['query', 'response']) if (withMessages !== record) fields.took(key);
      return readBoxes(fields, record, objects);
    },
  });
}

function readBoxes(fields: RecordFields, record: JsonObject, objects: SwiftObjects): readonly ForeignBox[] {
  const labels = labelsOf(record, objects);
  const elsewhere = objects.imageIds.filter(id => id > 0).length;
  if (elsewhere === 0) fields.took('objects');
  else fields.faults.push({ severity: 'warning', rule: 'import/box-of-other-image', message: `${elsewhere} of its boxes are on another image than the first.`, remedy: 'Boxes of a row are those of its first image; the others stay in "objects" only.' });
  fields.from('boxes', 'objects');
  return objects.boxes.flatMap((entry, index): readonly ForeignBox[] => {
    if ((objects.imageIds[index] ?? 0) > 0) return [];
    const { boxes, unread } = boxesOf(entry, [], labels[index] ?? '');
    if (unread > 0) fields.tellUnread(unread);
    return boxes.map(box => ({ label: box.label, numbers: box.numbers, ...(objects.frame ? { frame: objects.frame } : { claim: 'pixel' as const }), layout: 'xyxy' }));
  });
}

function objectsOf(value: unknown): SwiftObjects {
  const read = typeof value === 'string' ? parseLiteral(value) : value;
  if (Array.isArray(read)) {
    const entries = read.filter(isObject);
    return {
      refs: entries.map(entry => textOf(own(entry, 'caption') ?? own(entry, 'ref'))), boxes: entries.map(entry => own(entry, 'bbox')),
      imageIds: entries.map(entry => Number(own(entry, 'image') ?? 0)), frame: frameOf(entries.map(entry => own(entry, 'bbox_type')).find(type => type !== undefined)),
    };
  }
  if (!isObject(read)) return { refs: [], boxes: [], imageIds: [], frame: undefined };
  const list = (key: string): readonly unknown[] => {
    const found = own(read, key);
    return Array.isArray(found) ? found : [];
  };
  return { refs: list('ref').map(textOf), boxes: list('bbox'), imageIds: list('image_id').map(Number), frame: frameOf(own(read, 'bbox_type')) };
}

function frameOf(type: unknown): ForeignFrame | undefined {
  return type === 'norm1' ? 'norm1' : type === 'norm1000' ? 'norm1000' : type === 'real' ? 'pixel' : undefined;
}

/** A box has the label of its number, or of the last `<ref-object>` before its `<bbox>`, or the only one that there is. */
function labelsOf(record: JsonObject, { refs, boxes }: SwiftObjects): readonly string[] {
  if (refs.length === boxes.length) return refs;
  if (refs.length === 1) return boxes.map(() => refs[0] ?? '');
  const text = (turnsOf(own(record, 'messages')) ?? []).map(turn => turn.text).join('\n');
  const labels: string[] = [];
  let ref = -1;
  for (const [found] of text.matchAll(mark)) {
    if (found === '<bbox>') labels.push(refs[ref] ?? '');
    else ref++;
  }
  return labels;
}

function filledIn({ question, reply }: TurnPair, { refs, boxes }: SwiftObjects): TurnPair {
  let ref = 0;
  let box = 0;
  const fill = (text: string): string => text.replace(mark, found => {
    const value = found === '<bbox>' ? boxes[box++] : refs[ref++];
    return value === undefined ? found : typeof value === 'string' ? value : JSON.stringify(value);
  });
  const asked = fill(question);
  const isBoxes = reply?.includes('<bbox>') === true && reply.replace(mark, '').replace(/[\s,;]/g, '') === '';
  return { question: asked, reply: reply === undefined ? undefined : fill(reply), ...(isBoxes ? { isBoxes: true } : {}) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : String(value);
}
