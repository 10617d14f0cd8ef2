/** How the next token is chosen from its logits. Temperature 0 takes the most likely one. */
export interface TokenChoice {
  readonly temperature: number;
  /** Only the most likely tokens that together have this probability, 0 to 1. */
  readonly topP: number;
  /** Tokens that are never taken. */
  readonly suppressed: ReadonlySet<number>;
}

/** The place of the token that `random` (0 to 1) chooses from `logits`; as Transformers does it: temperature first, then top-p. */
export function nextToken(logits: Float32Array, { temperature, topP, suppressed }: TokenChoice, random: () => number): number {
  let best = -1;
  for (let token = 0; token < logits.length; token++) {
    if (!suppressed.has(token) && (best < 0 || at(logits, token) > at(logits, best))) best = token;
  }
  if (temperature <= 0) return best;
  const most = at(logits, best);
  const weights: (readonly [token: number, weight: number])[] = [];
  for (let token = 0; token < logits.length; token++) {
    if (!suppressed.has(token)) weights.push([token, Math.exp((at(logits, token) - most) / temperature)]);
  }
  const kept = topP < 1 ? nucleus(weights, topP) : weights;
  let left = random() * kept.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [token, weight] of kept) {
    left -= weight;
    if (left < 0) return token;
  }
  return kept.at(-1)?.[0] ?? best;
}

/** The most likely tokens, until they have `topP` of the probability; at least one. */
function nucleus(weights: readonly (readonly [number, number])[], topP: number): readonly (readonly [number, number])[] {
  const sorted = [...weights].sort((a, b) => b[1] - a[1]);
  const enough = topP * sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let reached = 0;
  const end = sorted.findIndex(([, weight]) => (reached += weight) >= enough);
  return sorted.slice(0, end < 0 ? sorted.length : end + 1);
}

function at(logits: Float32Array, token: number): number {
  return logits[token] ?? -Infinity;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
