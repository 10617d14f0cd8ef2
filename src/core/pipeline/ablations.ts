import type { StageOrder } from '../engines/trl';
import type { Project } from '../project/project';
import type { RewardNumber } from '../rewards/score';

/** A run that differs from `pebr.json` in one factor. */
export interface Ablation {
  /** Names the run's folder. */
  readonly id: string;
  readonly title: string;
  /** What it leaves out or turns round, in a sentence. */
  readonly detail: string;
  readonly order: StageOrder;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/**
 * What can be left out of this project, the whole of it first. `numbers` are those of its reward files, by path. Without a component means
 * its weight is 0 and the others are raised to the same sum; held-out metrics are those of the components, so they stay comparable.
 */
export function ablationsOf(project: Project, numbers: Readonly<Record<string, readonly RewardNumber[]>>): readonly Ablation[] {
  const { stages, sampling } = project.pipeline;
  const kinds = new Set(stages.map(stage => project.datasets.find(({ id }) => id === stage.dataset)?.stage));
  const whole: Ablation = { id: 'whole', title: 'Whole', detail: 'Everything as in pebr.json', order: 'two-stage', overrides: {} };
  const orders: readonly Ablation[] = kinds.size < 2 ? [] : [
    { id: 'no-stage-1', title: 'No stage 1', detail: 'Reasoning only, at the same number of steps', order: 'reasoning-only', overrides: {} },
    { id: 'swapped', title: 'Stages swapped', detail: 'Reasoning before perception', order: 'swapped', overrides: {} },
    { id: 'mixed', title: 'Mixed', detail: 'Both stages at once, at the same number of steps', order: 'mixed', overrides: {} },
  ];
  const rewards = [...new Set(stages.map(stage => stage.reward))];
  const weightsOf = (reward: string): readonly RewardNumber[] => (numbers[reward] ?? []).filter(({ name, value }) => name.startsWith('weights.') && value > 0);
  const components = rewards.flatMap(reward => {
    const weights = weightsOf(reward);
    const isShared = ({ name }: RewardNumber): boolean => rewards.some(other => other !== reward && weightsOf(other).some(weight => weight.name === name));
    return weights.length < 2 ? [] : weights.map(weight => withoutComponent(reward, weights, weight, isShared(weight)));
  });
  return [whole, ...orders, ...components, ...(sampling ? [withoutSampling(project)] : [])];
}

/** `isShared`: another reward has a component of this name too. */
function withoutComponent(reward: string, weights: readonly RewardNumber[], left: RewardNumber, isShared: boolean): Ablation {
  const sum = weights.reduce((total, { value }) => total + value, 0);
  const tried = Object.fromEntries(weights.map(({ name, value }) => [name, name === left.name ? 0 : Number(((value * sum) / (sum - left.value)).toPrecision(6))]));
  const component = left.name.slice('weights.'.length) + (isShared ? ` of ${reward.slice(reward.lastIndexOf('/') + 1).replace(/\.reward\.\w+$/, '')}` : '');
  return {
    id: `no-${component.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`, title: `No ${component}`, order: 'two-stage',
    detail: `Weight 0 in ${reward}; the other weights raised to the same sum`, overrides: { rewardNumbers: { [reward]: tried } },
  };
}

/** Without difficulties every stage trains on all of its samples. */
function withoutSampling({ pipeline: { stages } }: Project): Ablation {
  const every = ['easy', 'medium', 'hard'];
  const ofStage = stages.map((stage, index) => {
    const at = `pipeline.stages.${index}`;
    return { [`${at}.difficulty`]: every, [`${at}.resample`]: false, [`${at}.passRate`]: null, [`${at}.curriculum`]: 'none', ...(stage.replay ? { [`${at}.replay.difficulty`]: every } : {}) };
  });
  return { id: 'no-sampling', title: 'No sampling', detail: 'Every stage trains on all of its samples', order: 'two-stage', overrides: Object.assign({ 'pipeline.sampling': null }, ...ofStage) as Record<string, unknown> };
}
