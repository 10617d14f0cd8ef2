import { groupRows, keptRows } from '../../core/query/arrangeRows';
import { blindWords, isOpenColumn } from '../../core/query/blindQuery';
import { compileQuery, wordsColumn } from '../../core/query/compileQuery';
import { AppError, messageOf } from '../../core/errors';
import { parseQuery } from '../../core/query/parseQuery';
import type { Facet, QueryAnswer } from '../../core/query/queryAnswer';
import { columnByName, columnOfChip, type KnownColumn, ownColumns } from '../../core/query/queryColumns';
import { everyRow, type RowQuery } from '../../core/query/rowQuery';
import { sqlName } from '../../core/query/sqlLiteral';
import { Arrangement } from './arrangement';
import { facetOf } from './facet';
import { findFields } from './findFields';
import { Kept } from './kept';
import { QueryDatabase, type RowFlags } from './queryDatabase';
import type { QuerySource, SourcePart } from './querySource';
import { RowView } from './rowView';
import { columnsOfCondition, samplesName } from './sqlCondition';

/** A query's condition, ready to be asked. */
interface Condition {
  readonly where: string;
  readonly columns: ReadonlySet<string>;
  /** Written by a person: what DuckDB says against it is their business. */
  readonly isSql: boolean;
  /** Asks about other rows too. */
  readonly hasSubquery: boolean;
}

/**
 * Asks a dataset's rows where they lie: nothing is imported, and a column is read when a query first needs it.
 * Questions are answered one after the other, in threads of DuckDB; those of a person who types on are given up by their signals.
 */
export class DatasetQuery {
  private readonly arrangement: Arrangement;
  private readonly filtered = new Kept<RowFlags>();
  private stale = new Set<SourcePart>();
  private ahead = new AbortController();
  private reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly database: QueryDatabase,
    private readonly view: RowView,
    private readonly known: readonly KnownColumn[],
  ) {
    this.arrangement = new Arrangement(database, view);
  }

  /** Throws `duckdb.unavailable` and `dataset.unreadable`. */
  static async open(source: QuerySource): Promise<DatasetQuery> {
    const beside = [source.difficultyFile, source.curationFile].filter(file => file !== undefined);
    const fields = findFields(source.dataset, source.columns);
    fields.catch(() => undefined); // told below, where the database can be closed
    const database = await QueryDatabase.open({ files: [source.dataset.file, ...beside], folders: source.rollouts ? [source.rollouts.runsFolder] : [] });
    try {
      const found = await fields;
      return new DatasetQuery(database, new RowView(database, source, found), [...ownColumns, ...found.values()]);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Of a blind pass: those that say nothing of the first labels. */
  columns(isBlind = false): Promise<readonly KnownColumn[]> {
    return Promise.resolve(isBlind ? this.known.filter(isOpenColumn) : this.known);
  }

  /** Throws `query.invalid`, in a blind pass for whatever asks for the first labels too; the signal's reason when that is aborted. */
  answer(query: RowQuery, signal?: AbortSignal, isBlind = false): Promise<QueryAnswer> {
    return this.ask(async () => {
      const start = performance.now();
      const sort = query.sort.map(({ column, isDescending }) => ({ column: this.column(column, isBlind), isDescending }));
      const groupBy = query.groupBy === null ? null : this.column(query.groupBy, isBlind);
      const condition = await this.condition(query.text, isBlind);
      const order = sort.length === 0 ? null : await this.arrangement.order(sort);
      const { kept, count } = await this.filter(condition);
      const rows = keptRows(kept, count, order);
      const arranged = groupBy ? groupRows(rows, await this.arrangement.groups(groupBy)) : { rows, groups: [] };
      return { ...arranged, milliseconds: performance.now() - start };
    }, signal);
  }

  /** Throws `query.invalid`; the signal's reason when that is aborted. */
  facet(name: string, { text }: Pick<RowQuery, 'text'> = everyRow, signal?: AbortSignal, isBlind = false): Promise<Facet> {
    return this.ask(async () => {
      const column = this.column(name, isBlind);
      const condition = await this.condition(text, isBlind);
      const rows = await this.view.sql(new Set([...condition.columns, column.name]));
      return this.told(condition, () => facetOf(this.database, column, `with ${samplesName} as not materialized (${rows}) select ${sqlName(column.name)} from ${samplesName} where (${condition.where}\n)`));
    }, signal);
  }

  /** Parts of the source changed; the next question looks again. For another version of the file a new `DatasetQuery` is opened. */
  refresh(parts: readonly SourcePart[] = ['edited', 'curation', 'difficulty', 'problems', 'rollouts', 'proposals']): void {
    for (const part of parts) this.stale.add(part);
  }

  /** Reads columns, so that the questions about them that follow are quick ones. A question that comes meanwhile goes first. */
  async prepare(columns: readonly string[] = [wordsColumn]): Promise<void> {
    this.readAhead(new Set(columns));
    await this.reading;
  }

  /** Settles when nothing is read ahead any more. */
  idle(): Promise<void> {
    return this.reading;
  }

  async close(): Promise<void> {
    this.ahead.abort();
    await this.database.close();
  }

  private ask<T>(question: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.ahead.abort();
    return this.database.alone(async () => {
      if (this.stale.size > 0) {
        const parts = [...this.stale];
        await this.view.forget(parts);
        for (const part of parts) this.stale.delete(part);
        this.arrangement.clear();
        this.filtered.clear();
      }
      return question();
    }, signal);
  }

  /** A first question was answered from the file; until the next one comes its columns are read. */
  private readAhead(columns: ReadonlySet<string>): void {
    this.ahead.abort();
    const ahead = new AbortController();
    this.ahead = ahead;
    this.reading = this.database.alone(() => this.view.sql(columns), ahead.signal).then(
      () => undefined,
      () => undefined, // given up for a question, or it fails again, and is told, when a question needs the columns
    );
  }

  private column(name: string, isBlind: boolean): KnownColumn {
    const column = columnByName(name, this.known);
    if (column) return isBlind ? opened(column) : column;
    throw new AppError('query.invalid', { message: `There is no column "${name}".`, remedy: `Columns: ${this.known.map(known => known.name).join(', ')}.` });
  }

  private async condition(text: string, isBlind: boolean): Promise<Condition> {
    const query = parseQuery(text);
    if (isBlind && query.kind === 'sql') throw hidden('What SQL can ask for');
    for (const chip of isBlind && query.kind === 'chips' ? query.chips : []) {
      const column = columnOfChip(chip.name ?? '', this.known);
      if (column) opened(column);
    }
    const compiled = query.kind === 'chips' ? compileQuery(query.chips, this.known, isBlind ? blindWords : undefined) : undefined;
    const fault = [...query.faults, ...(compiled?.faults ?? [])].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0))[0];
    if (fault) throw new AppError('query.invalid', fault);
    if (query.kind === 'sql') return { where: query.condition, ...(await columnsOfCondition(this.database, query.condition, query.offset, this.known)), isSql: true };
    return { where: compiled?.where ?? 'true', columns: compiled?.columns ?? new Set(), isSql: false, hasSubquery: false };
  }

  private filter(condition: Condition): Promise<RowFlags> {
    return this.filtered.get(condition.where, async () => {
      if (!condition.hasSubquery && this.view.isScanned(condition.columns)) {
        const found = await this.told(condition, () => this.view.scan(condition.columns, condition.where));
        this.readAhead(condition.columns);
        return found;
      }
      if (!condition.hasSubquery && this.view.isJoined(condition.columns)) {
        const found = await this.told(condition, () => this.view.join(condition.columns, condition.where));
        if (found) this.readAhead(condition.columns);
        if (found) return found;
      }
      const rows = await this.view.sql(condition.columns);
      return this.told(condition, () => this.database.flags(`with ${samplesName} as not materialized (${rows}) select row from ${samplesName} where (${condition.where}\n)`, this.view.rowCount));
    });
  }

  private async told<T>({ isSql }: Condition, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const reason = messageOf(error).split('\n', 1)[0] ?? '';
      if (!isSql || reason.startsWith('INTERRUPT')) throw error;
      const missing = /Referenced column "(.+?)" not found/.exec(reason)?.[1];
      throw new AppError('query.invalid', { message: missing === undefined ? `The condition cannot be answered: ${reason}` : `There is no column "${missing}".`, remedy: `Columns: ${this.known.map(known => known.name).join(', ')}.` }, { cause: error });
    }
  }
}

/** The column, where a blind pass may ask for it. Throws `query.invalid`. */
function opened(column: KnownColumn): KnownColumn {
  if (isOpenColumn(column)) return column;
  throw hidden(`The column "${column.name}"`);
}

function hidden(what: string): AppError<'query.invalid'> {
  return new AppError('query.invalid', { message: `${what} is hidden in a blind pass: it may tell what the first person labeled.`, remedy: 'Ask for qid, question, image or tag, or leave the blind pass.' });
}
