import { readdir, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { replayJournal, type ReplayedJournal } from '../../core/labels/journalLine';
import { parseJsonObject } from '../../core/parsedLine';
import { livenessOf, type TrainerProcess } from '../runs/trainerProcess';
import { byteLines } from './byteLines';
import { journalPrefix } from './editJournal';

/** How long an earlier process of a window that is reloaded may take to end. */
const longestGoodbyeMs = 3000;
const lookAgainMs = 100;

/** A journal that a process which is gone left behind. */
export interface LeftJournal {
  /** Paths of it, and of older ones that it has everything of. */
  readonly journals: readonly string[];
  readonly edits: ReplayedJournal;
}

/**
 * The newest journal of a file that no running process writes, one with something unsaved before others. An earlier process of a reloaded window may just be ending: that is waited for, for a moment.
 * `current` is the version that the file has now.
 */
export async function readLeftJournal(folder: string, file: string, current: string): Promise<LeftJournal | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter(name => name.startsWith(journalPrefix(file)) && name.endsWith('.jsonl'));
  const found = (await Promise.all(names.map(async name => ({ name, ...(await readJournal(path.join(folder, name))) })))).filter(({ lines }) => lines.length > 0);
  const superseded = new Set(found.flatMap(({ lines }) => headerOf(lines).has ?? []));
  const left: { readonly names: readonly string[]; readonly edits: ReplayedJournal }[] = [];
  for (const { name, lines } of found.filter(each => !superseded.has(each.name)).sort((a, b) => b.time - a.time)) {
    const { process: owner, has = [] } = headerOf(lines);
    const edits = (await isLeft(owner)) ? replayJournal(lines, current) : undefined;
    if (edits) left.push({ names: [name, ...has.filter(each => names.includes(each))], edits });
  }
  const chosen = left.find(({ edits }) => hasUnsaved(edits)) ?? left[0];
  if (!chosen) return undefined;
  const over = left.filter(each => each === chosen || !hasUnsaved(each.edits)); // histories of windows that were closed before
  return { journals: over.flatMap(each => each.names).map(name => path.join(folder, name)), edits: chosen.edits };
}

function hasUnsaved({ rows, samples, layers }: ReplayedJournal): boolean {
  return rows.length + samples.length + layers.length > 0;
}

async function readJournal(journal: string): Promise<{ readonly time: number; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  try {
    for await (const batch of byteLines(journal)) for (const { bytes } of batch) lines.push(bytes.toString('utf8'));
    return { time: (await stat(journal)).mtimeMs, lines };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { time: 0, lines: [] }; // a document was just closed in another window
  }
}

export async function removeJournals(journals: readonly string[]): Promise<void> {
  for (const journal of journals) await rm(journal, { force: true });
}

/** Whether nobody writes a journal any more. */
async function isLeft(owner: TrainerProcess | undefined): Promise<boolean> {
  if (!owner) return true; // the document was closed
  if (owner.pid === process.pid) return false; // of a document that is open here, or closing
  const deadline = Date.now() + longestGoodbyeMs;
  while ((await livenessOf(owner)) === 'alive') {
    if (Date.now() > deadline) return false; // another window, with the file open
    await new Promise(resolve => setTimeout(resolve, lookAgainMs));
  }
  return true;
}

function headerOf([line = '']: readonly string[]): { readonly process?: TrainerProcess; readonly has?: readonly string[] } {
  return (parseJsonObject(line).value as ReturnType<typeof headerOf> | undefined) ?? {};
}
