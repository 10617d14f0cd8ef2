import { chatRows } from '../chatRows';
import { fieldNames } from '../fieldNames';
import { boxesOf } from '../foreignBoxes';
import { type ForeignBox, type Imported, type ImportOptions, isObject, type JsonObject, own } from '../importedRow';
import { RecordFields } from '../recordFields';
import { sizeOf } from '../sizeOf';

/**
 * VLM-R1: referring expressions (`solution: [x1, y1, x2, y2]` with `problem`, or a conversation answered by a box) and open-vocabulary detection (a conversation
 * answered by a JSON list of `bbox_2d` and `label`). Bare numbers are pixels of the original image; `bbox_2d` is also what Qwen's own data have, in other frames, so the images decide.
 */
export function importVlmR1(record: JsonObject, options: ImportOptions): Imported {
  if (own(record, 'conversations') === undefined && own(record, 'messages') === undefined) return importSolution(record, options);
  return chatRows(record, options, {
    lists: ['conversations', 'messages'],
    boxes: (fields, { question, reply }) => {
      const own = fields.boxes(fieldNames.boxes);
      if (own.length > 0) return own;
      const { boxes } = boxesOf(reply?.replace(/<\/?answer>/g, '').trim(), options.labels, expressionOf(question));
      if (boxes.length > 0) fields.from('boxes', "the answer's box");
      return boxes.map(box => claimed(box, reply ?? ''));
    },
  });
}

function importSolution(record: JsonObject, options: ImportOptions): Imported {
  const fields = new RecordFields(record, options);
  const problem = fields.text('problem', fieldNames.problem);
  const solution = own(record, 'solution');
  const inside = isObject(solution) ? solution : { bbox: solution };
  const { boxes, unread } = fields.isMapped('boxes') ? { boxes: fields.boxes([]), unread: 0 } : boxesOf(inside['bbox'] === undefined ? inside : inside['bbox'], options.labels, expressionOf(problem));
  if (unread > 0) fields.tellUnread(unread);
  if (!fields.isMapped('boxes')) fields.from('boxes', 'solution');
  const answer = fields.answer(['answer', 'solution']);
  const row = fields.row({
    qid: fields.text('qid', fieldNames.qid), problem, answer, images: fields.images(fieldNames.images), key_words: fields.keyWords(fieldNames.key_words), boxes: boxes.map(box => claimed(box, solution)), ...sizeOf(record), ...(boxes.length > 0 ? { answersWithBox: 'numbers' as const } : {}),
  });
  return { rows: [row], faults: fields.faults };
}

function claimed(box: ForeignBox, answer: unknown): ForeignBox {
  const isBare = Array.isArray(answer) || (typeof answer === 'string' && /^[\s[\]\d.,eE+-]+$/.test(answer));
  return { ...box, layout: 'xyxy', ...(isBare ? { claim: 'pixel' as const } : {}) };
}

/** What a question for one region asks for: the text behind its last colon, or all of it. */
export function expressionOf(question: string): string {
  const plain = question.replaceAll('<image>', '').trim();
  const behind = plain.slice(plain.lastIndexOf(':') + 1).trim();
  const text = behind === '' || behind.startsWith('[') ? plain : behind;
  return text.replace(/^["'“]|["'”]?[.?]?$/g, '').trim();
}
