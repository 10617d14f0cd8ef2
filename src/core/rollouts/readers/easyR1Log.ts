import type { ForeignRollout } from './foreignRollout';

export interface EasyR1Log {
  readonly rollouts: readonly ForeignRollout[];
  /** Blocks that are cut, with their one-based line. */
  readonly faults: readonly { readonly line: number; readonly message: string }[];
}

/**
 * EasyR1's `generations.log`: blocks of `[prompt]`, `[output]`, `[ground_truth]`, `[score]`, each tag at the start of a line. Texts reach to the next tag that may
 * follow, so that a response which talks of `[score]` in its middle is no end.
 */
export function readEasyR1Log(text: string): EasyR1Log {
  const rollouts: ForeignRollout[] = [];
  const faults: { line: number; message: string }[] = [];
  const lines = text.split('\n');
  const starts = lines.flatMap((line, at) => (line.startsWith('[prompt]') ? [at] : []));
  const first = lines.findIndex(line => line.trim() !== '');
  if (first >= 0 && first !== starts[0]) faults.push({ line: first + 1, message: 'This is no "[prompt]": what stands before the first one is left out.' });
  starts.forEach((start, nth) => {
    const read = readBlock(lines.slice(start, starts[nth + 1] ?? lines.length));
    if (typeof read === 'string') faults.push({ line: start + 1, message: read });
    else rollouts.push(read);
  });
  return { rollouts, faults };
}

function readBlock(lines: readonly string[]): ForeignRollout | string {
  const output = lines.findIndex(line => line.startsWith('[output]'));
  const score = lines.findLastIndex(line => line.startsWith('[score]'));
  const gold = lines.findLastIndex((line, at) => at < (score < 0 ? lines.length : score) && line.startsWith('[ground_truth]'));
  if (output < 0 || gold < output || score < gold) return 'The block ends in the middle: it has not all of [output], [ground_truth] and [score].';
  const part = (tag: string, from: number, to: number): string => lines.slice(from, to).join('\n').slice(tag.length).replaceAll('\r', '').trim();
  const value = Number(part('[score]', score, lines.length));
  return {
    prompt: part('[prompt]', 0, output), response: part('[output]', output, gold), gold: part('[ground_truth]', gold, score),
    components: {}, overall: part('[score]', score, lines.length) !== '' && Number.isFinite(value) ? value : null,
  };
}
