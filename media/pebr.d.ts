/** What a reward file imports as `pebr`. Written by PeBR Studio so that the editor knows the names; the worker brings the code. */
declare module 'pebr' {
  /** `[x1, y1, x2, y2]`: pixels of the original image after EXIF rotation, origin top left, x2 and y2 exclusive. */
  export type Bbox = readonly [x1: number, y1: number, x2: number, y2: number];

  export interface Box {
    readonly label: string;
    readonly bbox: Bbox;
  }

  /** A dataset row under the default column names; `images` are absolute paths, `boxes` pixels of the original image. */
  export interface Sample {
    readonly qid: string;
    readonly problem: string;
    readonly answer: string;
    readonly images: readonly string[];
    readonly key_words: readonly string[];
    readonly boxes: readonly Box[];
  }

  /** A piece of a response: UTF-16 offsets and the text between them. */
  export interface Span {
    readonly start: number;
    readonly end: number;
    readonly text: string;
  }

  export interface Section {
    readonly kind: 'description' | 'rationales' | 'think' | 'step' | 'answer';
    readonly heading: Span;
    readonly body: Span;
  }

  export interface Sections {
    /** Every heading in the order of the text. */
    readonly all: readonly Section[];
    /** From the description heading to the rationales heading after it; null without both. */
    readonly description: Span | null;
    readonly steps: readonly Section[];
  }

  export interface RewardInput {
    readonly response: string;
    readonly tokens: number;
    /** False where `tokens` counts words because no tokenizer was at hand. */
    readonly isTokenCount: boolean;
    readonly sample: Sample;
    readonly sections: Sections;
  }

  export interface RewardContext {
    readonly clip: {
      /** Cosine similarity of an image and a text, in [-1, 1]. Calls made together are run as one batch. */
      similarity(imagePath: string, text: string): Promise<number>;
    };
    /** Pixels after EXIF rotation. */
    imageSize(imagePath: string): { readonly width: number; readonly height: number };
  }

  /** Why a component gave its value; spans are shown in the response, boxes on the picture. */
  export interface ComponentEvidence {
    readonly kind: 'description' | 'answer' | 'box' | 'key_word' | 'format' | 'note';
    readonly start?: number;
    readonly end?: number;
    readonly text?: string;
    readonly note?: string;
    readonly ok?: boolean;
    readonly bbox?: Bbox;
    readonly gold?: Bbox;
    readonly iou?: number;
  }

  /** A value, by custom in [0, 1]; null where the component does not apply, and then the others share its weight. */
  export type ComponentResult = number | boolean | null | { readonly value: number | boolean | null; readonly evidence?: readonly ComponentEvidence[] };
  export type SingleComponent = (input: RewardInput, context: RewardContext) => ComponentResult | Promise<ComponentResult>;

  export interface BatchComponent {
    /** As many results as inputs, in order. */
    readonly batch: (inputs: readonly RewardInput[], context: RewardContext) => readonly ComponentResult[] | Promise<readonly ComponentResult[]>;
  }

  export type Component = SingleComponent | BatchComponent;

  export interface RewardDefinition {
    readonly components: Readonly<Record<string, Component>>;
    readonly weights: Readonly<Record<string, number>>;
  }

  /** The default export of a reward file. `overall` is the weighted sum; a component without a weight is logged only. */
  export function defineReward<C extends Readonly<Record<string, Component>>>(definition: {
    readonly components: C;
    readonly weights: { readonly [name in keyof C]?: number };
  }): RewardDefinition;

  /** 1 where the final answer is right by mathruler's rules. `tolerant` forgives spelling and says what it forgave. */
  export function accuracy(options?: { readonly mode?: 'strict' | 'tolerant' }): SingleComponent;
  /** Image-text similarity of the description: min(1, similarity / tau); tau is 0.4. */
  export function clip(options?: { readonly tau?: number }): SingleComponent;
  /** 1 where the four headings of the paper's grammar are there. */
  export function format(): SingleComponent;
  /** Share of the gold boxes that the response's boxes cover, by the best matching; another label counts `mislabelled` (0.5). */
  export function iou(options?: {
    readonly within?: 'description' | 'response';
    readonly frame?: 'pixel' | 'norm1' | 'norm1000' | 'percent-xywh' | 'coco-xywh' | 'yolo-cxcywh';
    readonly mislabelled?: number;
    readonly measure?: 'iou' | 'giou';
  }): SingleComponent;
  /** Share of the sample's key words that occur; any substring of the response, as released, unless told otherwise. */
  export function keyWords(options?: { readonly wholeWord?: boolean; readonly within?: 'response' | 'description' }): SingleComponent;
  /** 1 up to `limit` (512) tokens, then limit / tokens. */
  export function length(options?: { readonly limit?: number }): SingleComponent;

  export interface ExtractedAnswer extends Span {
    readonly from: 'section' | 'whole';
    readonly forgave: readonly string[];
  }
  /** The answer as the paper's released code reads it. */
  export function extractAnswer(response: string): ExtractedAnswer;
  export function extractAnswerTolerant(response: string): ExtractedAnswer;
  /** mathruler's `grade_answer`. */
  export function gradeAnswer(given: string, truth: string): boolean;

  export interface WrittenBox {
    readonly label: string | null;
    readonly bbox: Bbox;
    readonly span: Span;
  }
  /** Every box of a text, in the grammars that models write. */
  export function parseBoxes(text: string, offset?: number): readonly WrittenBox[];
  export function parseSections(response: string): Sections;
  export function boxIou(a: Bbox, b: Bbox): number;
  export function boxGiou(a: Bbox, b: Bbox): number;
  /** The one-to-one matching of the largest total score. */
  export function matchBest(scores: readonly (readonly number[])[]): readonly { readonly row: number; readonly column: number }[];
}
