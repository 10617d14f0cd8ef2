import { signal } from '@preact/signals';
import type { Facet, QueryFault } from '../../src/core/query/queryAnswer';
import type { KnownColumn } from '../../src/core/query/queryColumns';
import { everyRollout, type RolloutQuestion } from '../../src/core/rollouts/rolloutQuestion';
import type { RolloutList, RolloutsContract } from '../../src/protocol/rollouts';
import type { Asking } from '../shared/asking';
import type { Host } from '../shared/connect';

/** What is asked of the rollouts, and how their columns are spread over what answers. */
export class Asked implements Asking {
  readonly query = signal<RolloutQuestion>(everyRollout);
  readonly fault = signal<QueryFault | undefined>(undefined);
  readonly isRunning = signal(false);
  readonly columns = signal<readonly KnownColumn[]>([]);
  readonly facets = signal<ReadonlyMap<string, Facet | null | undefined>>(new Map());
  private answered = '';

  constructor(
    private readonly host: Host<RolloutsContract>,
    private readonly onAnswer: (list: RolloutList) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  async ask(part: Partial<RolloutQuestion>): Promise<void> {
    const question = { ...this.query.value, ...part };
    this.query.value = question;
    this.isRunning.value = true;
    try {
      const reply = await this.host.request('ask', question);
      if (reply.kind === 'superseded') return;
      this.isRunning.value = false;
      this.fault.value = reply.kind === 'fault' ? reply.fault : undefined;
      if (reply.kind === 'fault') return;
      this.take(question);
      this.onAnswer(reply.list);
    } catch (error) {
      this.isRunning.value = false;
      this.fail(error);
    }
  }

  /** The list on the screen answers this question. */
  take(question: RolloutQuestion): void {
    this.query.value = question;
    this.answered = question.text;
    this.recount();
  }

  /** Counts are old: those that are open are asked for again, and stay as they are until then. */
  recount(): void {
    this.facets.value = new Map();
  }

  add(chip: string): void {
    const { text } = this.query.value;
    void this.ask({ text: /^\s*sql:/i.test(text) ? chip : `${text} ${chip}`.trim() });
  }

  /** Adds a condition, or takes it away where it stands already. */
  toggle(chips: string): void {
    const { text } = this.query.value;
    if (text.includes(chips)) void this.ask({ text: text.replace(chips, '').replace(/\s+/g, ' ').trim() });
    else this.add(chips);
  }

  loadColumns(): Promise<void> {
    return Promise.resolve(); // they come with what is read
  }

  async count(column: string): Promise<void> {
    const before = this.facets.value;
    if (before.has(column)) return;
    const put = (facet: Facet | null | undefined): void => void (this.facets.value = new Map(this.facets.value).set(column, facet));
    const text = this.answered;
    put(undefined);
    try {
      const facet = await this.host.request('facet', { column, text });
      if (this.answered === text) put(facet);
    } catch (error) {
      put(null);
      this.fail(error);
    }
  }
}
