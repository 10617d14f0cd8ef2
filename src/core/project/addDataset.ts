import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';

/** What `pebr.json` says about a dataset; what is missing has its default. */
export interface DatasetEntry {
  readonly id: string;
  readonly stage: 'perception' | 'reasoning';
  readonly path: string;
  readonly imageRoot: string;
  readonly boxFrame: string;
}

/** The text of a `pebr.json` with one more dataset at the end of "datasets"; every comment and every other byte stays. Undefined where it is no object or has the id already. */
export function addDataset(text: string, entry: DatasetEntry): string | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== 'object') return undefined;
  const list = findNodeAtLocation(root, ['datasets']);
  if (list?.type === 'array' && list.children?.some(child => findNodeAtLocation(child, ['id'])?.value === entry.id)) return undefined;
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const formattingOptions = { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  const edits = list?.type === 'array'
    ? modify(text, ['datasets', -1], entry, { isArrayInsertion: true, formattingOptions })
    : modify(text, ['datasets'], [entry], { formattingOptions });
  return applyEdits(text, edits);
}

/** The text of a project that has this dataset only. */
export function projectWith(name: string, entry: DatasetEntry): string {
  return `${JSON.stringify({ v: 1, name, datasets: [entry], rewards: [], policy: { base: 'Qwen/Qwen2.5-VL-3B-Instruct' } }, null, 2)}\n`;
}
