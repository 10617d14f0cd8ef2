import { types } from 'node:util';
import { messageOf } from '../../../core/errors';
import { type Component, defineReward, type RewardDefinition } from '../../../core/rewards/reward';
import { WorkerFailure } from '../protocol';

const pattern = (component: string, name = component): string => `export default defineReward({ components: { ${component} }, weights: { ${name}: 1 } });`;
const anyPattern = pattern('name: ({ response }) => …', 'name');

/** The reward that a file exports; throws a `WorkerFailure` with what is there instead, and what to write. */
export function definitionOf(exported: unknown): RewardDefinition {
  const candidate = isObject(exported) && 'default' in exported ? exported.default : exported;
  const components = isObject(candidate) ? candidate['components'] : undefined;
  if (!isObject(components) || Object.keys(components).length === 0) throw new WorkerFailure(whatIsThere(exported, candidate));
  const wrong = Object.entries(components).find(([, component]) => typeof component !== 'function' && typeof (component as Component & { batch?: unknown } | null)?.batch !== 'function');
  if (wrong) {
    throw new WorkerFailure({
      message: `The component "${wrong[0]}" is no function and has no batch function.`,
      remedy: 'A component is a function of a response, such as ({ response }) => response.length > 0, or { batch: inputs => results }.',
    });
  }
  const { weights } = candidate as unknown as RewardDefinition;
  return checked({ components: components as RewardDefinition['components'], weights });
}

/** Also a reward that was not made by `defineReward`; its weights are read once, whatever they are. */
function checked({ components, weights }: RewardDefinition): RewardDefinition {
  try {
    return defineReward({ components, weights: isObject(weights) ? { ...weights } : weights });
  } catch (error) {
    throw new WorkerFailure({ message: messageOf(error), remedy: `Give weights as numbers, by component: weights: { ${Object.keys(components)[0] ?? 'name'}: 1 }.` });
  }
}

function whatIsThere(exported: unknown, candidate: unknown): { readonly message: string; readonly remedy: string } {
  const named = isObject(exported) ? Object.entries(exported).find(([, each]) => isObject(each) && isObject(each['components']))?.[0] : undefined;
  if (named !== undefined) return { message: `The reward is exported as "${named}", not as the default export.`, remedy: `Add: export default ${named};` };
  if (typeof candidate === 'function') return ofFunction(candidate.name, /^class\b/.test(Function.prototype.toString.call(candidate)));
  if (types.isPromise(candidate)) return { message: 'The default export is a promise, and a reward is loaded at once.', remedy: `Export the reward itself, and let its components be async: ${anyPattern}` };
  return { message: 'The file has no default export made by defineReward({ components, weights }).', remedy: `Write: ${anyPattern}` };
}

function ofFunction(name: string, isClass: boolean): { readonly message: string; readonly remedy: string } {
  const hasName = name !== '' && name !== 'default';
  const message = `The default export is a ${isClass ? 'class' : 'function'}${hasName ? ` (${name})` : ''}, not a reward.`;
  return { message, remedy: isClass ? `Let its method be a component: ${anyPattern}` : `Let it be a component: ${hasName ? pattern(name) : anyPattern}` };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
