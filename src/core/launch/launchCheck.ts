/** `error` would make the run fail or teach nothing; `warning` costs time or signal; `skipped` could not be looked at, and says why. */
export type CheckState = 'ok' | 'warning' | 'error' | 'skipped';

/** What a button beside a check does. */
export type LaunchFix =
  /** Other values of `pebr.json` for this run: path into the file → value. */
  | { readonly kind: 'set'; readonly title: string; readonly overrides: Readonly<Record<string, unknown>> }
  | { readonly kind: 'open'; readonly title: string; readonly file: string; readonly line?: number }
  | { readonly kind: 'setUpPython' | 'problems' | 'openSetting'; readonly title: string }
  | { readonly kind: 'openRun'; readonly title: string; readonly run: string };

/** One thing that was looked at before a run: what was found, and what to do about it. */
export interface LaunchCheck {
  /** Stable name, such as `batch`; with `@` and the stage or file it is about where there are several: `batch@perception`. */
  readonly id: string;
  readonly title: string;
  readonly state: CheckState;
  /** What was found; a full sentence. */
  readonly message: string;
  /** What the person can do; empty where nothing is to be done. */
  readonly remedy: string;
  readonly fix?: LaunchFix;
}

export function passed(id: string, title: string, message: string): LaunchCheck {
  return { id, title, state: 'ok', message, remedy: '' };
}

export function skipped(id: string, title: string, message: string): LaunchCheck {
  return { id, title, state: 'skipped', message, remedy: '' };
}

/** Errors first, then warnings; the order of looking within each. */
export function byState(checks: readonly LaunchCheck[]): readonly LaunchCheck[] {
  const order: readonly CheckState[] = ['error', 'warning', 'skipped', 'ok'];
  return [...checks].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

export function isReady(checks: readonly LaunchCheck[]): boolean {
  return checks.every(check => check.state !== 'error');
}
