import type { Component, RewardDefinition } from '../../../core/rewards/reward';

/** The reward that a file exports; throws with what is missing. */
export function definitionOf(exported: unknown): RewardDefinition {
  const candidate = (typeof exported === 'object' && exported !== null && 'default' in exported ? exported.default : exported) as Partial<RewardDefinition> | undefined;
  const components = candidate?.components;
  if (typeof components !== 'object' || components === null || Object.keys(components).length === 0) {
    throw new Error('The file has no default export made by defineReward({ components, weights }).');
  }
  const wrong = Object.entries(components).find(([, component]: [string, Component | undefined]) => typeof component !== 'function' && typeof component?.batch !== 'function');
  if (wrong) throw new Error(`The component "${wrong[0]}" is no function and has no batch function.`);
  return { components, weights: candidate?.weights ?? {} };
}
