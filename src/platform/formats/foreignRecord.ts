import type { Imported, ImportFault, ImportOptions } from '../../core/formats/importedRow';

/** One record of a source, or what stood in its place. */
export interface ForeignRecord {
  /** Absolute path. */
  readonly file: string;
  /** One-based line, for files of lines. */
  readonly line?: number;
  /** One-based row, for tables. */
  readonly row?: number;
  /** One-based number of the element in its list, where several stand on the line. */
  readonly element?: number;
  readonly faults: readonly ImportFault[];
  /** Undefined where there was nothing to read. */
  readonly value?: unknown;
}

/** How far a source has been read, in bytes (or files, for folders of small files). */
export interface ReadProgress {
  done: number;
  total: number;
}

/** Files of somebody else, whatever they are written in. It can be read more than once. */
export interface ForeignSource {
  /** What it is, in words: "JSON list", "2 Parquet files". */
  readonly container: string;
  readonly files: readonly string[];
  /** The folder that relative image paths most likely start from. */
  readonly folder: string;
  read(progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord>;
}

/** A source whose records are read as this format. */
export interface ConvertedSource {
  readonly source: ForeignSource;
  convert(value: unknown, options: ImportOptions): Imported;
}
