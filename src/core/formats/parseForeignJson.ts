import { hasHalfCharacter } from '../dataset/halfCharacter';
import { LongNumber, parseExact } from '../dataset/longNumber';
import { messageOf } from '../errors';
import type { ImportFault } from './importedRow';

export interface ForeignJson {
  /** Undefined where the text is no JSON; a fault then says why. */
  readonly value: unknown;
  readonly faults: readonly ImportFault[];
}

/**
 * Reads a record of somebody else's file. What Python writes and JSON does not know (`NaN`, `Infinity`) becomes null, which is told; numbers that
 * a double cannot hold keep their digits: nothing is rounded.
 */
export function parseForeignJson(text: string): ForeignJson {
  const faults: ImportFault[] = [];
  const readable = withoutTraps(text, faults);
  try {
    const value = parseExact(readable);
    if (isTooDeep(readable, value)) {
      faults.push({ severity: 'error', rule: 'import/deep-record', message: `The record has lists or objects within each other more than ${mostLevels} deep.`, remedy: 'Nothing means that; the record is left out, the others are read.' });
      return { value: undefined, faults };
    }
    checkRepeatedKeys(readable, value, faults);
    if (hasHalfCharacter(readable, value)) {
      faults.push({ severity: 'warning', rule: 'import/half-character', message: 'The record holds half a character: an escape such as \\ud83d without its other half.', remedy: 'It is kept as it is, and has no UTF-8: write the whole character, or delete the escape, before the row is trained on.' });
    }
    return { value, faults };
  } catch (error) {
    const isCut = !/[}\]"\d\w]\s*$/.test(text) || /Unexpected end|Unterminated/.test(messageOf(error));
    faults.push({
      severity: 'error', rule: 'import/malformed-json',
      message: isCut ? 'The record ends in the middle.' : `The record is no JSON: ${messageOf(error).replace(/, "?[\s\S]*is not valid JSON$/, '')}.`,
      remedy: isCut ? 'Get the rest of the file; the record is left out.' : 'Correct it in the source file; the record is left out, the others are read.',
    });
    return { value: undefined, faults };
  }
}

/** Deeper ones cannot be written again: JSON is written by a function that calls itself. */
const mostLevels = 500;

function isTooDeep(text: string, value: unknown): boolean {
  let brackets = 0;
  for (const sign = /[[{]/g; brackets <= mostLevels && sign.test(text); ) brackets++;
  if (brackets <= mostLevels) return false; // nearly every record
  const hasMore = (inner: unknown, levels: number): boolean =>
    typeof inner === 'object' && inner !== null && !(inner instanceof LongNumber) && (levels === 0 || Object.values(inner).some(each => hasMore(each, levels - 1)));
  return hasMore(value, mostLevels);
}

function withoutTraps(text: string, faults: ImportFault[]): string {
  if (!text.includes('NaN') && !text.includes('Infinity')) return text;
  const masked = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, found => (found.startsWith('"') ? found : 'null'));
  if (masked !== text) {
    faults.push({ severity: 'warning', rule: 'import/non-finite-number', message: 'The record holds NaN or Infinity, which is no JSON.', remedy: 'It is read as null; write a number in its place if one is meant.' });
  }
  return masked;
}

/** Of two equal keys JSON readers take the last; only a record that can have some is looked at twice. */
function checkRepeatedKeys(text: string, value: unknown, faults: ImportFault[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const keys = topKeys(text);
  if (keys.length <= Object.keys(value).length) return;
  const repeated = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  if (repeated.length === 0) return;
  faults.push({
    severity: 'warning', rule: 'import/repeated-key', message: `${repeated.map(key => `"${key}"`).join(', ')} ${repeated.length === 1 ? 'stands' : 'stand'} more than once in the record.`,
    remedy: 'The last value is read, as every JSON reader does; remove the others.',
  });
}

/** The keys of the outermost object. Strings are skipped by their quotes, so that long texts cost little. */
function topKeys(text: string): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      const end = endOfString(text, at);
      if (depth === 1 && isColonNext(text, end)) keys.push(text.slice(at + 1, end - 1));
      at = end;
      continue;
    }
    if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    at++;
  }
  return keys;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length;
    let slashes = quote - 1;
    while (text.charCodeAt(slashes) === 0x5c) slashes--;
    if ((quote - slashes) % 2 === 1) return quote + 1;
    at = quote + 1;
  }
}

function isColonNext(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === 0x3a;
}

/** A list or an object that a text holds, written as JSON or as Python prints it; undefined for other texts. */
export function parseLiteral(text: string): unknown {
  const trimmed = text.trim();
  if (!/^[[{(]/.test(trimmed) || !/[\]})]$/.test(trimmed)) return undefined;
  return tryJson(trimmed) ?? tryJson(jsonOfPython(trimmed));
}

function tryJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // not this grammar: the caller keeps the text
  }
}

const pythonTokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b(?:True|False|None|nan)\b|[()]/g;
const pythonWords: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null', nan: 'null', '(': '[', ')': ']' };

function jsonOfPython(text: string): string {
  return text.replace(pythonTokens, token => {
    const word = Object.hasOwn(pythonWords, token) ? pythonWords[token] : undefined;
    if (word !== undefined) return word;
    return token.startsWith('"') ? token : JSON.stringify(token.slice(1, -1).replace(/\\(['"\\])/g, '$1').replace(/\\n/g, '\n').replace(/\\t/g, '\t'));
  }).replace(/,\s*\]/g, ']');
}
