import type { CurationEdit } from './curatedSamples';
import { applyCurationChange, type Curation, type CurationChange } from './curation';

/** Samples that are looked at because of a rollout, with its id: `<run>/<group>/<index>`. */
export type Origins = ReadonlyMap<string, string>;

/** A change that a person makes while they look at a rollout; `curation` itself where it changes nothing. */
export function decidedFrom(rollout: string, curation: Curation, change: CurationChange): Curation {
  const changed = applyCurationChange(curation, change);
  return changed === curation ? curation : { ...changed, rollout };
}

/** The step with the rollouts that led to it. */
export function withOrigins(edit: CurationEdit | undefined, origins: Origins): CurationEdit | undefined {
  if (!edit || !edit.qids.some(qid => origins.has(qid))) return edit;
  return { ...edit, after: edit.after.map((curation, at) => ({ ...curation, rollout: origins.get(edit.qids[at] ?? '') ?? curation.rollout })) };
}

/** The step that notes the rollout which led to an edit of the sample's row; undefined where there was none, or it is noted already. */
export function originEdit(qid: string, curation: Curation, origins: Origins): CurationEdit | undefined {
  const rollout = origins.get(qid);
  return rollout === undefined || rollout === curation.rollout ? undefined : { qids: [qid], before: [curation], after: [{ ...curation, rollout }] };
}
