import { AppError } from '../../core/errors';
import { type ImportFault, isObject, type JsonObject } from '../../core/formats/importedRow';
import { isColumn, listsIn, rowsOfColumns } from '../../core/formats/jsonColumns';
import type { ForeignRecord, ReadProgress } from './foreignRecord';
import { asRecord, readJson } from './readJson';
import { splitOf } from './splits';

/** As many objects under keys of their own are read before it is believed that they are the records. */
const believed = 20;

/**
 * The records of a JSON document: the elements of the outermost list, of the lists in the outermost object or one level deeper, the rows of a table that is
 * written by columns or as `{"columns", "data"}`; where there is none of these, the objects under the outermost keys, which are then their ids.
 * `split` chooses a list by its name. Throws `argument.invalid` where no list has it.
 */
export async function* recordsOfJson(file: string, split: string | undefined, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  const lists = new ListNames(file, split);
  const columns = new Map<string, JsonObject>();
  const names: string[] = [];
  let waiting: ForeignRecord[] | undefined = [];
  for await (const { key, isListed, ...element } of readJson(file, progress, signal)) {
    const { value } = element;
    if (key === undefined) yield asRecord(element);
    else if (isListed && key === 'columns' && typeof value === 'string') names.push(value);
    else if (isListed && key === 'data' && Array.isArray(value) && value.length === names.length) yield { ...element, value: Object.fromEntries(names.map((name, index) => [name, value[index] as unknown])) };
    else if (!isObject(value)) {
      if (element.faults.length > 0) yield { ...element, value: undefined };
    } else if (isListed) yield* lists.take(key, [element]);
    else if (lists.isEmpty && waiting?.length === 0 && isColumn(value)) columns.set(key, value);
    else {
      const inner = listsIn(value);
      if (inner) for (const [name, list] of inner) yield* lists.take(name, list.map((each, index) => ({ ...element, value: each, element: index + 1 })));
      else if (lists.isEmpty) {
        const record = { ...element, value: Object.hasOwn(value, 'id') ? value : { id: key, ...value } };
        waiting?.push(record);
        if (waiting === undefined) yield record;
        else if (waiting.length > believed) {
          yield* waiting;
          waiting = undefined;
        }
      }
    }
  }
  for (const [index, value] of rowsOfColumns(columns).entries()) yield { file, element: index + 1, faults: [], value };
  if (lists.isEmpty && waiting) yield* waiting;
  lists.finish();
}

/** Lists of records by name: of several splits one is chosen, or it is told that all are read. */
class ListNames {
  private readonly seen = new Set<string>();

  constructor(
    private readonly file: string,
    private readonly split: string | undefined,
  ) {}

  get isEmpty(): boolean {
    return this.seen.size === 0;
  }

  *take(name: string, records: readonly ForeignRecord[]): Generator<ForeignRecord> {
    const isNew = !this.seen.has(name);
    this.seen.add(name);
    if (this.split !== undefined) {
      if (name === this.split || splitNamed(name) === this.split.toLowerCase()) yield* records;
      return;
    }
    if (isNew && this.splits.length === 2 && splitNamed(name) !== undefined) yield { file: this.file, faults: [together(this.splits)] };
    yield* records;
  }

  finish(): void {
    if (this.split === undefined || this.isEmpty || [...this.seen].some(name => name === this.split || splitNamed(name) === this.split?.toLowerCase())) return;
    throw new AppError('argument.invalid', { argument: '--split', reason: `No list in ${this.file} is of the split "${this.split}"; there are ${[...this.seen].join(', ')}.` });
  }

  private get splits(): readonly string[] {
    return [...this.seen].filter(name => splitNamed(name) !== undefined);
  }
}

function splitNamed(name: string): string | undefined {
  return splitOf(`${name}/`);
}

function together(splits: readonly string[]): ImportFault {
  return { severity: 'warning', rule: 'import/several-splits', message: `The splits ${splits.join(', ')} of the document are read together.`, remedy: 'Samples that are held out would be trained on: import each with --split into a dataset of its own.' };
}
