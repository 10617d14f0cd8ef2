const ending = '.reward.cases.jsonl';

/** The cases file that stands beside a reward file: `a.reward.ts` → `a.reward.cases.jsonl`, `reward.py` → `reward.reward.cases.jsonl`. */
export function casesFileOf(reward: string): string {
  return `${reward.replace(/(?:\.reward)?\.(?:[mc]?[tj]s|py)$/, '')}${ending}`;
}

/** The reward files that a cases file can belong to, the likeliest first; empty for a file that is no cases file. */
export function rewardFilesOf(cases: string): readonly string[] {
  if (!cases.endsWith(ending)) return [];
  const base = cases.slice(0, -ending.length);
  const script = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];
  return [...script.map(end => `${base}.reward.${end}`), `${base}.py`, `${base}.reward.py`, ...script.map(end => `${base}.${end}`)];
}
