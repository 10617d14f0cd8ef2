import { parseSections } from '../grading/sections';
import { type Turn, turnsOf, withoutImageBytes } from './chatTurns';
import { fieldNames } from './fieldNames';
import { boxesOf, isOnlyBoxes } from './foreignBoxes';
import type { ForeignBox, Imported, ImportFault, ImportOptions, JsonObject } from './importedRow';
import { RecordFields, valueAt } from './recordFields';
import { sizeOf } from './sizeOf';

/** A question and its answer of a conversation. */
export interface TurnPair {
  readonly question: string;
  /** The whole turn; undefined where nobody answered (GRPO rows keep the answer elsewhere). */
  readonly reply: string | undefined;
  /** The reply is nothing but boxes that stand elsewhere in the record. */
  readonly isBoxes?: boolean;
}

export interface ChatFormat {
  /** Fields that may hold the conversation, the likeliest first. */
  readonly lists: readonly string[];
  /** Finds the boxes of a pair and says where they came from with `fields.from`. */
  boxes(fields: RecordFields, pair: TurnPair): readonly ForeignBox[];
  /** Changes the texts before they become a row. */
  texts?(pair: TurnPair, record: JsonObject): TurnPair;
}

/** The rows of a conversation: its first question and answer, or each of them. What a row cannot hold stays in it as the conversation itself. */
export function chatRows(record: JsonObject, options: ImportOptions, format: ChatFormat): Imported {
  const list = format.lists.find(key => turnsOf(valueAt(record, key)) !== undefined);
  const turns = list === undefined ? undefined : turnsOf(valueAt(record, list));
  if (list === undefined || !turns) {
    return { rows: [], faults: [{ severity: 'error', rule: 'import/no-conversation', message: `The record has no conversation under ${format.lists.map(key => `"${key}"`).join(' or ')}.`, remedy: 'It is left out; choose another format if all records are like this.' }] };
  }
  const pairs = pairsOf(turns);
  const chosen = options.turns === 'all' ? pairs : pairs.slice(0, 1);
  const faults: ImportFault[] = [];
  if (pairs.length === 0) faults.push({ severity: 'error', rule: 'import/no-question', message: 'The conversation has no turn of a person.', remedy: 'The record is left out.' });
  if (pairs.length > 1 && options.turns !== 'all') {
    faults.push({ severity: 'warning', rule: 'import/several-turns', message: `The conversation has ${pairs.length} questions; the first one is the row.`, remedy: `The rest is kept in "${list}". To make a row of each, import with --turns all.` });
  }
  const hasBytes = Object.hasOwn(record, list) && turns.some(turn => turn.images.some(image => typeof image !== 'string'));
  const rows = chosen.map((raw, index) => {
    const fields = new RecordFields(hasBytes ? { ...record, [list]: withoutImageBytes(record[list]) } : record, options);
    const pair = format.texts?.(raw, record) ?? raw;
    const images = fields.images(fieldNames.images);
    const boxes = fields.isMapped('boxes') ? fields.boxes([]) : format.boxes(fields, pair);
    const problem = fields.text('problem', ['problem']) || said(fields, 'problem', `${list}, person's turn`, pair.question);
    const reply = pair.reply ?? '';
    const answer = fields.answer(pair.reply === undefined ? fieldNames.answer : ['answer', 'solution']) || said(fields, 'answer', answerSource(list, reply), finalAnswer(reply));
    const isWhole = turns.length <= 2 && turns.every(turn => turn.role === 'user' || turn.role === 'assistant') && (reply === '' || finalAnswer(reply) === reply);
    if (isWhole || options.turns === 'all') fields.took(list);
    const id = fields.text('qid', fieldNames.qid);
    const inText = turns.flatMap(turn => turn.images);
    if (images.length === 0 && inText.length > 0) fields.from('images', `${list}, image parts`);
    const row = fields.row({
      qid: chosen.length > 1 && id !== '' ? `${id}-${index + 1}` : id, problem, answer, images: images.length > 0 ? images : inText,
      key_words: fields.keyWords(fieldNames.key_words), boxes, ...sizeOf(record), ...(pair.isBoxes || (boxes.length > 0 && answer === finalAnswer(reply) && isOnlyBoxes(answer) && boxesOf(answer).boxes.length === boxes.length) ? { answersWithBox: answer.includes('bbox_2d') ? 'bbox_2d' : 'numbers' } : {}),
    });
    faults.push(...fields.faults);
    return row;
  });
  return { rows, faults };
}

/** What a reply comes to: the paper's last section, an `<answer>`, or all of it. */
export function finalAnswer(reply: string): string {
  const section = parseSections(reply).all.findLast(each => each.kind === 'answer');
  if (section) return section.body.text;
  return /<answer>([\s\S]*?)<\/answer>/i.exec(reply)?.[1]?.trim() ?? reply;
}

function answerSource(list: string, reply: string): string {
  return `${list}, model's turn${finalAnswer(reply) === reply ? '' : ' (its final answer)'}`;
}

function said(fields: RecordFields, field: 'problem' | 'answer', source: string, text: string): string {
  if (text !== '') fields.from(field, source);
  return text;
}

function pairsOf(turns: readonly Turn[]): readonly TurnPair[] {
  return turns.flatMap((turn, index) => {
    if (turn.role !== 'user') return [];
    const next = turns[index + 1];
    return [{ question: turn.text, reply: next?.role === 'assistant' ? next.text : undefined }];
  });
}
