/** `[x1, y1, x2, y2]`: pixels of the original image after EXIF rotation, origin top left, x2 and y2 exclusive. */
export type Bbox = readonly [x1: number, y1: number, x2: number, y2: number];

export interface Box {
  readonly label: string;
  readonly bbox: Bbox;
}

/** One question about its images, as a row of a dataset. Field names are the paper's columns. */
export interface Sample {
  readonly qid: string;
  /** Holds one `<image>` per entry of `images`. */
  readonly problem: string;
  readonly answer: string;
  /** Paths relative to the dataset's image root, as the row has them. */
  readonly images: readonly string[];
  readonly key_words: readonly string[];
  readonly boxes: readonly Box[];
}

/** Names a sample anywhere in the product: tree, editor, playground, rollout, trainer. */
export interface SampleRef {
  readonly dataset: string;
  readonly qid: string;
}

/** A sample where its line is known too: rows whose qid is missing or not unique are found by it. */
export interface SamplePlace extends SampleRef {
  /** Absolute path; the dataset's own file where it is absent. */
  readonly file?: string;
  /** One-based. */
  readonly line?: number;
  /** The rollout that led there, `<run>/<group>/<index>`; edits of the sample note it. */
  readonly rollout?: string;
}

export type Difficulty = 'easy' | 'medium' | 'hard';

/** One line of `.pebr/difficulty/<dataset>.jsonl`: what dataset-level sampling found, and with which policy. */
export interface DifficultyRecord {
  readonly qid: string;
  readonly difficulty: Difficulty;
  /** Right responses of `responses`. */
  readonly correct: number;
  readonly responses: number;
  readonly policy: string;
  readonly checkpoint: string;
  readonly date: string;
  readonly run: string;
  /** How the responses were sampled and scored, where the file tells. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly rewardHash?: string;
}
