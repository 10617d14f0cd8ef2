import { appendFile, copyFile, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../core/errors';
import { parseJsonObject } from '../../core/parsedLine';
import type { Problem } from '../../core/problem';
import { readEasyR1Log } from '../../core/rollouts/readers/easyR1Log';
import type { ForeignRollout } from '../../core/rollouts/readers/foreignRollout';
import { ForeignGroups, type SampleMatcher } from '../../core/rollouts/readers/groupForeign';
import { recordReaders, rolloutFormats } from '../../core/rollouts/readers/rolloutFormats';
import { withDuckDb } from '../duckdb/openDuckDb';
import { sqlText } from '../../core/query/sqlLiteral';
import { LineTail } from '../runs/lineTail';
import { type ForeignFile, foreignFiles } from './foreignFiles';
import { type RolloutSource, sourceFile } from './rolloutSource';

const mostProblems = 100;
const mostLogBytes = 1 << 29;
const remedy = 'The other rollouts are shown. Nothing has to be done if the trainer was stopped at that moment; otherwise look at the line.';

export interface ForeignTarget {
  /** Folder that gets `rollouts/<stage>.jsonl` and `source.json`. */
  readonly folder: string;
  /** Id of the run in the records. */
  readonly run: string;
  /** False leaves `source.json` away: the folder is a run's own. */
  readonly isOwn: boolean;
  /** Stage that they are shown under; the name of the format where nothing is said. */
  readonly stage?: string;
  readonly match: SampleMatcher;
}

/** Rollouts that another tool writes, kept as records of ours beside it; `refresh` reads on. */
export class ForeignSource {
  private readonly tails = new Map<string, LineTail>();
  /** Blocks, or bytes, that are read of files that are read as a whole. */
  private readonly done = new Map<string, number>();
  private problems: Problem[] = [];
  private format: ForeignFile['format'] | undefined;
  private groups: ForeignGroups | undefined;
  private total = 0;

  private constructor(
    readonly place: string,
    private readonly target: ForeignTarget,
  ) {}

  /** Reads what there is; what the target had of it before is replaced. Throws `argument.invalid` where nothing is recognized. */
  static async open(place: string, target: ForeignTarget): Promise<ForeignSource> {
    const source = new ForeignSource(place, target);
    const [first] = await foreignFiles(place);
    source.format = first?.format;
    if (target.isOwn) await rm(path.join(target.folder, 'rollouts'), { recursive: true, force: true });
    await mkdir(path.join(target.folder, 'rollouts'), { recursive: true });
    if (source.format !== undefined && source.format !== 'own') source.groups = new ForeignGroups(target.run, target.stage ?? rolloutFormats[source.format].stage, target.match);
    await rm(source.file, { force: true });
    await source.refresh();
    return source;
  }

  /** The stage's file of the target. */
  get file(): string {
    const stage = this.format === 'own' || this.format === undefined ? path.basename(this.place, '.jsonl') : (this.target.stage ?? rolloutFormats[this.format].stage);
    return path.join(this.target.folder, 'rollouts', `${stage}.jsonl`);
  }

  get found(): { readonly rollouts: number; readonly unmatched: number; readonly problems: readonly Problem[] } {
    return { rollouts: this.total, unmatched: this.groups?.unmatched ?? 0, problems: this.problems };
  }

  /** Takes up what is new; tells whether anything was. */
  async refresh(): Promise<boolean> {
    let isChanged = false;
    for (const each of await foreignFiles(this.place)) {
      if (each.format !== this.format) this.tell({ file: each.file, message: `This file is of another kind (${each.format === 'own' ? 'our own' : rolloutFormats[each.format].label}) and is left out.` });
      else isChanged = (each.format === 'own' ? await this.link(each.file) : await this.read(each)) || isChanged;
    }
    if (this.target.isOwn) await writeFile(sourceFile(this.target.folder), `${JSON.stringify({ v: 1, ...this.info }, null, 2)}\n`);
    return isChanged;
  }

  private get info(): RolloutSource {
    const facts = this.format === undefined || this.format === 'own' ? undefined : rolloutFormats[this.format];
    const { unmatched } = this.found;
    const lost = unmatched > 0 ? [`${unmatched.toLocaleString('en')} of ${this.total.toLocaleString('en')} rollouts match no sample of a dataset: they have neither picture nor label.`] : [];
    return { source: this.place, name: `${path.basename(this.place)}${facts ? ` (${facts.label})` : ''}`, engine: facts?.engine ?? 'trl', lacks: [...(facts?.lacks ?? []), ...lost], problems: this.problems };
  }

  private async read({ file, format }: ForeignFile): Promise<boolean> {
    try {
      if (format === 'easyr1') return await this.readLog(file);
      return await (/\.parquet$/i.test(file) ? this.readParquet(file) : this.readLines(file));
    } catch (error) {
      this.tell({ file, message: messageOf(error).split('\n', 1)[0] ?? '' });
      return false;
    }
  }

  private async readLines(file: string): Promise<boolean> {
    const isNew = !this.tails.has(file);
    const tail = this.tails.get(file) ?? new LineTail(file);
    this.tails.set(file, tail);
    let isChanged = false;
    const take = async (lines: readonly { readonly text: string; readonly number: number }[]): Promise<void> => {
      const taken = lines.flatMap(({ text, number }) => this.recordOf(file, number, text));
      await this.write(taken);
      isChanged ||= taken.length > 0;
    };
    for await (const { lines } of tail.read()) {
      await take(lines);
      await nextTurn();
    }
    const rest = isNew ? await tail.rest() : undefined;
    if (rest && parseJsonObject(rest.text).value) await take([rest]);
    else if (rest) this.tell({ file, line: rest.number, message: 'This line ends in the middle: it is still being written, or its writer was stopped.' });
    return isChanged;
  }

  private async readParquet(file: string): Promise<boolean> {
    const { size } = await stat(file);
    if (this.done.get(file) === size) return false;
    this.done.set(file, size);
    await withDuckDb(async connection => {
      const result = await connection.stream(`select to_json(record)::varchar from read_parquet(${sqlText(file)}) record`);
      for (let row = 1; ; ) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        await this.write(chunk.getColumnValues(0).flatMap(text => this.recordOf(file, row++, String(text))));
      }
    }, { memoryBytes: 5e8 });
    return true;
  }

  private async readLog(file: string): Promise<boolean> {
    const { size } = await stat(file);
    if (size > mostLogBytes) throw new Error(`The log is larger than ${mostLogBytes / (1 << 20)} MB.`);
    const { rollouts, faults } = readEasyR1Log(await readFile(file, 'utf8'));
    const done = this.done.get(file) ?? 0;
    this.problems = this.problems.filter(problem => problem.file !== file);
    for (const { line, message } of faults) this.tell({ file, line, message });
    this.done.set(file, rollouts.length);
    await this.write(rollouts.slice(done));
    return rollouts.length > done;
  }

  private recordOf(file: string, line: number, text: string): readonly ForeignRollout[] {
    if (text.trim() === '' || this.format === undefined || this.format === 'own' || this.format === 'easyr1') return [];
    const { value: record, fault } = parseJsonObject(text.replace(/^\ufeff/, ''));
    const { value, fault: other } = record ? recordReaders[this.format](record) : { fault };
    if (!value) this.tell({ file, line, message: other ?? 'This line cannot be read.' });
    return value ?? [];
  }

  private async write(foreign: readonly ForeignRollout[]): Promise<void> {
    if (foreign.length === 0 || !this.groups) return;
    this.total += foreign.length;
    const records = this.groups.take(foreign).map(({ tokenLog, ...record }) => ({ v: 1, ...record, ...(tokenLog ? { tokenTexts: tokenLog.texts, logprobs: tokenLog.logprobs, entropies: tokenLog.entropies } : {}) }));
    await appendFile(this.file, records.map(record => `${JSON.stringify(record)}\n`).join(''));
  }

  /** A file of ours is looked at where it lies. */
  private async link(file: string): Promise<boolean> {
    const to = path.join(this.target.folder, 'rollouts', path.basename(file));
    if (this.done.has(file)) return false;
    this.done.set(file, 1);
    await symlink(file, to).catch(() => copyFile(file, to)); // some systems allow no links
    return true;
  }

  private tell({ file, line, message }: { readonly file: string; readonly line?: number; readonly message: string }): void {
    if (this.problems.length >= mostProblems || this.problems.some(problem => problem.file === file && problem.line === line)) return;
    this.problems.push({ severity: 'warning', rule: 'rollout/bad-line', file, ...(line === undefined ? {} : { line }), message, remedy });
  }
}
