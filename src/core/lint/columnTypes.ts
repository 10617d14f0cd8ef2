import type { FieldType, ParsedRow, RowFault } from '../dataset/row';
import type { Columns } from '../project/project';

interface Seen {
  count: number;
  /** The place of the first row that has it. */
  readonly place: number;
}

/** Follows which types each column is written in. `P` is where a row is: whatever the caller needs to point at it. */
export class ColumnTypes<P> {
  private readonly seen = new Map<keyof Columns, Map<FieldType, Seen>>();
  private readonly places: P[] = [];

  add(types: ParsedRow['types'], place: P): void {
    for (const [column, type] of Object.entries(types) as [keyof Columns, FieldType][]) {
      const byType = this.seen.get(column) ?? new Map<FieldType, Seen>();
      this.seen.set(column, byType);
      const known = byType.get(type);
      if (known) known.count++;
      else byType.set(type, { count: 1, place: this.places.push(place) - 1 });
    }
  }

  /** A fault for each type but the most frequent one, at the first row that has it. */
  faults(columns: Columns): readonly { readonly place: P; readonly fault: RowFault }[] {
    return [...this.seen].flatMap(([column, byType]) => {
      const [most, ...others] = [...byType].sort((a, b) => b[1].count - a[1].count);
      return others.flatMap(([type, { count, place }]) => {
        const at = this.places[place];
        if (!most || at === undefined) return [];
        const fault: RowFault = {
          severity: 'warning', rule: 'dataset/mixed-types', field: column,
          message: `"${columns[column]}" is a ${type} here and in ${count} ${count === 1 ? 'row' : 'rows'}, and a ${most[0]} in ${most[1].count}.`,
          remedy: `Write it as a ${most[0]} everywhere: Arrow and Parquet give a column one type.`,
        };
        return [{ place: at, fault }];
      });
    });
  }
}
