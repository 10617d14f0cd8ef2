import { type JsonObject } from './importedRow';

/** Whether an object under a name is a column of a table, its values under the numbers of their rows: `{"0": …, "1": …}`. */
export function isColumn(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every(key => /^\d+$/.test(key));
}

/** The rows of a table that is written by its columns, as pandas' `to_json()` does where nothing else is asked of it. */
export function rowsOfColumns(columns: ReadonlyMap<string, JsonObject>): readonly JsonObject[] {
  const numbers = [...new Set([...columns.values()].flatMap(column => Object.keys(column)))].sort((a, b) => Number(a) - Number(b));
  return numbers.map(number => Object.fromEntries([...columns].map(([name, column]) => [name, Object.hasOwn(column, number) ? column[number] : null])));
}

/** Lists of records one level deeper, by their names: `{"train": […], "test": […]}`; undefined for an object that holds anything else. */
export function listsIn(value: JsonObject): readonly (readonly [name: string, list: readonly JsonObject[]])[] | undefined {
  const lists = Object.entries(value);
  const isList = (inner: unknown): inner is readonly JsonObject[] => Array.isArray(inner) && inner.length > 0 && inner.every(each => typeof each === 'object' && each !== null && !Array.isArray(each));
  return lists.length > 0 && lists.every((each): each is [string, readonly JsonObject[]] => isList(each[1])) ? lists : undefined;
}
