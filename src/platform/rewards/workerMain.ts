import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf } from '../../core/errors';
import { BoundedPrint } from './boundedPrint';
import type { Reply, Request } from './protocol';
import { errorOf, Supervisor } from './supervisor';

// dist/rewardWorker.js: the protocol on stdin and stdout, one JSON object a line. Nothing else is ever written to stdout.
const printed = new BoundedPrint(text => process.stderr.write(text));
const supervisor = new Supervisor(
  {
    thread: path.join(__dirname, 'rewardThread.js'),
    api: path.join(__dirname, 'rewardApi.js'),
    python: path.join(__dirname, '..', 'trainer', 'pebr_trainer', 'reward_worker.py'),
  },
  text => printed.print(text),
);

function send(reply: Reply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

async function receive(line: string): Promise<void> {
  let request: Request;
  try {
    request = JSON.parse(line) as Request;
  } catch (error) {
    send({ id: null, error: { message: `This line is no JSON (${messageOf(error)}): ${line.slice(0, 80)}` } });
    return;
  }
  printed.reset();
  try {
    send({ id: request.id, result: await supervisor.answer(request) });
  } catch (error) {
    send({ id: request.id, error: errorOf(error) });
  }
}

createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on('line', line => {
    if (line.trim() !== '') void receive(line);
  })
  .on('close', () => {
    supervisor.dispose();
    process.exit(0); // whoever asked has gone
  });
