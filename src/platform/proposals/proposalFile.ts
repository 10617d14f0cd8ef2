import { appendFile, mkdir, open } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import type { Problem } from '../../core/problem';
import { modelName, type ProposalModel, type SampleProposals } from '../../core/proposals/proposal';
import { parseProposalLine, printProposalModel, printSampleProposals } from '../../core/proposals/proposalLine';
import { byteLines } from '../dataset/byteLines';
import { replaceFile } from '../dataset/replaceFile';

/** Where what a model proposed for a dataset is kept. */
export function proposalFilePath(projectFolder: string, dataset: string, model: ProposalModel): string {
  return path.join(projectFolder, '.pebr', 'proposals', `${modelName(dataset)}.${model.name}.jsonl`);
}

/** What one model proposed for the samples of a dataset, in memory and in its file. */
export class ProposalFile {
  /** Lines that could not be read; they are written no more when the file is next begun anew. */
  readonly problems: Problem[] = [];
  private readonly samples = new Map<string, SampleProposals>();
  private isBegun = false;
  private endsInLine = true;
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly file: string,
    readonly model: ProposalModel,
  ) {}

  /** What another version of the model proposed counts for nothing. No file is an empty one. Throws `dataset.unreadable`. */
  static async open(file: string, model: ProposalModel): Promise<ProposalFile> {
    const opened = new ProposalFile(file, model);
    await opened.read();
    return opened;
  }

  of(qid: string): SampleProposals | undefined {
    return this.samples.get(qid);
  }

  all(): IterableIterator<SampleProposals> {
    return this.samples.values();
  }

  get size(): number {
    return this.samples.size;
  }

  /** Keeps what was proposed for a sample, in place of what was proposed before. Throws `file.unwritable`. */
  add(sample: SampleProposals): Promise<void> {
    this.samples.set(sample.qid, sample);
    const written = this.writing.then(() => this.write(sample));
    this.writing = written.catch(() => undefined); // told to the caller
    return written;
  }

  private async write(sample: SampleProposals): Promise<void> {
    const line = `${printSampleProposals(sample)}\n`;
    try {
      await mkdir(path.dirname(this.file), { recursive: true });
      if (this.isBegun) await appendFile(this.file, this.endsInLine ? line : `\n${line}`);
      else await replaceFile(this.file, async handle => void (await handle.writeFile(`${printProposalModel(this.model)}\n${line}`)));
      this.isBegun = this.endsInLine = true;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('file.unwritable', { file: this.file, reason: messageOf(error) }, { cause: error });
    }
  }

  private async read(): Promise<void> {
    try {
      this.endsInLine = await endsInLine(this.file);
      for await (const lines of byteLines(this.file)) {
        for (const { line, bytes } of lines) {
          const { value, fault } = parseProposalLine(bytes.toString('utf8'));
          if (!value) {
            this.problems.push({ severity: 'warning', rule: 'proposals/malformed-line', file: this.file, line, message: fault, remedy: 'Delete the line, or the file: what it says can be proposed again.' });
          } else if (value.kind === 'model') {
            this.isBegun = value.model.hash === this.model.hash;
            if (!this.isBegun) return this.samples.clear(); // another version proposed all of it
          } else if (this.isBegun) this.samples.set(value.sample.qid, value.sample);
        }
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new AppError('dataset.unreadable', { file: this.file, reason: messageOf(error) }, { cause: error });
    }
  }
}

/** Whether the next line can simply be appended: a writer that was killed leaves half of one. */
async function endsInLine(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    return size === 0 || (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] === 0x0a;
  } finally {
    await handle.close();
  }
}
