import { parseBoxes } from '../../grading/boxes/parseBoxes';
import { chatRows, type TurnPair } from '../chatRows';
import { fieldNames } from '../fieldNames';
import { boxesOf } from '../foreignBoxes';
import type { ForeignBox, Imported, ImportOptions, JsonObject } from '../importedRow';
import { parseLiteral } from '../parseForeignJson';
import type { RecordFields } from '../recordFields';

/** LLaVA and ShareGPT: `{id, image, conversations: [{from: "human", value}, {from: "gpt", value}]}`. */
export function importLlava(record: JsonObject, options: ImportOptions): Imported {
  return chatRows(record, options, { lists: ['conversations', 'conversation', 'messages', 'data', 'texts'], boxes: boxesOfReply });
}

/** Boxes of a record's own field, else those that the reply writes in a grammar that is no plain list of numbers. */
export function boxesOfReply(fields: RecordFields, { reply }: TurnPair): readonly ForeignBox[] {
  const own = fields.boxes(fieldNames.boxes);
  if (own.length > 0 || reply === undefined) return own;
  const json = /```(?:json)?\s*([\s\S]*?)```/.exec(reply)?.[1] ?? reply;
  const { boxes } = parseLiteral(json) === undefined ? { boxes: [] } : boxesOf(json, fields.options.labels);
  if (boxes.some(box => box.layout !== undefined)) {
    fields.from('boxes', 'the boxes that the answer writes (JSON)');
    return boxes;
  }
  const written = parseBoxes(reply).filter(box => box.grammar !== 'list' && box.fault === undefined);
  if (written.length > 0) fields.from('boxes', `the boxes that the answer writes (${written[0]?.grammar ?? ''})`);
  return written.map(({ label, bbox, grammar }) => ({ label: label ?? '', numbers: bbox, layout: 'xyxy', isForModel: true, ...(grammar === 'loc' ? { frame: 'norm1024' as const } : {}) }));
}
