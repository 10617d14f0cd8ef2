import type { Problem } from '../problem';
import type { BoxFrame, Columns } from '../project/project';
import type { FormatId } from './detectFormat';
import type { ForeignFrame } from './foreignFrame';
import type { FrameDecision } from './frameTally';
import type { ImportedRow, JsonObject } from './importedRow';
import type { ProblemCount } from './problemTally';

/** What an import would do, from the first records of its source. */
export interface ImportPreview {
  /** Absolute path of the file or folder. */
  readonly input: string;
  readonly format: FormatId;
  readonly title: string;
  readonly container: string;
  readonly reason: string;
  readonly others: readonly FormatId[];
  /** Records and rows that were looked at. */
  readonly records: number;
  readonly rows: number;
  /** All records were looked at. */
  readonly isWhole: boolean;
  readonly mapping: readonly MappedField[];
  /** Fields of theirs that are kept under their own names. */
  readonly keptFields: readonly string[];
  readonly frame: FrameDecision;
  /** The frame that the dataset is written in; undefined until the frame of the boxes is known. */
  readonly written: BoxFrame | undefined;
  readonly images: {
    /** Absolute path of what becomes the image root. */
    readonly root: string;
    /** What the names begin with and the root has no folder for; it is left out. */
    readonly prefix?: string;
    readonly found: number;
    readonly of: number;
    readonly missing: readonly string[];
    /** Images that the data hold themselves. */
    readonly embedded: number;
  };
  /** Rows whose question gets `<image>`. */
  readonly addedMarks: number;
  /** The first rows as they are written. */
  readonly firstRows: readonly JsonObject[];
  readonly problems: readonly Problem[];
  readonly counts: readonly ProblemCount[];
}

/** One of our fields, what it is read from, and in how many rows it is there. */
export interface MappedField {
  readonly field: keyof Columns;
  readonly sources: readonly { readonly source: string; readonly count: number }[];
  readonly filled: number;
}

/** Collects what the preview says about rows. */
export class MappingTally {
  private rows = 0;
  private readonly filled = new Map<keyof Columns, number>();
  private readonly sources = new Map<keyof Columns, Map<string, number>>();
  private readonly kept = new Set<string>();

  add(row: ImportedRow): void {
    this.rows++;
    for (const field of fields) {
      const isFilled = field === 'answer' ? row.answer !== '' || row.answersWithBox !== undefined : row[field].length > 0;
      if (!isFilled) continue;
      this.filled.set(field, (this.filled.get(field) ?? 0) + 1);
      const source = row.sources[field] ?? 'made here';
      const counts = this.sources.get(field) ?? new Map<string, number>();
      counts.set(source, (counts.get(source) ?? 0) + 1);
      this.sources.set(field, counts);
    }
    if (this.kept.size < 50) for (const key of Object.keys(row.extra)) this.kept.add(key);
  }

  get mapping(): readonly MappedField[] {
    return fields.map(field => ({
      field, filled: this.filled.get(field) ?? 0,
      sources: [...(this.sources.get(field) ?? [])].map(([source, count]) => ({ source, count })).sort((a, b) => b.count - a.count),
    }));
  }

  get keptFields(): readonly string[] {
    return [...this.kept];
  }
}

const fields = ['qid', 'problem', 'answer', 'images', 'key_words', 'boxes'] as const satisfies readonly (keyof Columns)[];

/** What a person may choose where the data do not decide, the likeliest first. */
export function frameChoices({ candidates }: FrameDecision): readonly { readonly frame: ForeignFrame; readonly words: string; readonly isPossible: boolean }[] {
  return [...candidates].sort((a, b) => Number(b.isPossible) - Number(a.isPossible) || b.fits - a.fits).map(({ frame, words, isPossible }) => ({ frame, words, isPossible }));
}
