import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';

const mostFiles = 500;
const endings = ['', '.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.json', '/index.ts', '/index.js'];
const scriptImport = /\b(?:from|import|require)\s*\(?\s*(['"])(\.[^'"\n]*)\1/g;
const pythonImport = /^[ \t]*(?:from[ \t]+(\.*)([A-Za-z0-9_.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]+))/gm;

/**
 * Which files of its own a reward file imports, read off its text without running it: by a relative path (TypeScript, JavaScript) or from beside it (Python), and what
 * those import. Paths relative to the project with `/`, sorted; packages are left out. `trainer/pebr_trainer/reward_imports.py` finds the same.
 */
export async function importedFiles(projectFolder: string, reward: string): Promise<readonly string[]> {
  const first = path.resolve(projectFolder, reward);
  const found = new Set([first]);
  const waiting = [first];
  for (let file = waiting.pop(); file !== undefined && found.size <= mostFiles; file = waiting.pop()) {
    for (const each of await importsOf(file, path.dirname(first))) {
      if (found.has(each)) continue;
      found.add(each);
      waiting.push(each);
    }
  }
  found.delete(first);
  return [...found].map(file => path.relative(projectFolder, file).replaceAll(path.sep, '/')).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function importsOf(file: string, folder: string): Promise<readonly string[]> {
  const isScript = /\.[mc]?[jt]s$/.test(file);
  if (!isScript && !file.endsWith('.py')) return [];
  const text = await readFile(file, 'utf8').catch(() => ''); // its own hash tells that it is not there
  const choices = isScript ? [...text.matchAll(scriptImport)].map(([, , specifier = '']) => scriptFiles(path.resolve(path.dirname(file), specifier)))
    : [...text.matchAll(pythonImport)].flatMap(match => pythonFiles(match, file, folder));
  return (await Promise.all(choices.map(firstFile))).filter(found => found !== undefined);
}

function scriptFiles(base: string): readonly string[] {
  return [...endings.map(ending => base + ending), base.replace(/\.([mc]?)js$/, '.$1ts')];
}

/** The files that a module and the packages that it is in may be, by their names. */
function pythonFiles([, dots = '', module = '', names, plain = '']: RegExpMatchArray, file: string, folder: string): readonly (readonly string[])[] {
  const base = dots === '' ? folder : path.resolve(path.dirname(file), ...Array<string>(dots.length - 1).fill('..'));
  const modules = names === undefined ? namesIn(plain) : [...namesIn(names.replace(/^\(|\)$/g, '')).map(name => `${module}.${name}`), module];
  return modules.flatMap(dotted => {
    const parts = dotted.split('.').filter(part => part !== '');
    return parts.map((_, index) => path.join(base, ...parts.slice(0, index + 1))).map(place => [path.join(place, '__init__.py'), `${place}.py`]);
  });
}

function namesIn(text: string): readonly string[] {
  return text.split(',').flatMap(part => /^\s*([A-Za-z_][A-Za-z0-9_.]*)/.exec(part)?.[1] ?? []);
}

async function firstFile(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) if ((await stat(candidate).catch(() => undefined))?.isFile()) return candidate;
  return undefined;
}
