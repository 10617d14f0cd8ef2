import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { AppError, messageOf } from '../../core/errors';
import type { Problem } from '../../core/problem';
import { parseStoredResponses, type StoredResponse } from '../../core/rollouts/storedResponse';

/** Folder that holds the fresh responses of a project. */
function responsesFolderOf(projectFolder: string): string {
  return path.join(projectFolder, '.pebr', 'responses');
}

/** Absolute paths of a project's files of fresh responses, the newest first (their names begin with the time). */
export async function listResponseFiles(projectFolder: string): Promise<readonly string[]> {
  const folder = responsesFolderOf(projectFolder);
  try {
    const names = await readdir(folder);
    return names.filter(name => name.endsWith('.jsonl')).sort((a, b) => b.localeCompare(a)).map(name => path.join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // none was sampled yet
    throw error;
  }
}

export interface ResponseFile {
  readonly responses: readonly StoredResponse[];
  readonly problems: readonly Problem[];
}

/** Reads a file of responses until `limit` are reached. Lines that cannot be read are problems; a file that cannot be opened throws. */
export async function readResponseFile(file: string, limit: number): Promise<ResponseFile> {
  const responses: StoredResponse[] = [];
  const problems: Problem[] = [];
  const next = new Map<string, number>();
  let line = 0;
  const stream = createReadStream(file, 'utf8');
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line++;
      if (text.trim() === '') continue;
      const { value, fault } = parseStoredResponses(line === 1 ? text.replace(/^\uFEFF/, '') : text);
      if (!value) problems.push({ severity: 'warning', rule: 'responses/malformed-line', file, line, message: fault ?? '', remedy: 'Correct the line; the others are scored.' });
      for (const response of value ?? []) {
        const key = `${response.dataset ?? ''}\0${response.qid}`;
        const index = next.get(key) ?? 0; // files of other tools repeat the id and count nothing
        next.set(key, index + 1);
        responses.push({ ...response, index });
      }
      if (responses.length >= limit) break;
    }
  } catch (error) {
    throw new AppError('dataset.unreadable', { file, reason: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : messageOf(error) }, { cause: error });
  } finally {
    stream.destroy();
  }
  return { responses: responses.slice(0, limit), problems };
}

/** One line of `.pebr/responses/<stamp>-<policy>.jsonl`. */
export interface FreshLine {
  readonly dataset: string;
  readonly qid: string;
  readonly index: number;
  readonly response: string;
  readonly tokens?: number;
  readonly finish: string;
  readonly policy: string;
}

/** Appends fresh responses line by line, so that a cancelled sampling keeps what it had. */
export class ResponseWriter {
  private constructor(
    readonly file: string,
    private readonly stream: WriteStream,
  ) {}

  /** `name` without a folder or ending. */
  static async open(projectFolder: string, name: string): Promise<ResponseWriter> {
    const folder = responsesFolderOf(projectFolder);
    const file = path.join(folder, `${name}.jsonl`);
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
    }
    return new ResponseWriter(file, createWriteStream(file, { flags: 'a' }));
  }

  write(line: FreshLine): void {
    this.stream.write(`${JSON.stringify({ v: 1, ...line })}\n`);
  }

  /** Rejects with `file.unwritable` where something could not be written. */
  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stream.once('error', error => reject(new AppError('file.unwritable', { file: this.file, reason: error.message })));
      this.stream.end(() => resolve());
    });
  }
}
