import * as path from 'node:path';
import { BoundedPrint } from '../boundedPrint';
import type { FromHost, ToHost } from './hostMessages';
import type { FromThread, Loaded } from '../thread/threadMessages';
import { WatchedThread } from './watchedThread';

// dist/rewardHost.js MEMORY_MB: the process that holds one TypeScript or JavaScript reward. The reward runs in a thread of it; whatever it does to the process
// (native memory, a crash of the engine) ends this process alone. Started by hostRuntime.ts, which it answers over the channel between parent and child.
const send = (message: FromHost): void => void process.send?.(message);
const printed = new BoundedPrint(text => send({ kind: 'print', text }));
/** What was done when it printed last: each run may print its share. */
let printedAfter = 0;
/** The run that is watched. */
let watched: number | undefined;
function print(text: string): void {
  if (thread.lastDone !== printedAfter) printed.reset();
  printedAfter = thread.lastDone;
  printed.print(text);
}

const thread: WatchedThread = new WatchedThread({
  script: path.join(__dirname, 'rewardThread.js'),
  api: path.join(__dirname, 'rewardApi.js'),
  memoryMb: Number(process.argv[2]),
  onMessage: message => {
    if (message.kind === 'similarities') send(message);
    else if (message.kind === 'stray') print(`A promise or timer of the reward failed${message.qid === undefined ? '' : ` (sample ${message.qid})`}: ${message.error.stack ?? message.error.message}\n`);
  },
  onEnding: (outcome, leftMs) => {
    if (watched !== undefined) send({ kind: 'ending', run: watched, outcome, leftMs });
  },
  onGone: (error, blame) => send({ kind: 'gone', error, ...blame }),
  print,
});

/** Starting the thread and transpiling count towards the deadline of loading; this is their allowance on a busy machine. */
const startAllowanceMs = 3000;

async function load({ path: file, source, deadlineMs }: ToHost & { readonly kind: 'load' }): Promise<void> {
  let answer: Loaded | (FromThread & { readonly kind: 'notLoaded' }) | undefined;
  thread.files = [file];
  const outcome = await thread.run({ kind: 'load', path: file, source }, deadlineMs + startAllowanceMs, deadlineMs, message => {
    if (message.kind === 'loaded' || message.kind === 'notLoaded') answer = message;
    return answer !== undefined;
  });
  if (outcome.kind !== 'done') return send({ kind: 'notLoaded', error: { file, ...outcome.error } });
  if (answer) thread.files = answer.files;
  if (answer) send(answer.kind === 'loaded' ? answer : { kind: 'notLoaded', error: { file, ...answer.error } });
}

/** The thread takes the items and gives the scores itself; here it is only told when that goes wrong. */
async function watch({ run, deadlineMs }: ToHost & { readonly kind: 'watch' }): Promise<void> {
  watched = run;
  const outcome = await thread.watch(run, deadlineMs);
  watched = undefined;
  if (outcome.kind !== 'done') send({ kind: 'outcome', run, outcome });
}

let running = Promise.resolve();
process.on('message', (message: ToHost) => {
  if (message.kind === 'similarities') return thread.answer(message);
  if (message.kind === 'warmUp') return thread.tell(message);
  running = running.then(() => (message.kind === 'load' ? load(message) : watch(message)));
});
process.on('disconnect', () => process.exit(0)); // whoever asked has gone
