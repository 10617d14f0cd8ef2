import { hostProcesses } from './host/firstProcess';
import { fstatSync } from 'node:fs';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import { BoundedPrint } from './boundedPrint';
import type { Request, WorkerError } from './protocol';
import { splitItems } from './rawItems';
import { type Following, splitLines } from './readLines';
import { readSocket } from './readSocket';
import { errorOf, Supervisor } from './supervisor';

// dist/rewardWorker.js: the protocol on stdin and stdout, one JSON object a line. Nothing else is ever written to stdout.
const printed = new BoundedPrint(text => process.stderr.write(text));
const closing = Buffer.from('}\n');
const supervisor = new Supervisor(
  { processes: hostProcesses, python: path.join(__dirname, '..', 'trainer', 'pebr_trainer', 'reward_worker.py') },
  text => printed.print(text),
);

function fail(id: number | null, error: WorkerError): void {
  process.stdout.write(`${JSON.stringify({ id, error })}\n`);
}

/** A request, and what stands after its line. */
function receive(line: Buffer): Following | undefined {
  try {
    const split = splitItems(line);
    const request = (split?.request ?? JSON.parse(line.toString('utf8'))) as Request;
    const take = (texts?: readonly Buffer[]): void => void answer(request, split?.items, texts);
    if (request.bytes !== undefined) return { bytes: request.bytes, take };
    take();
  } catch (error) {
    fail(null, { message: `This line is no JSON (${messageOf(error)}): ${line.toString('utf8', 0, 80)}` });
  }
  return undefined;
}

async function answer(request: Request, items: Buffer | undefined, texts: readonly Buffer[] | undefined): Promise<void> {
  printed.reset();
  try {
    const result = await supervisor.answer(request, items, texts);
    process.stdout.write(Buffer.concat([Buffer.from(`{"id":${JSON.stringify(request.id)},"result":`), result, closing]));
  } catch (error) {
    fail(request.id, errorOf(error));
  }
}

const push = splitLines(line => (line.some(byte => byte > 0x20) ? receive(line) : undefined));
const end = (): void => {
  supervisor.dispose();
  process.exit(0); // whoever asked has gone
};
const input = fstatSync(0);
if (input.isFIFO() || input.isSocket()) readSocket(0, push, end);
else process.stdin.on('data', push).on('close', end);
