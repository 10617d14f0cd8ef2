import type { Score } from '../score';

/** How the gold answers of a dataset fare: where a reward does not pay the labels in full, one of the two is wrong. */
export interface GoldCheck {
  readonly count: number;
  /** Responses with full marks everywhere. */
  readonly full: number;
  /** Per component: how many of the samples it applies to it pays in full. */
  readonly components: readonly { readonly name: string; readonly full: number; readonly applies: number }[];
}

/** Why a gold answer falls short. */
export interface Shortfall {
  /** Names and values of the components below full marks; empty where the reward failed. */
  readonly below: readonly { readonly name: string; readonly value: number }[];
  readonly message: string;
}

const almost = 1e-6;

/** Counts full marks, batch by batch. `weights` are the reward's; a reward that names none is judged by its overall. */
export class GoldTally {
  private count = 0;
  private full = 0;
  private readonly byName = new Map<string, { full: number; applies: number }>();

  constructor(private readonly weights: Readonly<Record<string, number>>) {}

  /** Adds the score of a gold answer; tells why it falls short, if it does. */
  add(score: Score): Shortfall | undefined {
    this.count++;
    for (const [name, value] of Object.entries(score.components)) {
      if (value === null) continue; // it does not apply
      const known = this.byName.get(name) ?? { full: 0, applies: 0 };
      this.byName.set(name, { full: known.full + Number(this.isFull(name, value)), applies: known.applies + 1 });
    }
    const shortfall = this.shortfallOf(score);
    if (!shortfall) this.full++;
    return shortfall;
  }

  get result(): GoldCheck {
    return { count: this.count, full: this.full, components: [...this.byName].map(([name, counts]) => ({ name, ...counts })) };
  }

  private shortfallOf(score: Score): Shortfall | undefined {
    if (score.error) return { below: [], message: `The reward failed on the gold answer: ${score.error.message}` };
    const isWeighted = Object.keys(this.weights).length > 0;
    if (!isWeighted && (score.overall ?? 0) >= 1 - almost) return undefined;
    const below = Object.entries(score.components)
      .flatMap(([name, value]) => (value !== null && !this.isFull(name, value) && (!isWeighted || (this.weights[name] ?? 0) !== 0) ? [{ name, value }] : []));
    if (isWeighted && below.length === 0) return undefined;
    const what = below.map(({ name, value }) => `${name} ${Number(value.toFixed(3))}`).join(', ') || `overall ${Number((score.overall ?? 0).toFixed(3))}`;
    return { below, message: `The gold answer does not get full marks: ${what}.` };
  }

  /** A component with a negative weight is a penalty: none is full marks. */
  private isFull(name: string, value: number): boolean {
    return (this.weights[name] ?? 1) < 0 ? value <= almost : value >= 1 - almost;
  }
}
