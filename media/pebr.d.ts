/** What a reward file imports as `pebr`. PeBR Studio shows these types in the editor; the reward worker brings the code. */
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

  /** What a component is given: one response and the row it answers. */
  export interface RewardInput {
    readonly response: string;
    /** Tokens of the response. */
    readonly tokens: number;
    /** False where `tokens` counts words because no tokenizer was at hand. */
    readonly isTokenCount: boolean;
    /** The dataset row; `images` are absolute paths, `boxes` pixels of the original image. */
    readonly sample: Sample;
    /** The response in the paper's grammar. */
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

  /** Evidence of a score, with the component that gave it. */
  export interface Evidence extends ComponentEvidence {
    readonly component: string;
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

  /**
   * The default export of a reward file. `overall` is the weighted sum of the components; one without a weight is computed and logged only.
   *
   * ```ts
   * export default defineReward({
   *   components: { accuracy: accuracy(), short: ({ tokens }) => Math.min(1, 200 / tokens) },
   *   weights: { accuracy: 0.9, short: 0.1 },
   * });
   * ```
   */
  export function defineReward<C extends Readonly<Record<string, Component>>>(definition: {
    /** Named parts of the reward: built-in ones, or functions of yours. */
    readonly components: C;
    /** Weight of each component in `overall`. */
    readonly weights: { readonly [name in keyof C]?: number };
  }): RewardDefinition;

  export interface AccuracyOptions {
    /** `strict` (default) reads the answer as the paper's released code does; `tolerant` forgives spelling and says what it forgave. */
    readonly mode?: 'strict' | 'tolerant';
  }
  /** 1 where the final answer is right by mathruler's rules, else 0. */
  export function accuracy(options?: AccuracyOptions): SingleComponent;

  export interface ClipOptions {
    /** Similarity from which a description has full marks; 0.4 in the paper's code. */
    readonly tau?: number;
  }
  /** Image-text similarity of the description and the first image: `min(1, similarity / tau)`; 0 without a description. */
  export function clip(options?: ClipOptions): SingleComponent;

  /** 1 where all four headings of the paper's grammar are there, in any order and letter case; else 0. */
  export function format(): SingleComponent;

  export interface IouOptions {
    /** Which boxes count; those of the description by default. */
    readonly within?: 'description' | 'response';
    /**
     * Frame of the numbers in the response; pixels of the original image by default. `<loc0001>` tokens are 1024ths whatever stands here;
     * `grammar` takes only such and fails on a grammar that does not say its frame.
     */
    readonly frame?: WrittenFrame | 'grammar';
    /** What a box is worth whose label is another one than the gold box's, as a factor; 0.5 by default. */
    readonly mislabelled?: number;
    /** `giou` rewards a near miss too: (1 + GIoU) / 2. `precision`, `recall` and `f1` count the boxes whose IoU reaches `threshold`. */
    readonly measure?: 'iou' | 'giou' | 'precision' | 'recall' | 'f1';
    /** IoU from which a box is found; 0.5 by default. */
    readonly threshold?: number;
  }
  /**
   * How well the response's boxes cover the gold ones: the best one-to-one matching over the larger of the two counts, so that a missing box and a box
   * too many both cost. Does not apply (null) to a sample without gold boxes.
   */
  export function iou(options?: IouOptions): SingleComponent;

  export interface KeyWordOptions {
    /** By default any substring counts, as released: "red 1" is found in "red 12". */
    readonly wholeWord?: boolean;
    /** Where they are looked for; the whole response by default. */
    readonly within?: 'response' | 'description';
  }
  /** Share of the sample's `key_words` that occur. */
  export function keyWords(options?: KeyWordOptions): SingleComponent;

  export interface LengthOptions {
    /** Tokens up to which a response has full marks; 512 in the paper's code. */
    readonly limit?: number;
  }
  /** 1 up to the limit, then limit / tokens: 0.5 at twice the limit. */
  export function length(options?: LengthOptions): SingleComponent;

  export interface ExtractedAnswer extends Span {
    readonly from: 'section' | 'whole';
    readonly forgave: readonly string[];
  }
  /** The answer as the paper's released code reads it: after `### The final answer is:`, else the whole response. */
  export function extractAnswer(response: string): ExtractedAnswer;
  /** The answer as a person would read it; `forgave` says what was overlooked. With a letter as `truth`, `B) red` is `B`. */
  export function extractAnswerTolerant(response: string, truth?: string): ExtractedAnswer;
  /** Whether two answers are the same by mathruler's `grade_answer`: numbers, fractions, units, LaTeX, tuples, text. */
  export function gradeAnswer(given: string, truth: string): boolean;

  /** How a box is written: `{"bbox_2d": […]}`, `{"x1": …}`, `{'Position': […]}`, `<box>`, `<loc0001>`, `[…]`. Only `loc` says its frame. */
  export type BoxGrammar = 'json' | 'corners' | 'position' | 'box tag' | 'loc' | 'list';
  export interface WrittenBox {
    readonly label: string | null;
    /** Numbers as written, x before y. */
    readonly bbox: Bbox;
    readonly span: Span;
    readonly grammar: BoxGrammar;
    /** Why its numbers mean no place. */
    readonly fault?: string;
  }
  /** Every box of a text, in the grammars that models write. */
  export function parseBoxes(text: string, offset?: number): readonly WrittenBox[];
  /** The response in the paper's grammar, heading by heading. */
  export function parseSections(response: string): Sections;
  /** Intersection over union, in [0, 1]. */
  export function boxIou(a: Bbox, b: Bbox): number;
  /** Generalized IoU, in (-1, 1]: below 0 for boxes that are far apart. */
  export function boxGiou(a: Bbox, b: Bbox): number;
  export interface ResizedFrame {
    /** 28 for Qwen2.5-VL. */
    readonly factor?: number;
    readonly minPixels?: number;
    readonly maxPixels?: number;
  }
  /** What the numbers of a written box mean; `resized`: pixels of the image after the model's processor has resized it. */
  export type WrittenFrame =
    | 'pixel' | 'norm1' | 'norm1000' | 'norm1024' | 'percent-xywh' | 'coco-xywh' | 'yolo-cxcywh' | 'qwen2.5-resized'
    | `qwen2.5-resized{${number},${number},${number}}` | { readonly resized: ResizedFrame };
  /** To pixels of the original image, not rounded and not clipped. */
  export function writtenToPixels(bbox: Bbox, frame: WrittenFrame, size: { readonly width: number; readonly height: number }): Bbox;
  export interface BoxMatches {
    readonly pairs: readonly { readonly row: number; readonly column: number }[];
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
  }
  /** One-to-one matches (Hungarian) of predicted with gold boxes whose IoU reaches `threshold`; `worth` is what a match counts, 1 by default. */
  export function matchBoxes(predicted: readonly Bbox[], gold: readonly Bbox[], threshold: number, worth?: (row: number, column: number) => number): BoxMatches;
  /** The one-to-one matching of the largest total score. */
  export function matchBest(scores: readonly (readonly number[])[]): readonly { readonly row: number; readonly column: number }[];
}
