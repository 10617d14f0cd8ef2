import type { Destination, LeftOut, Route } from './destination';

/** Where the rows of a dataset go. */
export interface RoutePlan {
  readonly dataset: string;
  readonly rows: number;
  readonly counts: Readonly<Record<Destination, number>>;
  readonly leftOut: Readonly<Record<LeftOut | 'unreadable', number>>;
  /** Rows that go where a person sent them, not where sampling would. */
  readonly overridden: number;
}

/** Counts routes row by row. */
export class RouteTally {
  private readonly by = { perception: 0, reasoning: 0, 'warm-up': 0, rejected: 0, excluded: 0, unsampled: 0, unreadable: 0 };
  private overridden = 0;

  constructor(private readonly dataset: string) {}

  /** `undefined`: the line is no row. */
  add(route: Route | undefined): void {
    this.by[route?.to ?? 'unreadable']++;
    if (route?.isOverridden) this.overridden++;
  }

  get plan(): RoutePlan {
    const { perception, reasoning, 'warm-up': warmUp, ...leftOut } = this.by;
    const counts = { perception, reasoning, 'warm-up': warmUp };
    return { dataset: this.dataset, rows: Object.values(this.by).reduce((sum, count) => sum + count, 0), counts, leftOut, overridden: this.overridden };
  }
}

/** `812 of 1,200 rows: 400 → perception, 300 → reasoning, 112 → warm-up; left out: 300 not sampled, 88 rejected`. */
export function planInWords({ rows, counts, leftOut, overridden }: RoutePlan): string {
  const number = (value: number): string => value.toLocaleString('en');
  const routed = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const names = { unsampled: 'not sampled', rejected: 'rejected', excluded: 'excluded', unreadable: 'unreadable' } as const;
  const out = (Object.keys(names) as (keyof typeof names)[]).filter(key => leftOut[key] > 0).map(key => `${number(leftOut[key])} ${names[key]}`);
  return [
    `${number(routed)} of ${number(rows)} rows: ${Object.entries(counts).map(([to, count]) => `${number(count)} → ${to}`).join(', ')}`,
    ...(out.length > 0 ? [`left out: ${out.join(', ')}`] : []),
    ...(overridden > 0 ? [`${number(overridden)} by hand`] : []),
  ].join('; ');
}
