import type { Difficulty } from '../dataset/sample';
import type { SecondLabels } from '../review/secondLabels';
import { decisionKey, type ProposalDecision } from '../proposals/decision';

/** What a person decided about a sample besides its label; one line of `<file>.curation.jsonl` a touched sample. */
export interface Curation {
  readonly tags: readonly string[];
  readonly review: Review;
  readonly note: string;
  /** Where the sample goes whatever sampling found; null follows the route (easy → perception, medium → reasoning, hard → warm-up). */
  readonly stage: StageOverride | null;
  /** Replaces what sampling found; null keeps it. */
  readonly difficulty: Difficulty | null;
  /** The rollout that led to the last edit: `<run>/<group>/<index>`; null where there was none. */
  readonly rollout: string | null;
  /** What a second person labeled blindly; null where nobody did. */
  readonly second: SecondLabels | null;
  /** What was decided about proposed boxes; absent where nothing was. */
  readonly proposals?: readonly ProposalDecision[];
}

export type Review = 'todo' | 'accepted' | 'rejected';
export type StageOverride = 'perception' | 'reasoning' | 'warm-up' | 'excluded';

/** A sample that nobody touched; such a sample has no line in the file. */
export const untouched: Curation = { tags: [], review: 'todo', note: '', stage: null, difficulty: null, rollout: null, second: null };

/** One change of a person, applied to one sample or to many. */
export type CurationChange =
  | { readonly type: 'addTag'; readonly tag: string }
  | { readonly type: 'removeTag'; readonly tag: string }
  | { readonly type: 'setReview'; readonly review: Review }
  | { readonly type: 'setNote'; readonly note: string }
  | { readonly type: 'setStage'; readonly stage: StageOverride | null }
  | { readonly type: 'setDifficulty'; readonly difficulty: Difficulty | null }
  | { readonly type: 'setSecond'; readonly second: SecondLabels | null }
  | { readonly type: 'setProposals'; readonly proposals: readonly ProposalDecision[] };

export const reviews: readonly Review[] = ['todo', 'accepted', 'rejected'];
export const stageOverrides: readonly StageOverride[] = ['perception', 'reasoning', 'warm-up', 'excluded'];

/** Tags stay sorted and once each, so that two people's lines differ only where they mean to. Returns `curation` itself when nothing changes. */
export function applyCurationChange(curation: Curation, change: CurationChange): Curation {
  const changed = ((): Curation => {
    switch (change.type) {
      case 'addTag': return { ...curation, tags: sortedTags([...curation.tags, change.tag]) };
      case 'removeTag': return { ...curation, tags: curation.tags.filter(tag => tag !== change.tag) };
      case 'setReview': return { ...curation, review: change.review };
      case 'setNote': return { ...curation, note: change.note };
      case 'setStage': return { ...curation, stage: change.stage };
      case 'setDifficulty': return { ...curation, difficulty: change.difficulty };
      case 'setSecond': return { ...curation, second: change.second };
      case 'setProposals': return withProposals(curation, change.proposals);
    }
  })();
  return isSameCuration(changed, curation) ? curation : changed;
}

export function isSameCuration(a: Curation, b: Curation): boolean {
  return a === b || (a.tags.length === b.tags.length && a.tags.every((tag, index) => tag === b.tags[index]) && plainFields.every(field => isSame(field, a, b)) && isSameList(a.proposals, b.proposals));
}

/** Labels are compared by what they say; a record from before there were second labels has none. */
function isSame(field: keyof Curation, a: Curation, b: Curation): boolean {
  return a[field] === b[field] || (field === 'second' && JSON.stringify(a.second ?? null) === JSON.stringify(b.second ?? null));
}

export interface MergedCuration {
  readonly merged: Curation;
  /** Fields that both changed, each to something else; mine is in `merged`. */
  readonly conflicts: readonly (keyof Curation)[];
}

/** Three ways, field by field: what only one side changed is taken from that side. Tags added and removed on either side are added and removed. */
export function mergeCuration(base: Curation, mine: Curation, theirs: Curation): MergedCuration {
  const isMine = (field: keyof Curation): boolean => !isSame(field, mine, base);
  const pick = <F extends keyof Curation>(field: F): Curation[F] => (isMine(field) ? mine[field] : theirs[field]);
  const tags = sortedTags([...mine.tags.filter(tag => theirs.tags.includes(tag) || !base.tags.includes(tag)), ...theirs.tags.filter(tag => !base.tags.includes(tag))]);
  const merged = {
    tags, review: pick('review'), note: pick('note'), stage: pick('stage'), difficulty: pick('difficulty'), rollout: pick('rollout'), second: pick('second') ?? null,
  };
  const proposals = mergeDecisions(base.proposals ?? [], mine.proposals ?? [], theirs.proposals ?? []);
  return { merged: withProposals(merged, proposals), conflicts: plainFields.filter(field => isMine(field) && !isSame(field, theirs, base) && !isSame(field, theirs, mine)) };
}

const plainFields = ['review', 'note', 'stage', 'difficulty', 'rollout', 'second'] as const;

function isSameList(a: Curation['proposals'] = [], b: Curation['proposals'] = []): boolean {
  return a === b || (a.length === b.length && a.every((decision, index) => decisionKey(decision) === decisionKey(b[index] as ProposalDecision)));
}

/** None is no field, so that a sample about which nothing else was said stays untouched. */
function withProposals({ proposals: _, ...curation }: Curation, proposals: readonly ProposalDecision[]): Curation {
  return proposals.length === 0 ? curation : { ...curation, proposals };
}

/** Like tags: added or taken back on either side. */
function mergeDecisions(base: readonly ProposalDecision[], mine: readonly ProposalDecision[], theirs: readonly ProposalDecision[]): readonly ProposalDecision[] {
  const keys = (list: readonly ProposalDecision[]): ReadonlySet<string> => new Set(list.map(decisionKey));
  const [inBase, inMine, inTheirs] = [keys(base), keys(mine), keys(theirs)];
  const isKept = (decision: ProposalDecision): boolean => !inBase.has(decisionKey(decision)) || (inMine.has(decisionKey(decision)) && inTheirs.has(decisionKey(decision)));
  return [...mine, ...theirs.filter(decision => !inMine.has(decisionKey(decision)))].filter(isKept);
}

/** By code points, as every other tool sorts. */
export function sortedTags(tags: readonly string[]): readonly string[] {
  return [...new Set(tags)].sort((a, b) => (a < b ? -1 : 1));
}
