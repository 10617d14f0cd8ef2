import { access } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { runToEnd } from './runToEnd';

export interface PythonFound {
  /** Absolute path of the program, as Python itself tells it. */
  readonly program: string;
  readonly version: string;
  /** Where it comes from, for the log and for messages. */
  readonly origin: string;
}

export interface PythonLookup {
  /** Setting `pebr.python.path`; when it is there, nothing else is tried. */
  readonly setting: string;
  /** Folders of environments that our set-up may have made, the preferred one first. */
  readonly environments: readonly string[];
  /** The interpreter that the Python extension has chosen, if any. */
  readonly fromPythonExtension?: string;
  /** Told each step: what was tried, and why it was taken or not. */
  readonly onStep: (text: string) => void;
}

const probe = 'import sys; print("%d.%d.%d\\n%s" % (sys.version_info[:3] + (sys.executable,)))';

/** Finds Python 3.11 or newer. Throws `python.unusable` for a bad setting and `python.notFound` when nothing was found. */
export async function findPython(lookup: PythonLookup): Promise<PythonFound> {
  const tried: string[] = [];
  for (const { program, origin } of candidates(lookup)) {
    const answer = await tryPython(program, origin);
    if (typeof answer !== 'string') {
      lookup.onStep(`Python: ${answer.program} (${answer.version}, ${origin})`);
      return answer;
    }
    lookup.onStep(`Python: not ${program} (${origin}): ${answer}`);
    if (lookup.setting) throw new AppError('python.unusable', { python: program, reason: `${answer} Correct the setting "pebr.python.path" or leave it empty.` });
    tried.push(program);
  }
  throw new AppError('python.notFound', { tried });
}

/** The Python program inside an environment's folder. */
export function pythonOf(environment: string): string {
  return process.platform === 'win32' ? path.join(environment, 'Scripts', 'python.exe') : path.join(environment, 'bin', 'python');
}

function candidates({ setting, environments, fromPythonExtension }: PythonLookup): { program: string; origin: string }[] {
  if (setting) return [{ program: setting, origin: 'the setting "pebr.python.path"' }];
  return [
    ...environments.map(folder => ({ program: pythonOf(folder), origin: 'environment made by set-up' })),
    ...(fromPythonExtension ? [{ program: fromPythonExtension, origin: 'the Python extension' }] : []),
    ...(process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']).map(program => ({ program, origin: 'search path' })),
  ];
}

/** What was found, or why it is of no use. */
async function tryPython(program: string, origin: string): Promise<PythonFound | string> {
  if (path.isAbsolute(program) && !(await isThere(program))) return 'There is no such file.';
  const result = await runToEnd(program, ['-c', probe], { timeoutMs: 10_000 });
  if (result.failure) return result.failure;
  if (result.code !== 0) return `It ended with code ${result.code}: ${result.stderr.trim().split('\n').at(-1) ?? ''}`;
  const [version = '', executable = program] = result.stdout.trim().split(/\r?\n/);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 11)) return `It is Python ${version}, and the trainer needs 3.11 or newer.`;
  return { program: executable || program, version, origin };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}
