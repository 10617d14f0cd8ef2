import type { BoxFrame } from '../project/project';
import type { EncodedSample } from './exportSample';
import type { JsonObject } from '../parsedLine';

export type TargetId = 'easyr1' | 'verl' | 'trl' | 'ms-swift' | 'llama-factory' | 'vlm-r1' | 'coco' | 'yolo';

/** What the rows are written into: one file a split, or what COCO and YOLO have. */
export type Container = 'json' | 'jsonl' | 'parquet' | 'coco' | 'yolo';

/** How images come along: by path (relative to the export, or absolute), as copies beside the rows, through links to their folders, or as bytes in the rows. */
export type ImageMode = 'relative' | 'absolute' | 'copy' | 'link' | 'embed';

/** What a trainer's loader does with a row; the checks are made of it. */
export interface LoaderNeeds {
  /** A row without image: fails, works only where all rows are so, or works. */
  readonly noImage: 'error' | 'warning' | 'fine';
  /** Whether the user's turn has to hold one `<image>` an image. */
  readonly placeholders: boolean;
  readonly answer: boolean;
  /** Whether rows that are whole conversations (warm-up rows) can be written. */
  readonly conversations: boolean;
  /** Samples of one id are mixed up (`error`), or only hard to tell apart. */
  readonly sameQid: 'error' | 'warning';
  /** Boxes are what it trains on: they need a label and lie inside the image. */
  readonly boxes: boolean;
  /** Whether it rotates images as their EXIF data ask. */
  readonly turnsImages: boolean;
  /** Marks in the text that it would replace by something that the row does not have. */
  readonly marks: readonly string[];
  /** Fields of the row that ours must not be confused with. */
  readonly reserved: readonly string[];
  /** Whether fields of the row that are not ours become columns, which then need one type each. */
  readonly extraColumns: boolean;
}

/** What is written beside the rows of a target, knowing the file names. */
export interface ExportPlace {
  /** Names the files. */
  readonly name: string;
  /** Rows file of each split that is written, relative to the folder. */
  readonly files: Readonly<Partial<Record<'train' | 'heldOut', string>>>;
  /** Absolute path of the folder. */
  readonly folder: string;
}

/** A trainer, or a tool, and what its loader reads. */
export interface ExportTarget {
  readonly id: TargetId;
  readonly title: string;
  /** What is written, in a line. */
  readonly detail: string;
  /** The first one is used where nothing is said. */
  readonly containers: readonly Container[];
  readonly images: readonly ImageMode[];
  /** Whether it looks for images from its own working folder: then copies are named by absolute paths. */
  readonly absoluteCopies: boolean;
  /** The frame where nothing is said; the dataset's own where absent. */
  readonly frame?: BoxFrame;
  /** Frames that the format has; every frame where absent. */
  readonly frames?: readonly BoxFrame[];
  readonly needs: LoaderNeeds;
  /** A row as the loader reads it. COCO and YOLO are written from the samples themselves. */
  row?(sample: EncodedSample, context: RowContext): JsonObject;
  /** DuckDB types of the row's fields, where it can be Parquet. */
  columns?(images: ImageMode): Readonly<Record<string, string>>;
  /** Features of Hugging Face `datasets` that Parquet's own types do not say, by field. */
  features?(images: ImageMode): JsonObject | undefined;
  /** What to put into the trainer's configuration, one line each. */
  hints(place: ExportPlace): readonly string[];
}

export interface RowContext {
  /** Names the data source where the format has one. */
  readonly dataset: string;
  readonly frame: BoxFrame;
  readonly images: ImageMode;
  readonly container: Container;
}
