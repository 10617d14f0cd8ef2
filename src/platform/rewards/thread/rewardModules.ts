import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import * as path from 'node:path';
import { compileFunction } from 'node:vm';
import { transform } from 'sucrase';
import { readSource } from './readSource';
import { refuseNamespaces } from './refuseNamespaces';
import { SourcePlaces } from './sourcePlaces';

/** Modules that would let a reward leave its thread; what they are made of is refused too (refuse.ts), should they be reached otherwise. */
const refused = /^(?:node:)?(?:child_process|cluster|dgram|dns(?:\/promises)?|http2?|https|inspector(?:\/promises)?|module|net|repl|sqlite|tls|trace_events|v8|vm|wasi|worker_threads)$/;
const endings = ['', '.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.json', '/index.ts', '/index.js'];

/** Loads a reward file and what it imports: TypeScript is transpiled line by line, `pebr` is our own API, npm packages are the project's. */
export class RewardModules {
  readonly places = new SourcePlaces();
  private readonly sources = new Map<string, string>();
  private readonly modules = new Map<string, { exports: unknown }>();

  /** `given` is the text that takes the place of a file's content; `forDebugger` ties what runs to the source that the person reads. */
  constructor(
    private readonly api: string,
    private readonly given: ReadonlyMap<string, string> = new Map(),
    private readonly forDebugger = false,
  ) {}

  load(file: string): unknown {
    const known = this.modules.get(file);
    if (known) return known.exports;
    const source = this.given.get(file)?.replace(/^\uFEFF/, '') ?? readSource(file); // no byte order mark, as in the editor
    this.sources.set(file, source);
    const module = { exports: {} as unknown };
    this.modules.set(file, module);
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(source);
      return module.exports;
    }
    const isTypeScript = /\.[mc]?ts$/.test(file);
    const { code, sourceMap } = transform(source, {
      transforms: isTypeScript ? ['typescript', 'imports'] : ['imports'],
      filePath: file,
      sourceMapOptions: { compiledFilename: file },
      production: true,
      disableESTransforms: true, // `?.` and `??` as helper functions would hide the line
    });
    if (isTypeScript) refuseNamespaces(file, source, code);
    this.places.add(file, sourceMap);
    const run = compileFunction(this.forDebugger ? `${code}\n${mapComment(sourceMap)}` : code, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: file });
    run(module.exports, (specifier: string) => this.require(specifier, file), module, file, path.dirname(file));
    return module.exports;
  }

  /** Everything that was read, the first file first. */
  get files(): readonly string[] {
    return [...this.sources.keys()];
  }

  /** What a reward can import from `pebr`, types left out. */
  apiNames(): readonly string[] {
    return Object.keys(createRequire(__filename)(this.api) as object);
  }

  /** The text of a file that was read. */
  source(file: string): string {
    return this.sources.get(file) ?? '';
  }

  /** Of the content of every file, named as the first file sees them: moving the project does not change it. */
  get hash(): string {
    const [first = ''] = this.files;
    const hash = createHash('sha256');
    for (const file of [...this.files].sort()) hash.update(`${path.relative(path.dirname(first), file)}\0${this.source(file)}\0`);
    return hash.digest('hex').slice(0, 16);
  }

  private require(specifier: string, from: string): unknown {
    if (specifier === 'pebr') return createRequire(__filename)(this.api);
    if (refused.test(specifier)) throw new Error(`A reward may not import "${specifier}".`);
    if (specifier.startsWith('.') || path.isAbsolute(specifier)) return this.load(resolve(path.resolve(path.dirname(from), specifier), specifier));
    const required: unknown = createRequire(from)(specifier);
    // Transpiled `import name from` reads `default`; Node's own modules have none.
    return isBuiltin(specifier) && typeof required === 'object' && required !== null && !('default' in required) ? { ...required, default: required } : required;
  }
}

/** A debugger shows the source instead of what it became, and breaks in it. Put together, so that nobody takes this very line for such a comment. */
function mapComment(sourceMap: unknown): string {
  return `${['//# source', 'MappingURL'].join('')}=data:application/json;base64,${Buffer.from(JSON.stringify(sourceMap)).toString('base64')}`;
}

function resolve(base: string, specifier: string): string {
  const candidates = [...endings.map(ending => base + ending), base.replace(/\.([mc]?)js$/, '.$1ts')];
  const found = candidates.find(candidate => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (!found) throw new Error(`Cannot find "${specifier}" (looked for ${base} and with the endings ${endings.filter(Boolean).join(', ')}).`);
  return found;
}
