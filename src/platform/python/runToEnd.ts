import { spawn } from 'node:child_process';
import { messageOf } from '../../core/errors';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it gave no answer: could not be started, took too long, was cancelled. */
  readonly failure?: string;
}

export interface EndOptions {
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

const maxText = 1 << 20;

/** Runs a program to its end and keeps what it said (the last megabyte). Never throws: what went wrong is in the result. */
export function runToEnd(program: string, args: readonly string[], options: EndOptions = {}): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(program, args, {
      cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true,
      detached: process.platform !== 'win32', // its own group, so that its children end with it
    });
    let stdout = '';
    let stderr = '';
    let partial = '';
    let failure: string | undefined;
    const end = (reason: string): void => {
      failure ??= reason;
      if (child.pid === undefined) return;
      try {
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL'); // the group is gone already
      }
    };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => end(`It gave no answer within ${(options.timeoutMs ?? 0) / 1000} s.`), options.timeoutMs);
    const abort = (): void => end('It was cancelled.');
    options.signal?.addEventListener('abort', abort, { once: true });
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      if (partial) options.onLine?.(partial);
      resolve({ code, stdout, stderr, failure });
    };
    const lines = (text: string): void => {
      const parts = (partial + text).split(/\r\n|\n|\r/);
      partial = parts.pop() ?? '';
      for (const line of parts) options.onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-maxText);
      lines(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-maxText);
      lines(text);
    });
    child.once('error', error => {
      failure ??= `It cannot be started: ${messageOf(error)}`;
      if (child.pid === undefined) settle(null);
    });
    child.once('close', settle);
  });
}
