import type { ScoreError } from '../../core/rewards/score';

/** Where Python's own watchdog (faulthandler) ended a reward that kept the interpreter to itself: in one long native call. Undefined where it did not. */
export function stuckPlace(printed: string, deadlineMs: number, files: readonly string[]): ScoreError | undefined {
  const at = printed.lastIndexOf('Timeout (');
  if (at === -1) return undefined;
  const frame = [...printed.slice(at).matchAll(/^ {2}File "(.*)", line (\d+) in /gm)].find(match => files.includes(match[1] ?? ''));
  return { message: `The reward did not finish within ${deadlineMs} ms and was ended.`, ...(frame ? { file: frame[1] ?? '', line: Number(frame[2]) } : {}) };
}
