import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** Reads what an inherited pipe brings, in pieces as large as a batch: each piece costs a turn of the event loop. Nothing is emitted that other code could listen to. */
export function readSocket(fd: number, onChunk: (chunk: Buffer) => void, onEnd: () => void): void {
  const space = Buffer.alloc(2 ** 18);
  const onread: OnReadOpts = {
    buffer: space,
    callback: count => {
      onChunk(Buffer.from(space.subarray(0, count)));
      return true;
    },
  };
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = { fd, readable: true, writable: false, onread };
  new Socket(options).on('error', onEnd).on('close', onEnd);
}
