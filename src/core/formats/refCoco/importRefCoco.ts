import { fieldNames } from '../fieldNames';
import { boxesOf } from '../foreignBoxes';
import { type ForeignBox, type Imported, type ImportFault, type ImportedRow, type ImportOptions, isObject, type JsonObject, own } from '../importedRow';
import { parseLiteral } from '../parseForeignJson';
import { RecordFields } from '../recordFields';
import { sizeOf } from '../sizeOf';

export const expressionProblem = 'Please provide the bounding box of the region that this sentence describes: {caption}';

/**
 * RefCOCO, RefCOCO+ and RefCOCOg as JSON: `{ref_id, ann_id, file_name, sentences: [{sent}], bbox}` gives a row for each sentence, a record with one expression one row.
 * `bbox` may be corners or corner and size: the boxes on their images decide, unless the annotation itself is there (`raw_anns`, or joined from instances.json as `annotation`).
 */
export function importRefCoco(record: JsonObject, options: ImportOptions): Imported {
  const faults: ImportFault[] = [];
  const sentences = sentencesOf(record);
  const annotation = objectOf(own(record, 'annotation')) ?? objectOf(own(record, 'raw_anns'));
  const image = objectOf(own(record, 'image_record')) ?? objectOf(own(record, 'raw_image_info'));
  if (sentences.length === 0) faults.push({ severity: 'error', rule: 'import/no-question', message: 'The record has no sentence.', remedy: 'It is left out.' });
  const rows = sentences.map((sentence, index): ImportedRow => {
    const fields = new RecordFields(record, options);
    fields.took('annotation');
    fields.took('image_record');
    const id = fields.text('qid', ['qid', 'question_id', 'ref_id', ...fieldNames.qid]);
    const images = fields.images(['image', 'images', 'image_path', 'file_name', 'filename', 'img_name', ...fieldNames.images]);
    const inRecord = image && !fields.isMapped('images') ? fields.imagesOf(image) : []; // a reference's own file_name ends in the annotation's number
    const boxes = annotation ? cocoBox(annotation, sentence) : fields.boxes(['bbox', ...fieldNames.boxes], sentence).map(box => ({ ...box, label: box.label || sentence }));
    if (annotation) fields.from('boxes', 'the annotation of ann_id');
    if (boxes.length === 0 && index === 0) faults.push({ severity: 'error', rule: 'import/no-box', message: 'The record has no box.', remedy: 'Put instances.json beside the file: its annotations are joined by ann_id.' });
    if (sentences.length > 1 || own(record, 'sentences') !== undefined) {
      for (const key of ['sentences', 'raw_sentences', 'captions']) fields.took(key);
    }
    for (const key of ['sent', 'expression', 'sentence', 'refexp']) fields.took(key);
    const row = fields.row({
      qid: sentences.length > 1 ? `${id}-${index}` : id, problem: (options.problem ?? expressionProblem).replaceAll('{caption}', sentence), answer: '', ...(options.answer === undefined ? { answersWithBox: 'numbers' as const } : {}),
      images: inRecord.length > 0 ? inRecord : images, key_words: [sentence], boxes, ...(image ? sizeOf(image) : sizeOf(record)),
    });
    if (index === 0) faults.push(...fields.faults);
    return { ...row, ...(options.answer === undefined ? {} : { answer: options.answer.replaceAll('{caption}', sentence) }), sources: { ...row.sources, problem: 'its sentences', answer: 'the box', key_words: 'its sentences' } };
  });
  return { rows, faults };
}

function sentencesOf(record: JsonObject): readonly string[] {
  const list = own(record, 'sentences') ?? own(record, 'raw_sentences') ?? own(record, 'sent') ?? own(record, 'expression') ?? own(record, 'sentence') ?? own(record, 'refexp') ?? own(record, 'captions');
  const value = typeof list === 'string' ? (parseLiteral(list) ?? [list]) : list;
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const text = isObject(entry) ? (own(entry, 'sent') ?? own(entry, 'raw')) : entry;
    return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
  });
}

function objectOf(value: unknown): JsonObject | undefined {
  const object = typeof value === 'string' ? parseLiteral(value) : value;
  return isObject(object) ? object : undefined;
}

function cocoBox(annotation: JsonObject, label: string): readonly ForeignBox[] {
  return boxesOf(own(annotation, 'bbox')).boxes.map(box => ({ ...box, label, claim: 'coco-xywh' }));
}
