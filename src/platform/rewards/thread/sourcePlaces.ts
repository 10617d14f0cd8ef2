import { SourceMap, type SourceMapPayload } from 'node:module';
import type { ScoreError } from '../../../core/rewards/score';
import { shortened } from '../../../core/rewards/shortened';

export interface Place {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly column: number;
}

/** Finds where in the user's source an error was thrown, through the source maps of the transpiled files. */
export class SourcePlaces {
  private readonly maps = new Map<string, SourceMap>();

  /** The user's files, in the order they were loaded. */
  get files(): readonly string[] {
    return [...this.maps.keys()];
  }

  add(file: string, map: unknown): void {
    this.maps.set(file, new SourceMap(map as SourceMapPayload));
  }

  /** Message, first place in the user's own files, and the stack in terms of the source. */
  describe(error: unknown): ScoreError {
    try {
      return this.read(error);
    } catch {
      return { message: 'Something was thrown that cannot be read.' }; // a getter or a proxy that throws itself
    }
  }

  private read(error: unknown): ScoreError {
    if (!(error instanceof Error) && !isErrorLike(error)) return { message: `Something that is no Error was thrown: ${preview(error)}` };
    const message = shortened(error.name && error.name !== 'Error' ? `${error.name}: ${error.message}` : error.message);
    const { stack: given } = error as { readonly stack?: unknown }; // anything, once Error.prepareStackTrace was set
    const frames = (typeof given === 'string' ? given : '').split('\n').flatMap(line => {
      const frame = frameOf(line);
      return frame && this.maps.has(frame.file) ? [{ line, place: this.original(frame) }] : [];
    });
    const [first] = frames;
    if (!first) return { message };
    const stack = frames.slice(0, 50).map(({ line, place }) => line.replace(/:\d+:\d+(\)?)$/, `:${place.line}:${place.column}$1`)).join('\n');
    return { message, ...first.place, stack: `${message}\n${stack}` };
  }

  private original(place: Place): Place {
    const entry = this.maps.get(place.file)?.findEntry(place.line - 1, place.column - 1);
    // Transpiling keeps the lines; an entry of another line belongs to the code before.
    return entry && 'originalLine' in entry && entry.originalLine === place.line - 1 ? { file: place.file, line: place.line, column: entry.originalColumn + 1 } : place;
  }
}

/** The place in one line of a V8 stack. */
export function frameOf(line: string): Place | undefined {
  const match = /^\s*at (?:.*\()?((?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(line);
  return match ? { file: match[1] ?? '', line: Number(match[2]), column: Number(match[3]) } : undefined;
}

function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && typeof (value as Error).message === 'string';
}

function preview(value: unknown): string {
  try {
    return (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))).slice(0, 200);
  } catch {
    return typeof value; // a value that refuses to be written: cyclic, or with a throwing toJSON
  }
}
