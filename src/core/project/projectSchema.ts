import * as v from 'valibot';
import { engineIds } from '../engines/engineId';
import type { Project } from './project';
import { defaultCheckpoints, defaultColumns, defaultDynamicSampling, defaultEvaluate, defaultPolicy, defaultReplay, defaultSampling, defaultStage, defaultWarmUp } from './projectDefaults';

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0, 'must not be negative'));
const positive = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1, 'must be 1 or more'));
const share = v.pipe(v.number(), v.minValue(0, 'must be 0 or more'), v.maxValue(1, 'must be 1 or less'));
const notNegative = v.pipe(v.number(), v.minValue(0, 'must not be negative'));
const aboveZero = v.pipe(v.number(), v.gtValue(0, 'must be above 0'));
/** Limits of the processor that are not its own: `qwen2.5-resized{28,3136,802816}`. */
const resizedFrame = /^qwen2\.5-resized\{[1-9]\d{0,8},\d{1,12},[1-9]\d{0,11}\}$/;
const difficulties = v.pipe(v.array(v.picklist(['easy', 'medium', 'hard'])), v.minLength(1, 'must name at least one of easy, medium, hard'));

const frames = ['pixel', 'norm1', 'norm1000', 'percent-xywh', 'coco-xywh', 'yolo-cxcywh', 'qwen2.5-resized'] as const;
const boxFrame = v.union([
  v.picklist(frames),
  v.pipe(v.string(), v.regex(resizedFrame, `must be one of ${frames.join(', ')}, or qwen2.5-resized{factor,minPixels,maxPixels}`)) as v.GenericSchema<string, `qwen2.5-resized{${number},${number},${number}}`>,
]);

const columns = v.strictObject({
  qid: v.optional(text, defaultColumns.qid),
  problem: v.optional(text, defaultColumns.problem),
  answer: v.optional(text, defaultColumns.answer),
  images: v.optional(text, defaultColumns.images),
  key_words: v.optional(text, defaultColumns.key_words),
  boxes: v.optional(text, defaultColumns.boxes),
});

const dataset = v.strictObject({
  id: v.pipe(text, v.regex(/^[\w-][\w.-]*$/, 'may have letters, digits, ".", "_" and "-" only and not begin with ".", because it names files')),
  stage: v.picklist(['perception', 'reasoning']),
  path: text,
  heldOut: v.optional(v.nullable(text), null),
  imageRoot: v.optional(text, '.'),
  columns: v.optional(columns, {}),
  boxFrame: v.optional(boxFrame, 'pixel'),
});

const policy = v.strictObject({
  base: v.optional(text, defaultPolicy.base),
  lora: v.optional(v.nullable(v.strictObject({ rank: positive, alpha: positive })), null),
  dtype: v.optional(v.picklist(['auto', 'float32', 'bfloat16', 'float16']), defaultPolicy.dtype),
  vllm: v.optional(v.boolean(), false),
  maxPromptTokens: v.optional(positive, defaultPolicy.maxPromptTokens),
  maxResponseTokens: v.optional(positive, defaultPolicy.maxResponseTokens),
  microBatch: v.optional(v.nullable(positive), null),
});

const mostSteps = 1_000_000;

const stage = v.strictObject({
  name: v.pipe(text, v.regex(/^[\w-][\w.-]*$/, 'may have letters, digits, ".", "_" and "-" only and not begin with ".", because it names files'), v.notValues(['base', 'warm-up', 'sampling', 'evaluation'], 'is taken by what every run has; choose another name'), v.check(name => !name.startsWith('sampling.'), 'may not begin with "sampling."')),
  dataset: text,
  difficulty: v.optional(difficulties, [...defaultStage.difficulty]),
  reward: text,
  steps: v.optional(v.pipe(count, v.maxValue(mostSteps, `must be ${mostSteps.toLocaleString('en')} or less: all of a stage is planned before it starts`)), defaultStage.steps),
  samplesPerStep: v.optional(positive, defaultStage.samplesPerStep),
  responses: v.optional(positive, defaultStage.responses),
  temperature: v.optional(aboveZero, defaultStage.temperature),
  topP: v.optional(v.pipe(share, v.gtValue(0, 'must be above 0')), defaultStage.topP),
  learningRate: v.optional(aboveZero, defaultStage.learningRate),
  beta: v.optional(notNegative, defaultStage.beta),
  iterations: v.optional(positive, defaultStage.iterations),
  saveEvery: v.optional(positive, defaultStage.saveEvery),
  replay: v.optional(v.nullable(v.strictObject({ dataset: text, difficulty: v.optional(difficulties, [...defaultReplay.difficulty]), share: v.optional(share, defaultReplay.share), reward: text })), null),
  dynamicSampling: v.optional(v.nullable(v.strictObject({ maxBatches: v.optional(v.pipe(positive, v.minValue(2, 'must be 2 or more')), defaultDynamicSampling.maxBatches) })), null),
  resample: v.optional(v.boolean(), defaultStage.resample),
  passRate: v.optional(v.nullable(v.pipe(v.tuple([share, share]), v.check(([low, high]) => low <= high, 'must be the lowest and the highest, such as [0.2, 0.6]'))), defaultStage.passRate),
  curriculum: v.optional(v.picklist(['none', 'easy-first']), defaultStage.curriculum),
});

const pipeline = v.strictObject({
  seed: v.optional(v.pipe(count, v.maxValue(2 ** 32 - 1, 'must be below 2^32: the libraries take no larger one')), 0),
  warmUp: v.optional(v.nullable(v.strictObject({
    data: text,
    steps: v.optional(count, defaultWarmUp.steps),
    batch: v.optional(positive, defaultWarmUp.batch),
    learningRate: v.optional(aboveZero, defaultWarmUp.learningRate),
    freezeVision: v.optional(v.boolean(), defaultWarmUp.freezeVision),
    saveEvery: v.optional(positive, defaultWarmUp.saveEvery),
  })), null),
  sampling: v.optional(v.nullable(v.strictObject({
    responses: v.optional(positive, defaultSampling.responses),
    temperature: v.optional(aboveZero, defaultSampling.temperature),
    topP: v.optional(v.pipe(share, v.gtValue(0, 'must be above 0')), defaultSampling.topP),
    samples: v.optional(v.nullable(positive), defaultSampling.samples),
    reward: text,
    component: v.optional(text, defaultSampling.component),
  })), null),
  stages: v.optional(v.array(stage), []),
  evaluate: v.optional(v.nullable(v.strictObject({
    samples: v.optional(v.nullable(positive), defaultEvaluate.samples),
    responses: v.optional(positive, defaultEvaluate.responses),
    temperature: v.optional(aboveZero, defaultEvaluate.temperature),
  })), null),
  checkpoints: v.optional(v.strictObject({ keep: v.optional(positive, defaultCheckpoints.keep), scoreSamples: v.optional(count, defaultCheckpoints.scoreSamples) }), {}),
});

const view = v.strictObject({
  name: text,
  dataset: text,
  query: v.optional(v.string(), ''),
  sort: v.optional(v.array(text), []),
  groupBy: v.optional(v.nullable(text), null),
});

/** The shape of `pebr.json` with its defaults; unknown keys are errors, because a misspelt key would silently train something else. */
export const projectSchema: v.GenericSchema<unknown, Project> = v.strictObject({
  $schema: v.optional(v.string()),
  v: v.optional(v.literal(1, 'is a version that this release does not know; it reads 1'), 1),
  name: text,
  datasets: v.array(dataset),
  prompt: v.optional(v.nullable(text), null),
  rewards: v.optional(v.array(text), []),
  rewardNumbers: v.optional(v.record(text, v.record(text, v.pipe(v.number(), v.finite('must be finite')))), {}),
  clip: v.optional(v.nullable(text), null),
  detector: v.optional(v.nullable(text), null),
  policy: v.optional(policy, {}),
  pipeline: v.optional(pipeline, {}),
  engine: v.optional(v.picklist(engineIds, `must be one of ${engineIds.join(', ')}`), 'trl'),
  views: v.optional(v.array(view), []),
});
