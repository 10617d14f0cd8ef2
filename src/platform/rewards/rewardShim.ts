export interface ShimSettings {
  readonly reward: string;
  /** Argument list that starts the reward worker. */
  readonly worker: readonly string[];
  readonly clip: string | null;
  readonly imageRoot: string | null;
  readonly deadlineMs: number;
  /** What a response that could not be scored counts as, for trainers that need a number. */
  readonly onError: 'raise' | 'none' | number;
}

const line = /^SETTINGS: dict\[str, Any\] = .*$/m;

/** `pebr_reward.py` with its settings filled in: one file that serves the reward in every trainer. */
export function rewardShim(template: string, settings: ShimSettings): string {
  if (!line.test(template)) throw new Error('The template of the shim has no SETTINGS.');
  // As a JSON text, which is a Python string literal once it is quoted again; null, true and false would not be Python.
  return template.replace(line, () => `SETTINGS: dict[str, Any] = json.loads(${JSON.stringify(JSON.stringify(settings))})`);
}
