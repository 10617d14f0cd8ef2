import { turnsOf } from '../chatTurns';
import { boxesOf } from '../foreignBoxes';
import { fieldNames } from '../fieldNames';
import { parseForeignFrame } from '../foreignFrame';
import { type ForeignBox, type Imported, type ImportedRow, type ImportOptions, isObject, type JsonObject, own } from '../importedRow';
import { parseLiteral } from '../parseForeignJson';
import { labelledRow } from '../labelledRow';
import { RecordFields } from '../recordFields';
import { sizeOf } from '../sizeOf';

const cornerNames = [['xmin', 'ymin', 'xmax', 'ymax'], ['x1', 'y1', 'x2', 'y2'], ['x_min', 'y_min', 'x_max', 'y_max']];
const labelNames = ['label', 'class', 'class_name', 'category', 'name'];
const parallel = ['labels', 'categories', 'classes', 'names', 'category_names', 'class_names', 'phrases'];

/** One record with a question is one row; also verl's, TRL's and EasyR1's records and the paper's GRPO file. */
export function importRows(record: JsonObject, options: ImportOptions): Imported {
  const ours = ownExport(record);
  if (ours) return importOwn(ours, options);
  const fields = new RecordFields(record, options);
  const qid = fields.text('qid', fieldNames.qid);
  const asked = fields.take('problem', fieldNames.problem);
  const turns = turnsOf(asked);
  const user = turns?.find(turn => turn.role === 'user');
  const problem = user?.text ?? withInput(fields.text('problem', fieldNames.problem), record, fields);
  if (turns && turns.length > 1) fields.keep('problem'); // a system turn or an example has no place in a row
  const images = fields.images(fieldNames.images);
  const row = ownExtra(record, fields.row({
    qid, problem, answer: isPaperRow(record) ? fields.text('answer', ['answer']) : fields.answer(fieldNames.answer), images: images.length > 0 ? images : (turns?.flatMap(turn => turn.images) ?? []),
    key_words: fields.keyWords(fieldNames.key_words), boxes: withLabels(boxesIn(fields, record, options), record, fields, options), ...sizeOf(record),
  }));
  if (row.problem !== '' || row.boxes.length === 0) return { rows: [row], faults: fields.faults };
  const made = labelledRow(row, options);
  return { rows: [{ ...made, answer: row.answer || made.answer, key_words: row.key_words.length > 0 ? row.key_words : made.key_words }], faults: fields.faults };
}

/** Alpaca's rows ask with an instruction and what it is about, which trainers put on the line below it. */
function withInput(problem: string, record: JsonObject, fields: RecordFields): string {
  const input = own(record, 'input');
  if (typeof input !== 'string' || input.trim() === '' || own(record, 'instruction') !== problem || fields.isMapped('problem')) return problem;
  fields.took('input');
  fields.from('problem', 'instruction, input');
  return `${problem}\n${input}`;
}

/** The paper's own row is taken as it is. */
function isPaperRow(record: JsonObject): boolean {
  return ['qid', 'problem', 'answer', 'images'].every(key => own(record, key) !== undefined);
}

const easyR1Columns = ['qid', 'problem', 'answer', 'images', 'key_words', 'boxes', 'extra'];

/** Our Parquet for EasyR1 holds every other field of a row as one JSON text. */
function ownExtra(record: JsonObject, row: ImportedRow): ImportedRow {
  const text = own(record, 'extra');
  const keys = Object.keys(record);
  if (typeof text !== 'string' || keys.length !== easyR1Columns.length || !keys.every(key => easyR1Columns.includes(key))) return row;
  const extra = parseLiteral(text);
  return isObject(extra) && !Object.keys(extra).some(key => easyR1Columns.includes(key) || key === '__proto__') ? { ...row, extra } : row;
}

/** The columns of a table that has one for each side of a box. */
export function cornerColumns(record: JsonObject): readonly string[] | undefined {
  return cornerNames.find(names => names.every(name => own(record, name) !== undefined));
}

/** Boxes of a field, or the one whose corners stand in columns of their own (`filename, width, height, class, xmin, ymin, xmax, ymax`). */
function boxesIn(fields: RecordFields, record: JsonObject, { labels }: ImportOptions): readonly ForeignBox[] {
  const found = fields.boxes(fieldNames.boxes);
  const columns = found.length > 0 || fields.isMapped('boxes') ? undefined : cornerColumns(record);
  if (!columns) return found;
  const { boxes } = boxesOf(Object.fromEntries([...columns, ...labelNames].map(name => [name, own(record, name)])), labels);
  if (boxes.length > 0) fields.from('boxes', columns.join(', '));
  for (const name of boxes.length > 0 ? columns : []) fields.took(name);
  return boxes;
}

/** What our own exports for verl and TRL say about a row beside what those trainers read; undefined for rows of others. */
function ownExport(record: JsonObject): JsonObject | undefined {
  const info = own(record, 'extra_info');
  const facts = isObject(info) && own(info, 'box_frame') !== undefined ? info : record;
  const isOurs = own(facts, 'box_frame') !== undefined && own(facts, 'qid') !== undefined && own(facts, 'problem') !== undefined;
  if (!isOurs) return undefined;
  const images = own(facts, 'image_paths') ?? own(record, 'images');
  return { ...facts, images };
}

function importOwn(facts: JsonObject, options: ImportOptions): Imported {
  const fields = new RecordFields(facts, options);
  const frame = parseForeignFrame(String(own(facts, 'box_frame')));
  const boxes = fields.boxes(['boxes']).map(box => (frame ? { ...box, frame } : box));
  const row = fields.row({
    qid: fields.text('qid', ['qid']), problem: fields.text('problem', ['problem']), answer: fields.text('answer', ['answer']), images: fields.images(['images']), key_words: fields.keyWords(['key_words']), boxes,
  });
  const kept = own(facts, 'extra');
  const extra = typeof kept === 'string' ? parseLiteral(kept) : kept;
  return { rows: [{ ...row, extra: isObject(extra) ? extra : {} }], faults: fields.faults };
}

/** Labels that stand in a list of their own beside the boxes. */
function withLabels(boxes: readonly ForeignBox[], record: JsonObject, fields: RecordFields, { labels = [] }: ImportOptions): readonly ForeignBox[] {
  if (boxes.length === 0 || boxes.some(box => box.label !== '')) return boxes;
  for (const key of parallel) {
    const value = own(record, key);
    const list = typeof value === 'string' ? parseLiteral(value) : value;
    if (!Array.isArray(list) || list.length !== boxes.length || !list.every(item => typeof item === 'string' || typeof item === 'number')) continue;
    fields.took(key);
    return boxes.map((box, index) => {
      const label = list[index] as string | number;
      return { ...box, label: typeof label === 'number' ? (labels[label] ?? String(label)) : label };
    });
  }
  return boxes;
}
