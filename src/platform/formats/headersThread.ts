import { parentPort } from 'node:worker_threads';
import { headerOrReason } from './imageHeaders';
import { packHeaders } from './packedHeaders';

/** A thread of its own that reads headers of images: `dist/headersThread.js`. */
parentPort?.on('message', (files: string) => {
  const packed = packHeaders(files.split('\0').map(headerOrReason));
  parentPort?.postMessage(packed, [packed.numbers.buffer]);
});
