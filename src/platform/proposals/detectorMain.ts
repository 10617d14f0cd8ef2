import { AppError, messageOf } from '../../core/errors';
import { readLines } from '../rewards/readLines';
import { Detector } from './detector';
import type { DetectorAnswer, DetectorError, DetectorQuestion } from './detectorProtocol';

// dist/detector.js FOLDER: questions on stdin, answers on stdout, one JSON object a line, each question in its turn.
function say(answer: DetectorAnswer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function errorOf(error: unknown): DetectorError {
  return { message: messageOf(error), ...(error instanceof AppError && { code: error.code, details: error.details }) };
}

const opened = Detector.open(process.argv[2] ?? '');
opened.then(detector => say({ ready: detector.described.model }), (error: unknown) => say({ id: null, error: errorOf(error) }));

let queue: Promise<unknown> = opened.catch(() => undefined);
readLines(process.stdin, line => {
  const { id, ...request } = JSON.parse(line.toString('utf8')) as DetectorQuestion;
  queue = queue.then(async () => {
    try {
      say({ id, reply: await (await opened).detect(request) });
    } catch (error) {
      say({ id, error: errorOf(error) });
    }
  });
});
process.stdin.on('close', () => process.exit(0)); // whoever asked has gone
