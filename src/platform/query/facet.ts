import { binsOf, barOfBin, edge } from '../../core/query/histogram';
import { chipOf } from '../../core/query/printQuery';
import type { Facet, FacetBar } from '../../core/query/queryAnswer';
import type { KnownColumn } from '../../core/query/queryColumns';
import { sqlName } from '../../core/query/sqlLiteral';
import type { QueryDatabase } from './queryDatabase';

const mostBars = 50;
/** Numbers with few different values get a bar each. */
const fewValues = 12;

/** How a column's values are spread over the rows of `from`, a select of it. */
export async function facetOf(database: QueryDatabase, column: KnownColumn, from: string): Promise<Facet> {
  return column.type === 'number' ? facetOfNumbers(database, column, from) : facetOfValues(database, column, from);
}

async function facetOfNumbers(database: QueryDatabase, column: KnownColumn, from: string): Promise<Facet> {
  const name = sqlName(column.name);
  const [[rowCount, filled, distinct, least, greatest, whole] = []] = (await database.rows(
    `select count(*), count(${name}), count(distinct ${name}), min(${name})::double, max(${name})::double, bool_and(${name} = floor(${name})) from (${from})`,
  )) as readonly (readonly [number, number, number, number | null, number | null, boolean | null])[];
  const empty = bar('(empty)', (rowCount ?? 0) - (filled ?? 0), `${column.chip}:""`);
  const facet = { column: column.name, rowCount: rowCount ?? 0, distinct: distinct ?? 0 };
  if (typeof least !== 'number' || typeof greatest !== 'number') return { ...facet, range: null, bars: empty };
  const isWhole = whole === true;
  if ((distinct ?? 0) <= fewValues) {
    const values = (await database.rows(`select ${name}::double as value, count(*) from (${from}) where ${name} is not null group by value order by value`)) as readonly (readonly [number, number])[];
    return { ...facet, range: [least, greatest], bars: [...values.map(([value, count]) => ({ label: String(value), count, chip: `${column.chip}:${value}` })), ...empty] };
  }
  const bins = binsOf(least, greatest, isWhole);
  const edges = Array.from({ length: bins.count }, (_, bin) => edge(bins, bin));
  // Compared with the edges that are shown: a quotient would put 0.3 / 0.1 a bin too low.
  const counted = (await database.rows(
    `select (len(list_filter([${edges.map(at => `${at}::double`).join(', ')}], lambda low: low <= value)) - 1)::integer as bin, sum(n)::bigint
     from (select ${name}::double as value, count(*) as n from (${from}) where ${name} is not null group by value) group by bin order by bin`,
  )) as readonly (readonly [number, number])[];
  return { ...facet, range: [least, greatest], bars: [...counted.map(([bin, count]) => barOfBin(column.chip, bins, bin, count, isWhole)), ...empty] };
}

async function facetOfValues(database: QueryDatabase, column: KnownColumn, from: string): Promise<Facet> {
  const name = sqlName(column.name);
  const values = column.type === 'list' ? `select unnest(${isSet(column) ? name : `list_distinct(${name})`}) as value from (${from})` : `select ${name}::varchar as value from (${from}) where ${name} is not null and ${name}::varchar <> ''`;
  const isEmpty = column.type === 'list' ? `${name} is null or len(${name}) = 0` : `${name} is null or ${name}::varchar = ''`;
  const counted = (await database.rows(
    `with counts as (select value, count(*) as n from (${values}) group by value)
     select value, n, (select count(*) from counts) from counts order by n desc, value limit ${mostBars}`,
  )) as readonly (readonly [string, number, number])[];
  const [[rowCount = 0, empty = 0] = []] = (await database.rows(`select count(*), count(*) filter (where ${isEmpty}) from (${from})`)) as readonly (readonly [number, number])[];
  const bars = counted.map(([value, count]) => ({ label: value, count, chip: chipOf(column.chip, column.type === 'boolean' ? (value === 'true' ? 'yes' : 'no') : value) }));
  return { column: column.name, rowCount, distinct: counted[0]?.[2] ?? 0, range: null, bars: [...bars, ...bar('(empty)', empty, `${column.chip}:""`)] };
}

/** Lists that hold nothing twice by the way they are made. */
function isSet({ name }: KnownColumn): boolean {
  return ['labels', 'problems', 'severities'].includes(name);
}

function bar(label: string, count: number, chip: string): readonly FacetBar[] {
  return count > 0 ? [{ label, count, chip }] : [];
}
