import type { Sample } from '../dataset/sample';
import type { Sections } from '../grading/sections';
import type { Evidence } from './score';

/** What a component is given: one response and the row it answers. */
export interface RewardInput {
  readonly response: string;
  /** Tokens of the response. */
  readonly tokens: number;
  /** False where the policy's tokenizer was not at hand and `tokens` counts words. */
  readonly isTokenCount: boolean;
  /** The dataset row; `images` are absolute paths, `boxes` are pixels of the original image. */
  readonly sample: Sample;
  /** The response in the paper's grammar. */
  readonly sections: Sections;
}

/** What a component may ask for. */
export interface RewardContext {
  readonly clip: {
    /** Cosine similarity of an image and a text, in [-1, 1]. Calls made together are run as one batch. */
    similarity(imagePath: string, text: string): Promise<number>;
  };
  /** Width and height in pixels after EXIF rotation. */
  imageSize(imagePath: string): { readonly width: number; readonly height: number };
}

/** Evidence as a component gives it; its name is filled in. */
export type ComponentEvidence = Omit<Evidence, 'component'>;

/** A value, by custom in [0, 1]; null where the component does not apply to the sample, and then the weights of the others share its place. */
export type ComponentResult = number | boolean | null | { readonly value: number | boolean | null; readonly evidence?: readonly ComponentEvidence[] };

export type SingleComponent = (input: RewardInput, context: RewardContext) => ComponentResult | Promise<ComponentResult>;

/** A component that scores the whole batch at once; as many results as inputs, in order. */
export interface BatchComponent {
  readonly batch: (inputs: readonly RewardInput[], context: RewardContext) => readonly ComponentResult[] | Promise<readonly ComponentResult[]>;
}

export type Component = SingleComponent | BatchComponent;

export interface RewardDefinition {
  readonly components: Readonly<Record<string, Component>>;
  /** Weight of each component in `overall`; one that is not named weighs 0: it is computed and logged only. */
  readonly weights: Readonly<Record<string, number>>;
}

/** The default export of a reward file. Throws where a weight names no component or is no number. */
export function defineReward<C extends Readonly<Record<string, Component>>>(definition: {
  readonly components: C;
  readonly weights: { readonly [name in keyof C]?: number };
}): RewardDefinition {
  const names = Object.keys(definition.components);
  if (names.length === 0) throw new Error('A reward needs at least one component.');
  if (names.includes('overall')) throw new Error('A component cannot be called "overall": that is the weighted sum.');
  const weights = definition.weights as Readonly<Record<string, number>> | undefined;
  if (!weights) throw new Error(`A reward needs weights, such as weights: { ${names[0] ?? ''}: 1 }.`);
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) throw new Error(`The weight "${name}" names no component. Components: ${names.join(', ')}.`);
    if (!Number.isFinite(weight)) throw new Error(`The weight of "${name}" is ${String(weight)}, not a number.`);
  }
  if (!names.some(name => Object.hasOwn(weights, name) && weights[name] !== 0)) throw new Error('Every weight is 0: each response would score the same.');
  return { components: definition.components, weights };
}
