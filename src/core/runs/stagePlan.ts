import { type JsonObject, numberOf, textOf } from '../parsedLine';

/** What a run means to do in a stage, from its own configuration. */
export interface StagePlan {
  readonly name: string;
  /** Only stages of one kind have a pace in common. */
  readonly kind: 'warm-up' | 'sampling' | 'rl';
  /** Steps; of sampling the samples. */
  readonly steps: number;
  /** Responses a step (of sampling: a sample); rows a step for warm-up. */
  readonly responses: number;
}

/** Reads `config` of run.json, which nobody has checked: a stage whose numbers are missing is left out. */
export function stagePlans(config: JsonObject): readonly StagePlan[] {
  const pipeline = objectOf(config.pipeline);
  const [warmUp, sampling] = [objectOf(pipeline.warmUp), objectOf(pipeline.sampling)];
  const stages = Array.isArray(pipeline.stages) ? pipeline.stages.map(objectOf) : [];
  const ofSampling = (name: string): StagePlan[] => planOf(name, 'sampling', numberOf(sampling.samples), numberOf(sampling.responses) ?? 1);
  return [
    ...planOf('warm-up', 'warm-up', numberOf(warmUp.steps), numberOf(warmUp.batch) ?? 1),
    ...ofSampling('sampling'),
    ...stages.flatMap(stage => {
      const name = textOf(stage.name) ?? '';
      return [...(stage.resample === true ? ofSampling(`sampling.${name}`) : []), ...planOf(name, 'rl', numberOf(stage.steps), (numberOf(stage.samplesPerStep) ?? 1) * (numberOf(stage.responses) ?? 1))];
    }),
  ];
}

function planOf(name: string, kind: StagePlan['kind'], steps: number | undefined, responses: number): StagePlan[] {
  return name === '' || steps === undefined || responses <= 0 ? [] : [{ name, kind, steps, responses }];
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
