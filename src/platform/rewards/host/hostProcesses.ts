import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { ToHost } from './hostMessages';
import { type ItemsHead, itemsPipe, scoresPipe } from './pipes';
import type { RawItems } from '../rawItems';

/** How long after a reward was loaded the process for the next one is started: not while the first waits for its scores. */
const spareAfterMs = 400;

/** Starts the processes that hold rewards; keeps one ready where asked to, so that a reward that is saved and loaded again need not wait for Node to start. */
export class HostProcesses {
  private spare: { readonly child: ChildProcess; readonly memoryMb: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isDisposed = false;

  /** `script` is `dist/rewardHost.js`. */
  constructor(
    private readonly script: string,
    private readonly keepSpare: boolean,
  ) {}

  /** Starts the process of the first reward while this one is still getting ready to be asked for it. */
  startFirst(memoryMb: number): void {
    this.spare = { child: this.start(memoryMb), memoryMb };
    this.spare.child.on('error', () => (this.spare = undefined)); // taking another then tells why
  }

  /** Nobody needs the process that was started ahead, as it seems. */
  dismiss(): void {
    if (this.keepSpare) return;
    this.spare?.child.kill('SIGKILL');
    this.spare = undefined;
  }

  take(memoryMb: number): ChildProcess {
    const { spare } = this;
    this.spare = undefined;
    clearTimeout(this.timer);
    if (this.keepSpare && !this.isDisposed) this.timer = setTimeout(() => this.prepare(memoryMb), spareAfterMs);
    if (spare?.memoryMb === memoryMb && spare.child.connected) return spare.child;
    spare?.child.kill('SIGKILL');
    return this.start(memoryMb);
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    this.spare?.child.kill('SIGKILL');
  }

  private prepare(memoryMb: number): void {
    this.startFirst(memoryMb);
    const message: ToHost = { kind: 'warmUp' };
    this.spare?.child.send(message, () => undefined);
  }

  /** One thread works, so one collects: helpers would wait for processors that the trainer needs. With the flags of this process, so that the permission model holds there too, but without the right to start processes. */
  private start(memoryMb: number): ChildProcess {
    const execArgv = process.execArgv.filter(flag => flag !== '--no-warnings' && flag !== '--allow-child-process' && !flag.startsWith('--inspect'));
    const child = spawn(process.execPath, ['--no-warnings', '--single-threaded-gc', ...execArgv, this.script, String(memoryMb)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'], serialization: 'advanced', windowsHide: true });
    for (const pipe of pipesOf(child)) pipe.on('error', () => undefined); // it is gone; `close` follows and tells
    return child;
  }
}

/** Puts the items of a run on their pipe, in one go. */
export function writeItems(child: ChildProcess, run: number, { json, texts }: RawItems): void {
  const [pipe] = pipesOf(child);
  const head: ItemsHead = { run, jsonBytes: json.length, textBytes: texts.reduce((sum, { length }) => sum + length, 0) };
  pipe.cork();
  for (const part of [`${JSON.stringify(head)}\n`, json, ...texts]) pipe.write(part);
  pipe.uncork();
}

/** The worker's ends of the pipes to the reward's thread: for items, and for scores. */
export function pipesOf({ stdio }: ChildProcess): readonly [items: Duplex, scores: Duplex] {
  return [stdio[itemsPipe] as Duplex, stdio[scoresPipe as number] as Duplex];
}
