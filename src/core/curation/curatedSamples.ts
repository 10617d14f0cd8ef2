import { type Curation, type CurationChange, applyCurationChange, isSameCuration, mergeCuration, untouched } from './curation';

/** One step: samples and what was decided about them before and after. Equal values are one object, so that a million samples take a few megabytes. */
export interface CurationEdit {
  readonly qids: readonly string[];
  readonly before: readonly Curation[];
  readonly after: readonly Curation[];
}

export function invertCurationEdit({ qids, before, after }: CurationEdit): CurationEdit {
  return { qids, before: after, after: before };
}

/** What was decided about the samples of a dataset: as its curation file has it, and what is not saved yet. */
export class CuratedSamples {
  private changed = new Map<string, Curation>();

  constructor(private saved: ReadonlyMap<string, Curation> = new Map()) {}

  of(qid: string): Curation {
    return this.changed.get(qid) ?? this.saved.get(qid) ?? untouched;
  }

  /** Samples whose line in the file is not what is here. */
  get unsaved(): ReadonlyMap<string, Curation> {
    return this.changed;
  }

  /** The step that `change` is for these samples; `undefined` when all of them are so already. Nothing changes before `apply`. */
  planned(qids: readonly string[], change: CurationChange): CurationEdit | undefined {
    const results = new Map<Curation, Curation>();
    const resultOf = (curation: Curation): Curation => {
      const result = results.get(curation) ?? applyCurationChange(curation, change);
      results.set(curation, result);
      return result;
    };
    const touched = [...new Set(qids)].filter(qid => resultOf(this.of(qid)) !== this.of(qid));
    if (touched.length === 0) return undefined;
    const before = touched.map(qid => this.of(qid));
    return { qids: touched, before, after: before.map(resultOf) };
  }

  /** Does a step. Where something else changed a sample since, only what the step changes is changed in it. */
  apply({ qids, before, after }: CurationEdit): void {
    qids.forEach((qid, index) => {
      const [from = untouched, to = untouched] = [before[index], after[index]];
      const now = this.of(qid);
      this.put(qid, now === from ? to : mergeCuration(from, to, now).merged);
    });
  }

  /** The file has what is here. */
  markSaved(): void {
    const saved = new Map(this.saved);
    for (const [qid, curation] of this.changed) saved.set(qid, curation);
    this.saved = saved;
    this.changed = new Map();
  }

  revert(): void {
    this.changed = new Map();
  }

  /** Takes up what an earlier session left unsaved: `base` is what its file had then. Returns the samples that file and session both changed. */
  restore(entries: Iterable<{ readonly qid: string; readonly base: Curation; readonly now: Curation }>): readonly string[] {
    const conflicts: string[] = [];
    for (const { qid, base, now } of entries) {
      const { merged, conflicts: both } = mergeCuration(base, now, this.saved.get(qid) ?? untouched);
      if (both.length > 0) conflicts.push(qid);
      this.put(qid, merged);
    }
    return conflicts;
  }

  /** Follows a change of the file; what was decided here stays. Returns the samples of which file and session changed the same field, each to something else. */
  rebase(saved: ReadonlyMap<string, Curation>): readonly string[] {
    const mine = [...this.changed].map(([qid, now]) => ({ qid, base: this.savedOf(qid), now }));
    this.saved = saved;
    this.changed = new Map();
    return this.restore(mine);
  }

  savedOf(qid: string): Curation {
    return this.saved.get(qid) ?? untouched;
  }

  private put(qid: string, curation: Curation): void {
    if (isSameCuration(curation, this.savedOf(qid))) this.changed.delete(qid);
    else this.changed.set(qid, curation);
  }
}
