import type { SingleComponent } from '../reward';

export interface LengthOptions {
  /** Tokens up to which a response has full marks; 512 in the paper's code. */
  readonly limit?: number;
}

/** 1 up to the limit, then limit / tokens: 0.5 at twice the limit. */
export function length({ limit = 512 }: LengthOptions = {}): SingleComponent {
  return ({ tokens, isTokenCount }) => ({
    value: tokens <= limit ? 1 : Math.min(1, Math.max(0, limit / (tokens + 1e-5))),
    evidence: [{ kind: 'note', note: `${tokens} of ${limit} ${isTokenCount ? 'tokens' : 'words (no tokenizer at hand)'}`, ok: tokens <= limit }],
  });
}
