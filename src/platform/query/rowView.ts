import { stat } from 'node:fs/promises';
import { AppError } from '../../core/errors';
import type { KnownColumn } from '../../core/query/queryColumns';
import { sqlName, sqlText } from '../../core/query/sqlLiteral';
import { plainJson } from './plainJson';
import type { QueryDatabase, RowFlags } from './queryDatabase';
import type { QuerySource, SourcePart } from './querySource';
import { type FieldRead, fieldReads, lostColumn } from './rowColumns';
import { asItIs, fileLayer, type RowLayer, textLayer } from './rowLayer';
import { difficultyColumns, sideColumns, SideTables } from './sideTables';
import { samplesName } from './sqlCondition';

/** Longest line that DuckDB reads by itself; a file with a longer one is read line by line here, which is slower. */
const longestLine = 16 << 20;

/** Columns of a file of so many bytes are kept in memory as they are, and asked a sixth quicker; those of a larger one are compressed. */
const leastCompressed = 512 << 20;

/** The rows of a dataset as queries see them: the file's, with unsaved ones in the place of theirs, and what stands beside them. */
export class RowView {
  private file: RowLayer | undefined;
  /** Rows that DuckDB reads otherwise than we do, by their text; null where there is no row. */
  private readonly mended = new Map<number, string | null>();
  private edits: { readonly layer: RowLayer; readonly covered: string } | undefined;
  private readonly reads: readonly FieldRead[];
  private readonly sides: SideTables;
  private rows = 0;
  private isByLines = false;

  constructor(
    private readonly database: QueryDatabase,
    private readonly source: QuerySource,
    fields: ReadonlyMap<string, KnownColumn>,
  ) {
    this.reads = fieldReads(source.columns, fields);
    this.sides = new SideTables(database, source);
  }

  /** Rows of the file and appended ones, deleted ones included: one more than the greatest row number. */
  get rowCount(): number {
    return this.rows;
  }

  /** A select of `row` and the named columns; reads what has not been read of them. */
  async sql(columns: ReadonlySet<string>): Promise<string> {
    const names = [...columns];
    const needsId = sideColumns.some(side => side.columns.some(column => names.includes(column)));
    const file = await this.fileRows(layer => layer.read(this.readsOf([lostColumn, ...names, ...(needsId ? ['qid'] : [])]), needsId ? 'temporary' : undefined));
    const edits = await this.editedRows();
    await this.readInto(file, names);
    const base = this.layerSql(file, names, 'false');
    if (!edits) return base;
    await this.readInto(edits.layer, names);
    return `select * from (${base}) anti join ${edits.covered} using (row) union all by name ${this.layerSql(edits.layer, names, undefined)}`;
  }

  /**
   * Whether a condition over these columns is best answered from the file itself: some were not read yet, and none stands beside it. That takes one pass
   * and keeps nothing; reading the columns takes longer, and pays from the second question on.
   */
  isScanned(columns: ReadonlySet<string>): boolean {
    const isRead = (name: string): boolean => this.file?.has(name) ?? false;
    return !this.isByLines && [...columns].some(name => !isRead(name)) && [...columns].every(name => this.reads.some(read => Object.hasOwn(read.columns, name)));
  }

  /** The rows that a condition holds for, straight from the file. */
  async scan(columns: ReadonlySet<string>, where: string): Promise<RowFlags> {
    const names = [...columns];
    let hits: string | undefined;
    const file = await this.fileRows(async layer => {
      const select = layer.scan(this.readsOf([lostColumn, ...names]), `coalesce((${where}\n), false) as hit, ${sqlName(lostColumn)}`);
      if (select !== undefined) hits = await layer.add(select, [lostColumn], 'temporary');
      else await layer.read(this.readsOf([lostColumn]));
    });
    const isFirst = hits !== undefined;
    if (hits === undefined && !this.isByLines) {
      const select = file.scan(this.readsOf(names), `coalesce((${where}\n), false) as hit`);
      hits = select && (await this.database.table(select));
    }
    const edits = await this.editedRows();
    if (hits === undefined || this.isByLines) return this.database.flags(`select row from (${await this.sql(columns)}) where (${where}\n)`, this.rows);
    const base = `select rowid::uinteger as row from ${hits} where hit`;
    if (edits) await this.readInto(edits.layer, names);
    const found = await this.database.flags(edits ? `select * from (${base}) anti join ${edits.covered} using (row) union all select row from (${this.layerSql(edits.layer, names, undefined)}) where (${where}\n)` : base, this.rows);
    if (!isFirst) await this.database.run(`drop table ${hits}`);
    return found;
  }

  /**
   * The rows that a condition on the difficulty holds for, while that was not read: joined once, neither ordered nor kept. Undefined where it must be read:
   * with rows that are not as in the file, and samples with several lines, of which the last counts.
   */
  async join(columns: ReadonlySet<string>, where: string): Promise<RowFlags | undefined> {
    const names = [...columns];
    const own = this.readsOf([lostColumn, 'qid', ...names]);
    const file = await this.fileRows(layer => layer.read(own, 'temporary'));
    if (this.isByLines || (await this.editedRows())) return undefined;
    await file.read(own, 'temporary');
    const rows = await this.sides.withDifficulty(file.sql(['qid', ...names.filter(name => file.has(name) && name !== 'qid')]));
    const { rows: given, ...found } = await this.database.hits(`with ${samplesName} as not materialized (${rows}) select row, coalesce((${where}\n), false) as hit from ${samplesName}`, this.rows);
    return given === this.rows ? found : undefined;
  }

  /** Whether a condition over these columns is best answered by `join`: it asks for the difficulty, and else for what the rows say. */
  isJoined(columns: ReadonlySet<string>): boolean {
    const isDifficulty = (name: string): boolean => difficultyColumns.includes(name);
    return [...columns].some(isDifficulty) && ![...columns].some(name => isDifficulty(name) && this.file?.has(name)) && [...columns].every(name => isDifficulty(name) || this.reads.some(read => Object.hasOwn(read.columns, name)));
  }

  /** What the source says of these parts is asked again when a query needs it. */
  async forget(parts: readonly SourcePart[]): Promise<void> {
    await this.sides.forget(parts);
    for (const side of sideColumns.filter(({ parts: of }) => of.some(part => parts.includes(part)))) {
      await this.file?.drop(side.columns);
      await this.edits?.layer.drop(side.columns);
    }
    if (!parts.includes('edited') || !this.edits) return;
    const { layer, covered } = this.edits;
    this.edits = undefined;
    await layer.close();
    await this.database.run(`drop table ${covered}`);
  }

  private layerSql(layer: RowLayer, names: readonly string[], edited: string | undefined): string {
    if (edited === undefined || !names.includes('edited')) return layer.sql(names);
    return `select *, ${edited} as edited from (${layer.sql(names.filter(name => name !== 'edited'))})`;
  }

  private readsOf(names: readonly string[]): readonly FieldRead[] {
    return this.reads.filter(({ columns }) => Object.keys(columns).some(column => names.includes(column)));
  }

  private async readInto(layer: RowLayer, names: readonly string[]): Promise<void> {
    const sides = sideColumns.filter(side => side.columns.some(column => names.includes(column) && !layer.has(column)));
    await layer.read(this.readsOf(names));
    const needed = sides.flatMap(({ needs = [] }) => ['qid', ...needs]).filter(column => !layer.has(column));
    if (needed.length > 0) await layer.read(this.readsOf(needed), 'temporary');
    for (const { columns } of sides) await this.sides.addTo(layer, columns);
  }

  /** The file's rows. `first` reads from them what is wanted first, and which have no id: some of those are rows that DuckDB cannot read as we do. */
  private async fileRows(first: (layer: RowLayer) => Promise<void>): Promise<RowLayer> {
    if (this.file) return this.file;
    const { dataset } = this.source;
    const isSmall = ((await stat(dataset.file).catch(() => undefined))?.size ?? 0) < leastCompressed;
    const layer = fileLayer(this.database, await this.database.pathOf(dataset.file), longestLine, isSmall ? 'temporary' : '');
    try {
      await first(layer);
    } catch (error) {
      if (!/maximum_object_size/.test(String(error))) throw error;
      return this.fileByLines();
    }
    await this.checkVersion();
    const rowCount = await dataset.count();
    const [[read = 0, lost = 0] = []] = (await this.database.rows(`select count(*), count(*) filter (where ${sqlName(lostColumn)}) from (${layer.sql([lostColumn])})`)) as readonly (readonly [number, number])[];
    if (read !== rowCount) {
      await layer.close();
      return this.fileByLines();
    }
    if (lost > 0) await this.mend(layer);
    this.rows = rowCount;
    this.file = layer;
    return layer;
  }

  /** Every line is handed over, in the order and with the numbers of `DatasetFile`. */
  private async fileByLines(): Promise<RowLayer> {
    const { dataset } = this.source;
    async function* rows(): AsyncGenerator<readonly [number, string | null, boolean]> {
      for await (const batch of dataset.batches()) for (const { row, text } of batch) yield [row, plainJson(text), false];
    }
    const layer = textLayer(this.database, await this.database.tableOf(['row uinteger', 'json varchar', 'edited boolean'], rows()));
    this.rows = await dataset.count();
    this.file = layer;
    this.isByLines = true;
    return layer;
  }

  /** Rows without an id may be such, or lines that DuckDB refuses and `JSON.parse` does not (a BOM, bytes that are no UTF-8, half a surrogate pair). */
  private async mend(layer: RowLayer): Promise<void> {
    const { dataset } = this.source;
    const refused = this.database.newTable();
    await this.database.run(`create table ${refused} as select json is null as refused from read_ndjson_objects(${sqlText(await this.database.pathOf(dataset.file))}, ignore_errors = true, ${asItIs}, maximum_object_size = ${longestLine})`);
    const rows: number[] = [];
    await this.database.numbers(`select row from (${layer.sql([lostColumn])}) where ${sqlName(lostColumn)} and row in (select rowid from ${refused} where refused) order by row`, (found = new Uint32Array()) => {
      for (const row of found) rows.push(row);
    });
    await this.database.run(`drop table ${refused}`);
    for (const row of rows) {
      const [line] = await dataset.readRows(row, row + 1);
      const json = line && plainJson(line.text);
      if (json !== undefined && json !== null) this.mended.set(row, json);
    }
  }

  private async editedRows(): Promise<{ readonly layer: RowLayer; readonly covered: string } | undefined> {
    if (this.edits) return this.edits;
    const texts = new Map<number, { readonly json: string | null; readonly isEdited: boolean; readonly isDeleted: boolean }>();
    for (const [row, json] of this.mended) texts.set(row, { json, isEdited: false, isDeleted: false });
    for await (const { row, text } of this.source.edited?.() ?? []) texts.set(row, { json: text === null ? null : plainJson(text), isEdited: true, isDeleted: text === null });
    if (texts.size === 0) return undefined;
    const rows = [...texts].sort(([a], [b]) => a - b);
    this.rows = Math.max(await this.source.dataset.count(), (rows.at(-1)?.[0] ?? 0) + 1);
    const covered = await this.database.tableOf(['row uinteger'], rows.map(([row]) => [row]));
    const there = rows.filter(([, { isDeleted }]) => !isDeleted);
    const table = await this.database.tableOf(['row uinteger', 'json varchar', 'edited boolean'], there.map(([row, { json, isEdited }]) => [row, json, isEdited]));
    this.edits = { layer: textLayer(this.database, table), covered };
    return this.edits;
  }

  /** DuckDB opens the file by its name: another version of it would have other row numbers. */
  private async checkVersion(): Promise<void> {
    const { dataset } = this.source;
    if ((await dataset.state()) === 'same') return;
    throw new AppError('dataset.unreadable', { file: dataset.file, reason: 'it changed while it was read. Open it again.' });
  }
}
