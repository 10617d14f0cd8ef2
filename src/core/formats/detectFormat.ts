import { turnsOf } from './chatTurns';
import { boxesOf, isOnlyBoxes } from './foreignBoxes';
import { fieldNames } from './fieldNames';
import { importLlava } from './llava/importLlava';
import { isObject, type JsonObject, own, type RecordImporter } from './importedRow';
import { importMsSwift } from './msSwift/importMsSwift';
import { importOdvg } from './odvg/importOdvg';
import { importPebrSft } from './pebr/importPebrSft';
import { importQwen } from './qwen/importQwen';
import { valueAt } from './recordFields';
import { importRefCoco } from './refCoco/importRefCoco';
import { cornerColumns, importRows } from './rows/importRows';
import { importVlmR1 } from './vlmR1/importVlmR1';

/** A format of records; the formats that are whole files or folders (COCO, YOLO, VOC) are told by `platform/formats/detectSource`. */
export interface RecordFormat {
  readonly id: RecordFormatId;
  readonly title: string;
  /** What a record of it has, in words that follow "n of m records have". */
  readonly sign: string;
  recognises(record: JsonObject): boolean;
  readonly convert: RecordImporter;
}

export type RecordFormatId = 'odvg' | 'refcoco' | 'ms-swift' | 'pebr-sft' | 'vlm-r1' | 'qwen' | 'llava' | 'pebr-grpo' | 'rows';
export type FormatId = RecordFormatId | 'coco' | 'yolo' | 'voc';

const conversation = ['conversations', 'conversation', 'messages', 'data', 'texts'];

/** The most particular one first: a record is of the first that recognises it. */
export const recordFormats: readonly RecordFormat[] = [
  {
    id: 'odvg', title: 'ODVG (Grounding DINO)', sign: '"filename" with "detection" or "grounding"', convert: importOdvg,
    recognises: record => isObject(own(record, 'detection')) || isObject(own(record, 'grounding')),
  },
  {
    id: 'refcoco', title: 'RefCOCO', sign: 'sentences and the box or annotation id that they describe', convert: importRefCoco,
    recognises: record => hasAny(record, ['sentences', 'raw_sentences', 'sent', 'expression', 'refexp']) && hasAny(record, ['bbox', 'ann_id', 'raw_anns', 'box', 'bbox_2d']) && !hasAny(record, conversation),
  },
  {
    id: 'ms-swift', title: 'ms-swift', sign: '"messages" (or "query") and "objects" with boxes', convert: importMsSwift,
    recognises: record => hasAny(record, ['messages', 'query']) && hasSwiftObjects(own(record, 'objects')),
  },
  {
    id: 'pebr-sft', title: 'PeBR-R1 SFT', sign: 'messages answered in the sections "### Image Description:" … "### The final answer is:"', convert: importPebrSft,
    recognises: record => /###\s*(?:The final answer is|Image Description)/i.test(replyOf(record, ['messages', 'conversations']) ?? ''),
  },
  {
    id: 'vlm-r1', title: 'VLM-R1 (REC, OVD)', sign: 'an answer that is boxes ("solution", or the turn of "gpt")', convert: importVlmR1,
    recognises: record => (hasAny(record, ['conversations', 'conversation']) && boxesOf(replyOf(record, ['conversations'])?.replace(/<\/?answer>/g, '').trim() ?? null).unread === 0 && isOnlyBoxes(replyOf(record, ['conversations'])))
      || (typeof own(record, 'problem') === 'string' && own(record, 'solution') !== undefined && typeof own(record, 'solution') !== 'number' && boxesOf(bboxOf(own(record, 'solution'))).boxes.length > 0 && isOnlyBoxes(own(record, 'solution'))),
  },
  {
    id: 'qwen', title: 'chat messages (Qwen-VL, OpenAI, LLaMA-Factory)', sign: '"messages" with role and content, or boxes as "bbox_2d" in the answer', convert: importQwen,
    recognises: record => turnsOf(own(record, 'messages')) !== undefined || (/"?bbox_2d|<\|box_start\|>|<box>/.test(replyOf(record, conversation) ?? '')),
  },
  { id: 'llava', title: 'LLaVA / ShareGPT conversations', sign: '"conversations" with from and value', convert: importLlava, recognises: record => conversation.some(key => turnsOf(own(record, key)) !== undefined) },
  {
    id: 'pebr-grpo', title: 'PeBR-R1 GRPO', sign: '"qid", "problem", "answer" and "images"', convert: importRows,
    recognises: record => ['qid', 'problem', 'answer', 'images'].every(key => own(record, key) !== undefined),
  },
  {
    id: 'rows', title: 'rows with a question', sign: 'fields that are taken by their names', convert: importRows,
    recognises: record => [fieldNames.problem, fieldNames.answer, fieldNames.images, fieldNames.boxes].filter(names => names.some(name => valueAt(record, name) !== undefined)).length + (cornerColumns(record) ? 1 : 0) >= 2,
  },
];

export interface FormatGuess {
  readonly format: RecordFormat;
  readonly reason: string;
  /** The other formats that some of the records look like. */
  readonly others: readonly RecordFormatId[];
}

/** The format that most of the records have. Where none is recognised they are rows whose fields a person maps. */
export function detectFormat(records: readonly JsonObject[]): FormatGuess {
  const votes = new Map<RecordFormat, number>();
  for (const record of records) {
    const found = recordFormats.find(format => format.recognises(record));
    if (found) votes.set(found, (votes.get(found) ?? 0) + 1);
  }
  const ranked = [...votes].sort((a, b) => b[1] - a[1] || recordFormats.indexOf(a[0]) - recordFormats.indexOf(b[0])); // the more particular one reads the others too
  const [best] = ranked;
  const rows = recordFormats.find(format => format.id === 'rows') as RecordFormat;
  if (!best) return { format: rows, reason: `none of the ${records.length} first records has fields of a known format; map them`, others: [] };
  const sign = best[0] === rows ? namesIn(records.find(record => rows.recognises(record)) ?? {}) : best[0].sign;
  return { format: best[0], reason: `${best[1]} of the ${records.length} first records have ${sign}`, others: ranked.slice(1).map(([format]) => format.id) };
}

/** The fields of a record that are known by their names. */
function namesIn(record: JsonObject): string {
  const found = [fieldNames.problem, fieldNames.answer, fieldNames.images, fieldNames.boxes].flatMap(names => names.filter(name => valueAt(record, name) !== undefined).slice(0, 1));
  return [...found, ...(cornerColumns(record) ?? [])].map(name => `"${name}"`).join(', ');
}

function hasAny(record: JsonObject, keys: readonly string[]): boolean {
  return keys.some(key => own(record, key) !== undefined);
}

function hasSwiftObjects(value: unknown): boolean {
  if (typeof value === 'string') return /"bbox"\s*:/.test(value);
  return isObject(value) ? own(value, 'bbox') !== undefined : Array.isArray(value) && value.some(entry => isObject(entry) && own(entry, 'bbox') !== undefined);
}

function replyOf(record: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const reply = turnsOf(own(record, key))?.find(turn => turn.role === 'assistant');
    if (reply) return reply.text;
  }
  return undefined;
}

function bboxOf(solution: unknown): unknown {
  return isObject(solution) && own(solution, 'bbox') !== undefined ? own(solution, 'bbox') : solution;
}
