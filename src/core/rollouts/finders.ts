import type { RolloutColumn } from './rolloutColumns';

/** A question worth asking of every run, one click each. */
export interface Finder {
  readonly title: string;
  /** What it finds, and why that matters. */
  readonly detail: string;
  readonly text: string;
}

const all: readonly (Finder & { readonly needs: readonly string[] })[] = [
  { title: 'Wrong but high clip', detail: 'The description fits the picture and the answer is wrong: the reasoning failed, or the gold answer did', text: 'clip:>=0.7 right:no', needs: ['clip'] },
  { title: 'Right but few key words', detail: 'The answer is right and the description names little: a guess, or key words that nobody would use', text: 'key_word:<0.34 right:yes', needs: ['key_word'] },
  { title: 'Good form, wrong answer', detail: 'Full marks for the format, none for the answer: what the policy learns when only the form is paid', text: 'format:>=1 right:no', needs: ['format'] },
  { title: 'Doubtful gold', detail: 'Most responses of the group agree on one answer and it counts as wrong: look at the gold label', text: 'doubtful_gold:yes', needs: [] },
  { title: 'Dropped', detail: 'Zero-std groups that dynamic sampling left out of their step', text: 'spread:dropped', needs: [] },
  { title: 'No signal', detail: 'All rewards of the group are equal or nearly so: it teaches nothing', text: 'spread:zero|near-zero', needs: [] },
  { title: 'Cut off', detail: 'Responses that reached the limit of tokens', text: 'finish:length', needs: [] },
  { title: 'Reward failed', detail: 'Responses that the reward could not score', text: 'failed:yes', needs: [] },
];

/** The finders that a run's columns allow. */
export function findersFor(columns: readonly Pick<RolloutColumn, 'name'>[]): readonly Finder[] {
  const names = new Set(columns.map(({ name }) => name));
  return all.filter(({ needs }) => needs.every(name => names.has(name)));
}
