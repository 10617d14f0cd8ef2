import type { RewardContext, RewardDefinition } from '../../../core/rewards/reward';
import type { Score, ScoreError, ScoreItem } from '../../../core/rewards/score';
import { scoreBatch } from '../../../core/rewards/scoreBatch';
import type { PlaceOfComponent } from './componentPlaces';
import { changedIntrinsic, type IntrinsicsCheck } from './intrinsics';
import { enter, type Owner } from './owners';
import type { Scored } from './threadMessages';

export interface ItemScorerSetup {
  readonly context: RewardContext;
  /** `ThreadData.marker`. */
  readonly marker: Int32Array;
  readonly check: IntrinsicsCheck;
  readonly describe: (error: unknown) => ScoreError;
  readonly placeOf: PlaceOfComponent;
}

/** `count`: with the last ones, how many items there were. */
type Send = (scored: Scored, count?: number) => void;

const flushMs = 20;

/** Scores items in this thread, telling at each moment whose code runs. */
export class ItemScorer {
  private strays: { readonly owner: Owner; readonly error: ScoreError }[] = [];

  constructor(private readonly setup: ItemScorerSetup) {}

  /** Noted as evidence of its sample, if that is not sent yet. */
  noteStray(owner: Owner, error: ScoreError): void {
    if (this.strays.length < 1000) this.strays.push({ owner, error });
  }

  async score(reward: RewardDefinition, items: readonly ScoreItem[], send: Send): Promise<void> {
    const { context, marker, check, describe, placeOf } = this.setup;
    let scored: (readonly [index: number, json: string])[] = []; // at once as text: what lives long costs the collector
    let last = performance.now();
    let isCareful = false;
    let isWaiting = false;
    let left = items.length;
    const again: number[] = [];
    const take = (): Scored => {
      if (check.find() !== undefined) again.push(...scored.splice(0).map(([index]) => index)); // one of these changed something in an unusual way
      const taken = { indexes: scored.map(([index]) => index), lines: scored.map(([index, json]) => this.withStrays(owners[index], json)) };
      scored = [];
      last = performance.now();
      return taken;
    };
    const owners = items.map(({ sample }, index): Owner => ({ index, qid: sample.qid }));
    const run = (from: number, some: readonly ScoreItem[]): Promise<void> => scoreBatch(reward, some, {
      context,
      onScore: (index, each) => {
        scored.push([from + index, JSON.stringify(each)]);
        left--;
        // A slow reward shows that it moves; and should the last response never end, it is known that it is the one, and not where none is left.
        if (performance.now() - last > flushMs || (isWaiting && left <= 1)) send(take());
      },
      onEnter: index => {
        Atomics.store(marker, 0, index < 0 ? -1 : from + index);
        enter(owners[from + index]);
      },
      onLeave: () => {
        const changed = isCareful ? check.find() : check.glance();
        if (changed !== undefined) throw new Error(changedIntrinsic(changed));
      },
      describeError: describe,
      placeOf,
    });
    const done = run(0, items);
    enter(undefined);
    Atomics.store(marker, 0, -1); // every item has started: from here on promises and timers run
    isWaiting = true;
    if (left === 1) send(take());
    await done;
    await new Promise(resolve => setImmediate(resolve)); // promises that nobody awaits have failed by now
    let rest = take();
    if (again.length > 0) {
      isCareful = true;
      send(rest);
      for (const index of again) await run(index, items.slice(index, index + 1));
      rest = take();
    }
    this.strays = [];
    send(rest, items.length);
  }

  private withStrays(owner: Owner | undefined, json: string): string {
    if (this.strays.length === 0) return json;
    const found = this.strays.filter(each => each.owner === owner);
    const notes = found.map(({ error }) => ({ component: 'overall', kind: 'note', ok: false, note: `A promise or timer that nobody awaits failed: ${error.message}` }) as const);
    if (found.length === 0) return json;
    const score = JSON.parse(json) as Score;
    return JSON.stringify({ ...score, evidence: [...score.evidence, ...notes] });
  }
}
