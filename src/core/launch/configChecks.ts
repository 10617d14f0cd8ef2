import type { Project, StageConfig } from '../project/project';
import { type LaunchCheck, passed } from './launchCheck';
import type { PolicyFacts } from './policyFacts';

/** What can be told from the configuration alone, in the time between two key strokes. `processes` share the responses of a step. */
export function configChecks(project: Project, facts: PolicyFacts | undefined, processes = 1): readonly LaunchCheck[] {
  const stages = project.pipeline.stages.flatMap((stage, index) => [
    checkGroup(stage, index), checkBatch(project, stage, index, processes), checkReplay(stage, index), checkSaving(stage, index), checkRate(project, stage, index, facts),
  ]);
  return [checkStages(project), ...checkWarmUp(project), ...stages, checkLengths(project, facts), checkPrecision(project), checkHeldOut(project), checkSampling(project)];
}

function checkStages({ pipeline }: Project): LaunchCheck {
  const [id, title] = ['stages', 'Stages'];
  const steps = pipeline.stages.reduce((sum, stage) => sum + stage.steps, 0) + (pipeline.warmUp?.steps ?? 0);
  if (steps === 0) return { id, title, state: 'error', message: 'No stage has a step to train.', remedy: 'Add a stage with "steps" to pipeline.stages.' };
  const empty = pipeline.stages.filter(stage => stage.steps === 0).map(stage => stage.name);
  if (empty.length > 0) return { id, title, state: 'warning', message: `${empty.join(', ')}: 0 steps.`, remedy: 'The stage is passed over; give it steps, or take it out.' };
  return passed(id, title, `${pipeline.stages.map(stage => `${stage.name} ${stage.steps}`).join(', ')} steps.`);
}

/** A rate at which a model forgets all it knew in its first steps. */
function checkWarmUp({ pipeline: { warmUp } }: Project): readonly LaunchCheck[] {
  if (!warmUp || warmUp.learningRate <= 1e-2) return [];
  const fix = { kind: 'set', title: 'Use 1e-5', overrides: { 'pipeline.warmUp.learningRate': 1e-5 } } as const;
  return [{ id: 'rate@warm-up', title: 'Learning rate of warm-up', state: 'warning', message: `${warmUp.learningRate} destroys a model within a few steps.`, remedy: 'The paper warms up with 1e-5; a tiny policy takes 1e-3.', fix }];
}

/** A group of one is refused with the file already. */
function checkGroup({ name, responses }: StageConfig, index: number): LaunchCheck {
  const [id, title] = [`group@${name}`, `Group of ${name}`];
  if (responses >= 4) return passed(id, title, `${responses} responses a group.`);
  const fix = { kind: 'set', title: 'Use 8', overrides: { [`pipeline.stages.${index}.responses`]: 8 } } as const;
  return { id, title, state: 'warning', message: `With ${responses} responses many groups score all the same.`, remedy: 'The paper uses 8.', fix };
}

/** The responses of a step are cut into equal parts, one for each process and backward pass. */
function checkBatch({ policy }: Project, { name, samplesPerStep, responses }: StageConfig, index: number, processes: number): LaunchCheck {
  const [id, title] = [`batch@${name}`, `Batch of ${name}`];
  const total = samplesPerStep * responses;
  const each = total / processes;
  if (!Number.isInteger(each)) {
    const remedy = `Make samplesPerStep × responses a multiple of ${processes}.`;
    return { id, title, state: 'error', message: `${samplesPerStep} samples × ${responses} responses cannot be shared evenly by ${processes} processes.`, remedy, fix: { kind: 'set', title: `Use ${ceilTo(samplesPerStep, processes)} samples`, overrides: { [`pipeline.stages.${index}.samplesPerStep`]: ceilTo(samplesPerStep, processes) } } };
  }
  const { microBatch } = policy;
  if (microBatch === null || microBatch >= each) return passed(id, title, `${samplesPerStep} × ${responses} = ${total} responses a step.`);
  if (each % microBatch === 0) return passed(id, title, `${total} responses a step in ${each / microBatch} passes of ${microBatch}.`);
  const best = largestDivisor(each, microBatch);
  const message = `${each} responses cannot be cut into passes of ${microBatch}.`;
  return { id, title, state: 'error', message, remedy: `policy.microBatch must divide ${each}; ${best} does.`, fix: { kind: 'set', title: `Use ${best}`, overrides: { 'policy.microBatch': best } } };
}

function checkReplay({ name, replay, samplesPerStep }: StageConfig, index: number): LaunchCheck {
  const [id, title] = [`replay@${name}`, `Replay in ${name}`];
  if (!replay || replay.share === 0) return passed(id, title, 'No samples of another dataset.');
  const replayed = Math.min(samplesPerStep, Math.round(replay.share * samplesPerStep));
  if (replayed > 0 && replayed < samplesPerStep) return passed(id, title, `${replayed} of ${samplesPerStep} samples a step.`);
  const share = replayed === 0 ? 1 / samplesPerStep : (samplesPerStep - 1) / samplesPerStep;
  const message = replayed === 0 ? `A share of ${replay.share} of ${samplesPerStep} samples rounds to none: nothing is replayed.` : `All ${samplesPerStep} samples of a step are replayed: none is the stage's own.`;
  const fix = samplesPerStep > 1 ? { fix: { kind: 'set', title: `Use ${share}`, overrides: { [`pipeline.stages.${index}.replay.share`]: share } } as const } : {};
  return { id, title, state: 'warning', message, remedy: 'Choose another share or more samples a step.', ...fix };
}

function checkSaving({ name, steps, saveEvery }: StageConfig, index: number): LaunchCheck {
  const [id, title] = [`saving@${name}`, `Checkpoints of ${name}`];
  if (steps < 20 || saveEvery < steps) return passed(id, title, `A checkpoint every ${Math.min(saveEvery, Math.max(1, steps))} steps.`);
  const each = Math.max(1, Math.round(steps / 5));
  return { id, title, state: 'warning', message: `Nothing is saved before step ${steps}: a run that is killed starts the stage anew.`, remedy: 'Save more often.', fix: { kind: 'set', title: `Every ${each} steps`, overrides: { [`pipeline.stages.${index}.saveEvery`]: each } } };
}

/** Full training of a model of billions at the rates of small ones destroys it in a few steps. */
function checkRate({ policy }: Project, { name, learningRate }: StageConfig, index: number, facts: PolicyFacts | undefined): LaunchCheck {
  const [id, title] = [`rate@${name}`, `Learning rate of ${name}`];
  const most = facts?.parameters && facts.parameters >= 1e9 ? (policy.lora ? 1e-4 : 1e-5) : 1e-2;
  if (learningRate <= most) return passed(id, title, `${learningRate}.`);
  const usual = policy.lora ? 1e-5 : 1e-6;
  const message = `${learningRate} is ${Math.round(learningRate / usual)} times what ${policy.lora ? 'an adapter' : 'a model'} of this size is trained with.`;
  return { id, title, state: 'warning', message, remedy: 'The paper trains with 1e-6.', fix: { kind: 'set', title: `Use ${usual}`, overrides: { [`pipeline.stages.${index}.learningRate`]: usual } } };
}

function checkLengths({ policy }: Project, facts: PolicyFacts | undefined): LaunchCheck {
  const [id, title] = ['lengths', 'Lengths'];
  const { maxPromptTokens, maxResponseTokens } = policy;
  const total = maxPromptTokens + maxResponseTokens;
  const context = facts?.context ?? null;
  if (context === null || total <= context) return passed(id, title, `${maxPromptTokens} + ${maxResponseTokens} tokens${context === null ? '' : ` of ${context}`}.`);
  const message = `Prompt and response together may have ${total} tokens, but the policy was made for ${context}.`;
  const left = context - maxPromptTokens;
  const fix = left > 0 ? { fix: { kind: 'set', title: `Use ${left} for responses`, overrides: { 'policy.maxResponseTokens': left } } as const } : {};
  return { id, title, state: 'error', message, remedy: 'Make policy.maxPromptTokens or policy.maxResponseTokens smaller.', ...fix };
}

function checkPrecision({ policy }: Project): LaunchCheck {
  const [id, title] = ['precision', 'Precision'];
  if (policy.dtype !== 'float16') return passed(id, title, policy.dtype === 'auto' ? 'bfloat16 on a GPU that has it, else float32.' : `${policy.dtype}.`);
  const fix = { kind: 'set', title: 'Use auto', overrides: { 'policy.dtype': 'auto' } } as const;
  return { id, title, state: 'warning', message: 'float16 overflows in long responses; losses become NaN.', remedy: 'Use bfloat16 where the GPU has it, else float32.', fix };
}

function checkHeldOut({ pipeline, datasets }: Project): LaunchCheck {
  const [id, title] = ['held-out', 'Held-out data'];
  if (!pipeline.evaluate) return passed(id, title, 'The run does not evaluate.');
  const used = new Set(pipeline.stages.map(stage => stage.dataset));
  const without = datasets.filter(dataset => used.has(dataset.id) && !dataset.heldOut).map(dataset => dataset.id);
  if (without.length === 0) return passed(id, title, 'Every dataset that is trained on has held-out rows.');
  return { id, title, state: 'warning', message: `${without.join(', ')}: no held-out rows, so nothing shows whether training helped.`, remedy: 'Name a file with other rows under "heldOut".', fix: { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } };
}

function checkSampling({ pipeline }: Project): LaunchCheck {
  const [id, title] = ['sampling', 'Sampling'];
  if (!pipeline.sampling) return passed(id, title, 'The difficulty that is stored is used.');
  const { responses, temperature } = pipeline.sampling;
  if (responses < 4) return { id, title, state: 'warning', message: `${responses} responses a question can hardly tell easy from medium.`, remedy: 'The paper asks 8 times.', fix: { kind: 'set', title: 'Use 8', overrides: { 'pipeline.sampling.responses': 8 } } };
  return passed(id, title, `${responses} responses a question at temperature ${temperature}.`);
}

function ceilTo(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** The largest divisor of `value` that is at most `limit`. */
function largestDivisor(value: number, limit: number): number {
  for (let divisor = Math.min(limit, value); divisor > 1; divisor--) if (value % divisor === 0) return divisor;
  return 1;
}
