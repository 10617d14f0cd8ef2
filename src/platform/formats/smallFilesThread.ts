import { parentPort } from 'node:worker_threads';
import { type SmallFile, SmallFileMaker } from './smallFileMaker';

/** A thread of its own that makes files as it is told: `dist/smallFilesThread.js`. */
const maker = new SmallFileMaker();

parentPort?.on('message', (files: readonly SmallFile[]) => parentPort?.postMessage(maker.make(files)));
