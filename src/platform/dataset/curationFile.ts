import { open, rm, stat } from 'node:fs/promises';
import { type Curation, isSameCuration, untouched } from '../../core/curation/curation';
import { type CurationRecord, parseCuration, printCuration } from '../../core/curation/curationLine';
import { AppError, messageOf } from '../../core/errors';
import type { Parsed } from '../../core/parsedLine';
import type { Problem } from '../../core/problem';
import { BufferedWriter } from './bufferedWriter';
import { type ByteLine, byteLines } from './byteLines';
import { replaceFile } from './replaceFile';

const mostShared = 10_000;

/** Where what people decided about the samples of a dataset file stands. */
export function curationFile(datasetFile: string): string {
  return `${datasetFile}.curation.jsonl`;
}

export interface CurationFile {
  /** By qid; samples that nobody touched are not here. */
  readonly records: ReadonlyMap<string, Curation>;
  readonly problems: readonly Problem[];
}

/** Reads a curation file line by line. No file is no problem: nothing was decided yet. Of two lines for one sample the last counts. */
export async function readCuration(file: string): Promise<CurationFile> {
  const records = new Map<string, Curation>();
  const problems: Problem[] = [];
  const known = new Map<string, Curation>();
  const problem = (line: number, rule: string, message: string, remedy: string): void => {
    problems.push({ severity: 'warning', rule, file, line, message, remedy });
  };
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      const { value, fault } = parse(line);
      if (!value) {
        problem(line.line, 'curation/malformed-line', fault, 'Correct or delete the line; it is kept as it is until then.');
        continue;
      }
      if (records.has(value.qid)) problem(line.line, 'curation/repeated-qid', `There is an earlier line for ${value.qid}; this one counts.`, 'Delete one of the two.');
      records.set(value.qid, shared(known, value.curation));
    }
  }
  return { records, problems };
}

/**
 * Writes what changed about samples into a curation file: their lines are written anew, lines of samples that are untouched again go, every other line stays
 * as it is, readable or not. A file in the order of its qids stays so. Atomic; a file without lines is removed. Throws `file.unwritable`.
 */
export async function saveCuration(file: string, changed: ReadonlyMap<string, Curation>, date: string): Promise<void> {
  if (changed.size === 0) return;
  const { qids, lastLine, lineEnd } = await scan(file, changed);
  const isSorted = qids.every((qid, index) => index === 0 || (qids[index - 1] as string) <= qid);
  const added = [...changed.keys()].filter(qid => !lastLine.has(qid) && !isUntouched(changed.get(qid))).sort((a, b) => (a < b ? -1 : 1));
  const end = Buffer.from(lineEnd);
  let next = 0;
  await replaceFile(file, async handle => {
    const writer = new BufferedWriter(handle);
    const print = (qid: string, before?: ByteLine): Promise<void> | undefined =>
      writer.write(`${printCuration({ qid, curation: changed.get(qid) ?? untouched }, date, before?.bytes.toString('utf8'))}${lineEnd}`);
    for await (const lines of linesOf(file)) {
      for (const line of lines) {
        const qid = parse(line).value?.qid;
        while (isSorted && qid !== undefined && (added[next] ?? qid) < qid) await print(added[next++] as string);
        if (qid === undefined || !changed.has(qid)) {
          await writer.write(line.bytes);
          await writer.write(end);
        } else if (lastLine.get(qid) === line.line && !isUntouched(changed.get(qid))) await print(qid, line);
      }
    }
    while (next < added.length) await print(added[next++] as string);
    await writer.flush();
  });
  if ((await stat(file)).size === 0) await rm(file, { force: true });
}

interface Scan {
  /** Of every readable line. */
  readonly qids: readonly string[];
  /** The line that counts of each changed sample. */
  readonly lastLine: ReadonlyMap<string, number>;
  readonly lineEnd: string;
}

async function scan(file: string, changed: ReadonlyMap<string, Curation>): Promise<Scan> {
  const qids: string[] = [];
  const lastLine = new Map<string, number>();
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      const qid = parse(line).value?.qid;
      if (qid === undefined) continue;
      qids.push(qid);
      if (changed.has(qid)) lastLine.set(qid, line.line);
    }
  }
  return { qids, lastLine, lineEnd: await lineEndOf(file) };
}

/** As the first line ends, so that a file that git gave Windows line ends keeps them. */
async function lineEndOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '\n';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
    return end > 0 && buffer[end - 1] === 0x0d ? '\r\n' : '\n';
  } finally {
    await handle.close();
  }
}

function isUntouched(curation: Curation | undefined): boolean {
  return curation === undefined || isSameCuration(curation, untouched);
}

/** Samples that were decided alike share one object: a million tagged samples are a million keys and one value. */
function shared(known: Map<string, Curation>, curation: Curation): Curation {
  const key = JSON.stringify(curation);
  const same = known.get(key) ?? curation;
  if (known.size < mostShared) known.set(key, same);
  return same;
}

/** The lines that are not blank; none where there is no file. */
async function* linesOf(file: string): AsyncGenerator<readonly ByteLine[]> {
  try {
    yield* byteLines(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new AppError('dataset.unreadable', { file, reason: messageOf(error) }, { cause: error });
  }
}

function parse(line: ByteLine): Parsed<CurationRecord> {
  return parseCuration(line.bytes.toString('utf8'));
}
