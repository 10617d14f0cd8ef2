import { latexToText } from './latex/latexText';
import { mathdNormal } from './mathdNormal';
import { parseFloatLikePython, strip } from './formulas/pythonText';
import { isSameValue } from './formulas/sameValue';

const brackets = '()[]';
/** Verdicts on short answers are kept: the responses of a group answer one question, mostly in the same words. */
const verdicts = new Map<string, boolean>();
const mostKept = 4096;
const longestKept = 200;
/** The normal forms of the last truth, against which the whole group is graded. */
let lastTruth: { readonly truth: string; readonly mathd: string; normal?: string } | undefined;
const units = ['degree', 'cm', 'centimeter', 'meter', 'mile', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year', 'foot', 'feet', 'inch', 'yard'].map(
  unit => new RegExp(`${unit}(?:es)?s? *(?:\\^[0-9]+)?`, 'g'),
);
const unit = new RegExp(units.map(({ source }) => source.slice(0, source.indexOf('(?:'))).join('|'));
const fraction = /^-?[0-9]+[^\n]?\/0*[1-9][0-9]*[^\n]?\n?$/u;

/**
 * Whether an answer is right: the same verdict as `grade_answer` of mathruler 0.1.0, which the paper's rewards and EasyR1 call.
 * test/parity runs both on thousands of pairs; docs/REWARDS.md names what is left of a difference.
 */
export function gradeAnswer(given: string, truth: string): boolean {
  if (given.length + truth.length > longestKept) return verdictOn(given, truth);
  const key = `${given.length}:${given}${truth}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  if (verdicts.size >= mostKept) verdicts.clear();
  const verdict = verdictOn(given, truth);
  verdicts.set(key, verdict);
  return verdict;
}

function verdictOn(given: string, truth: string): boolean {
  if (lastTruth?.truth !== truth) lastTruth = { truth, mathd: mathdNormal(truth) };
  if (mathdNormal(given) === lastTruth.mathd) return true;
  const wanted = (lastTruth.normal ??= answerNormal(truth));
  const got = answerNormal(given);
  if (wanted === got) return true;
  if (got.length === 0) return false;
  const wantedParts = splitTuple(wanted);
  const gotParts = splitTuple(got);
  if (wantedParts.length > 1 && (wanted[0] !== got[0] || wanted[wanted.length - 1] !== got[got.length - 1])) return false;
  return wantedParts.length === gotParts.length && wantedParts.every((part, index) => isSamePart(part, gotParts[index] ?? ''));
}

function isSamePart(wanted: string, got: string): boolean {
  if (fraction.test(wanted) && fraction.test(got)) return wanted === got; // an unreduced fraction is wrong
  if (integerOf(wanted) === undefined !== (integerOf(got) === undefined)) return false; // a whole number must be given as one
  return isSameValue(wanted, got);
}

/** The second normal form: without units, dollars, per cent, blanks and letter case; LaTeX as text; whole numbers plain. */
export function answerNormal(answer: string): string {
  let text = /^\\text\{([^\n]+?)\}\n?$/u.exec(answer)?.[1] ?? answer;
  text = text.replaceAll('\\%', '%').replaceAll('\\$', '$').replaceAll('$', '').replaceAll('%', '').replaceAll(' or ', ' , ').replaceAll(' and ', ' , ');
  if (/[a-z]/.test(text)) {
    text = text.replaceAll('million', '*10^6').replaceAll('billion', '*10^9').replaceAll('trillion', '*10^12');
    if (unit.test(text)) for (const each of units) text = text.replace(each, '');
  }
  text = text.replace(/\^ *\\circ/g, '');
  if (text.startsWith('{') && text.endsWith('}')) text = text.slice(1, -1);
  text = text.replace(/,\\! */g, '');
  const number = parseFloatLikePython(text);
  if (number !== undefined && isWhole(number)) text = BigInt(Math.round(number)).toString();
  if (text.includes('\\')) text = latexToText(text) ?? text;
  text = text.replace(/- */g, '-').replace(/([0-9]) +([0-9])/g, '$1+$2').replaceAll(' ', '').replaceAll('{', '').replaceAll('}', '').toLowerCase();
  return integerOf(text) ?? text;
}

/** The plain digits of a whole number, `1,000` and `3.0` included. */
function integerOf(text: string): string | undefined {
  const number = parseFloatLikePython(withoutThousands(text));
  return number !== undefined && isWhole(number) ? BigInt(Math.trunc(number)).toString() : undefined;
}

function isWhole(number: number): boolean {
  return Number.isFinite(number) && Math.abs(number - Math.round(number)) <= 1e-7;
}

function withoutThousands(text: string): string {
  if (!text.includes(',')) return text;
  for (let current = text; ; ) {
    const next = current.replace(/(\p{Nd}),(\p{Nd}{3})(\n?$|\P{Nd})/gu, '$1$2$3');
    if (next === current) return next;
    current = next;
  }
}

function splitTuple(text: string): readonly string[] {
  const plain = withoutThousands(text);
  if (plain.length === 0) return [];
  const inner = plain.slice(1, -1);
  const isTuple = plain.length > 2 && brackets.includes(plain[0] ?? '') && brackets.includes(plain[plain.length - 1] ?? '') && ![...brackets].some(bracket => inner.includes(bracket));
  return isTuple ? inner.split(',').map(strip) : [plain];
}
