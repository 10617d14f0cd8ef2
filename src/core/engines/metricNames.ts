/** How the numbers of a metric read. */
export type MetricUnit = 'number' | 'share' | 'seconds' | 'tokens' | 'GB';

/** A log that is read: TRL's own names, or those of an engine. */
export type LogDialect = 'trl' | 'easyr1' | 'verl';

/** A metric under its one name, and what each trainer calls it; where a trainer has several, the first that is there counts. */
export interface Metric {
  readonly id: string;
  readonly title: string;
  readonly unit: MetricUnit;
  readonly trl: readonly string[];
  readonly easyr1: readonly string[];
  readonly verl: readonly string[];
}

const metric = (id: string, title: string, unit: MetricUnit, trl: string | readonly string[], easyr1: string | readonly string[], verl: string | readonly string[] = easyr1): Metric =>
  ({ id, title, unit, trl: [trl].flat(), easyr1: [easyr1].flat(), verl: [verl].flat() });

/** Every metric that has the same meaning in more than one trainer. `trainer/pebr_trainer/grpo.py` writes these names itself. */
export const metricNames: readonly Metric[] = [
  metric('reward', 'Reward', 'number', 'reward', ['reward/overall', 'critic/score/mean'], ['critic/score/mean', 'critic/rewards/mean']),
  metric('reward_std', 'Reward spread (std)', 'number', 'reward_std', []),
  metric('zero_std', 'Zero-std groups', 'share', 'frac_reward_zero_std', []),
  metric('loss', 'Policy loss', 'number', 'loss', 'actor/pg_loss'),
  metric('kl', 'KL to the start of the stage', 'number', 'kl', ['actor/kl_loss', 'actor/kl_penalty', 'critic/kl'], ['actor/kl_loss', 'critic/kl']),
  metric('entropy', 'Entropy', 'number', 'entropy', 'actor/entropy_loss', ['actor/entropy', 'actor/entropy_loss']),
  metric('grad_norm', 'Gradient norm', 'number', 'grad_norm', 'actor/grad_norm'),
  metric('learning_rate', 'Learning rate', 'number', 'learning_rate', 'actor/lr'),
  metric('clip_fraction', 'Clipped ratios', 'share', ['clip_ratio/region_mean', 'clip_ratio'], 'actor/pg_clipfrac_higher', 'actor/pg_clipfrac'),
  metric('clip_fraction_low', 'Clipped ratios, below', 'share', 'clip_ratio/low_mean', 'actor/pg_clipfrac_lower'),
  metric('update_kl', 'KL of the update', 'number', [], 'actor/ppo_kl'),
  metric('response_tokens', 'Response tokens', 'tokens', ['completions/mean_length', 'completion_length'], 'response_length/mean'),
  metric('response_tokens_max', 'Longest response', 'tokens', 'completions/max_length', 'response_length/max'),
  metric('response_tokens_min', 'Shortest response', 'tokens', 'completions/min_length', 'response_length/min'),
  metric('clipped', 'Cut at the limit', 'share', 'completions/clipped_ratio', 'response_length/clip_ratio'),
  metric('prompt_tokens', 'Prompt tokens', 'tokens', [], 'prompt_length/mean'),
  metric('prompts_clipped', 'Prompts cut', 'share', [], 'prompt_length/clip_ratio'),
  metric('step_seconds', 'Seconds a step', 'seconds', 'step_time', ['perf/time_per_step', 'timing_s/step']),
  metric('rollout_seconds', 'Seconds of rollouts', 'seconds', [], 'timing_s/gen'),
  metric('reward_seconds', 'Seconds of rewards', 'seconds', [], 'timing_s/reward'),
  metric('update_seconds', 'Seconds of updates', 'seconds', [], 'timing_s/update_actor'),
  metric('tokens', 'Tokens so far', 'tokens', 'num_tokens', []),
  metric('tokens_per_second', 'Tokens a second and GPU', 'tokens', [], 'perf/throughput'),
  metric('mfu', 'Model FLOPs used', 'share', [], 'perf/mfu_actor', ['perf/mfu/actor', 'perf/mfu_actor']),
  metric('gpu_memory', 'GPU memory, peak', 'GB', [], ['perf/max_memory_allocated_gb', 'perf/max_memory_reserved_gb']),
  metric('cpu_memory', 'Memory of the machine', 'GB', [], 'perf/cpu_memory_used_gb'),
  metric('epoch', 'Epoch', 'number', 'epoch', [], 'training/epoch'),
];

/** Titles and units of ours that no other trainer has. */
const own: readonly Metric[] = [
  metric('errors', 'Failed rewards', 'share', [], []),
  metric('replay/reward', 'Reward of replayed samples', 'number', [], []),
];

const byId = new Map([...metricNames, ...own].map(each => [each.id, each]));
const byRaw = new Map((['trl', 'easyr1', 'verl'] as const).map(dialect => [dialect, rawTable(dialect)]));

/** What is known of a metric; undefined for one that only a certain trainer or reward has. */
export function metricOf(id: string): Metric | undefined {
  return byId.get(id);
}

/** The title for a person; `reward/<component>` and unknown names as they stand. */
export function metricTitle(id: string): string {
  return byId.get(id)?.title ?? id;
}

/**
 * The numbers of one step under our names. What has no name of ours keeps its own, and so does a second source of a metric that another raw name
 * has given already: nothing is lost. Numbers that are not finite are left out.
 */
export function canonicalMetrics(raw: Iterable<readonly [string, number]>, dialect: LogDialect): Record<string, number> {
  const named = new Map<string, { readonly value: number; readonly rank: number; readonly raw: string }>();
  const result = new Map<string, number>();
  for (const [name, value] of raw) {
    if (!Number.isFinite(value) || name === '__proto__' || name === '') continue;
    const { id, rank } = byRaw.get(dialect)?.get(name) ?? { id: componentName(name, dialect), rank: 0 };
    const other = named.get(id);
    if (other && other.raw !== name && other.rank <= rank) {
      result.set(name, value);
      continue;
    }
    if (other && other.raw !== name) result.set(other.raw, other.value);
    named.set(id, { value, rank, raw: name });
  }
  for (const [id, { value }] of named) result.set(id, value);
  return Object.fromEntries(result);
}

/** Components of the reward are `reward/<component>`, what is measured on held-out data `eval/<metric>`. */
function componentName(name: string, dialect: LogDialect): string {
  if (dialect === 'trl') {
    const component = /^rewards\/(.+?)(?:\/mean)?$/.exec(name.endsWith('/std') ? '' : name)?.[1]; // before TRL 0.16 without `/mean`
    if (component !== undefined) return `reward/${component}`;
    return name.startsWith('eval_') ? `eval/${name.slice('eval_'.length)}` : name;
  }
  const held = /^val(?:-core|-aux)?\/(.+)$/.exec(name)?.[1];
  if (held !== undefined) return `eval/${held === 'reward_score' ? 'reward' : held.replace(/_reward$/, '')}`;
  return name;
}

function rawTable(dialect: LogDialect): ReadonlyMap<string, { readonly id: string; readonly rank: number }> {
  return new Map(metricNames.flatMap(each => each[dialect].map((name, rank) => [name, { id: each.id, rank }] as const)));
}
