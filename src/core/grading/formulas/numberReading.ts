import { gradeAnswer } from '../gradeAnswer';

/** A number as an answer writes it, and what stands after it. */
export interface WrittenNumber {
  readonly number: string;
  /** `%`, `cm`, `red cards`; empty for none. */
  readonly unit: string;
}

const written = /^([-+]?[$€£]? ?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?: ?\/ ?\d+)?) ?((?:[%°]|\p{L}|µ)[\p{L}\d°²³/^.%-]{0,15}(?: [\p{L}²³]{1,15})?)?$/u;

/** A number with its unit, of at most two words; undefined for anything else. */
export function parseNumber(answer: string): WrittenNumber | undefined {
  const [, number, unit = ''] = written.exec(answer.trim()) ?? [];
  return number === undefined ? undefined : { number: number.trim(), unit };
}

/** The two as one answer: signs stand close, words after a blank. */
export function printNumber({ number, unit }: WrittenNumber): string {
  return unit === '' || number === '' ? number || unit : /^[%°]/.test(unit) ? `${number}${unit}` : `${number} ${unit}`;
}

/** What the grader makes of other ways to write the answer. */
export interface NumberReading {
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

/** Asks the grader about the ways in which a response is likely to write this number. */
export function numberReading(answer: string): NumberReading {
  const others = waysToWrite(answer.trim()).filter(way => way !== answer.trim());
  const isRight = (way: string): boolean => gradeAnswer(way, answer.trim());
  return { right: others.filter(isRight), wrong: others.filter(way => !isRight(way)) };
}

/** Without its unit, as a decimal, a fraction not reduced, a share of one for per cent, without separators of thousands, with a decimal zero. */
function waysToWrite(answer: string): readonly string[] {
  const parsed = parseNumber(answer);
  if (!parsed) return [];
  const { unit } = parsed;
  const plain = parsed.number.replace(/[$€£ ]/g, '');
  const [top = '', bottom] = plain.replaceAll(',', '').split('/');
  const value = Number(top) / (bottom === undefined ? 1 : Number(bottom));
  const ways = [
    unit === '' ? undefined : plain,
    plain === parsed.number || unit !== '' ? undefined : plain,
    plain.includes(',') ? plain.replaceAll(',', '') : undefined,
    bottom === undefined ? undefined : decimal(value),
    bottom === undefined ? undefined : `${Number(top) * 2}/${Number(bottom) * 2}`,
    bottom === undefined && !Number.isInteger(value) ? fractionOf(plain) : undefined,
    bottom === undefined && Number.isInteger(value) && !plain.includes('.') ? `${plain.replaceAll(',', '')}.0` : undefined,
    unit === '%' ? decimal(value / 100) : undefined,
  ];
  return [...new Set(ways.filter(way => way !== undefined && !way.includes('NaN') && !way.includes('Infinity')) as string[])];
}

function decimal(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}

/** `0.75` as `3/4`. */
function fractionOf(plain: string): string | undefined {
  const [, sign = '', whole = '', digits = ''] = /^([-+]?)(\d*)\.(\d{1,6})$/.exec(plain.replaceAll(',', '')) ?? [];
  if (digits === '') return undefined;
  const bottom = 10 ** digits.length;
  const top = Number(whole) * bottom + Number(digits);
  const divisor = greatestDivisor(top, bottom);
  return `${sign === '-' ? '-' : ''}${top / divisor}/${bottom / divisor}`;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
