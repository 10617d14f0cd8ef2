import { applyEdits, modify } from 'jsonc-parser';
import { type ParsedProject, parseProject } from '../project/parseProject';

/**
 * The project that a run with `overrides` would train: path into `pebr.json` (`pipeline.stages.0.steps`) → value. Comments and everything else of
 * `text` stay, so problems have the places of a file. Setting something inside what is null (`policy.lora.rank`) makes the object.
 */
export function withOverrides(text: string, overrides: Readonly<Record<string, unknown>>, file: string): ParsedProject {
  return parseProject(changedText(text, overrides), file);
}

/** The text of `pebr.json` with these values. */
export function changedText(text: string, overrides: Readonly<Record<string, unknown>>): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2 };
  return Object.entries(overrides).reduce((changed, [path, value]) => applyEdits(changed, modify(changed, keysOf(path), value, { formattingOptions })), text);
}

/** `pipeline.stages.0.steps` → keys; whole numbers are places in a list. */
function keysOf(path: string): (string | number)[] {
  return path.split('.').map(key => (/^\d+$/.test(key) ? Number(key) : key));
}
