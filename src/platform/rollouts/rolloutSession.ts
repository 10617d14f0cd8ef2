import * as path from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { AppError } from '../../core/errors';
import type { Disposable } from '../../core/lifecycle';
import type { Facet, QueryFault } from '../../core/query/queryAnswer';
import { everyRollout, type GroupRow, type RolloutAnswer, type RolloutQuestion } from '../../core/rollouts/rolloutQuestion';
import type { Rollout } from '../../core/rollouts/rollout';
import { watchFolder } from '../runs/folderWatch';
import { RolloutClient } from './rolloutClient';
import type { SampleDifficulty, SampleMean } from './rolloutStore';
import type { RolloutState } from './workerMessages';

/** Read of each file before anything else, so that something can be shown at once. */
const firstBytes = 1 << 20;
/** For so long the rest waits for the first page to be asked for. */
const firstPageMs = 1000;

/** What became of a question. */
export type AskOutcome = { readonly kind: 'answer'; readonly list: AnsweredList } | { readonly kind: 'fault'; readonly fault: QueryFault } | { readonly kind: 'superseded' };

/** A list of groups; its rows are asked for page by page. */
export interface AnsweredList {
  /** Pages of another version are void. A list that only grew at its end keeps its version. */
  readonly version: number;
  readonly groups: number;
  readonly matching: number;
  readonly flat: number;
  /** Left out of their step by dynamic sampling: in no share. */
  readonly dropped: number;
  readonly milliseconds: number;
  /** Groups that answer by now and are not in the list: it is not moved under the eyes of who reads it. */
  readonly pending: number;
}

export interface SessionEvents {
  /** The list grew at its end, or more is pending. */
  onGrowth(list: AnsweredList): void;
  /** More of the files is read. */
  onState(state: RolloutState, isReading: boolean): void;
  onFailure(error: unknown): void;
}

/** The rollouts of one run as somebody looks at them: one question at a time, its list kept still while the files grow. */
export class RolloutSession implements Disposable {
  private readonly client: RolloutClient;
  private readonly watch: Disposable;
  private question: RolloutQuestion = everyRollout;
  private shown: RolloutAnswer = { groups: new Uint32Array(), matching: 0, flat: 0, dropped: 0, milliseconds: 0 };
  private next: RolloutAnswer | undefined;
  private version = 0;
  private running = new AbortController();
  private isReading = true;
  private isFirst = true;
  private growing: Promise<void> = Promise.resolve();
  private hasBegun = false;
  private tellPage: () => void = () => {};
  private readonly firstPage = new Promise<void>(resolve => (this.tellPage = resolve));
  private tellReady: () => void = () => {};
  private readonly isReady = new Promise<void>(resolve => (this.tellReady = resolve));

  constructor(
    dist: string,
    readonly runFolder: string,
    private readonly events: SessionEvents,
    stages: readonly string[] = [],
  ) {
    const folder = path.join(runFolder, 'rollouts');
    this.client = new RolloutClient({ dist, folder, stages, onPart: state => this.take(state) });
    this.watch = watchFolder(folder, () => this.follow());
  }

  get state(): RolloutState {
    return this.client.state;
  }

  /** Whether the files are being read for the first time. */
  get isBusy(): boolean {
    return this.isReading;
  }

  get list(): AnsweredList {
    return this.listOf(this.shown, this.next === undefined ? 0 : Math.max(0, this.next.groups.length - this.shown.groups.length));
  }

  get asked(): RolloutQuestion {
    return this.question;
  }

  /** Resolves when a first part can be asked, or when there is nothing to read. */
  ready(): Promise<void> {
    return this.isReady;
  }

  async ask(question: RolloutQuestion): Promise<AskOutcome> {
    this.running.abort();
    const { signal } = (this.running = new AbortController());
    try {
      const answer = await this.client.call('answer', question, signal);
      this.question = question;
      this.replace(answer);
      return { kind: 'answer', list: this.list };
    } catch (error) {
      if (signal.aborted) return { kind: 'superseded' };
      if (AppError.is(error, 'query.invalid')) return { kind: 'fault', fault: error.details };
      throw error;
    }
  }

  /** Takes what is pending into the list. */
  takePending(): AnsweredList {
    if (this.next) this.replace(this.next);
    return this.list;
  }

  /** Rows at places `from` to `to` (exclusive) of the list; none where that is another one by now. */
  async page(version: number, from: number, to: number): Promise<readonly GroupRow[]> {
    if (version !== this.version) return [];
    const rows = await this.client.call('rows', [...this.shown.groups.subarray(from, to)], this.question.text);
    this.tellPage();
    return rows;
  }

  rows(numbers: readonly number[]): Promise<readonly GroupRow[]> {
    return this.client.call('rows', numbers, '');
  }

  /** Null where the question it belongs to is faulty, or not the newest any more. */
  async facet(column: string, text: string): Promise<Facet | null> {
    const { signal } = this.running;
    try {
      return await this.client.call('facet', column, text, signal);
    } catch (error) {
      if (signal.aborted || AppError.is(error, 'query.invalid')) return null;
      throw error;
    }
  }

  read(number: number): Promise<readonly Rollout[]> {
    return this.client.call('read', number);
  }

  named(group: string): Promise<readonly number[]> {
    return this.client.call('named', group);
  }

  ofSample(dataset: string | null, sample: string): Promise<readonly number[]> {
    return this.client.call('ofSample', dataset, sample);
  }

  sampleMeans(): Promise<readonly SampleMean[]> {
    return this.client.call('sampleMeans');
  }

  setDifficulty(samples: readonly SampleDifficulty[]): Promise<void> {
    return this.client.call('setDifficulty', samples);
  }

  /** Place in the list; -1 where the question hides the group. */
  placeOf(number: number): number {
    return this.shown.groups.indexOf(number);
  }

  dispose(): void {
    this.watch.dispose();
    this.running.abort();
    this.client.dispose();
  }

  private async follow(): Promise<void> {
    try {
      if (!this.hasBegun) await this.begin();
      const isChanged = await this.client.call('refresh');
      const wasReading = this.isReading;
      this.isReading = false;
      this.tellReady();
      if (wasReading) this.events.onState(this.state, false);
      if (isChanged || wasReading) await this.grow();
    } catch (error) {
      this.tellReady();
      this.events.onFailure(error);
    }
  }

  /** The beginning of each file, and then nothing until that is shown: a question would wait for the whole of a large file. */
  private async begin(): Promise<void> {
    this.hasBegun = true;
    await this.client.call('refresh', firstBytes);
    this.tellReady();
    await Promise.race([this.firstPage, later(firstPageMs)]);
  }

  private take(state: RolloutState): void {
    this.events.onState(state, this.isReading);
    if (this.isReading && !this.isFirst) this.growing = this.growing.then(() => this.grow()).catch((error: unknown) => this.events.onFailure(error));
    this.isFirst = false;
  }

  /** Asks again for who looks on: a list that only goes on at its end grows, another one waits until it is wanted. */
  private async grow(): Promise<void> {
    const { question, version } = this;
    const answer = await this.client.call('answer', question);
    if (question !== this.question || version !== this.version) return; // asked something else meanwhile
    const isLonger = answer.groups.length >= this.shown.groups.length && this.shown.groups.every((group, at) => answer.groups[at] === group);
    if (isLonger || this.shown.groups.length === 0) {
      this.shown = answer;
      this.next = undefined;
    } else this.next = answer;
    this.events.onGrowth(this.list);
  }

  private replace(answer: RolloutAnswer): void {
    this.shown = answer;
    this.next = undefined;
    this.version++;
  }

  private listOf({ groups, matching, flat, dropped, milliseconds }: RolloutAnswer, pending: number): AnsweredList {
    return { version: this.version, groups: groups.length, matching, flat, dropped, milliseconds, pending };
  }
}
