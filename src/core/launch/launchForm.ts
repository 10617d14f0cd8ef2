import { engineIds } from '../engines/engineId';
import type { StageOrder } from '../engines/trl';
import type { Project } from '../project/project';
import { type PresetId, presets } from './presets';
import { withOverrides } from './withOverrides';

/** What a person chose for one run. */
export interface LaunchChoice {
  readonly preset: PresetId;
  /** Values typed into the form: path into `pebr.json` → value. They win over the preset's. */
  readonly edits: Readonly<Record<string, unknown>>;
  /** Null: that of `pebr.json`. */
  readonly seed: number | null;
  readonly order: StageOrder;
}

export const asInFile: LaunchChoice = { preset: 'project', edits: {}, seed: null, order: 'two-stage' };

export type FieldKind = 'whole' | 'number' | 'text' | 'switch' | readonly string[];

export interface LaunchField {
  readonly path: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** As the run would have it; null is "none" or "chosen by the trainer". */
  readonly value: unknown;
  /** As `pebr.json` has it. */
  readonly usual: unknown;
  /** Why the value cannot be. */
  readonly fault?: string;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly LaunchField[];
}

type FieldRow = readonly [key: string, label: string, kind: FieldKind];

const engineRow: FieldRow = ['engine', 'Engine', engineIds];
const policyRows: readonly FieldRow[] = [
  ['base', 'Base (folder or Hugging Face id)', 'text'], ['dtype', 'Precision', ['auto', 'float32', 'bfloat16', 'float16']], ['lora.rank', 'LoRA rank (empty: all parameters)', 'whole'],
  ['lora.alpha', 'LoRA alpha', 'whole'], ['vllm', 'Generate with vLLM', 'switch'], ['maxPromptTokens', 'Most prompt tokens', 'whole'],
  ['maxResponseTokens', 'Most response tokens', 'whole'], ['microBatch', 'Responses a pass (empty: chosen)', 'whole'],
];
const warmUpRows: readonly FieldRow[] = [['steps', 'Steps', 'whole'], ['batch', 'Rows a step', 'whole'], ['learningRate', 'Learning rate', 'number'], ['freezeVision', 'Freeze vision tower', 'switch']];
const samplingRows: readonly FieldRow[] = [['responses', 'Responses a question', 'whole'], ['temperature', 'Temperature', 'number'], ['topP', 'Top-p', 'number'], ['samples', 'Samples a dataset (empty: all)', 'whole']];
const stageRows: readonly FieldRow[] = [
  ['steps', 'Steps', 'whole'], ['samplesPerStep', 'Samples a step', 'whole'], ['responses', 'Responses a group', 'whole'], ['temperature', 'Temperature', 'number'], ['topP', 'Top-p', 'number'],
  ['learningRate', 'Learning rate', 'number'], ['beta', 'KL weight', 'number'], ['iterations', 'Updates a batch', 'whole'], ['saveEvery', 'Checkpoint every … steps', 'whole'], ['replay.share', 'Share of replay', 'number'],
];
const evaluateRows: readonly FieldRow[] = [['samples', 'Held-out samples (empty: all)', 'whole'], ['responses', 'Responses a sample', 'whole'], ['temperature', 'Temperature', 'number']];

/** What differs from `pebr.json` in a run of this choice. LoRA is one object: its two fields make it or, emptied, take it away. */
export function overridesOf(project: Project, { preset, edits }: LaunchChoice): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = { ...presets.find(({ id }) => id === preset)?.overrides(project), ...edits };
  const [rank, alpha] = ['rank', 'alpha'].map(key => values[`policy.lora.${key}`]);
  delete values['policy.lora.rank'];
  delete values['policy.lora.alpha'];
  if (rank === null) values['policy.lora'] = null;
  else if (rank !== undefined || alpha !== undefined) {
    const before = (values['policy.lora'] ?? project.policy.lora ?? { rank: 16, alpha: 32 }) as { rank: number; alpha: number };
    values['policy.lora'] = { rank: rank ?? before.rank, alpha: alpha ?? before.alpha };
  }
  return values;
}

/** The fields of the form with their values and faults, and the project that would be trained; undefined while a value cannot be. `text` is that of `pebr.json`. */
export function launchForm(text: string, usual: Project, choice: LaunchChoice): { readonly groups: readonly FieldGroup[]; readonly faults: readonly string[]; readonly project: Project | undefined } {
  const overrides = overridesOf(usual, choice);
  const { project, problems } = withOverrides(text, overrides, 'pebr.json');
  const faults = new Map(problems.filter(problem => problem.severity === 'error').map(problem => [/^"([^"]+)"/.exec(problem.message)?.[1] ?? problem.message, problem.message]));
  const group = (title: string, path: string, rows: readonly FieldRow[]): FieldGroup => ({
    title,
    fields: rows.filter(([key]) => !key.includes('.') || key.startsWith('lora.') || valueAt(usual, `${path}.${key.split('.')[0]}`) !== null).map(([key, label, kind]): LaunchField => {
      const full = path === '' ? key : `${path}.${key}`;
      const fault = faults.get(full.replace(/\.(\d+)/g, '[$1]'));
      faults.delete(full.replace(/\.(\d+)/g, '[$1]'));
      return { path: full, label, kind, value: valueOf(usual, overrides, full), usual: valueAt(usual, full), ...(fault === undefined ? {} : { fault: fault.replace(/^"[^"]+":? /, '') }) };
    }),
  });
  const { pipeline } = usual;
  const groups = [
    group('Engine', '', [engineRow]),
    group('Policy', 'policy', policyRows),
    ...(pipeline.warmUp ? [group('Warm-up', 'pipeline.warmUp', warmUpRows)] : []),
    ...(pipeline.sampling ? [group('Sampling', 'pipeline.sampling', samplingRows)] : []),
    ...pipeline.stages.map((stage, index) => group(stage.name, `pipeline.stages.${index}`, stageRows)),
    ...(pipeline.evaluate ? [group('Evaluation', 'pipeline.evaluate', evaluateRows)] : []),
  ];
  return { groups, faults: [...faults.values()], project };
}

/** The value that was set there or inside what was set as a whole. */
function valueOf(usual: Project, overrides: Readonly<Record<string, unknown>>, path: string): unknown {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const head = path.slice(0, end);
    if (Object.hasOwn(overrides, head)) return valueAt(overrides[head], path.slice(end + 1));
  }
  return valueAt(usual, path);
}

/** Null where there is nothing. */
function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path.split('.').reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : null), value);
}
