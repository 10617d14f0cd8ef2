import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../core/problem';
import { parseRollout } from '../../core/rollouts/parseRollout';
import type { Rollout } from '../../core/rollouts/rollout';
import type { QueryDatabase } from '../query/queryDatabase';
import { LinePlaces } from './linePlaces';
import { fromFile, fromTexts, type LineShape, scalarShape, textShapes } from './rolloutShape';

const maxProblems = 100;
/** Fewer lines than this are parsed here, which starts at once; more are left to DuckDB, which reads with all cores. */
const fewLines = 2000;
/** Lines that are parsed before others get their turn. */
const linesATurn = 200;
/** Lines after which both readings are compared: DuckDB and we might count lines differently in a damaged file. */
const compared = 16;

export type TextKind = keyof typeof textShapes;

/** One JSONL file of rollouts in the database: a table of what can be asked, a row a line, in the order of the file. */
export class RolloutFile {
  readonly places: LinePlaces;
  private faults: Problem[] = [];
  /** Tables of texts that were asked for, with the lines they have. */
  private readonly texts = new Map<TextKind, { readonly table: string; lines: number }>();
  private scalars = '';
  private isByLines = false;
  lines = 0;

  constructor(
    private readonly database: QueryDatabase,
    readonly file: string,
    /** Place among the files of the store. */
    readonly number: number,
  ) {
    this.places = new LinePlaces(file);
  }

  get table(): string {
    return this.scalars;
  }

  /** Lines that are no rollouts, the first hundred. */
  get problems(): readonly Problem[] {
    return this.faults;
  }

  /** Takes up lines that are new, at most `most` bytes of them. Tells whether the file was cut or replaced: then all lines are new. */
  async refresh(most?: number): Promise<{ readonly isReset: boolean; readonly from: number; readonly to: number }> {
    const { isReset } = await this.places.refresh(most);
    if (isReset || this.scalars === '') await this.begin();
    const from = this.lines;
    const to = this.places.count;
    if (from < to) await this.insert(this.scalars, scalarShape, from, to);
    this.lines = to;
    return { isReset, from, to };
  }

  /** The table of a text, read as far as the file is. */
  async textTable(kind: TextKind): Promise<string> {
    const known = this.texts.get(kind) ?? { table: await this.create(textShapes[kind], 'temporary'), lines: 0 };
    this.texts.set(kind, known);
    if (known.lines < this.lines) await this.insert(known.table, textShapes[kind], known.lines, this.lines);
    known.lines = this.lines;
    return known.table;
  }

  /** Rollouts by their lines; lines that are none any more (the file was cut) are left out. */
  async read(lines: readonly number[]): Promise<readonly Rollout[]> {
    const texts = await this.places.read(lines);
    return texts.flatMap(text => parseRollout(withoutMark(text)).value ?? []);
  }

  private async begin(): Promise<void> {
    for (const table of [this.scalars, ...[...this.texts.values()].map(text => text.table)]) if (table !== '') await this.database.run(`drop table ${table}`);
    this.texts.clear();
    this.faults = [];
    this.lines = 0;
    this.scalars = await this.create(scalarShape, '');
  }

  private async create({ definition }: LineShape, kind: '' | 'temporary'): Promise<string> {
    const table = this.database.newTable();
    await this.database.run(`create ${kind} table ${table} (${definition})`);
    return table;
  }

  private async insert(table: string, shape: LineShape, from: number, to: number): Promise<void> {
    if (to - from < fewLines || this.isByLines) return this.insertParsed(table, shape, from, to);
    try {
      await this.database.run(`insert into ${table} ${fromFile(shape, await this.database.pathOf(this.file))} limit ${to - from} offset ${from}`);
      if (await this.isAligned(table, shape, from, to)) return;
    } catch (error) {
      if (!/maximum_object_size|Invalid Input|JSON/i.test(String(error))) throw error; // a line that only we can read
    }
    this.isByLines = true;
    await this.database.run(`delete from ${table}`);
    const fresh = await this.create(shape, table === this.scalars ? '' : 'temporary'); // numbers of deleted rows are not given again
    await this.insertParsed(fresh, shape, 0, to);
    await this.database.run(`drop table ${table}`);
    if (table === this.scalars) this.scalars = fresh;
    else for (const [kind, text] of this.texts) if (text.table === table) this.texts.set(kind, { table: fresh, lines: to });
  }

  private async insertParsed(table: string, shape: LineShape, from: number, to: number): Promise<void> {
    for (let start = from; start < to; start += linesATurn) {
      const numbers = Array.from({ length: Math.min(to, start + linesATurn) - start }, (_, at) => start + at);
      const texts = await this.places.read(numbers);
      const rows = texts.map((text, at): readonly [number, string | null] => [numbers[at] ?? 0, this.jsonOf(text, numbers[at] ?? 0, shape)]);
      const given = await this.database.tableOf(['line uinteger', 'json varchar'], rows);
      await this.database.run(`insert into ${table} ${fromTexts(shape, given)}`);
      await this.database.run(`drop table ${given}`);
      await nextTurn();
    }
  }

  /** What DuckDB reads of a line that we have read: the same values, and nothing that only one of the two understands. */
  private jsonOf(text: string, line: number, shape: LineShape): string | null {
    const { value, fault } = parseRollout(withoutMark(text));
    if (!value) {
      if (shape === scalarShape) this.tell(line, fault);
      return null;
    }
    const wanted = Object.entries(value).filter(([name]) => Object.hasOwn(shape.fields, name));
    return JSON.stringify(Object.fromEntries(wanted), (_, part: unknown) => (typeof part === 'string' ? part.replace(/\p{Surrogate}/gu, '\ufffd') : part));
  }

  private tell(line: number, message: string): void {
    if (this.faults.length >= maxProblems) return;
    this.faults.push({
      severity: 'warning', rule: 'rollout/bad-line', file: this.file, line: this.places.numberOf(line), message,
      remedy: 'The other rollouts are shown. Nothing has to be done if the trainer was killed at that moment.',
    });
  }

  /** Whether rows stand where their lines are. Lines that DuckDB took for none are told, unless we can read one of them. */
  private async isAligned(table: string, shape: LineShape, from: number, to: number): Promise<boolean> {
    const [[last = -1] = []] = (await this.database.rows(`select max(rowid) from ${table}`)) as readonly (readonly [number | null])[];
    if ((last ?? -1) + 1 !== to) return false;
    if (shape !== scalarShape) return true;
    const step = Math.max(1, Math.floor((to - from) / compared));
    const probes = [...Array.from({ length: compared }, (_, at) => from + at * step).filter(line => line < to - 1), to - 1];
    const found = new Map((await this.database.rows(`select rowid, name, sample from ${table} where rowid in (${probes.join(', ')})`)).map(([line, name, sample]) => [Number(line), `${String(name)}\0${String(sample)}`]));
    const texts = await this.places.read(probes);
    const isSame = probes.every((line, at) => {
      const { value } = parseRollout(withoutMark(texts[at] ?? ''));
      return value === undefined || found.get(line) === `${value.group}\0${value.sampleId}`;
    });
    if (!isSame) return false;
    const refused = (await this.database.rows(`select rowid from ${table} where rowid >= ${from} and name is null order by rowid limit 20000`)).map(([line]) => Number(line));
    for (let at = 0; at < refused.length; at += linesATurn) {
      const some = refused.slice(at, at + linesATurn);
      for (const [place, text] of (await this.places.read(some)).entries()) {
        const { value, fault } = parseRollout(withoutMark(text));
        if (value) return false;
        this.tell(some[place] ?? 0, fault);
      }
      await nextTurn();
    }
    return true;
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
