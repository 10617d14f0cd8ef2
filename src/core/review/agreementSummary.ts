import { answerType } from '../query/answerType';
import type { Agreement } from './agreement';

/** How two people agree over a dataset; null where nothing can be said. */
export interface AgreementSummary {
  /** Samples that both labeled, and those of them about which a person still has to decide. */
  readonly samples: number;
  readonly open: number;
  /** Means over the samples in which either drew a box. */
  readonly meanIou: number | null;
  readonly f1: number | null;
  /** Share of the samples in which either gave an answer. */
  readonly answers: number | null;
  /** Cohen's kappa over the samples in which both chose a letter, or yes or no; null below two of them. */
  readonly kappa: number | null;
  readonly choices: number;
}

/** One sample that both labeled. */
export interface AgreedSample {
  readonly agreement: Agreement;
  readonly first: string;
  readonly second: string;
  readonly isSettled: boolean;
}

/** Adds samples up one by one, so that a million of them need no list. */
export class AgreementTotal {
  private samples = 0;
  private open = 0;
  private readonly iou = new Mean();
  private readonly f1 = new Mean();
  private readonly answers = new Mean();
  private readonly chosen: [string, string][] = [];

  add({ agreement, first, second, isSettled }: AgreedSample): void {
    this.samples++;
    if (!isSettled && agreement.score < 1) this.open++;
    this.iou.add(agreement.meanIou);
    this.f1.add(agreement.f1);
    this.answers.add(agreement.answer === null ? null : Number(agreement.answer));
    if (isChoice(first) && isChoice(second)) this.chosen.push([choice(first), choice(second)]);
  }

  get summary(): AgreementSummary {
    const { samples, open, chosen } = this;
    return { samples, open, meanIou: this.iou.value, f1: this.f1.value, answers: this.answers.value, kappa: cohensKappa(chosen), choices: chosen.length };
  }
}

/** Agreement beyond chance of two raters over nominal categories (Cohen, 1960): 1 for all alike, 0 for as much as chance; null where chance alone would agree always. */
export function cohensKappa(ratings: readonly (readonly [string, string])[]): number | null {
  const { length: n } = ratings;
  if (n < 2) return null;
  const observed = ratings.filter(([a, b]) => a === b).length / n;
  const share = (side: 0 | 1, category: string): number => ratings.filter(pair => pair[side] === category).length / n;
  const chance = [...new Set(ratings.flat())].reduce((sum, category) => sum + share(0, category) * share(1, category), 0);
  return chance >= 1 ? null : (observed - chance) / (1 - chance);
}

class Mean {
  private sum = 0;
  private count = 0;

  add(value: number | null): void {
    if (value === null) return;
    this.sum += value;
    this.count++;
  }

  get value(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }
}

function isChoice(answer: string): boolean {
  const type = answerType(answer);
  return type === 'choice' || type === 'yes-no';
}

function choice(answer: string): string {
  return answer.trim().toLowerCase().replace(/[().:]/g, '');
}
