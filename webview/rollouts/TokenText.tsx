import type { TokenLog } from '../../src/core/rollouts/rollout';

interface TokenTextProps {
  readonly log: TokenLog;
  readonly response: string;
  readonly by: 'logprob' | 'entropy';
}

/** Below this probability, or above this entropy, a token is shown at its strongest. */
const strongest = { logprob: 5, entropy: 3 };

/** The tokens of a response, the more underlined the less likely they were, or the more open the choice was. Numbers alone, where the file has not their texts. */
export function TokenText({ log, response, by }: TokenTextProps) {
  const values = by === 'logprob' ? log.logprobs : log.entropies;
  if (values.length === 0) return <><p class="dim">The {by === 'logprob' ? 'log-probabilities' : 'entropies'} of the tokens were not recorded.</p>{response}</>;
  const hasTexts = log.texts.length === values.length;
  return (
    <>
      {!hasTexts && <p class="dim">The file has the numbers of the tokens, not their texts: they stand in their order.</p>}
      {values.map((value, at) => {
        const strength = value === null ? 0 : Math.min(1, Math.abs(value) / strongest[by]);
        const [logprob, entropy] = [log.logprobs[at], log.entropies[at]];
        const title = [`token ${at + 1}`, logprob == null ? '' : `log-probability ${logprob.toFixed(3)} (${(100 * Math.exp(logprob)).toFixed(1)} %)`, entropy == null ? '' : `entropy ${entropy.toFixed(3)}`].filter(Boolean).join('\n');
        return <span key={at} class={hasTexts ? 'token' : 'token token-bar'} title={title} style={{ '--strength': `${Math.round(100 * strength)}%` }}>{hasTexts ? log.texts[at] : ''}</span>;
      })}
      {!hasTexts && <p>{response}</p>}
    </>
  );
}
