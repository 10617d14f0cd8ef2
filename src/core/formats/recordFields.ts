import { exactJson, LongNumber } from '../dataset/longNumber';
import type { Columns } from '../project/project';
import { type ReadBoxes, boxesOf } from './foreignBoxes';
import { fieldNames } from './fieldNames';
import { imagesOf } from './foreignImages';
import { type ForeignImage, type ImportedRow, type ImportFault, type ImportOptions, isObject, type JsonObject, own } from './importedRow';
import { parseLiteral } from './parseForeignJson';
import { turnsOf, withImageMarks } from './chatTurns';

type Field = keyof Columns;

const ours: readonly string[] = ['qid', 'problem', 'answer', 'images', 'key_words', 'boxes'];

/** Names that mean one thing: where a record has two of them and they say different things, a person may want the other one. */
const sameMeaning: Readonly<Partial<Record<Field, readonly string[]>>> = {
  problem: ['problem', 'question', 'query'],
  answer: ['answer', 'solution', 'ground_truth', 'groundtruth', 'gt_answer'],
};

/** Reads a record's fields under our names, remembers where each came from, and keeps what nobody read. */
export class RecordFields {
  readonly faults: ImportFault[] = [];
  private readonly sources: Partial<Record<Field, string>> = {};
  private taken: string[] = [];
  /** Fields under our names that hold more than the row can. */
  private readonly keptOurs = new Set<string>();

  constructor(private readonly record: JsonObject, readonly options: ImportOptions) {}

  /** The first of `candidates` that has a value, or what the person mapped the field to. */
  take(field: Field, candidates: readonly string[]): unknown {
    const mapped = this.options.map?.[field];
    for (const path of mapped === undefined ? candidates : [mapped]) {
      const value = valueAt(this.record, path);
      if (value === undefined) continue;
      this.took(path);
      this.sources[field] = path;
      return value;
    }
    return undefined;
  }

  isMapped(field: Field): boolean {
    return this.options.map?.[field] !== undefined;
  }

  /** Leaves a field of theirs out of what is kept: it is in the row in another form. */
  took(path: string): void {
    this.taken.push(path);
  }

  /** Keeps the field that one of ours was read from beside it: it holds more than the row can. */
  keep(field: Field): void {
    const path = this.sources[field];
    if (path === undefined) return;
    this.taken = this.taken.filter(each => each !== path);
    if (ours.includes(path)) this.keptOurs.add(path);
  }

  /** Says where a field of ours came from. */
  from(field: Field, words: string): void {
    this.sources[field] = words;
  }

  text(field: 'qid' | 'problem' | 'answer', candidates: readonly string[]): string {
    const value = this.take(field, candidates);
    const text = this.textOf(field, value);
    return field === 'problem' ? withImageMarks(text) : text;
  }

  /**
   * The answer without the tags that rewards look for in responses: in a row they would be part of what is compared. What stood before them
   * (`<think>…</think>`) is kept beside it.
   */
  answer(candidates: readonly string[]): string {
    const text = this.text('answer', candidates);
    const [, before, inside] = /^\s*(<think>[\s\S]*<\/think>)?\s*<answer>([\s\S]*)<\/answer>\s*$/i.exec(text) ?? [];
    if (inside === undefined || /<\/?answer>/i.test(inside)) return text;
    const path = this.sources.answer ?? 'answer';
    if (before !== undefined) this.keep('answer');
    this.from('answer', `${path}, inside <answer>`);
    return inside.trim();
  }

  images(candidates: readonly string[]): readonly ForeignImage[] {
    return imagesOf(this.take('images', this.isMapped('images') ? [] : candidates.filter(path => imagesOf(valueAt(this.record, path)).length > 0)));
  }

  /** The images that another object names. */
  imagesOf(record: JsonObject): readonly ForeignImage[] {
    const path = fieldNames.images.find(name => imagesOf(own(record, name)).length > 0);
    return path === undefined ? [] : imagesOf(record[path]);
  }

  keyWords(candidates: readonly string[]): readonly string[] {
    const value = this.take('key_words', candidates);
    const list = typeof value === 'string' ? (parseLiteral(value) ?? value.split(/[,;|]/).map(word => word.trim()).filter(word => word !== '')) : value;
    return Array.isArray(list) ? list.filter(word => typeof word === 'string' || typeof word === 'number' || word instanceof LongNumber).map(String) : [];
  }

  /** A field that only might be boxes is read as such when at least one is in it. */
  boxes(candidates: readonly string[], label = ''): ReadBoxes['boxes'] {
    const { labels } = this.options;
    const found = this.isMapped('boxes') ? undefined : candidates.find(path => path === 'boxes' ? valueAt(this.record, path) !== undefined : boxesOf(valueAt(this.record, path), labels, label).boxes.length > 0);
    const { boxes, unread } = boxesOf(this.take('boxes', found === undefined ? [] : [found]), labels, label);
    if (unread > 0) this.tellUnread(unread);
    return boxes;
  }

  tellUnread(count: number): void {
    this.faults.push({
      severity: 'warning', rule: 'import/malformed-box', message: `${count} ${count === 1 ? 'entry of its boxes is' : 'entries of its boxes are'} no box with four finite numbers.`,
      remedy: 'It is left out; correct it in the source.',
    });
  }

  /** The row, with every field that was not read. */
  row(row: Omit<ImportedRow, 'extra' | 'sources'>): ImportedRow {
    for (const field of ['problem', 'answer'] as const) this.tellOther(field);
    return { ...row, extra: this.rest(), sources: this.sources };
  }

  private tellOther(field: 'problem' | 'answer'): void {
    const names = sameMeaning[field] ?? [];
    const [read] = this.taken.filter(path => names.includes(path));
    if (read === undefined || this.isMapped(field)) return;
    const plain = (name: string): string => String(own(this.record, name) ?? '').replace(/<\/?answer>|<image>/gi, '').trim();
    const other = names.find(name => !this.taken.includes(name) && typeof own(this.record, name) !== 'object' && plain(name) !== '' && plain(name) !== plain(read));
    if (other === undefined) return;
    this.faults.push({
      severity: 'info', rule: 'import/second-name', message: `"${other}" may be the ${field} as well, and says something else than "${read}", which was read.`,
      remedy: `It is kept as it is. Map "${field}" to "${other}" if that is the one that is meant.`,
    });
  }

  private textOf(field: Field, value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof LongNumber) return String(value);
    if (value === undefined) return '';
    if (Array.isArray(value)) {
      if (field === 'problem') {
        const user = turnsOf(value)?.find(turn => turn.role === 'user');
        if (user) return user.text;
      }
      const [first] = value as unknown[];
      if (value.length === 0) return '';
      if (typeof first === 'object' || (value.length > 1 && !value.every(item => typeof item === 'string'))) return exactJson(value);
      if (value.length > 1) {
        this.faults.push({ severity: 'info', rule: 'import/several-texts', message: `"${this.sources[field] ?? field}" has ${value.length} values; the first one becomes "${field}".`, remedy: `All of them are kept as "${keptName(this.sources[field] ?? field)}".` });
        this.keep(field);
      }
      return this.textOf(field, first);
    }
    return exactJson(value);
  }

  private rest(): JsonObject {
    const kept: [string, unknown][] = [];
    for (const key of Object.keys(this.record)) {
      if (this.taken.includes(key) || (ours.includes(key) && isEmpty(this.record[key]))) continue;
      const inner = isObject(this.record[key]) ? this.taken.filter(path => path.startsWith(`${key}.`)).map(path => path.slice(key.length + 1)) : [];
      const value = inner.length === 0 ? this.record[key] : without(this.record[key], inner);
      if (value === undefined || (inner.length > 0 && isObject(value) && Object.keys(value).length === 0)) continue;
      const name = this.safeName(key);
      kept.push([name, value]);
    }
    return Object.fromEntries(kept);
  }

  private safeName(key: string): string {
    if (key === '__proto__') {
      this.faults.push({ severity: 'warning', rule: 'import/prototype-key', message: 'The record has a key "__proto__".', remedy: 'It is kept as "__proto__ (reserved)".' });
      return '__proto__ (reserved)';
    }
    if (!ours.includes(key)) return key;
    if (this.keptOurs.has(key)) return keptName(key);
    this.faults.push({ severity: 'info', rule: 'import/name-taken', message: `The record has a field "${key}" of its own, which was not read as ours.`, remedy: `It is kept as "${keptName(key)}".` });
    return keptName(key);
  }
}

function keptName(key: string): string {
  return ours.includes(key) ? `source_${key}` : key;
}

/** The value at a path of own keys, dots between them; a key that holds dots itself comes first. */
export function valueAt(record: JsonObject, path: string): unknown {
  const direct = own(record, path);
  if (direct !== undefined || !path.includes('.')) return direct;
  let value: unknown = record;
  for (const key of path.split('.')) {
    const holder: unknown = typeof value === 'string' ? parseLiteral(value) : value;
    if (!isObject(holder)) return undefined;
    value = own(holder, key);
  }
  return value;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function without(value: unknown, paths: readonly string[]): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (paths.includes(key)) return [];
    const deeper = paths.filter(path => path.startsWith(`${key}.`)).map(path => path.slice(key.length + 1));
    return [[key, deeper.length === 0 ? inner : without(inner, deeper)]];
  });
  return Object.fromEntries(entries);
}
