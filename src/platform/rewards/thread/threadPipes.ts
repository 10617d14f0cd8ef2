import { writeSync } from 'node:fs';
import { type ItemsHead, itemsPipe, type ScoresHead, scoresPipe } from '../host/pipes';
import { itemsIn } from '../rawItems';
import { splitLines } from '../readLines';
import { readSocket } from '../readSocket';
import type { ScoreItem } from '../../../core/rewards/score';

const write = writeSync; // refused to rewards
const read = JSON.parse;

/** Hands over the items of each run as soon as they are there; undefined where they are no list. `onEnd`: nothing comes any more. */
export function readItems(onItems: (run: number, items: readonly ScoreItem[] | undefined) => void, onEnd: () => void): void {
  const push = splitLines(line => {
    const { run, jsonBytes, textBytes } = read(line.toString('utf8')) as ItemsHead;
    return {
      bytes: jsonBytes + textBytes,
      take: parts => {
        const bytes = Buffer.concat(parts);
        onItems(run, itemsIn(bytes.toString('utf8', 0, jsonBytes), bytes.subarray(jsonBytes)));
      },
    };
  });
  readSocket(itemsPipe, push, onEnd);
}

/** Returns when the worker has all of them: whatever comes next in this thread, these are told. */
export function writeScores(head: ScoresHead, lines: readonly string[]): void {
  const bytes = Buffer.from(`${[JSON.stringify(head), ...lines].join('\n')}\n`);
  for (let at = 0; at < bytes.length;) at += write(scoresPipe, bytes, at);
}
