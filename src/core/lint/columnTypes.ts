import type { FieldType, ParsedRow, RowFault } from '../dataset/row';
import type { Columns } from '../project/project';

/** Rows whose columns are written in the same types. */
export interface RowShape<P> {
  readonly types: ParsedRow['types'];
  readonly count: number;
  /** Where the first row of the shape is: whatever the caller needs to point at it. */
  readonly place: P;
}

/** Follows which types each column is written in, by the shapes of the rows: there are few. */
export class ColumnTypes<P> {
  private readonly byTypes = new Map<string, { types: ParsedRow['types']; count: number; place: P }>();

  add({ types, count, place }: RowShape<P>): void {
    const key = JSON.stringify(types);
    const known = this.byTypes.get(key);
    if (known) known.count += count;
    else this.byTypes.set(key, { types, count, place });
  }

  /** A fault for each type but the most frequent one, at the first row that has it. */
  faults(columns: Columns): readonly { readonly place: P; readonly fault: RowFault }[] {
    return (Object.keys(columns) as (keyof Columns)[]).flatMap(column => this.faultsOf(column, columns[column]));
  }

  private faultsOf(column: keyof Columns, name: string): { readonly place: P; readonly fault: RowFault }[] {
    const byType = new Map<FieldType, { count: number; readonly place: P }>();
    for (const { types, count, place } of this.byTypes.values()) {
      const type = types[column];
      if (type === undefined) continue;
      const known = byType.get(type);
      if (known) known.count += count;
      else byType.set(type, { count, place });
    }
    const [most, ...others] = [...byType].sort((a, b) => b[1].count - a[1].count);
    if (!most) return [];
    return others.map(([type, { count, place }]) => ({
      place,
      fault: {
        severity: 'warning', rule: 'dataset/mixed-types', field: column,
        message: `"${name}" is a ${type} here and in ${count} ${count === 1 ? 'row' : 'rows'}, and a ${most[0]} in ${most[1].count}.`,
        remedy: `Write it as a ${most[0]} everywhere: Arrow and Parquet give a column one type.`,
      },
    }));
  }
}
