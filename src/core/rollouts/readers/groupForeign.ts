import { textHash } from '../../dataset/textHash';
import { extractAnswerTolerant } from '../../grading/extractAnswer';
import { parseBoxes } from '../../grading/boxes/parseBoxes';
import type { Evidence } from '../../rewards/score';
import type { Rollout } from '../rollout';
import type { ForeignRollout } from './foreignRollout';

/** A sample of a dataset that a rollout is about. */
export interface MatchedSample {
  readonly dataset: string;
  readonly sampleId: string;
}

/** Finds the sample of a rollout by its id, or by its prompt and gold answer. */
export type SampleMatcher = (rollout: ForeignRollout) => MatchedSample | undefined;

/** Makes groups of what another tool wrote one after the other, as records of ours. */
export class ForeignGroups {
  private readonly sizes = new Map<string, number>();
  unmatched = 0;

  constructor(
    private readonly run: string,
    private readonly stage: string,
    private readonly match: SampleMatcher,
  ) {}

  /** The next rollouts of a file. */
  take(foreign: readonly ForeignRollout[]): readonly Rollout[] {
    const { stage } = this;
    return foreign.map((each): Rollout => {
      const matched = this.match(each);
      if (!matched) this.unmatched++;
      const sampleId = matched?.sampleId ?? each.sampleId ?? `prompt-${textHash(each.prompt ?? '')}`;
      const step = each.step ?? 0;
      const group = `${stage}-${step}-${each.group ?? textHash(`${each.prompt ?? ''}\0${each.gold ?? ''}`)}`;
      const index = this.sizes.get(group) ?? 0;
      this.sizes.set(group, index + 1);
      return {
        run: this.run, stage, step, group, dataset: matched?.dataset ?? '', sampleId, index, prompt: each.prompt ?? '', response: each.response, tokens: 0, finish: 'stop',
        components: each.components, overall: each.overall, advantage: each.advantage ?? null, evidence: evidenceOf(each), rewardHash: '', checkpoint: '', ...(each.tokenLog ? { tokenLog: each.tokenLog } : {}),
      };
    });
  }
}

/** What can be read from the text: the answer that it ends with. Whether it is right only the reward says. */
function evidenceOf({ response, components }: ForeignRollout): readonly Evidence[] {
  if (response === '' || parseBoxes(response.slice(-200)).length > 0) return [];
  const { text, start, end } = extractAnswerTolerant(response);
  const ok = typeof components.accuracy === 'number' ? components.accuracy >= 1 : undefined;
  return text === '' || text.length > 200 ? [] : [{ component: '', kind: 'answer', start, end, text, ...(ok === undefined ? {} : { ok }) }];
}
