import { applyEdits, modify } from 'jsonc-parser';
import { type ParsedProject, parseProject } from '../project/parseProject';

/**
 * The project that a run with `overrides` would train: path into `pebr.json` (`pipeline.stages.0.steps`) → value. Comments and everything else of
 * `text` stay, so problems have the places of a file. Setting something inside what is null (`policy.lora.rank`) makes the object.
 */
export function withOverrides(text: string, overrides: Readonly<Record<string, unknown>>, file: string): ParsedProject {
  let changed = text;
  for (const [path, value] of Object.entries(overrides)) changed = applyEdits(changed, modify(changed, keysOf(path), value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  return parseProject(changed, file);
}

/** `pipeline.stages.0.steps` → keys; whole numbers are places in a list. */
function keysOf(path: string): (string | number)[] {
  return path.split('.').map(key => (/^\d+$/.test(key) ? Number(key) : key));
}
