import { parentPort, workerData } from 'node:worker_threads';
import { ChunkLinter, type ChunkRules, type ChunkTask } from './lintChunk';

/** A thread of its own that checks parts of an open file as it is told: `dist/lintThread.js`. */
const { rules, file } = workerData as { readonly rules: ChunkRules; readonly file: number };
const linter = new ChunkLinter(rules);

parentPort?.on('message', (task: ChunkTask) => {
  const found = linter.lint(file, task);
  const { marks, qids, rowLines, starts, ends, questions, images, imageRows } = found;
  parentPort?.postMessage(found, [marks.rows.buffer, marks.codes.buffer, qids.buffer, rowLines.buffer, starts.buffer, ends.buffer, questions.buffer, images.buffer, imageRows.buffer] as ArrayBuffer[]);
});
