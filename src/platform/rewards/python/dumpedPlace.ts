import type { ScoreError } from '../../../core/rewards/score';

/** The reward's line in what Python's faulthandler has printed: at a deadline that passed in one long native call, or when it was asked by a signal. */
export function dumpedPlace(printed: string, files: readonly string[]): Pick<ScoreError, 'file' | 'line'> | undefined {
  const frame = [...printed.matchAll(/^ {2}File "(.*)", line (\d+) in /gm)].find(match => files.includes(match[1] ?? ''));
  return frame && { file: frame[1] ?? '', line: Number(frame[2]) };
}
