import { parentPort } from 'node:worker_threads';
import { SmallFileMaker, unpackFiles } from './smallFileMaker';

/** A thread of its own that makes files as it is told: `dist/smallFilesThread.js`. */
const maker = new SmallFileMaker();

parentPort?.on('message', (packed: string) => parentPort?.postMessage(maker.make(unpackFiles(packed))));
