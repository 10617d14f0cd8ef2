import { boxesOf } from '../foreignBoxes';
import { type ForeignBox, type Imported, type ImportOptions, isObject, type JsonObject, own } from '../importedRow';
import { labelledRow } from '../labelledRow';
import { RecordFields } from '../recordFields';
import { sizeOf } from '../sizeOf';

/**
 * ODVG (Grounding DINO): `{filename, height, width, detection: {instances: [{bbox, label, category}]}}` or `grounding: {caption, regions: [{bbox, phrase}]}`.
 * Boxes are pixels, two corners; a region may have several.
 */
export function importOdvg(record: JsonObject, options: ImportOptions): Imported {
  const fields = new RecordFields(record, options);
  const images = fields.images(['filename', 'file_name', 'image']);
  const detection = own(record, 'detection');
  const grounding = own(record, 'grounding');
  const caption = isObject(grounding) ? own(grounding, 'caption') : undefined;
  const instances = isObject(detection) ? listOf(own(detection, 'instances')) : [];
  const regions = isObject(grounding) ? listOf(own(grounding, 'regions')) : [];
  const read = [...instances.map(each => boxesOf(each, options.labels)), ...regions.map(each => boxesOf(each))];
  const boxes = read.flatMap(each => each.boxes).map((box): ForeignBox => ({ label: box.label, numbers: box.numbers, claim: 'pixel', layout: 'xyxy' }));
  const unread = read.reduce((sum, each) => sum + each.unread, 0);
  if (unread > 0) fields.tellUnread(unread);
  for (const key of ['detection.instances', 'grounding.regions', 'grounding.caption', 'filename']) fields.took(key);
  fields.from('boxes', instances.length > 0 ? 'detection.instances' : 'grounding.regions');
  const qid = fields.text('qid', ['qid', 'id', 'image_id']);
  const row = fields.row({ qid, problem: '', answer: '', images, key_words: [], boxes });
  return {
    rows: [labelledRow({ qid, images, boxes, extra: row.extra, sources: row.sources, ...sizeOf(record), ...(typeof caption === 'string' ? { caption } : {}) }, options)],
    faults: fields.faults,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
