import { type ChildProcess, spawn } from 'node:child_process';
import * as path from 'node:path';
import { AppError } from '../../core/errors';
import type { ProposalModel } from '../../core/proposals/proposal';
import { readLines } from '../rewards/readLines';
import type { DetectorAnswer, DetectorError } from './detectorProtocol';
import type { Proposer, ProposalReply, ProposalRequest } from './proposer';

interface Open {
  resolve(reply: ProposalReply): void;
  reject(error: Error): void;
}

/** For one picture; a model that takes longer hangs. */
const deadlineMs = 120_000;

/** A detector in a process of its own: its model is loaded once, and neither its time nor its crash is that of whoever asks. */
export class DetectorProposer implements Proposer {
  readonly concurrency = 2; // the next picture waits in the process
  private readonly open = new Map<number, Open>();
  private nextId = 1;
  private last = '';
  private ended: AppError | undefined;

  private constructor(
    readonly model: ProposalModel,
    private readonly child: ChildProcess,
  ) {}

  /** Whether it cannot answer any more; another one has to be started. */
  get isLost(): boolean {
    return this.ended !== undefined;
  }

  /** `dist`: folder of the bundles. Throws `detector.unusable`, `detector.lost`, or what the signal says. */
  static async start(folder: string, dist: string, signal?: AbortSignal): Promise<DetectorProposer> {
    const isElectron = process.versions['electron'] !== undefined;
    const child = spawn(process.execPath, ['--no-warnings', path.join(dist, 'detector.js'), folder], {
      env: { ...process.env, ...(isElectron && { ELECTRON_RUN_AS_NODE: '1' }) }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true,
    });
    const stop = (): void => void child.kill();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise<DetectorProposer>((resolve, reject) => {
        let proposer: DetectorProposer | undefined;
        let last = '';
        child.stdin?.on('error', () => undefined); // it is gone; `close` follows and tells
        child.stderr?.setEncoding('utf8').on('data', (text: string) => (last = text.trim() || last));
        child.on('error', error => reject(new AppError('detector.lost', { reason: error.message })));
        child.on('close', (code, end) => {
          const lost = new AppError('detector.lost', { reason: `${end ?? `code ${code}`}${last ? `: ${last.slice(-300)}` : ''}` });
          proposer?.lost(lost);
          reject(lost);
        });
        if (child.stdout) readLines(child.stdout, line => {
          const answer = JSON.parse(line.toString('utf8')) as DetectorAnswer;
          if ('ready' in answer) resolve((proposer = new DetectorProposer(answer.ready, child)));
          else if (proposer) proposer.receive(answer);
          else if ('error' in answer) reject(failureOf(answer.error));
        });
      });
    } catch (error) {
      child.kill();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  propose(request: ProposalRequest, signal: AbortSignal): Promise<ProposalReply> {
    signal.throwIfAborted();
    const id = this.nextId++;
    let timer: NodeJS.Timeout | undefined;
    let cancel: (() => void) | undefined;
    return new Promise<ProposalReply>((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      cancel = () => reject(signal.reason as Error); // the picture is finished and its answer dropped
      signal.addEventListener('abort', cancel, { once: true });
      timer = setTimeout(() => {
        this.last = `no answer about ${path.basename(request.image)} within ${deadlineMs / 1000} s`;
        this.child.kill('SIGKILL');
      }, deadlineMs);
      this.open.set(id, { resolve, reject });
      this.child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
    }).finally(() => {
      clearTimeout(timer);
      this.open.delete(id);
      if (cancel) signal.removeEventListener('abort', cancel);
    });
  }

  dispose(): void {
    this.lost(new AppError('detector.lost', { reason: 'it was closed' }));
    this.child.kill();
  }

  private receive(answer: Exclude<DetectorAnswer, { ready: unknown }>): void {
    const waiting = this.open.get(answer.id ?? -1);
    if ('error' in answer) waiting?.reject(failureOf(answer.error));
    else waiting?.resolve(answer.reply);
  }

  private lost(error: AppError): void {
    this.ended ??= this.last === '' ? error : new AppError('detector.lost', { reason: this.last });
    for (const { reject } of [...this.open.values()]) reject(this.ended);
  }
}

function failureOf({ code, details, message }: DetectorError): Error {
  return code && details ? new AppError(code, details) : new Error(message);
}
