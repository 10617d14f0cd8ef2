import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import { BoundedPrint } from './boundedPrint';
import type { Request, WorkerError } from './protocol';
import { type RawItems, splitItems } from './rawItems';
import { readLines } from './readLines';
import { errorOf, Supervisor } from './supervisor';

// dist/rewardWorker.js: the protocol on stdin and stdout, one JSON object a line. Nothing else is ever written to stdout.
const printed = new BoundedPrint(text => process.stderr.write(text));
const supervisor = new Supervisor(
  {
    host: path.join(__dirname, 'rewardHost.js'),
    keepSpare: process.argv.includes('--keep-spare'),
    python: path.join(__dirname, '..', 'trainer', 'pebr_trainer', 'reward_worker.py'),
  },
  text => printed.print(text),
);

function fail(id: number | null, error: WorkerError): void {
  process.stdout.write(`${JSON.stringify({ id, error })}\n`);
}

async function receive(line: Buffer): Promise<void> {
  let request: Request;
  let items: RawItems | undefined;
  try {
    const split = splitItems(line);
    items = split?.items;
    request = (split?.request ?? JSON.parse(line.toString('utf8'))) as Request;
  } catch (error) {
    fail(null, { message: `This line is no JSON (${messageOf(error)}): ${line.toString('utf8', 0, 80)}` });
    return;
  }
  printed.reset();
  try {
    const result = await supervisor.answer(request, items);
    process.stdout.write(`{"id":${JSON.stringify(request.id)},"result":${result}}\n`);
  } catch (error) {
    fail(request.id, errorOf(error));
  }
}

readLines(process.stdin, line => {
  if (line.some(byte => byte > 0x20)) void receive(line);
});
process.stdin.on('close', () => {
  supervisor.dispose();
  process.exit(0); // whoever asked has gone
});
