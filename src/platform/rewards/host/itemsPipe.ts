import { readSync } from 'node:fs';

/** The descriptor, in the process of a reward, of the pipe on which items come in bytes: messages between processes and threads would copy them four times. */
export const itemsPipe = 4;

const read = readSync; // a reward may set another on the module
let space = Buffer.alloc(0);

/** The next bytes of the pipe, there until the next call. Waits for them; throws where the pipe is closed. */
export function readPipe(count: number): Buffer {
  if (space.length < count) space = Buffer.alloc(Math.max(count, 2 ** 18));
  for (let at = 0; at < count;) {
    const more = read(itemsPipe, space, at, count - at, null);
    if (more === 0) throw new Error('The pipe of the items has ended.');
    at += more;
  }
  return space.subarray(0, count);
}
