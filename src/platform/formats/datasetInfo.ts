import { readFile } from 'node:fs/promises';
import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';
import { AppError } from '../../core/errors';
import { datasetInfoEntry } from '../../core/formats/llamaFactory/exportLlamaFactory';

/**
 * LLaMA-Factory's `dataset_info.json` with these entries (name → rows file); what else stands in it stays as it is written.
 * Throws `argument.invalid` where the file is no JSON object, or has another entry of that name and `force` is not given.
 */
export async function mergedDatasetInfo(file: string, entries: Readonly<Record<string, string>>, force: boolean): Promise<string> {
  let text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '{}\n' : Promise.reject(error)));
  const errors: ParseError[] = [];
  const present: unknown = parse(text, errors);
  if (errors.length > 0 || typeof present !== 'object' || present === null || Array.isArray(present)) {
    throw new AppError('argument.invalid', { argument: file, reason: 'it is no JSON object, so the entry cannot be added. Correct it, or export into another folder.' });
  }
  for (const [name, rows] of Object.entries(entries)) {
    const entry = datasetInfoEntry(rows);
    const known: unknown = Object.hasOwn(present, name) ? (present as Record<string, unknown>)[name] : undefined;
    if (JSON.stringify(known) === JSON.stringify(entry)) continue;
    if (known !== undefined && !force) throw new AppError('argument.invalid', { argument: file, reason: `it has another entry "${name}". Give the export another name, or replace the entry with --force.` });
    text = applyEdits(text, modify(text, [name], entry, { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } }));
  }
  return text;
}
