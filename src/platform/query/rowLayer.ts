import { sqlName, sqlText } from '../../core/query/sqlLiteral';
import type { QueryDatabase } from './queryDatabase';
import type { FieldRead } from './rowColumns';

/** Where a layer's rows come from. */
export interface LayerSource {
  /** A select of each `FieldRead`'s columns, one row a row of the layer, in its order. */
  select(reads: readonly FieldRead[]): string;
  /** Tables that are there from the start: one row a row of the layer, in its order. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Row number in the dataset, given one of the layer's tables; the first of them where `isRowInFirst`. */
  row(table: string): string;
  readonly isRowInFirst: boolean;
}

/** A temporary table is in memory as it is: quicker to make than a compressed one, and larger. */
export type TableKind = '' | 'temporary';

/** Rows with those of their columns that were asked for: each is read once, in one pass over the rows with whatever else is missing. */
export class RowLayer {
  private tables: { readonly name: string; readonly columns: readonly string[] }[];

  constructor(
    private readonly database: QueryDatabase,
    private readonly source: LayerSource,
    /** Of what is read from the source, where nothing else is said. */
    private readonly kind: TableKind = '',
  ) {
    this.tables = [...source.tables];
  }

  has(column: string): boolean {
    return this.tables.some(({ columns }) => columns.includes(column));
  }

  /** Reads columns in as few passes as can be: one field cannot be read as two types at once. */
  async read(reads: readonly FieldRead[], kind = this.kind): Promise<void> {
    for (const pass of passesOf(reads.filter(({ columns }) => Object.keys(columns).some(column => !this.has(column))))) {
      await this.add(this.source.select(pass), pass.flatMap(({ columns }) => Object.keys(columns)), kind);
    }
  }

  /** A select over the columns of `reads`, straight from the source; undefined where it takes more than one pass. */
  scan(reads: readonly FieldRead[], select: string): string | undefined {
    return passesOf(reads).length === 1 ? `select ${select} from (${this.source.select(reads)})` : undefined;
  }

  /** A table of further columns, from a select that gives a row for each row of the layer, in its order. */
  async add(select: string, columns: readonly string[], kind: TableKind = ''): Promise<string> {
    const name = this.database.newTable();
    await this.database.run(`create ${kind} table ${name} as ${select}`);
    this.tables.push({ name, columns });
    return name;
  }

  async drop(columns: readonly string[]): Promise<void> {
    const dropped = this.tables.filter(table => table.columns.some(column => columns.includes(column)));
    this.tables = this.tables.filter(table => !dropped.includes(table));
    for (const { name } of dropped) await this.database.run(`drop table ${name}`);
  }

  /** `row` and the named columns, which must have been read. */
  sql(columns: readonly string[]): string {
    const needed = this.tables.filter(table => table.columns.some(column => columns.includes(column)));
    // Tables side by side are read by one thread, one table alone by all of them.
    const used = this.source.isRowInFirst || needed.length === 0 ? this.tables.filter((table, index) => index === 0 || needed.includes(table)) : needed;
    const place = (column: string): string => `${used.find(table => table.columns.includes(column))?.name ?? ''}.${sqlName(column)}`;
    const first = used[0]?.name ?? '';
    return `select (${this.source.row(first)})::uinteger as row${columns.map(column => `, ${place(column)}`).join('')} from ${used.map(({ name }) => name).join(' positional join ')}`;
  }

  async close(): Promise<void> {
    for (const { name } of this.tables) await this.database.run(`drop table ${name}`);
    this.tables = [];
  }
}

/** The lines of a JSONL file, read where it lies; `maximum` is the longest line in bytes. */
export function fileLayer(database: QueryDatabase, file: string, maximum: number, kind: TableKind): RowLayer {
  return new RowLayer(database, {
    tables: [],
    row: table => `${table}.rowid`,
    isRowInFirst: false,
    select: reads => `select ${columnsOf(reads, sqlName)} from ${readJson(file, reads, maximum)}`,
  }, kind);
}

/** Rows whose texts are given: a table of `row`, `json` (null for a line that is no object) and `edited`, in the order of the rows. */
export function textLayer(database: QueryDatabase, table: string): RowLayer {
  return new RowLayer(database, {
    tables: [{ name: table, columns: ['edited'] }],
    row: () => `${table}.row`,
    isRowInFirst: true,
    select: reads => {
      const shape = Object.fromEntries(typesOf(reads).map(([field, type]) => [field, type.toUpperCase()]));
      return `select ${columnsOf(reads, field => `fields.${sqlName(field)}`)} from (select from_json(json, ${sqlText(JSON.stringify(shape))}) as fields from ${table})`;
    },
  });
}

/** Neither is a file unpacked by the end of its name, nor are fields taken from names of folders such as `source=web`. */
export const asItIs = "compression = 'uncompressed', hive_partitioning = false";

/** Lines that cannot be read give a row of nulls, so that every row keeps its place. */
function readJson(file: string, reads: readonly FieldRead[], maximum: number): string {
  const types = typesOf(reads).map(([field, type]) => `${sqlText(field)}: ${sqlText(type)}`).join(', ');
  return `read_json(${sqlText(file)}, format = 'newline_delimited', columns = {${types}}, records = true, ignore_errors = true, ${asItIs}, maximum_object_size = ${maximum})`;
}

/** Fields with the type that they are read as, each once. */
function typesOf(reads: readonly FieldRead[]): readonly (readonly [field: string, type: string])[] {
  return [...new Map(reads.flatMap(({ fields, type }) => fields.map(field => [field, type] as const)))];
}

function columnsOf(reads: readonly FieldRead[], field: (name: string) => string): string {
  return reads.flatMap(read => Object.entries(read.columns).map(([column, expression]) => `${expression(...read.fields.map(field))} as ${sqlName(column)}`)).join(', ');
}

/** Reads that can go together; a later pass takes what would need a field as another type. */
function passesOf(reads: readonly FieldRead[]): readonly (readonly FieldRead[])[] {
  const passes: { readonly types: Map<string, string>; readonly reads: FieldRead[] }[] = [];
  for (const read of reads) {
    const fits = (pass: { readonly types: ReadonlyMap<string, string> }): boolean => read.fields.every(field => (pass.types.get(field) ?? read.type) === read.type);
    const pass = passes.find(fits) ?? { types: new Map<string, string>(), reads: [] };
    if (!passes.includes(pass)) passes.push(pass);
    pass.reads.push(read);
    for (const field of read.fields) pass.types.set(field, read.type);
  }
  return passes.map(pass => pass.reads);
}
