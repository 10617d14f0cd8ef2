import { type CheckOutput, reportIn } from '../engines/environmentCheck';
import { type JsonObject, textOf } from '../parsedLine';
import { type LaunchCheck, passed, skipped } from './launchCheck';

/** Faults that are told with their places; the rest are counted. */
const mostFaults = 3;

/** What the trainer's Python said of the policy: whether its architecture, weights, tokenizer and processor belong together. Empty where it was not asked. */
export function trialLoadCheck({ stdout }: CheckOutput, base: string): readonly LaunchCheck[] {
  const [id, title] = ['trial-load', 'Trial load'];
  const policy = reportIn(stdout)?.policy as JsonObject | undefined;
  if (typeof policy !== 'object' || policy === null) return [];
  if (policy.looked !== true) return [skipped(id, title, `${base} is not loaded before the run: only folders of this machine are.`)];
  const faults = (Array.isArray(policy.faults) ? policy.faults : []).filter((fault): fault is JsonObject => typeof fault === 'object' && fault !== null);
  const [first] = faults;
  if (!first) return [passed(id, title, `${base} makes a policy that sees: weights, tokenizer and processor belong together.`)];
  const words = faults.slice(0, mostFaults).map(({ place, cause }) => `${inBase(textOf(place) ?? '', base)}: ${textOf(cause) ?? 'it cannot be loaded'}`).join('; ');
  const more = faults.length > mostFaults ? ` (and ${faults.length - mostFaults} more)` : '';
  return [{ id, title, state: 'error', message: `${words}${more}.`, remedy: textOf(first.remedy) ?? 'Copy or download the whole model folder.', fix: { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } }];
}

/** A place as the project calls it; its absolute path tells less in more words. */
function inBase(place: string, base: string): string {
  const name = /[^/\\]+\.(?:json|safetensors|bin)$/.exec(place)?.[0];
  return name === undefined ? base : `${base}/${name}`;
}
