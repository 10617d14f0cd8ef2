import { readFile } from 'node:fs/promises';
import { AppError } from '../core/errors';
import { presets } from '../core/launch/presets';
import { withOverrides } from '../core/launch/withOverrides';
import type { CliCommand } from './cliCommand';
import { openProject, type ProjectOnDisk } from './openProject';

/** Options of commands that look at, or start, a run of a project. */
export const runProjectOptions: CliCommand['options'] = {
  project: { type: 'string', default: '.' }, preset: { type: 'string' }, set: { type: 'string', multiple: true, default: [] },
};

export interface RunProject extends ProjectOnDisk {
  /** Values that differ from `pebr.json`: path into the file → value. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** The project as a run with `--preset` and `--set` would train it. Throws `argument.invalid` for a value that the project cannot have. */
export async function runProject(values: Readonly<Record<string, unknown>>): Promise<RunProject> {
  const opened = await openProject(String(values.project));
  const overrides = { ...presetOf(values.preset).overrides(opened.project), ...parseOverrides(values.set) };
  const { project, problems } = withOverrides(await readFile(opened.file, 'utf8'), overrides, opened.file);
  const fault = problems.find(problem => problem.severity === 'error');
  if (!project) throw new AppError('argument.invalid', { argument: '--set', reason: `${fault?.message ?? ''} ${fault?.remedy ?? ''}`.trim() });
  return { ...opened, project, overrides };
}

function presetOf(name: unknown): (typeof presets)[number] {
  const preset = presets.find(({ id }) => id === (name ?? 'project'));
  if (!preset) throw new AppError('argument.invalid', { argument: '--preset', reason: `"${String(name)}" is none of ${presets.map(({ id }) => id).join(', ')}.` });
  return preset;
}

/** `pipeline.stages.0.steps=4`; a value that is not JSON is taken as text. */
export function parseOverrides(entries: unknown): Record<string, unknown> {
  return Object.fromEntries(
    (entries as readonly string[]).map(entry => {
      const at = entry.indexOf('=');
      if (at < 1) throw new AppError('argument.invalid', { argument: `--set ${entry}`, reason: 'Write KEY=VALUE.' });
      return [entry.slice(0, at), jsonOrText(entry.slice(at + 1))];
    }),
  );
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a plain word, such as a path
  }
}
