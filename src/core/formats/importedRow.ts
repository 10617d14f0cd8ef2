import { LongNumber } from '../dataset/longNumber';
import type { FrameBox } from '../dataset/row';
import type { ImageSize } from '../geometry/boxFrame';
import type { Severity } from '../problem';
import type { Columns } from '../project/project';
import type { BoxLayout, ForeignFrame } from './foreignFrame';

/** A record of somebody else's file; only its own keys are ever looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An image that the data hold themselves. */
export interface EmbeddedImage {
  readonly bytes?: Uint8Array;
  readonly base64?: string;
  /** The name that the data give it: a hint, never a path to write to. */
  readonly name?: string;
}

export type ForeignImage = string | EmbeddedImage;

export interface ForeignBox {
  readonly label: string;
  readonly numbers: FrameBox;
  /** What the data themselves say about these numbers, whatever the others are. */
  readonly frame?: ForeignFrame;
  /** What the format says about all of its boxes; the boxes on their images are asked whether it is so. */
  readonly claim?: ForeignFrame;
  /** It is written as models are to write it (`bbox_2d`, a text): pixels may then be those of the image as a model sees it. */
  readonly isForModel?: boolean;
  /** The order of the numbers, where their names say it. */
  readonly layout?: BoxLayout;
  /** What else was said about the box (a score, an id). */
  readonly extra?: JsonObject;
}

/** A row of another format under our names, its boxes still in the other frame. */
export interface ImportedRow {
  /** Empty where the data give no id. */
  readonly qid: string;
  readonly problem: string;
  readonly answer: string;
  /** The answer is the boxes themselves, as bare numbers or as Qwen's objects; it is written anew where it is missing, is not one line, or counts in another frame. */
  readonly answersWithBox?: 'numbers' | 'bbox_2d';
  readonly images: readonly ForeignImage[];
  readonly key_words: readonly string[];
  readonly boxes: readonly ForeignBox[];
  /** Size of the first image as the data say it. */
  readonly size?: ImageSize;
  /** Fields that are not ours, kept as they are. */
  readonly extra: JsonObject;
  /** Which of their fields each of ours was read from, in words. */
  readonly sources: Sources;
}

export type Sources = Readonly<Partial<Record<keyof Columns, string>>>;

/** What is wrong with, or worth knowing about, a record; file and line are added by who read it. */
export interface ImportFault {
  readonly severity: Severity;
  readonly rule: `import/${string}`;
  readonly message: string;
  readonly remedy: string;
}

export interface Imported {
  readonly rows: readonly ImportedRow[];
  readonly faults: readonly ImportFault[];
}

/** What a person said about how to read the records. */
export interface ImportOptions {
  /** Our field ← path of theirs (`reward_model.ground_truth`). */
  readonly map?: Sources;
  /** Names of numbered classes, by number. */
  readonly labels?: readonly string[];
  /** Text for formats without questions; `{labels}`, `{count}`, `{caption}` are filled in. */
  readonly problem?: string;
  readonly answer?: string;
  /** `all` makes a row of every question and answer of a conversation; only the first where absent. */
  readonly turns?: 'first' | 'all';
}

export type RecordImporter = (record: JsonObject, options: ImportOptions) => Imported;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) && !(value instanceof LongNumber);
}

/** The value of an own key; null counts as not there. */
export function own(record: JsonObject, key: string): unknown {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return value === null ? undefined : value;
}
